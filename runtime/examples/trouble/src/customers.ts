/** The customers: they order bread by a timer, and the oven hears how much of it. */
import { Actor, type ActorContext } from "airssys-rt";
import type { CustomersMessage, OrdersMessage, OvenMessage, VoucherMessage } from "./messages.ts";

/** Milliseconds between two visits. */
const VISIT_EVERY_MS = 100;
/** The most loaves that one of them takes. */
const MOST_LOAVES = 13;

export class Customers extends Actor<CustomersMessage> {
  #orderId = 0;

  override preStart(context: ActorContext<CustomersMessage>): void {
    context.timers.startPeriodic("visit", { type: "visit" }, VISIT_EVERY_MS);
  }

  override handleMessage(_message: CustomersMessage, context: ActorContext<CustomersMessage>): void {
    this.#orderId++;
    const orderId = this.#orderId;
    const loaves = 1 + (orderId % MOST_LOAVES);
    context.whereis<OrdersMessage>("orders")?.tell({ type: "order", order: { orderId, loaves } });
    context.whereis<OvenMessage>("oven")?.tell({ type: "bake", loaves });
    context.whereis<VoucherMessage>("vouchers")?.tell({ type: "stamp", orderId });
  }
}
