/**
 * Sends traffic to a running order desk: `npm run traffic`.
 *
 *   --once           one visit of each kind, then ends
 *   --seconds <n>    ends after so many seconds; default 60
 *   --rate <n>       waves a second; default 4
 *   --url <url>      default http://127.0.0.1:4100, or the port of ORDER_DESK_PORT
 *
 * Ends with 1 when nobody answers for five seconds (a gateway that starts again is back sooner), or when an answer is not the
 * one that was to be expected.
 */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { readSettings } from "./settings.ts";
import { isExpected, oneOfEach, type Visit, visit, waves } from "./traffic-plan.ts";

const { values } = parseArgs({
  options: {
    once: { type: "boolean", default: false },
    seconds: { type: "string", default: "60" },
    rate: { type: "string", default: "4" },
    url: { type: "string" },
  },
});
const seconds = positive("--seconds", values.seconds);
const rate = positive("--rate", values.rate);
const url = values.url ?? `http://127.0.0.1:${readSettings(process.env).port}`;

/** Milliseconds without any answer after which it gives up. */
const PATIENCE_MS = 5_000;

const counts = new Map<string, number>();
const surprises: string[] = [];
let answeredAtMs = Date.now();

await (values.once ? sendOnce() : sendFor(seconds * 1_000));
for (const [line, count] of [...counts].sort()) console.log(`${count.toString().padStart(6)}  ${line}`);
for (const surprise of surprises) console.error(surprise);
process.exitCode = surprises.length === 0 ? 0 : 1;

async function sendOnce(): Promise<void> {
  for (const each of oneOfEach(Math.random)) {
    while (!(await send(each)) && surprises.length === 0) await delay(200);
  }
}

async function sendFor(durationMs: number): Promise<void> {
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const end = AbortSignal.any([AbortSignal.timeout(durationMs), interrupted.signal]);
  const underWay = new Set<Promise<unknown>>();
  for (const { visits, pauseMs } of waves(Math.random, 1_000 / rate)) {
    for (const each of visits) {
      const sent = send(each).finally(() => underWay.delete(sent));
      underWay.add(sent);
    }
    await delay(pauseMs, undefined, { signal: end }).catch(() => {});
    if (end.aborted || surprises.length > 0) break;
  }
  await Promise.all(underWay);
}

/** @returns whether somebody answered. */
async function send(each: Visit): Promise<boolean> {
  try {
    const status = await visit(url, each, AbortSignal.timeout(15_000));
    answeredAtMs = Date.now();
    count(`${status} ${each.kind}`);
    if (!isExpected(each, status))
      surprises.push(`${each.kind}: expected ${each.expected.join(" or ")}, got ${status}`);
    return true;
  } catch (error) {
    count(`--- ${each.kind}: no answer`);
    const silentMs = Date.now() - answeredAtMs;
    if (silentMs > PATIENCE_MS)
      surprises.push(`nobody answers at ${url} (${error instanceof Error ? error.message : error})`);
    return false;
  }
}

function count(line: string): void {
  counts.set(line, (counts.get(line) ?? 0) + 1);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} must be a number > 0, got "${text}"`);
  return value;
}
