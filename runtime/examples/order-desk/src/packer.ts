/** Packs one parcel at a time. A class: its fields are the state of one incarnation. */
import { Actor, type ActorContext } from "airssys-rt";
import { lookup } from "./lookup.ts";
import type { OrdersMessage } from "./order-taking.ts";
import type { DispatchMessage, PackerMessage } from "./packing.ts";

/** More vases than this do not survive being packed together. */
const VASES_PER_PARCEL = 3;

export class Packer extends Actor<PackerMessage> {
  readonly #name: string;
  readonly #packMs: number;

  /** @param packMs milliseconds a parcel takes. */
  constructor(name: string, packMs: number) {
    super();
    this.#name = name;
    this.#packMs = packMs;
  }

  override preStart(context: ActorContext<PackerMessage>): void {
    this.#announce(context);
  }

  override handleMessage(message: PackerMessage, context: ActorContext<PackerMessage>): void {
    switch (message.type) {
      case "pack": {
        const { orderId, items } = message.parcel;
        const vases = items.reduce((sum, { product, quantity }) => (product === "vase" ? sum + quantity : sum), 0);
        if (vases > VASES_PER_PARCEL) throw new Error(`the ${vases} vases of order ${orderId} broke`);
        context.timers.startOnce("packed", { type: "packed", orderId }, this.#packMs);
        return;
      }
      case "packed":
        // Without orders nothing is lost: when they start again they send what is not packed, and it is packed again.
        context.whereis<OrdersMessage>("orders")?.tell({ ...message, packer: this.#name });
        this.#announce(context);
        return;
    }
  }

  #announce(context: ActorContext<PackerMessage>): void {
    lookup<DispatchMessage>(context, "dispatch").tell({ type: "ready", packer: context.self });
  }
}
