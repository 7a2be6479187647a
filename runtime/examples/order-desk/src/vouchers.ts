/** Payment by voucher. */
import { Actor, type ActorContext } from "airssys-rt";
import type { LedgerMessage } from "./ledger.ts";
import { lookup } from "./lookup.ts";
import type { PaymentMessage } from "./payment.ts";

/** Cents on each voucher that was ever sold. */
const VOUCHERS: ReadonlyMap<string, number> = new Map([
  ["WELCOME-20", 2_000],
  ["TEA-FOR-A-YEAR", 25_000_000],
]);

/** Keeps what is left on each voucher: in memory, worked out from the ledger at each start. */
export class Vouchers extends Actor<PaymentMessage> {
  readonly #left: Map<string, number> = new Map(VOUCHERS);

  override async preStart(context: ActorContext<PaymentMessage>): Promise<void> {
    const history = await lookup<LedgerMessage>(context, "ledger").ask({ type: "history" });
    for (const entry of history) {
      if (entry.kind === "order" && entry.paidWith === "voucher") this.#add(entry.paidBy, -entry.totalCents);
    }
  }

  override handleMessage(message: PaymentMessage, context: ActorContext<PaymentMessage>): void {
    switch (message.type) {
      case "charge": {
        const left = this.#left.get(message.account) ?? 0;
        if (left < message.cents) {
          context.reply({ ok: false, refusal: { code: "declined", reason: `the voucher has ${left} cents left` } });
          return;
        }
        this.#add(message.account, -message.cents);
        context.reply({ ok: true, value: `voucher for order ${message.orderId}` });
        return;
      }
      case "refund":
        this.#add(message.account, +message.cents);
        return;
    }
  }

  #add(code: string, cents: number): void {
    this.#left.set(code, (this.#left.get(code) ?? 0) + cents);
  }
}
