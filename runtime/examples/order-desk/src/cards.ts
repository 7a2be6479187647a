/** Payment by card. What the network refuses is a reply; what nobody foresaw is a crash. */
import { type ActorDefinition, CircuitBreaker, CircuitOpenError, ConsecutiveBreaker, defineActor } from "airssys-rt";
import type { CardNetwork } from "./card-network.ts";
import type { Refusal } from "./order.ts";
import type { PaymentMessage } from "./payment.ts";

export interface CardOptions {
  readonly network: CardNetwork;
  /** Milliseconds the network may take. */
  readonly timeoutMs: number;
}

interface CardDesk {
  /** After three time-outs in a row nobody waits for the network any more; ten seconds later one order tries again. */
  readonly circuit: CircuitBreaker;
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
  return defineActor<PaymentMessage, CardDesk>({
    name: "cards",

    init: () => ({
      circuit: new CircuitBreaker({
        name: "card network",
        breaker: new ConsecutiveBreaker({ failures: 3 }),
        openMs: 10_000,
      }),
    }),

    handlers: {
      async charge({ circuit }, { account, cents }, context) {
        const issuer = issuerOf(account);
        const limit = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]);
        try {
          const answer = await circuit.execute(() => network(account, cents, limit));
          if (answer.isApproved) context.reply({ ok: true, value: `${issuer} ${answer.receipt}` });
          else context.reply({ ok: false, refusal: { code: "declined", reason: answer.reason } });
        } catch (error) {
          const refusal = refusalOf(error, limit, timeoutMs);
          if (refusal === undefined) throw error;
          context.reply({ ok: false, refusal });
        }
      },

      refund() {
        // The simulated network keeps no accounts.
      },
    },
  });
}

/** What the customer is told of a failure that was foreseen; `undefined` for any other. */
function refusalOf(error: unknown, limit: AbortSignal, timeoutMs: number): Refusal | undefined {
  if (error instanceof CircuitOpenError) {
    const { message, retryAfterMs } = error;
    return { code: "payment_unavailable", message, retryAfterMs };
  }
  if (!limit.aborted) return undefined;
  return { code: "payment_timeout", message: `the card network did not answer within ${timeoutMs} ms` };
}
