/** The world outside: stands in for a payment service on the network, with its delays and its failures. */
import { setTimeout as delay } from "node:timers/promises";

export type Authorisation =
  | { readonly isApproved: true; readonly receipt: string }
  | { readonly isApproved: false; readonly reason: string };

/** Asks for the money. Rejects when the network fails, or with the signal's reason when that fires. */
export type CardNetwork = (card: string, cents: number, signal: AbortSignal) => Promise<Authorisation>;

/** Cards with a behavior of their own, for trying things out. Every other valid number is approved. */
export const TEST_CARDS = {
  approved: "4242424242424242",
  declined: "4000000000000002",
  insufficientFunds: "4000000000009995",
  /** The network never answers for this one. */
  timeout: "4000000000000119",
  /** A valid number, but no table knows its issuer: it crashes the actor that looks it up (see cards.ts). */
  poison: "0000000000000000",
} as const;

const REASONS: Readonly<Record<string, string>> = {
  [TEST_CARDS.declined]: "the bank declined the card",
  [TEST_CARDS.insufficientFunds]: "insufficient funds",
};

/** @param latencyMs milliseconds every answer takes. */
export function simulatedCardNetwork(latencyMs: number): CardNetwork {
  let count = 0;
  return async (card, _cents, signal) => {
    if (card === TEST_CARDS.timeout) await delay(3_600_000, undefined, { signal, ref: false });
    if (latencyMs > 0) await delay(latencyMs, undefined, { signal });
    const reason = REASONS[card];
    if (reason !== undefined) return { isApproved: false, reason };
    count += 1;
    return { isApproved: true, receipt: `auth-${count.toString().padStart(6, "0")}` };
  };
}
