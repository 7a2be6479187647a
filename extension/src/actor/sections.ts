/** What the Actor view shows of one actor: its sections in order, and in one sentence what is the matter. Pure. */
import { endOf, handlesFor, LONG_WAIT_MS } from "../programs/health.ts";
import type { RecentLatency } from "../programs/recent-latencies.ts";
import type { SeenRow } from "../programs/row.ts";
import { waitChain } from "../programs/wait-chain.ts";
import { counted, say, timeOfDay } from "../sentence.ts";
import { roughly, wholeSeconds } from "../text.ts";
import { programName } from "../tree/process-words.ts";
import { hangsOn } from "../tree/wait-words.ts";
import { lastPart } from "../tree/words.ts";
import type { Look } from "./close-up.ts";
import { type Entry, leaf, stale } from "./entry.ts";
import { latencySection } from "./latency-entries.ts";
import { mailboxSection, recentSection, setAsideSection } from "./letter-entries.ts";
import { livesSection, settingsSection, tiesSection, timersSection, waitsSection } from "./life-entries.ts";
import { processSections } from "./process-entries.ts";
import { oneLine, stateSection } from "./state-entries.ts";

/** Milliseconds after which what a silent program has told is old. */
const OLD_MS = 2_500;

/** The sections that hold something. @param latency of its definition; `undefined`: nobody counts */
export function sectionsOf(look: Look, now: number, latency?: RecentLatency): readonly Entry[] {
  const { row, details, program } = look;
  if (row === undefined) return [];
  if (details === undefined) return [...waiting(look), ...processSections(row)];
  const sections = [
    program.isWatched === true && row.kind === "actor" ? untoldState() : stateSection(details, row.definition),
    waitsSection(row, now),
    mailboxSection(details, row, now),
    setAsideSection(details),
    tiesSection(details),
    timersSection(details),
    livesSection(details, row),
    latencySection(look, latency, now),
    ...processSections(row),
    recentSection(details),
    settingsSection(details),
  ].filter((section) => section !== undefined);
  return isOld(look, now) ? sections.map(stale) : sections;
}

/** Of a program that is watched. */
function untoldState(): Entry {
  return leaf({
    id: "state",
    label: say("State"),
    description: say("values are not shown when watching"),
    icon: { id: "lock" },
  });
}

/** Before anything was told. */
function waiting({ row, isWaiting, refusal }: Look): readonly Entry[] {
  const icon = { id: "package" };
  if (row?.left === true) return [];
  if (refusal === "ERR_NOT_SUPPORTED") {
    const label = say("This version of airssys-rt does not tell more.");
    return [leaf({ id: "refused", label, description: "", icon: { id: "info" } })];
  }
  if (refusal !== undefined) return [leaf({ id: "state", label: say("State"), description: say("not told"), icon })];
  return isWaiting ? [leaf({ id: "state", label: say("State"), description: say("asking the program…"), icon })] : [];
}

/** What it shows is not so any more, or may not be. */
function isOld({ program, row, at }: Look, now: number): boolean {
  if (program.endedAt !== undefined || row?.left === true) return true;
  return program.silence !== undefined && now - at > OLD_MS;
}

/**
 * The cause and its effect; calm says nothing.
 *
 * | first of these | sentence |
 * |---|---|
 * | nobody is chosen | where to choose |
 * | it has ended for good | how, and that it stays down |
 * | the program has ended | since when |
 * | the program does not answer | for how long, and how old this is |
 * | the program is paused in it | on what |
 * | it waits in a circle, or long | for whom, and what waits behind it |
 * | it is suspended, or handles one message for long | what waits behind it |
 * | it failed within a minute | how, and that it lives again |
 * | it stands for an OS process | which, and for how long |
 */
export function sentenceOf(look: Look | undefined, now: number): string {
  if (look === undefined)
    return say("Select an actor in Supervision: its state, mailbox, timers and lives are shown here.");
  const { row, program } = look;
  if (row === undefined) return say("This actor has gone.");
  return (
    endSentence(look) ??
    silenceSentence(look, now) ??
    (program.isPaused ? pausedSentence(look) : undefined) ??
    waitSentence(look, row, now) ??
    slowSentence(row, now) ??
    newsSentence(row, now) ??
    processSentence(row, now) ??
    ""
  );
}

function endSentence({ row, program }: Look): string | undefined {
  if (row !== undefined && (row.left === true || row.state === "stopped")) {
    const end = endOf(row);
    if (end === undefined) return say("It has ended.");
    const at = timeOfDay(end.at);
    if (end.kind === "crashed") return say("Crashed {0}: {1}. It stays down.", at, causeOf(end.text));
    if (end.kind === "gaveUp") return say("Gave up {0}: {1}. It stays down.", at, causeOf(end.text));
    if (end.kind === "killed") return say("Killed {0}. It stays down.", at);
    return say("Shut down {0}.", at);
  }
  return program.endedAt === undefined ? undefined : say("{0} ended {1}.", program.title, timeOfDay(program.endedAt));
}

function silenceSentence({ program, key, at }: Look, now: number): string | undefined {
  const { silence } = program;
  if (silence === undefined) return undefined;
  const ms = wholeSeconds(silence.ms);
  const runs = silence.runner?.key === key;
  const words = runs
    ? say("It has not let go for {0}: nobody else can run.", ms)
    : say("{0} does not answer for {1}.", program.title, ms);
  if (at === 0 || now - at <= OLD_MS) return words;
  return `${words} ${say("This is {0} old.", wholeSeconds(now - at))}`;
}

function pausedSentence({ program, key }: Look): string | undefined {
  const { runner } = program;
  if (runner?.key !== key) return say("The program is paused: time stands still for all actors.");
  return runner.messageType === undefined
    ? say("The program is paused in it.")
    : say("The program is paused in it, on {0}.", oneLine(runner.messageType));
}

function waitSentence({ program, key }: Look, row: SeenRow, now: number): string | undefined {
  const chain = waitChain(program.tree, key, now);
  const [first] = chain.waits;
  if (first === undefined || first.ms < LONG_WAIT_MS) return undefined;
  const words = say("Waits for {0} {1}", oneLine(lastPart(first.path)), roughly(first.ms));
  const sentence = withEffect(words, row);
  return chain.isCircle ? `${sentence} ${hangsOn(chain)}` : sentence;
}

function slowSentence(row: SeenRow, now: number): string | undefined {
  if (row.state === "suspended") return withEffect(say("Suspended"), row);
  const ms = handlesFor(row, now);
  if (row.handling === undefined || ms < LONG_WAIT_MS) return undefined;
  return withEffect(say("Handles {0} for {1}", oneLine(row.handling.messageType), roughly(ms)), row);
}

/** Within a minute. */
function newsSentence(row: SeenRow, now: number): string | undefined {
  const end = endOf(row);
  if (end === undefined || row.restarts === 0 || end.kind === "normal" || end.kind === "shutdown") return undefined;
  const ms = now - end.at;
  if (ms >= 60_000) return undefined;
  const words = end.kind === "killed" ? say("was killed") : causeOf(end.text);
  return say("Restarted {0} ago: {1}.", wholeSeconds(Math.max(0, ms)), words.replace(/\.$/, ""));
}

function processSentence({ process }: SeenRow, now: number): string | undefined {
  if (process === undefined || process.state === "exited") return undefined;
  const ms = Math.max(0, now - process.startedAt);
  return say("{0}, pid {1}, runs for {2}.", programName(process), process.pid, wholeSeconds(ms));
}

/** What follows for those who have sent something. */
function withEffect(words: string, { mailbox: { depth } }: SeenRow): string {
  if (depth === 0) return say("{0}.", words);
  return counted(depth, "{1}, so {0} message waits.", "{1}, so {0} messages wait.", words);
}

function causeOf(text: string): string {
  return oneLine(text.replace(/^crashed in \w+: /, "").replace(/^Error: (?=.)/, "")).replace(/\.$/, "");
}
