/** Takes orders through their life: reserved, paid, written down, packed. */
import { Actor, type ActorContext, ActorStoppedError, AskTimeoutError, type ReplyOf, type ReplyPort } from "airssys-rt";
import type { InventoryMessage } from "./inventory.ts";
import type { Entry, LedgerMessage } from "./ledger.ts";
import { lookup, ServiceUnavailable } from "./lookup.ts";
import type { Order, Refusal, Result } from "./order.ts";
import type { OrderRecord, OrdersMessage } from "./order-taking.ts";
import type { DispatchMessage, Parcel } from "./packing.ts";
import type { PaymentMessage } from "./payment.ts";

/** So many orders can be asked for; older ones are in the ledger only. */
const REMEMBERED = 10_000;
const PAYMENT_TIMEOUT_MS = 5_000;

/**
 * Many orders are under way at the same time: a turn starts one and ends, and a promise takes the order through. It touches
 * no state; how it ended comes back as a message (`pipeToSelf`), which is dropped if this incarnation has ended by then.
 */
export class Orders extends Actor<OrdersMessage> {
  readonly #records: Map<number, OrderRecord> = new Map();
  readonly #customers: Map<number, ReplyPort<ReplyOf<OrdersMessage>>> = new Map();
  #lastOrderId = 0;

  override async preStart(context: ActorContext<OrdersMessage>): Promise<void> {
    const history = await lookup<LedgerMessage>(context, "ledger").ask({ type: "history" });
    for (const entry of history) {
      if (entry.kind === "order") {
        const { orderId, customer, items, totalCents, receipt } = entry;
        this.#remember({ orderId, customer, items, totalCents, receipt, status: "paid" });
        this.#lastOrderId = Math.max(this.#lastOrderId, orderId);
      } else if (entry.kind === "packed") {
        this.#update(entry.orderId, { status: "packed", packer: entry.packer });
      } else if (entry.kind === "stuck") {
        this.#update(entry.orderId, { status: "stuck" });
      }
    }
    this.#dispatchAll(context);
  }

  override handleMessage(message: OrdersMessage, context: ActorContext<OrdersMessage>): void {
    switch (message.type) {
      case "place": {
        this.#lastOrderId += 1;
        const orderId = this.#lastOrderId;
        this.#customers.set(orderId, context.deferReply());
        context.pipeToSelf(checkOut(orderId, message.order, context), (settled) => ({
          type: "checked_out",
          orderId,
          result: settled.status === "fulfilled" ? settled.value : { ok: false, refusal: refusalOf(settled.reason) },
        }));
        return;
      }
      case "checked_out": {
        const { orderId, result } = message;
        if (result.ok) {
          this.#remember(result.value);
          dispatch(context, result.value);
        }
        this.#customers.get(orderId)?.reply(result);
        this.#customers.delete(orderId);
        return;
      }
      case "find":
        context.reply(this.#records.get(message.orderId));
        return;
      case "packed": {
        const { orderId, packer } = message;
        this.#update(orderId, { status: "packed", packer });
        note(context, { kind: "packed", orderId, packer });
        return;
      }
      case "stuck": {
        const { orderId } = message;
        this.#update(orderId, { status: "stuck" });
        note(context, { kind: "stuck", orderId });
        return;
      }
      case "dispatcher_started":
        this.#dispatchAll(context);
        return;
    }
  }

  #remember(record: OrderRecord): void {
    this.#records.set(record.orderId, record);
    const [oldest] = this.#records.keys();
    if (this.#records.size > REMEMBERED && oldest !== undefined) this.#records.delete(oldest);
  }

  #update(orderId: number, change: Partial<OrderRecord>): void {
    const record = this.#records.get(orderId);
    if (record !== undefined) this.#records.set(orderId, { ...record, ...change });
  }

  #dispatchAll(context: ActorContext<OrdersMessage>): void {
    for (const record of this.#records.values()) {
      if (record.status === "paid") dispatch(context, record);
    }
  }
}

function dispatch(context: ActorContext<OrdersMessage>, { orderId, items }: OrderRecord): void {
  const parcel: Parcel = { orderId, items, attempts: 0 };
  // Without a dispatcher nothing is lost: it asks for all open parcels when it starts.
  context.whereis<DispatchMessage>("dispatch")?.tell({ type: "pack", parcel });
}

function note(context: ActorContext<OrdersMessage>, entry: Entry): void {
  lookup<LedgerMessage>(context, "ledger").tell({ type: "note", entry });
}

/** Takes one order through. Each wait ends when the incarnation that began it does. */
async function checkOut(
  orderId: number,
  { customer, items, payment }: Order,
  context: ActorContext<OrdersMessage>,
): Promise<Result<OrderRecord>> {
  const { signal } = context;
  const inventory = lookup<InventoryMessage>(context, "inventory");
  const ledger = lookup<LedgerMessage>(context, "ledger");

  const reserved = await inventory.ask({ type: "reserve", orderId, items }, { signal });
  if (!reserved.ok) return reserved;
  const cents = reserved.value;
  const account = payment.method === "card" ? payment.card : payment.code;
  try {
    signal.throwIfAborted();
    const desk = lookup<PaymentMessage>(context, payment.method === "card" ? "cards" : "vouchers");
    const timeoutMs = PAYMENT_TIMEOUT_MS;
    const paid = await desk.ask({ type: "charge", orderId, account, cents }, { signal, timeoutMs });
    if (!paid.ok) {
      inventory.tell({ type: "release", orderId });
      return paid;
    }
    const record = { orderId, customer, items, totalCents: cents, receipt: paid.value };
    const paidBy = payment.method === "card" ? account.slice(-4) : account;
    const entry = { kind: "order", ...record, paidWith: payment.method, paidBy } as const;
    try {
      await ledger.ask({ type: "append", entry }, { signal });
    } catch (error) {
      desk.tell({ type: "refund", account, cents, receipt: paid.value });
      throw error;
    }
    inventory.tell({ type: "sold", orderId });
    return { ok: true, value: { ...record, status: "paid" } };
  } catch (error) {
    inventory.tell({ type: "release", orderId });
    throw error;
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof ServiceUnavailable) return { code: "service_unavailable", message: error.message };
  if (error instanceof AskTimeoutError) return { code: "payment_timeout", message: error.message };
  if (error instanceof ActorStoppedError) return { code: "payment_crashed", message: error.message };
  return { code: "service_unavailable", message: error instanceof Error ? error.message : String(error) };
}
