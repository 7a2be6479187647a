/**
 * Seeds that nobody tried before, and those that were found to fail.
 *
 * | who runs a program | the seeds it runs under, besides its own |
 * |---|---|
 * | its test | those of `failing-seeds.json`: they decide until they are mended |
 * | its test, where `CI` is set | a few new ones as well: one that fails is reported loudly, and decides nothing |
 * | `npm run seeds` | new ones alone: one that fails is written into the file |
 */
import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";

export const FAILING_FILE: string = path.join(import.meta.dirname, "failing-seeds.json");

/** By the title of a test, the seeds under which it failed. */
export type FailingSeeds = Record<string, number[]>;

export const failingSeeds = (): FailingSeeds => JSON.parse(readFileSync(FAILING_FILE, "utf8")) as FailingSeeds;

/** New ones that each test tries under `CI`. */
const FEW = 2;
/** Set by `npm run seeds`: `first:count`, and where to write what fails. */
const ORDERED = /^(\d+):(\d+)$/.exec(process.env["AIRSSYS_FRESH_SEEDS"] ?? "");
const FOUND_IN = process.env["AIRSSYS_FRESH_FOUND"];

/** What `npm run seeds` is told of a failure. */
export interface FoundSeed {
  readonly title: string;
  readonly seed: number;
  readonly message: string;
}

/** Whether only new seeds are to be run, of a test that otherwise does more. */
export const isFreshOnly: boolean = ORDERED !== null;

/** One of as many as a number has room for, where hardly anybody was before; more can be counted on from it. */
export function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 48);
}

/** Runs a program under the seeds that the table above says. @throws what it fails with under one that decides. */
export async function underOtherSeeds(
  title: string,
  run: (seed: number) => Promise<void>,
  kept: FailingSeeds = failingSeeds(),
): Promise<void> {
  if (!isFreshOnly) for (const seed of kept[title] ?? []) await run(seed);
  for (const seed of freshSeeds())
    await run(seed).catch((cause: unknown) => report({ title, seed, message: String(cause) }));
}

function freshSeeds(): number[] {
  if (ORDERED === null && process.env["CI"] === undefined) return [];
  const [first, count] = ORDERED === null ? [newSeed(), FEW] : [Number(ORDERED[1]), Number(ORDERED[2])];
  return Array.from({ length: count }, (_, at) => first + at);
}

function report(found: FoundSeed): void {
  if (FOUND_IN !== undefined) appendFileSync(FOUND_IN, `${JSON.stringify(found)}\n`);
  else console.error(`${"!".repeat(80)}\n::warning::${warningOf(found)}\n${"!".repeat(80)}`);
}

/** The line that replays it, and what it fails with. */
export function warningOf({ title, seed, message }: FoundSeed): string {
  return `seed ${seed} fails "${title}" (AIRSSYS_SEED=${seed} node --test replays it): ${message.split("\n", 1)[0]}`;
}
