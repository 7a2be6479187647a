/** Says in words what an actor is and does: short beside its name, in full sentences for tooltips and screen readers. Pure. */
import { type ActorRow, type CrashInfo, LEFT_KEPT, type Runner, type SupervisorInfo } from "airssys-rt/inspect";
import {
  endOf,
  handlesFor,
  hasFailed,
  hasFailedLately,
  isCrowded,
  LONG_WAIT_MS,
  lagOf,
  since,
} from "../programs/health.ts";
import type { Trouble } from "../programs/model.ts";
import type { SeenRow } from "../programs/row.ts";
import { counted, number, say } from "../sentence.ts";
import { duration, escapeMarkdown, fenced, roughly, wholeSeconds } from "../text.ts";
import {
  deniedBrief,
  deniedSpoken,
  deniedTooltip,
  processBrief,
  processSpoken,
  processTooltip,
} from "./process-words.ts";

/** What is known of a row beyond itself. */
export interface Situation {
  readonly now: number;
  readonly below: Trouble;
  /** Its children are new all the time: they are counted roughly. */
  readonly isChurning?: boolean | undefined;
  /** Children it has, when they are not shown. */
  readonly hidden?: number | undefined;
  /** Its rows below are not shown. */
  readonly isFolded?: boolean | undefined;
  /** It waits in a circle. */
  readonly isDeadlocked?: boolean | undefined;
  /** For which child to start or to end it waits in that circle, in words. */
  readonly childWait?: string | undefined;
  /** It keeps the event loop, for so many milliseconds. */
  readonly keeps?: { readonly ms: number; readonly runner: Runner } | undefined;
  /** The program is paused in it. */
  readonly pausedIn?: Runner | undefined;
  /** Nothing at the right edge says how often it was restarted. */
  readonly lacksBadge?: boolean | undefined;
}

/** Beside the name, the cause first: a narrow side bar cuts the rest. Calm says nothing. */
export function brief(row: SeenRow, situation: Situation): string {
  const parts =
    row.supervisor || row.kind === "supervisor" ? briefSupervisor(row, situation) : briefActor(row, situation);
  const lives = situation.lacksBadge && row.restarts > 0 ? say("restarted {0}×", row.restarts) : undefined;
  return [lives, ...parts].filter((part) => part !== undefined).join(" · ");
}

function briefActor(row: SeenRow, situation: Situation): (string | undefined)[] {
  if (row.left || row.state === "stopped") return ended(row);
  return [
    inHand(situation),
    stateWord(row),
    situation.childWait ?? waitWords(row, situation),
    news(row, situation),
    queue(row, situation.now),
    row.refused ? say("{0} refused", number(row.refused)) : undefined,
    long(row, situation),
    row.setAside ? say("set aside {0}", number(row.setAside)) : undefined,
    row.deadLetters ? deadLettersOf(row.deadLetters) : undefined,
    deniedBrief(row.denials),
    ...(row.process ? processBrief(row.process) : []),
    speed(row.rate),
    childrenWords(situation),
    moreRuns(row, situation),
    births(row, situation),
  ];
}

function briefSupervisor(row: SeenRow, situation: Situation): (string | undefined)[] {
  if (row.left || row.state === "stopped") return ended(row);
  return [
    inHand(situation),
    stateWord(row),
    situation.childWait,
    restartsLeft(row.supervisor),
    news(row, situation),
    childrenWords(situation) ?? trouble(row, situation.below),
    births(row, situation),
    moreEnded(row),
    row.supervisor?.strategy,
  ];
}

/** For screen readers: full words, without symbols; what stands at the right edge included, since that is not read. */
export function spoken(row: SeenRow, situation: Situation): string {
  const { now, below, keeps, pausedIn, isDeadlocked } = situation;
  const end = endOf(row);
  const longest = longestWait(row, now);
  const lag = lagOf(row, now);
  const isOver = row.left || row.state === "stopped";
  return [
    row.id,
    row.kind === "supervisor" ? say("supervisor") : say("actor"),
    keeps && say("keeps the event loop for {0}", inWords(keeps.ms)),
    pausedIn && say("the program is paused here"),
    isOver ? (hasFailed(row) ? say("down") : say("shut down")) : spokenState(row),
    row.restarts > 0 ? counted(row.restarts, "restarted once", "restarted {0} times") : undefined,
    end && (hasFailed(row) || hasFailedLately(row, now)) ? say("last: {0}", cause(end.text)) : undefined,
    isDeadlocked ? say("waits in a circle and cannot go on") : undefined,
    situation.childWait,
    longest && say("waiting {0} for {1} {2}", inWords(longest.sinceMs), lastPart(longest.path), longest.messageType),
    row.mailbox.depth > 0 && !isOver
      ? counted(row.mailbox.depth, "{0} message queued", "{0} messages queued")
      : undefined,
    lag >= LONG_WAIT_MS ? say("the oldest waits {0}", inWords(lag)) : undefined,
    isCrowded(row) && !isOver ? say("mailbox almost full") : undefined,
    row.refused ? counted(row.refused, "{0} message refused", "{0} messages refused") : undefined,
    row.setAside ? counted(row.setAside, "{0} message set aside", "{0} messages set aside") : undefined,
    row.deadLetters ? deadLettersOf(row.deadLetters) : undefined,
    deniedSpoken(row.denials),
    row.process && processSpoken(row.process),
    row.supervisor && say("strategy {0}", row.supervisor.strategy.replaceAll("_", " ")),
    row.supervisor && row.supervisor.restartsInWindow > 0 ? restartsInWords(row.supervisor) : undefined,
    situation.hidden ? countOf(situation.hidden) : undefined,
    troubleBelow(below),
  ]
    .filter((part) => part !== undefined && part !== "")
    .join(", ");
}

/**
 * A tooltip in Markdown. All that comes from the program is escaped.
 * @param stackOf the stack of a crash as a list of links; `undefined` when none of its frames lies in a file
 * @param waitLines what it waits for, followed to the end
 */
export function tooltip(
  row: SeenRow,
  trouble: Trouble,
  now: number,
  stackOf: (stack: string) => string | undefined = () => undefined,
  waitLines?: string,
): string {
  const facts: [string, string | undefined][] = [
    [say("Definition"), row.definition],
    [say("State"), stateInFull(row)],
    [say("Name"), row.name],
    [say("Restarts in window"), row.supervisor && restartsInWords(row.supervisor)],
    [say("Restarted"), row.restarts > 0 ? counted(row.restarts, "once", "{0} times") : undefined],
    [say("Handles"), row.handling && say("{0}, for {1}", row.handling.messageType, duration(handlesFor(row, now)))],
    [say("Mailbox"), mailbox(row, lagOf(row, now))],
    [say("Refused"), row.refused ? messages(row.refused) : undefined],
    [say("Set aside"), row.setAside ? messages(row.setAside) : undefined],
    [say("Owes"), row.owes ? counted(row.owes, "{0} reply", "{0} replies") : undefined],
    [say("Dead letters"), row.deadLetters ? say("{0} that it sent", number(row.deadLetters)) : undefined],
    [say("Handled"), handled(row)],
    [say("Failed for good"), row.leftChildren ? countOf(row.leftChildren) : undefined],
    [say("Below"), troubleBelow(trouble)],
  ];
  const lines = facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `- ${say("{0}: {1}", name, escapeMarkdown(value ?? ""))}`);
  const what = [
    row.kind === "supervisor" ? say("supervisor") : say("actor"),
    row.supervisor?.strategy,
    row.restart === "temporary" ? say("temporary") : row.restart,
    say("incarnation {0}", number(row.incarnation)),
  ].filter((part) => part !== undefined);
  const parts = [
    `**${escapeMarkdown(row.path)}** ${escapeMarkdown(what.join(" · "))}`,
    row.process && processTooltip(row.process, now),
    row.denials && deniedTooltip(row.denials, now),
    lines.join("\n"),
    waitLines,
    lastEnd(row, now),
  ];
  return [...parts, row.lastCrash && crash(row.lastCrash, now, stackOf)]
    .filter((part) => part !== undefined && part !== "")
    .join("\n\n");
}

export function troubleBelow({ warned, down }: Trouble): string | undefined {
  if (down > 0) return say("{0} down below", number(down));
  return warned > 0 ? say("{0} in trouble below", number(warned)) : undefined;
}

/** The same of children that are told of already. */
function troubleAmong({ warned, down }: Trouble): string | undefined {
  if (down > 0) return say("{0} down", number(down));
  return warned > 0 ? say("{0} in trouble", number(warned)) : undefined;
}

/** Who is in trouble below has used the restarts that are told already. */
function trouble({ supervisor }: ActorRow, below: Trouble): string | undefined {
  return (supervisor?.restartsInWindow ?? 0) > 0 && below.down === 0 ? undefined : troubleBelow(below);
}

/** The last part of a path: what an actor is called among its siblings. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What went wrong, without the callback it happened in, and without the name of an error that says nothing. */
function cause(text: string): string {
  return text.replace(/^crashed in \w+: /, "").replace(/^(Error|ProcessExitError \[ERR_PROCESS_EXIT\]): (?=.)/, "");
}

function inHand({ keeps, pausedIn }: Situation): string | undefined {
  if (keeps) return say("runs {0} for {1}", keeps.runner.messageType ?? say("its callback"), wholeSeconds(keeps.ms));
  if (!pausedIn) return undefined;
  const { messageType, sender } = pausedIn;
  if (messageType === undefined) return say("paused here");
  if (sender === undefined) return say("paused here · {0}", messageType);
  return say("paused here · {0} from {1}", messageType, lastPart(sender));
}

/** Why it does not run. */
function ended(row: SeenRow): (string | undefined)[] {
  const end = endOf(row);
  const temporary = row.restart === "temporary" && !row.supervisor ? say("temporary") : undefined;
  switch (end?.kind) {
    case "crashed":
      return [say("crashed: {0}", cause(end.text)), temporary];
    case "gaveUp":
      return [end.text];
    case "killed":
      return [say("killed"), temporary];
    default:
      return [row.left ? say("shut down") : say("stopped")];
  }
}

/** What is worth a word: the other states are of the scheduler. */
const STATES: { readonly [S in ActorRow["state"]]?: () => string } = {
  starting: () => say("starting"),
  suspended: () => say("suspended"),
  restarting: () => say("restarting"),
  stopping: () => say("stopping"),
};

function stateWord({ state }: ActorRow): string | undefined {
  return STATES[state]?.();
}

function stateInFull(row: ActorRow): string | undefined {
  if (row.left) return say("left the tree");
  return row.state === "stopped" ? say("stopped") : stateWord(row);
}

/** `ready` and the like are words of the scheduler: who listens wants to know that it runs. */
function spokenState(row: ActorRow): string {
  return stateWord(row) ?? say("running");
}

/** Its failure, while that is news, or while it has not come back. */
function news(row: SeenRow, { now }: Situation): string | undefined {
  const end = endOf(row);
  // A process that has exited tells it better.
  if (row.process?.state === "exited") return undefined;
  if (!end || !(row.state === "restarting" || hasFailedLately(row, now))) return undefined;
  return end.kind === "killed" ? say("was killed") : cause(end.text);
}

function restartsLeft(supervisor: SupervisorInfo | undefined): string | undefined {
  if (!supervisor || supervisor.restartsInWindow === 0) return undefined;
  const { restartsInWindow, maxRestarts, maxRestartPeriodMs } = supervisor;
  return say("{0}/{1} restarts in {2}", restartsInWindow, maxRestarts, duration(maxRestartPeriodMs));
}

function restartsInWords({ restartsInWindow, maxRestarts, maxRestartPeriodMs }: SupervisorInfo): string {
  return counted(
    maxRestarts,
    "{1} of {0} restart within {2} used",
    "{1} of {0} restarts within {2} used",
    number(restartsInWindow),
    duration(maxRestartPeriodMs),
  );
}

function childrenWords({ hidden, below, isChurning }: Situation): string | undefined {
  if (!hidden) return undefined;
  if (isChurning) return say("about {0}", number(Number(hidden.toPrecision(2))));
  return [countOf(hidden), troubleAmong(below)].filter((part) => part !== undefined).join(" · ");
}

function births({ births: rate }: ActorRow, { isChurning }: Situation): string | undefined {
  return rate !== undefined && isChurning ? say("{0} starts/s", rounded(rate)) : undefined;
}

function moreEnded({ leftChildren = 0 }: ActorRow): string | undefined {
  return leftChildren > LEFT_KEPT ? say("{0} more ended", number(leftChildren - LEFT_KEPT)) : undefined;
}

/** What waits, once that is trouble: `full 5/5`, `180 queued, lag 1.8 s`. */
function queue(row: SeenRow, now: number): string | undefined {
  const { depth, capacity } = row.mailbox;
  const lag = lagOf(row, now);
  if (depth === 0) return undefined;
  if (capacity !== null && depth >= capacity) return say("full {0}/{1}", number(depth), number(capacity));
  if (lag >= LONG_WAIT_MS) return say("{0} queued, lag {1}", number(depth), roughly(lag));
  if (isCrowded(row)) return say("{0}/{1} queued", number(depth), number(capacity ?? 0));
  return row.state === "suspended" ? say("{0} queued", number(depth)) : undefined;
}

/** It handles one message for long and waits for nobody: what takes so long is its own. */
function long(row: SeenRow, { now, keeps }: Situation): string | undefined {
  const ms = handlesFor(row, now);
  if (!row.handling || ms < LONG_WAIT_MS || keeps || longestWait(row, now)) return undefined;
  return say("handles {0} for {1}", row.handling.messageType, roughly(ms));
}

function speed(rate: number): string | undefined {
  return rate >= 1 ? say("{0} msg/s", rounded(rate)) : undefined;
}

function waitWords(row: SeenRow, { now, isDeadlocked }: Situation): string | undefined {
  const longest = longestWait(row, now);
  if (!longest) return undefined;
  const words = say("waits for {0} {1}", lastPart(longest.path), roughly(longest.sinceMs));
  return isDeadlocked ? `${words} · ${longest.messageType}` : words;
}

function longestWait(row: SeenRow, now: number): NonNullable<ActorRow["waitsFor"]>[number] | undefined {
  const passed = since(row, now);
  return (row.waitsFor ?? [])
    .map((each) => ({ ...each, sinceMs: each.sinceMs + passed }))
    .filter((each) => each.sinceMs >= LONG_WAIT_MS)
    .sort((a, b) => b.sinceMs - a.sinceMs)[0];
}

function mailbox({ mailbox: { depth, capacity, overflow } }: ActorRow, lag: number): string {
  const size =
    capacity === null
      ? say("{0} of unbounded", number(depth))
      : say("{0} of {1}, overflow {2}", number(depth), number(capacity), overflow);
  return lag > 0 ? say("{0}, the oldest waits {1}", size, duration(lag)) : size;
}

function handled({ handled: done, rate }: ActorRow): string {
  return rate >= 1 ? say("{0}, {1} per second", messages(done), rounded(rate)) : messages(done);
}

function messages(value: number): string {
  return counted(value, "{0} message", "{0} messages");
}

function deadLettersOf(value: number): string {
  return counted(value, "{0} dead letter", "{0} dead letters");
}

/** How it ended last, unless that was the crash that is told below. */
function lastEnd({ lastEnd: end, lastCrash }: ActorRow, now: number): string | undefined {
  if (!end || (end.kind === "crashed" && lastCrash?.incarnation === end.incarnation)) return undefined;
  return say("Last end, {0} ago: {1}", duration(Math.max(0, now - end.at)), escapeMarkdown(end.text));
}

function crash(info: CrashInfo, now: number, stackOf: (stack: string) => string | undefined): string {
  const during = info.messageType === undefined ? info.where : say("{0}, message {1}", info.where, info.messageType);
  const ago = duration(Math.max(0, now - info.at));
  const title = say("Last crash, {0} ago ({1}): {2}", ago, escapeMarkdown(during), escapeMarkdown(cause(info.text)));
  if (info.stack === undefined) return title;
  return `${title}\n\n${stackOf(info.stack) ?? fenced(info.stack.split("\n").slice(0, 15).join("\n"))}`;
}

/** Processes that it runs and that have no row: those that are folded away, and those that are too many. */
function moreRuns({ runs = [], runsLeftOut = 0 }: ActorRow, { isFolded }: Situation): string | undefined {
  const shown = isFolded ? runs.length : 0;
  if (shown > 0) return counted(shown + runsLeftOut, "{0} process", "{0} processes");
  return runsLeftOut > 0 ? counted(runsLeftOut, "{0} process more", "{0} processes more") : undefined;
}

function countOf(children: number): string {
  return counted(children, "{0} child", "{0} children");
}

function inWords(ms: number): string {
  return counted(Math.floor(ms / 1_000), "{0} second", "{0} seconds");
}

function rounded(rate: number): string {
  if (rate < 100) return String(Math.round(rate));
  const step = 10 ** (Math.floor(Math.log10(rate)) - 1);
  return number(Math.round(rate / step) * step);
}
