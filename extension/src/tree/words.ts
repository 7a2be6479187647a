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
import { count, duration, escapeMarkdown } from "../text.ts";

/** What is known of a row beyond itself. */
export interface Situation {
  readonly now: number;
  readonly below: Trouble;
  /** Its children are new all the time: they are counted roughly. */
  readonly isChurning?: boolean | undefined;
  /** Children it has, when they are not shown. */
  readonly hidden?: number | undefined;
  /** It waits in a circle. */
  readonly isDeadlocked?: boolean | undefined;
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
  const lives = situation.lacksBadge && row.restarts > 0 ? `restarted ${row.restarts}×` : undefined;
  return [lives, ...parts].filter((part) => part !== undefined).join(" · ");
}

function briefActor(row: SeenRow, situation: Situation): (string | undefined)[] {
  if (row.left || row.state === "stopped") return ended(row);
  return [
    inHand(situation),
    stateWord(row),
    waitWords(row, situation),
    news(row, situation),
    queue(row, situation.now),
    row.refused ? `${number(row.refused)} refused` : undefined,
    long(row, situation),
    row.setAside ? `set aside ${number(row.setAside)}` : undefined,
    row.deadLetters ? count(row.deadLetters, "dead letter") : undefined,
    speed(row.rate),
    childrenWords(situation),
    births(row, situation),
  ];
}

function briefSupervisor(row: SeenRow, situation: Situation): (string | undefined)[] {
  if (row.left || row.state === "stopped") return ended(row);
  return [
    inHand(situation),
    stateWord(row),
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
    row.kind,
    keeps && `keeps the event loop for ${inWords(keeps.ms)}`,
    pausedIn && "the program is paused here",
    isOver ? (hasFailed(row) ? "down" : "shut down") : spokenState(row),
    row.restarts > 0 ? `restarted ${times(row.restarts)}` : undefined,
    end && (hasFailed(row) || hasFailedLately(row, now)) ? `last: ${cause(end.text)}` : undefined,
    isDeadlocked ? "waits in a circle and cannot go on" : undefined,
    longest && `waiting ${inWords(longest.sinceMs)} for ${lastPart(longest.path)} ${longest.messageType}`,
    row.mailbox.depth > 0 && !isOver ? `${count(row.mailbox.depth, "message")} queued` : undefined,
    lag >= LONG_WAIT_MS ? `the oldest waits ${inWords(lag)}` : undefined,
    isCrowded(row) && !isOver ? "mailbox almost full" : undefined,
    row.refused ? `${count(row.refused, "message")} refused` : undefined,
    row.setAside ? `${count(row.setAside, "message")} set aside` : undefined,
    row.deadLetters ? count(row.deadLetters, "dead letter") : undefined,
    row.supervisor && `strategy ${row.supervisor.strategy.replaceAll("_", " ")}`,
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
 */
export function tooltip(
  row: SeenRow,
  trouble: Trouble,
  now: number,
  stackOf: (stack: string) => string | undefined = () => undefined,
): string {
  const handling = handlesFor(row, now);
  const lag = lagOf(row, now);
  const facts: [string, string | undefined][] = [
    ["Definition", `${row.definition} (${row.kind})`],
    ["State", `${row.left ? "left the tree" : row.state}, incarnation ${row.incarnation}`],
    ["Name", row.name],
    ["Restart", row.restart],
    ["Strategy", row.supervisor?.strategy],
    ["Restarts in window", row.supervisor && restartsInWords(row.supervisor)],
    ["Restarted", row.restarts > 0 ? times(row.restarts) : undefined],
    ["Handles", row.handling && `${row.handling.messageType}, for ${duration(handling)}`],
    ["Mailbox", `${mailbox(row)}${lag > 0 ? `, the oldest waits ${duration(lag)}` : ""}`],
    ["Refused", row.refused ? count(row.refused, "message") : undefined],
    ["Set aside", row.setAside ? count(row.setAside, "message") : undefined],
    ["Owes", row.owes ? (row.owes === 1 ? "1 reply" : `${number(row.owes)} replies`) : undefined],
    ["Dead letters", row.deadLetters ? `${number(row.deadLetters)} that it sent` : undefined],
    ["Handled", `${count(row.handled, "message")}${row.rate >= 1 ? `, ${rounded(row.rate)} per second` : ""}`],
    ["Failed for good", row.leftChildren ? countOf(row.leftChildren) : undefined],
    ["Below", troubleBelow(trouble)],
  ];
  const lines = facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `- ${name}: ${escapeMarkdown(value ?? "")}`);
  const parts = [`**${escapeMarkdown(row.path)}**`, lines.join("\n"), waits(row, now), lastEnd(row, now)];
  return [...parts, row.lastCrash && crash(row.lastCrash, now, stackOf)]
    .filter((part) => part !== undefined && part !== "")
    .join("\n\n");
}

export function troubleBelow({ warned, down }: Trouble): string | undefined {
  if (down > 0) return `${number(down)} down below`;
  return warned > 0 ? `${number(warned)} in trouble below` : undefined;
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
  return text.replace(/^crashed in \w+: /, "").replace(/^Error: (?=.)/, "");
}

function inHand({ keeps, pausedIn }: Situation): string | undefined {
  if (keeps) return `runs ${keeps.runner.messageType ?? "its callback"} for ${duration(keeps.ms)}`;
  if (!pausedIn) return undefined;
  const { messageType, sender } = pausedIn;
  const from = sender === undefined ? "" : ` from ${lastPart(sender)}`;
  return `paused here${messageType === undefined ? "" : ` · ${messageType}${from}`}`;
}

/** Why it does not run. */
function ended(row: SeenRow): (string | undefined)[] {
  const end = endOf(row);
  const temporary = row.restart === "temporary" && !row.supervisor ? "temporary" : undefined;
  switch (end?.kind) {
    case "crashed":
      return [`crashed: ${cause(end.text)}`, temporary];
    case "gaveUp":
      return [end.text];
    case "killed":
      return ["killed", temporary];
    default:
      return [row.left ? "shut down" : "stopped"];
  }
}

function stateWord({ state }: ActorRow): string | undefined {
  return state === "starting" || state === "stopping" || state === "restarting" || state === "suspended"
    ? state
    : undefined;
}

/** `ready` and the like are words of the scheduler: who listens wants to know that it runs. */
function spokenState(row: ActorRow): string {
  return stateWord(row) ?? "running";
}

/** Its failure, while that is news, or while it has not come back. */
function news(row: SeenRow, { now }: Situation): string | undefined {
  const end = endOf(row);
  if (!end || !(row.state === "restarting" || hasFailedLately(row, now))) return undefined;
  return end.kind === "killed" ? "was killed" : cause(end.text);
}

function restartsLeft(supervisor: SupervisorInfo | undefined): string | undefined {
  if (!supervisor || supervisor.restartsInWindow === 0) return undefined;
  const { restartsInWindow, maxRestarts, maxRestartPeriodMs } = supervisor;
  return `${restartsInWindow}/${maxRestarts} restarts in ${duration(maxRestartPeriodMs)}`;
}

function restartsInWords({ restartsInWindow, maxRestarts, maxRestartPeriodMs }: SupervisorInfo): string {
  return `${restartsInWindow} of ${count(maxRestarts, "restart")} within ${duration(maxRestartPeriodMs)} used`;
}

function childrenWords({ hidden, below, isChurning }: Situation): string | undefined {
  if (!hidden) return undefined;
  if (isChurning) return `about ${number(Number(hidden.toPrecision(2)))}`;
  return [countOf(hidden), troubleBelow(below)?.replace(/ below$/, "")]
    .filter((part) => part !== undefined)
    .join(" · ");
}

function births({ births: rate }: ActorRow, { isChurning }: Situation): string | undefined {
  return rate !== undefined && isChurning ? `${rounded(rate)} starts/s` : undefined;
}

function moreEnded({ leftChildren = 0 }: ActorRow): string | undefined {
  return leftChildren > LEFT_KEPT ? `${number(leftChildren - LEFT_KEPT)} more ended` : undefined;
}

/** What waits, once that is trouble: `full 5/5`, `180 queued, lag 1.8 s`. */
function queue(row: SeenRow, now: number): string | undefined {
  const { depth, capacity } = row.mailbox;
  const lag = lagOf(row, now);
  if (depth === 0) return undefined;
  if (capacity !== null && depth >= capacity) return `full ${number(depth)}/${number(capacity)}`;
  if (lag >= LONG_WAIT_MS) return `${number(depth)} queued, lag ${duration(rough(lag))}`;
  if (isCrowded(row)) return `${number(depth)}/${number(capacity ?? 0)} queued`;
  return row.state === "suspended" ? `${number(depth)} queued` : undefined;
}

/** It handles one message for long and waits for nobody: what takes so long is its own. */
function long(row: SeenRow, { now, keeps }: Situation): string | undefined {
  const ms = handlesFor(row, now);
  if (!row.handling || ms < LONG_WAIT_MS || keeps || longestWait(row, now)) return undefined;
  return `handles ${row.handling.messageType} for ${duration(rough(ms))}`;
}

function speed(rate: number): string | undefined {
  return rate >= 1 ? `${rounded(rate)} msg/s` : undefined;
}

function waitWords(row: SeenRow, { now, isDeadlocked }: Situation): string | undefined {
  const longest = longestWait(row, now);
  if (!longest) return undefined;
  const words = `waits for ${lastPart(longest.path)} ${duration(rough(longest.sinceMs))}`;
  return isDeadlocked ? `${words} · ${longest.messageType}` : words;
}

function longestWait(row: SeenRow, now: number): NonNullable<ActorRow["waitsFor"]>[number] | undefined {
  const passed = since(row, now);
  return (row.waitsFor ?? [])
    .map((each) => ({ ...each, sinceMs: each.sinceMs + passed }))
    .filter((each) => each.sinceMs >= LONG_WAIT_MS)
    .sort((a, b) => b.sinceMs - a.sinceMs)[0];
}

function waits(row: SeenRow, now: number): string | undefined {
  const lines = (row.waitsFor ?? [])
    .slice(0, 10)
    .map(
      ({ path, messageType, sinceMs }) =>
        `- ${escapeMarkdown(`${messageType} of ${path}`)}, since ${duration(sinceMs + since(row, now))}`,
    );
  return lines.length > 0 ? `Waits for a reply to\n${lines.join("\n")}` : undefined;
}

function mailbox({ mailbox: { depth, capacity, overflow } }: ActorRow): string {
  return `${number(depth)} of ${capacity === null ? "unbounded" : `${number(capacity)}, overflow ${overflow}`}`;
}

/** How it ended last, unless that was the crash that is told below. */
function lastEnd({ lastEnd: end, lastCrash }: ActorRow, now: number): string | undefined {
  if (!end || (end.kind === "crashed" && lastCrash?.incarnation === end.incarnation)) return undefined;
  return `Last end, ${duration(Math.max(0, now - end.at))} ago: ${escapeMarkdown(end.text)}`;
}

function crash(info: CrashInfo, now: number, stackOf: (stack: string) => string | undefined): string {
  const during = info.messageType === undefined ? info.where : `${info.where}, message ${info.messageType}`;
  const title = `Last crash, ${duration(Math.max(0, now - info.at))} ago (${escapeMarkdown(during)}): ${escapeMarkdown(cause(info.text))}`;
  if (info.stack === undefined) return title;
  return `${title}\n\n${stackOf(info.stack) ?? fenced(info.stack.split("\n").slice(0, 15).join("\n"))}`;
}

/** A code block that its own content cannot close. */
function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${code}\n${fence}`;
}

function countOf(children: number): string {
  return children === 1 ? "1 child" : `${number(children)} children`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

/** Tenths of seconds below ten, whole ones above: numbers that change every moment are not read. */
function rough(ms: number): number {
  return ms < 10_000 ? Math.floor(ms / 100) * 100 : Math.floor(ms / 1_000) * 1_000;
}

function inWords(ms: number): string {
  return count(Math.floor(ms / 1_000), "second");
}

function rounded(rate: number): string {
  if (rate < 100) return String(Math.round(rate));
  const step = 10 ** (Math.floor(Math.log10(rate)) - 1);
  return (Math.round(rate / step) * step).toLocaleString("en-US");
}

function times(number: number): string {
  return number === 1 ? "once" : `${number} times`;
}
