/**
 * Sends traffic to a running order desk: `npm run traffic`.
 *
 *   --once           one visit of each kind, then ends
 *   --seconds <n>    ends after so many seconds; default 60
 *   --rate <n>       waves a second; default 4
 *   --url <url>      default http://127.0.0.1:4100, or the port of ORDER_DESK_PORT
 *
 * Ends with 1 when nobody answers, or when an answer is not the one that was to be expected.
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

const counts = new Map<string, number>();
const surprises: string[] = [];

const isAnswered = values.once ? await sendOnce() : await sendFor(seconds * 1_000);
for (const [line, count] of [...counts].sort()) console.log(`${count.toString().padStart(6)}  ${line}`);
for (const surprise of surprises) console.error(surprise);
process.exitCode = isAnswered && surprises.length === 0 ? 0 : 1;

async function sendOnce(): Promise<boolean> {
  for (const each of oneOfEach(Math.random)) {
    if (!(await send(each, AbortSignal.timeout(15_000)))) return false;
  }
  return true;
}

async function sendFor(durationMs: number): Promise<boolean> {
  const end = AbortSignal.timeout(durationMs);
  const gone = new AbortController();
  const stop = AbortSignal.any([end, gone.signal]);
  process.once("SIGINT", () => gone.abort());
  const underWay = new Set<Promise<void>>();
  let isAnswered = true;
  for (const { visits, pauseMs } of waves(Math.random, 1_000 / rate)) {
    for (const each of visits) {
      const sent = send(each, AbortSignal.timeout(15_000)).then((answered) => {
        underWay.delete(sent);
        if (answered) return;
        isAnswered = false;
        gone.abort();
      });
      underWay.add(sent);
    }
    await delay(pauseMs, undefined, { signal: stop }).catch(() => {});
    if (stop.aborted) break;
  }
  await Promise.all(underWay);
  return isAnswered;
}

/** @returns whether somebody answered. */
async function send(each: Visit, signal: AbortSignal): Promise<boolean> {
  try {
    const status = await visit(url, each, signal);
    const line = `${status} ${each.kind}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
    if (!isExpected(each, status))
      surprises.push(`${each.kind}: expected ${each.expected.join(" or ")}, got ${status}`);
    return true;
  } catch (error) {
    surprises.push(`${each.kind}: no answer from ${url} (${error instanceof Error ? error.message : error})`);
    return false;
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} must be a number > 0, got "${text}"`);
  return value;
}
