/** What is said to the orders, and what they answer. */
import type { Ask } from "airssys-rt";
import type { Order, OrderItem, Result } from "./order.ts";

export interface OrderRecord {
  readonly orderId: number;
  readonly customer: string;
  readonly items: readonly OrderItem[];
  readonly totalCents: number;
  readonly receipt: string;
  /** `stuck`: two packers crashed on it; a person has to look. */
  readonly status: "paid" | "packed" | "stuck";
  readonly packer?: string;
}

export type OrdersMessage =
  /** The reply comes when the order is paid and written down, or has come to nothing. */
  | Ask<{ readonly type: "place"; readonly order: Order }, Result<OrderRecord>>
  | Ask<{ readonly type: "find"; readonly orderId: number }, OrderRecord | undefined>
  /** How an order ended, from the promise that took it through. */
  | { readonly type: "checked_out"; readonly orderId: number; readonly result: Result<OrderRecord> }
  | { readonly type: "packed"; readonly orderId: number; readonly packer: string }
  | { readonly type: "stuck"; readonly orderId: number }
  /** The dispatcher started afresh and knows of no parcel. */
  | { readonly type: "dispatcher_started" };
