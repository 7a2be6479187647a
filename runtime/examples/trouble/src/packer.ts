/** Packs bread into boxes. */
import { Actor, type ActorContext } from "airssys-rt";
import type { Faults } from "./faults.ts";
import type { OrdersMessage, PackerMessage } from "./messages.ts";

/** Loaves for which there are boxes. */
const LARGEST_BOX = 12;

export class Packer extends Actor<PackerMessage> {
  readonly #faults: Faults;

  constructor(faults: Faults) {
    super();
    this.#faults = faults;
  }

  override handleMessage({ order }: PackerMessage, context: ActorContext<PackerMessage>): void {
    // The fault `crash`: a baker's dozen fits into no box.
    if (this.#faults.has("crash") && order.loaves > LARGEST_BOX)
      throw new RangeError(`no box holds ${order.loaves} loaves`);
    context.whereis<OrdersMessage>("orders")?.tell({ type: "packed", orderId: order.orderId });
  }
}
