/** Takes orders: what is reserved is priced and packed. */
import { Actor, type ActorContext } from "airssys-rt";
import type { Faults } from "./faults.ts";
import type { Order, OrdersMessage, PackerMessage, PricingMessage, StockMessage } from "./messages.ts";

/** Milliseconds that the stock may take. */
const STOCK_LIMIT_MS = 60_000;

export class Orders extends Actor<OrdersMessage> {
  readonly #faults: Faults;
  readonly #open: Set<number> = new Set();

  constructor(faults: Faults) {
    super();
    this.#faults = faults;
  }

  override async handleMessage(message: OrdersMessage, context: ActorContext<OrdersMessage>): Promise<void> {
    switch (message.type) {
      case "order":
        await this.#take(message.order, context);
        return;
      case "open":
        context.reply(this.#open.size);
        return;
      case "packed":
        this.#open.delete(message.orderId);
        return;
    }
  }

  async #take(order: Order, context: ActorContext<OrdersMessage>): Promise<void> {
    const stock = context.whereis<StockMessage>("stock");
    await stock?.ask({ type: "reserve", order }, { timeoutMs: STOCK_LIMIT_MS });
    this.#open.add(order.orderId);
    context.whereis<PricingMessage>("pricing")?.tell({ type: "price", order });
    // The fault `wrong`: every twentieth order is a loaf short.
    const isShort = this.#faults.has("wrong") && order.orderId % 20 === 2;
    const packed = isShort ? { ...order, loaves: order.loaves - 1 } : order;
    context.whereis<PackerMessage>("packer")?.tell({ type: "pack", order: packed });
  }
}
