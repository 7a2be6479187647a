/** What customers send: good orders, and all the others. Knows no actors and no network. */
import { TEST_CARDS } from "./card-network.ts";

export interface Visit {
  /** For people. */
  readonly kind: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
  /** Statuses that are right. What is sold out, closed for a moment or busy is always right: see {@link isExpected}. */
  readonly expected: readonly number[];
}

/** Visits that come together, and how long it is quiet afterwards. */
export interface Wave {
  readonly visits: readonly Visit[];
  /** Milliseconds. */
  readonly pauseMs: number;
}

/** Sold out (409), a service that starts again (502, 503), an open circuit (503). */
const ALWAYS_POSSIBLE = [409, 502, 503];

export function isExpected(visit: Visit, status: number): boolean {
  return visit.expected.includes(status) || ALWAYS_POSSIBLE.includes(status);
}

const NAMES = ["Ada", "Grace", "Joe", "Robert", "Mike", "Barbara", "Edsger", "Tony"];

function orderOf(kind: string, expected: readonly number[], order: unknown): Visit {
  return { kind, method: "POST", path: "/orders", body: JSON.stringify(order), expected };
}

function byCard(kind: string, card: string, status: number): Visit {
  const items = [{ product: "mug", quantity: 1 }];
  return orderOf(kind, [status], { customer: "Ada", items, payment: { method: "card", card } });
}

const paidByCard = { method: "card", card: TEST_CARDS.approved };

const DECLINED: Visit = byCard("declined card", TEST_CARDS.declined, 402);
const SILENT_NETWORK: Visit = byCard("network time-out", TEST_CARDS.timeout, 504);
/** Crashes the actor `cards`. */
const POISON: Visit = byCard("poison card", TEST_CARDS.poison, 502);
/** Taken and paid; then it crashes two packers, one after the other. */
const FRAGILE: Visit = orderOf("fragile parcel", [201], {
  customer: "Barbara",
  items: [{ product: "vase", quantity: 4 }],
  payment: paidByCard,
});

const OTHERS: readonly Visit[] = [
  DECLINED,
  byCard("insufficient funds", TEST_CARDS.insufficientFunds, 402),
  { kind: "malformed JSON", method: "POST", path: "/orders", body: '{"customer": "Ada", "items": [', expected: [400] },
  orderOf("wrong types", [422], { customer: 7, items: [{ product: "tea", quantity: "two" }], payment: "cash" }),
  orderOf("unknown product", [422], {
    customer: "Ada",
    items: [{ product: "samovar", quantity: 1 }],
    payment: paidByCard,
  }),
  orderOf("more than there is", [409], {
    customer: "Ada",
    items: [{ product: "first-edition", quantity: 2 }],
    payment: paidByCard,
  }),
  orderOf("voucher", [201, 402], {
    customer: "Grace",
    items: [{ product: "tea", quantity: 1 }],
    payment: { method: "voucher", code: "TEA-FOR-A-YEAR" },
  }),
  orderOf("unknown voucher", [402], {
    customer: "Grace",
    items: [{ product: "tea", quantity: 1 }],
    payment: { method: "voucher", code: "FREE-TEA" },
  }),
  { kind: "unknown order", method: "GET", path: "/orders/999999999", expected: [404] },
  { kind: "unknown path", method: "GET", path: "/coffee", expected: [404] },
  { kind: "health", method: "GET", path: "/health", expected: [200] },
  { kind: "ready", method: "GET", path: "/ready", expected: [200] },
];

/** A small order that can be paid. */
function goodOrder(random: () => number): Visit {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const product = pick(["tea", "tea", "tea", "mug", "mug", "vase", "kettle"]);
  const quantity = 1 + Math.floor(random() * 2);
  return orderOf("good order", [201], { customer: pick(NAMES), items: [{ product, quantity }], payment: paidByCard });
}

/** One visit of each kind. */
export function oneOfEach(random: () => number): readonly Visit[] {
  return [goodOrder(random), ...OTHERS, SILENT_NETWORK, FRAGILE, POISON];
}

/**
 * Waves without end: mostly single good orders, now and then another kind, every twelfth wave a poison card, every thirtieth
 * a fragile parcel or a silent network, every sixtieth a burst.
 *
 * @param meanPauseMs milliseconds between two waves, in the mean.
 */
export function* waves(random: () => number, meanPauseMs: number): Generator<Wave, never> {
  for (let count = 1; ; count += 1) {
    const pauseMs = Math.round(meanPauseMs * (0.5 + random()));
    if (count % 60 === 0) yield { visits: Array.from({ length: 25 }, () => goodOrder(random)), pauseMs };
    else if (count % 30 === 10) yield { visits: [FRAGILE], pauseMs };
    else if (count % 30 === 20) yield { visits: [SILENT_NETWORK], pauseMs };
    else if (count % 12 === 6) yield { visits: [POISON], pauseMs };
    else if (random() < 0.25) yield { visits: [OTHERS[Math.floor(random() * OTHERS.length)] ?? DECLINED], pauseMs };
    else yield { visits: [goodOrder(random)], pauseMs };
  }
}

/** Makes one visit. Rejects when nobody answers. @returns the status of the answer. */
export async function visit(url: string, { method, path, body }: Visit, signal: AbortSignal): Promise<number> {
  const response = await fetch(url + path, { method, signal, ...(body === undefined ? {} : { body }) });
  await response.arrayBuffer();
  return response.status;
}
