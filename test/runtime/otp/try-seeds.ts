#!/usr/bin/env node
/**
 * `npm run seeds`: the suites that run under seeds, under such as nobody tried before.
 *
 *   npm run seeds              ten minutes long
 *   npm run seeds -- 90s       as long as that: s, m or h
 *   npm run seeds -- 200       so many seeds of each test
 *
 * A seed that fails is printed, and kept in failing-seeds.json: its test runs it from then on. What is kept and passes again is mended,
 * and taken out at the beginning.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { suiteFiles } from "./case-suites.ts";
import { FAILING_FILE, type FailingSeeds, type FoundSeed, failingSeeds, newSeed, warningOf } from "./fresh-seeds.ts";

/** Seeds of each test in one round. */
const ROUND = 10;
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** How long, or how many. @throws {Error} for what is neither. */
function limitOf(text: string): { readonly ms: number; readonly count: number } {
  const [, amount, unit] = /^([1-9]\d{0,6})([smh]?)$/.exec(text) ?? [];
  if (amount === undefined) throw new Error(`a duration (90s, 10m, 2h) or a number of seeds is needed, got ${text}`);
  const inMs = UNITS[unit ?? ""];
  if (inMs === undefined) return { ms: Number.POSITIVE_INFINITY, count: Number(amount) };
  return { ms: Number(amount) * inMs, count: Number.POSITIVE_INFINITY };
}

/** Runs every suite under these seeds alone. @throws {Error} when a suite ends otherwise than by its tests. */
function tryRound(first: number, count: number): readonly FoundSeed[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), "airssys-seeds-"));
  const found = path.join(folder, "found.jsonl");
  const env = { ...process.env, AIRSSYS_FRESH_SEEDS: `${first}:${count}`, AIRSSYS_FRESH_FOUND: found };
  try {
    const { status, stdout } = spawnSync(process.execPath, ["--test", ...suiteFiles()], {
      env,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(`the suites did not come to their end:\n${stdout.slice(-4_000)}`);
    const lines = existsSync(found) ? readFileSync(found, "utf8").trimEnd().split("\n") : [];
    return lines.map((line) => JSON.parse(line) as FoundSeed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes out what passes again. */
function forgetMended(kept: FailingSeeds): FailingSeeds {
  const left: FailingSeeds = {};
  for (const seed of new Set(Object.values(kept).flat()))
    for (const { title } of tryRound(seed, 1))
      if (kept[title]?.includes(seed)) left[title] = [...(left[title] ?? []), seed];
  for (const [title, seeds] of Object.entries(kept))
    for (const seed of seeds) if (!left[title]?.includes(seed)) console.log(`mended: seed ${seed} of "${title}"`);
  return left;
}

const write = (kept: FailingSeeds): void => writeFileSync(FAILING_FILE, `${JSON.stringify(kept, undefined, 2)}\n`);

const { ms, count } = limitOf(process.argv[2] ?? "10m");
const end = Date.now() + ms;
const kept = forgetMended(failingSeeds());
write(kept);
let failed = 0;
for (let tried = 0; tried < count && Date.now() < end; ) {
  const round = Math.min(ROUND, count - tried);
  const first = newSeed();
  const found = tryRound(first, round);
  tried += round;
  console.log(`seeds ${first} to ${first + round - 1}: ${found.length === 0 ? "all pass" : `${found.length} fail`}`);
  for (const one of found) {
    console.error(`  ${warningOf(one)}`);
    kept[one.title] = [...(kept[one.title] ?? []), one.seed];
    failed++;
  }
  write(kept);
}
console.log(failed === 0 ? "no seed fails" : `${failed} fail: kept in ${path.relative(process.cwd(), FAILING_FILE)}`);
process.exitCode = failed === 0 ? 0 : 1;
