/** What the dispatcher and the packers say to each other. */
import type { ActorRef } from "airssys-rt";
import type { OrderItem } from "./order.ts";

export interface Parcel {
  readonly orderId: number;
  readonly items: readonly OrderItem[];
  /** How many packers have crashed on it. */
  readonly attempts: number;
}

export type PackerMessage =
  | { readonly type: "pack"; readonly parcel: Parcel }
  /** The parcel is closed; sent by a timer. */
  | { readonly type: "packed"; readonly orderId: number };

export type DispatchMessage =
  | { readonly type: "pack"; readonly parcel: Parcel }
  /** A packer has started, or has finished a parcel. */
  | { readonly type: "ready"; readonly packer: ActorRef<PackerMessage> };
