/** What the actors of the bakery say to each other. */
import type { Ask } from "airssys-rt";

export interface Order {
  readonly orderId: number;
  readonly loaves: number;
}

/** Sent by a timer of the customers' own. */
export type CustomersMessage = { readonly type: "visit" };

export type OrdersMessage =
  | { readonly type: "order"; readonly order: Order }
  /** The reply is how many orders wait to be packed. */
  | Ask<{ readonly type: "open" }, number>
  | { readonly type: "packed"; readonly orderId: number };

export type StockMessage =
  /** The reply is how many loaves are left. */
  Ask<{ readonly type: "reserve"; readonly order: Order }, number>;

export type PricingMessage = { readonly type: "price"; readonly order: Order };

export type PackerMessage = { readonly type: "pack"; readonly order: Order };

export type OvenMessage = { readonly type: "bake"; readonly loaves: number };

export type VoucherMessage = { readonly type: "stamp"; readonly orderId: number };

/** Nobody sends them anything yet. */
export type HelperMessage = { readonly type: "idle" };
