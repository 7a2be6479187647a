/** What is on the shelves. Functional: a state, and one handler for each message. */
import { type ActorContext, type ActorDefinition, type Ask, defineActor } from "airssys-rt";
import { CATALOGUE } from "./catalogue.ts";
import type { Entry, LedgerMessage } from "./ledger.ts";
import { lookup } from "./lookup.ts";
import type { OrderItem, Result } from "./order.ts";

export type InventoryMessage =
  /** Takes the items off the shelves for an order; the reply is their price in cents. All of them, or none. */
  | Ask<{ readonly type: "reserve"; readonly orderId: number; readonly items: readonly OrderItem[] }, Result<number>>
  /** Puts them back: the order came to nothing. */
  | { readonly type: "release"; readonly orderId: number }
  /** They are sold: nothing can put them back any more. */
  | { readonly type: "sold"; readonly orderId: number }
  /** The delivery van is here; sent by a timer. */
  | { readonly type: "deliver" }
  | Ask<{ readonly type: "levels" }, Readonly<Record<string, number>>>;

interface Shelves {
  /** Pieces by product. */
  readonly stock: Map<string, number>;
  /** What open orders have taken. The other half of this truth is in the actor `orders`: see desk.ts. */
  readonly reserved: Map<number, readonly OrderItem[]>;
}

/** @param deliveryEveryMs milliseconds between two visits of the delivery van. */
export function inventory(deliveryEveryMs: number): ActorDefinition<InventoryMessage> {
  return defineActor<InventoryMessage, Shelves>({
    name: "inventory",

    async init(context) {
      const history = await lookup<LedgerMessage>(context, "ledger").ask({ type: "history" });
      context.timers.startPeriodic("van", { type: "deliver" }, deliveryEveryMs);
      return { stock: stockAfter(history), reserved: new Map() };
    },

    handlers: {
      reserve({ stock, reserved }, { orderId, items }, context) {
        const wanted = totals(items);
        for (const [product, quantity] of wanted) {
          const available = stock.get(product);
          if (available === undefined) {
            context.reply({ ok: false, refusal: { code: "unknown_product", product } });
            return;
          }
          if (available < quantity) {
            context.reply({ ok: false, refusal: { code: "out_of_stock", product, available } });
            return;
          }
        }
        move(stock, wanted, -1);
        reserved.set(orderId, items);
        context.reply({ ok: true, value: priceOf(items) });
      },

      release({ stock, reserved }, { orderId }) {
        move(stock, totals(reserved.get(orderId) ?? []), +1);
        reserved.delete(orderId);
      },

      sold({ reserved }, { orderId }) {
        reserved.delete(orderId);
      },

      deliver({ stock }, _message, context) {
        for (const [product, { deliverySize }] of CATALOGUE) {
          const available = stock.get(product) ?? 0;
          if (deliverySize === 0 || available >= deliverySize) continue;
          stock.set(product, available + deliverySize);
          noteDelivery(context, { kind: "delivery", product, quantity: deliverySize });
        }
      },

      levels({ stock }, _message, context) {
        context.reply(Object.fromEntries(stock));
      },
    },
  });
}

function noteDelivery(context: ActorContext<InventoryMessage>, entry: Entry): void {
  lookup<LedgerMessage>(context, "ledger").tell({ type: "note", entry });
}

/** What is left of the initial stock after all that the ledger knows. */
function stockAfter(history: readonly Entry[]): Map<string, number> {
  const stock = new Map([...CATALOGUE].map(([id, product]) => [id, product.initialStock]));
  for (const entry of history) {
    if (entry.kind === "order") move(stock, totals(entry.items), -1);
    else if (entry.kind === "delivery") move(stock, [[entry.product, entry.quantity]], +1);
  }
  return stock;
}

function move(stock: Map<string, number>, quantities: Iterable<readonly [string, number]>, sign: 1 | -1): void {
  for (const [product, quantity] of quantities) stock.set(product, (stock.get(product) ?? 0) + sign * quantity);
}

/** Pieces by product: an order may name a product twice. */
function totals(items: readonly OrderItem[]): Map<string, number> {
  const quantities = new Map<string, number>();
  for (const { product, quantity } of items) quantities.set(product, (quantities.get(product) ?? 0) + quantity);
  return quantities;
}

function priceOf(items: readonly OrderItem[]): number {
  return items.reduce((sum, { product, quantity }) => sum + quantity * (CATALOGUE.get(product)?.priceCents ?? 0), 0);
}
