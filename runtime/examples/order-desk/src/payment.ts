/** What the ways of paying have in common. */
import type { Ask } from "airssys-rt";
import type { Result } from "./order.ts";

/** Takes money. The reply is a receipt, or why there is none. */
export type ChargeMessage = Ask<
  { readonly type: "charge"; readonly orderId: number; readonly account: string; readonly cents: number },
  Result<string>
>;

/** Gives it back. */
export interface RefundMessage {
  readonly type: "refund";
  readonly account: string;
  readonly cents: number;
  readonly receipt: string;
}

export type PaymentMessage = ChargeMessage | RefundMessage;
