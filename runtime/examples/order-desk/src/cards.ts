/** Payment by card. What the network refuses is a reply; what nobody foresaw is a crash. */
import { type ActorDefinition, defineActor } from "airssys-rt";
import type { CardNetwork } from "./card-network.ts";
import type { PaymentMessage } from "./payment.ts";

export interface CardOptions {
  readonly network: CardNetwork;
  /** Milliseconds the network may take. */
  readonly timeoutMs: number;
}

const ISSUERS: Readonly<Record<string, string>> = {
  2: "Mastercard",
  3: "American Express",
  4: "Visa",
  5: "Mastercard",
};

/** The bug of this program: it believes that it knows every issuer there is. */
function issuerOf(card: string): string {
  const issuer = ISSUERS[card.charAt(0)];
  if (issuer === undefined) throw new RangeError(`no issuer has card numbers that begin with ${card.charAt(0)}`);
  return issuer;
}

export function cards({ network, timeoutMs }: CardOptions): ActorDefinition<PaymentMessage> {
  return defineActor<PaymentMessage>({
    name: "cards",

    init: () => undefined,

    handlers: {
      async charge(_state, { account, cents }, context) {
        const issuer = issuerOf(account);
        const limit = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]);
        try {
          const answer = await network(account, cents, limit);
          if (answer.isApproved) context.reply({ ok: true, value: `${issuer} ${answer.receipt}` });
          else context.reply({ ok: false, refusal: { code: "declined", reason: answer.reason } });
        } catch (error) {
          if (!limit.aborted) throw error;
          const message = `the card network did not answer within ${timeoutMs} ms`;
          context.reply({ ok: false, refusal: { code: "payment_timeout", message } });
        }
      },

      refund() {
        // The simulated network keeps no accounts.
      },
    },
  });
}
