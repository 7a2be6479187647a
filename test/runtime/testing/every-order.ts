/**
 * Does the search miss an order? Slow form of the tests: on generated programs of each kind it is compared with a search that leaves
 * nothing out and, where that would take too long, with 2,000 random runs.
 *
 *   npm run orders -- [programs of each kind] [seed]
 */
import fc from "fast-check";
import { KINDS, programOf, type Script, scripts, WornOut } from "./generated-programs.ts";
import { type Orders, OrdersOf } from "./orders.ts";

const programs = Number(process.argv[2] ?? 200);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const MOST_ORDERS = 3_000;
const RANDOM_RUNS = 2_000;

interface Count {
  whole: number;
  random: number;
  tooLong: number;
  runs: number;
}

async function compare(generated: readonly Script[], count: Count): Promise<void> {
  const orders = new OrdersOf(programOf(generated));
  let found: Orders;
  let others: Orders;
  try {
    found = await orders.systematically(MOST_ORDERS);
    others = await orders.withoutException(MOST_ORDERS);
  } catch (error) {
    if (!(error instanceof WornOut)) throw error;
    count.tooLong++;
    return;
  }
  if (!found.isWhole) {
    count.tooLong++;
    return;
  }
  if (others.isWhole) count.whole++;
  else {
    count.random++;
    others = await orders.atRandom(RANDOM_RUNS);
  }
  count.runs += found.runs;
  const missed = [...others.signatures].filter((one) => !found.signatures.has(one)).length;
  if (missed > 0) throw new Error(`missed ${missed} of ${others.signatures.size} orders`);
}

console.log(`${programs} programs of each kind, seed ${seed}`);
for (const [what, kinds] of KINDS) {
  const count: Count = { whole: 0, random: 0, tooLong: 0, runs: 0 };
  await fc.assert(
    fc.asyncProperty(scripts(kinds, 4), (generated) => compare(generated, count)),
    { numRuns: programs, seed },
  );
  console.log(
    `${what}: ${count.whole} compared with every order, ${count.random} with ${RANDOM_RUNS} random runs, ${count.tooLong} too long; ${count.runs} runs of the search`,
  );
}
