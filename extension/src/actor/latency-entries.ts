/** The rows of how long messages took, by their type: of all actors of the definition, in the last minute. Pure. */
import { LONG_WAIT_MS } from "../programs/health.ts";
import { quantileText, quantileUs } from "../programs/quantile.ts";
import { LATENCY_WINDOW_MS, type RecentLatency, type TypeLatency } from "../programs/recent-latencies.ts";
import { counted, number, say } from "../sentence.ts";
import type { Look } from "./close-up.ts";
import { type Entry, leaf, section } from "./entry.ts";
import { oneLine } from "./state-entries.ts";

/** How the row of the section is known: what is below it is counted only while that is open. */
export const LATENCY_ID = "latency";

/** How many of the messages took no longer than what is told. */
const SHARE = 0.95;
/** Times of waiting, in microseconds, that are worth a word; and that are too long. */
const SOME_WAIT_US = 1_000;
const LONG_US = LONG_WAIT_MS * 1_000;
/** Types that are shown at once, and those that unfold; what is more is counted. */
const FIRST = 20;
const MOST = 200;

/**
 * | actor | section |
 * |---|---|
 * | a supervisor; of a program that cannot count, or has ended before anything was counted | none |
 * | nobody counts yet, or the section is closed | its name, and that it counts while it is open |
 * | its program had too much to do | why there are no numbers |
 * | nothing handled lately | says so |
 * | else | a row for each type, trouble first |
 *
 * @param latency of its definition; `undefined`: nobody counts
 */
export function latencySection(look: Look, latency: RecentLatency | undefined, now: number): Entry | undefined {
  const { row, program } = look;
  if (row === undefined || row.kind === "supervisor" || !program.can("stats")) return undefined;
  const isOver = program.endedAt !== undefined || row.left === true;
  if (isOver && (latency === undefined || latency.types.length === 0)) return undefined;
  const words = latency === undefined ? say("counted while this is open") : describe(look, latency, now);
  return section(
    {
      id: LATENCY_ID,
      label: say("Latency"),
      description: words,
      icon: { id: "graph-line" },
      children: latency === undefined ? [note("…", say("asking the program…"))] : rowsOf(latency, now),
    },
    "open",
  );
}

/** Whether a whole minute was counted. */
function isWhole({ sinceMs }: RecentLatency, now: number): boolean {
  return now - sinceMs >= LATENCY_WINDOW_MS;
}

/** What the numbers are, and of how many actors where there is more than one of the definition. */
function describe({ row, program }: Look, latency: RecentLatency, now: number): string {
  if (latency.gaveUp !== undefined || latency.types.length === 0) return "";
  const words = isWhole(latency, now) ? say("p95 in the last minute") : say("p95 since you look");
  const definition = row?.definition ?? "";
  let count = 0;
  for (const other of program.tree.rows) if (other.definition === definition && other.left !== true) count++;
  return count > 1 ? say("{0} · all {1} of {2}", words, number(count), oneLine(definition)) : words;
}

function rowsOf(latency: RecentLatency, now: number): readonly Entry[] {
  if (latency.gaveUp === "rate")
    return [note("!", say("too many messages to be counted: close and open this section to try again"))];
  if (latency.gaveUp === "heap")
    return [note("!", say("too little memory left to count: close and open this section to try again"))];
  if (latency.types.length === 0) {
    const since = isWhole(latency, now) ? say("no message in the last minute") : say("no message since you look");
    return [note("-", since)];
  }
  const entries = worstFirst(latency.types).map((type) => typeEntry(type));
  const all = latency.types.length;
  if (all <= FIRST) return entries;
  const others = entries.slice(FIRST);
  if (all > MOST) others.push(leaf({ id: `${LATENCY_ID}/untold`, label: moreWords(all - MOST), description: "" }));
  const label = moreWords(all - FIRST);
  const more = leaf({ id: `${LATENCY_ID}/more`, label, description: "", icon: { id: "ellipsis" } });
  return [...entries.slice(0, FIRST), { ...more, expands: "closed", children: others }];
}

function moreWords(count: number): string {
  return say("{0} more", number(count));
}

function note(id: string, label: string): Entry {
  return leaf({ id: `${LATENCY_ID}/${id}`, label, description: "", icon: { id: "info" } });
}

/** What crashed, then what took longest from when it was sent. */
function worstFirst(types: readonly TypeLatency[]): readonly TypeLatency[] {
  return types
    .map((type) => ({ type, tookUs: Math.min(tookUs(type), Number.MAX_VALUE) }))
    .sort(
      (one, other) =>
        other.type.crashes - one.type.crashes || other.tookUs - one.tookUs || other.type.count - one.type.count,
    )
    .slice(0, MOST)
    .map(({ type }) => type);
}

function tookUs({ waitBuckets, runBuckets }: TypeLatency): number {
  return (quantileUs(waitBuckets, SHARE) ?? 0) + (quantileUs(runBuckets, SHARE) ?? 0);
}

function typeEntry({ type, count, crashes, waitBuckets, runBuckets }: TypeLatency): Entry {
  const waitUs = quantileUs(waitBuckets, SHARE) ?? 0;
  const [ran, waited] = [quantileText(runBuckets, SHARE), quantileText(waitBuckets, SHARE)];
  const hasCrashed = crashes > 0;
  const isSlow = waitUs >= LONG_US || (quantileUs(runBuckets, SHARE) ?? 0) >= LONG_US;
  const crashWords = hasCrashed ? [counted(crashes, "{0} crash", "{0} crashes")] : [];
  const waitWords = waitUs >= SOME_WAIT_US ? [say("waits {0}", waited)] : [];
  const label = oneLine(type) || say("(no type)");
  const messages = counted(count, "{0} message", "{0} messages");
  return leaf({
    id: `${LATENCY_ID}/type/${type}`,
    label,
    description: [...crashWords, say("p95 {0}", ran), ...waitWords, say("{0} msg", number(count))].join(" · "),
    // Without one, rows in trouble get that of a file, and stand apart from the others.
    icon: { id: "mail" },
    ...(hasCrashed ? { tone: "error" as const } : isSlow ? { tone: "warning" as const } : {}),
    spoken: [
      label,
      ...crashWords,
      say("95th percentile {0}", ran),
      ...(waitWords.length > 0 ? [say("waited {0}", waited)] : []),
      messages,
    ].join(", "),
    tooltip: [
      label,
      [messages, ...crashWords].join(" · "),
      say("ran: {0}", spread(runBuckets)),
      say("waited: {0}", spread(waitBuckets)),
    ].join("\n"),
    action: { kind: "openHandler", messageType: type },
  });
}

function spread(buckets: readonly number[]): string {
  const at = (share: number): string => quantileText(buckets, share);
  return say("p50 {0} · p95 {1} · max {2}", at(0.5), at(SHARE), at(1));
}
