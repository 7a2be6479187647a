/**
 * Each case in every order of messages, while somebody else asks its supervisor something at any moment. What was found is kept in
 * `case-orders.json`, and each run of a case looks whether that is still true.
 *
 *   npm run orders     looks at all of them anew, and writes the file and runtime/CONFORMANCE.md
 */
import assert from "node:assert/strict";
import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { Actor, type ActorRef, type AnyActorRef, countChildren, type RuntimeEvent } from "airssys-rt";
import { explore, type World } from "airssys-rt/testing";

export const ORDERS_FILE: string = path.join(import.meta.dirname, "case-orders.json");

/** By the title of a case: in how many runs every order was tried, or why not. */
export type Orders = Readonly<Record<string, number | string>>;

/** The suites, each with its cases. */
export const knownOrders = (): Readonly<Record<string, Orders>> =>
  JSON.parse(readFileSync(ORDERS_FILE, "utf8")) as Readonly<Record<string, Orders>>;

/** Runs of one case, where all are looked at anew. */
export const MOST_RUNS = 100;
/** Where each case appends what it found: set by `npm run orders`. */
const FOUND_IN = process.env["AIRSSYS_ORDERS_FILE"];
/** Whether orders are tried at all: not where other suites run the cases with somebody looking on. */
const IS_OFF = process.env["AIRSSYS_ORDERS"] === "none";
/** Cases that need more runs are looked at by `npm run orders` alone. */
const FEW_RUNS = 20;

let known: Orders | undefined;

/**
 * Runs a case in every order of messages, where that was possible before.
 *
 * @param reason why it is not to be tried; `undefined` for nearly all.
 */
export async function inEveryOrder(
  title: string,
  reason: string | undefined,
  body: (world: World) => Promise<void>,
): Promise<void> {
  if (IS_OFF) return;
  if (FOUND_IN !== undefined) {
    const found = reason ?? (await runsOrReason(body));
    appendFileSync(FOUND_IN, `${JSON.stringify([title, found])}\n`);
    return;
  }
  known ??= Object.assign({}, ...Object.values(knownOrders())) as Orders;
  const runs = known[title];
  assert.ok(runs !== undefined, `nothing is known of the orders of "${title}": npm run orders`);
  if (typeof runs === "string" || runs > FEW_RUNS) return;
  // How many runs it takes may change, as long as it ends.
  const { isComplete, obstacles } = await explore({ strategy: "systematic", runs: runs * 3 + 10 }, body);
  assert.ok(isComplete, `not every order was tried any more: ${obstacles.join("; ")} (npm run orders)`);
}

async function runsOrReason(body: (world: World) => Promise<void>): Promise<number | string> {
  const { isComplete, obstacles, runs } = await explore({ strategy: "systematic", runs: MOST_RUNS }, body);
  if (isComplete) return runs;
  return obstacles.length === 0 ? `more than ${MOST_RUNS} runs` : obstacles.join("; ");
}

type Look = { readonly type: "look" };

/** Asks the supervisor how many children it has, whenever it is told to: its request comes between any two others. */
export class Onlooker {
  readonly #ref: ActorRef<Look>;

  /** @param whom whose children are counted, as of the moment of asking. */
  constructor(spawn: (start: () => Actor<Look>, id: string) => ActorRef<Look>, whom: () => AnyActorRef) {
    this.#ref = spawn(() => new Looking(whom), "onlooker");
  }

  look(): void {
    if (this.#ref.isAlive) this.#ref.tell({ type: "look" });
  }

  /** Whether an event is of its life, not of the case's. */
  concerns(event: RuntimeEvent): boolean {
    if (event.type === "deadLetter") return event.envelope.sender === this.#ref;
    return "actor" in event && event.actor === this.#ref;
  }
}

class Looking extends Actor<Look> {
  readonly #whom: () => AnyActorRef;

  constructor(whom: () => AnyActorRef) {
    super();
    this.#whom = whom;
  }

  override handleMessage(): void {
    const whom = this.#whom();
    // Who has ended by then answers nobody.
    if (whom.isAlive) countChildren(whom).catch(() => {});
  }
}
