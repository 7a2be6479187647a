/** Says in words what an actor is and does: short beside its name, in full sentences for tooltips and screen readers. Pure. */
import type { ActorRow, CrashInfo, SupervisorInfo } from "airssys-rt/inspect";
import { isCrashed, isCrowded, LONG_WAIT_MS } from "../programs/health.ts";
import type { Trouble } from "../programs/model.ts";
import { count, duration, escapeMarkdown } from "../text.ts";

/** Beside the name: `idle · 3 queued · restarted 2×`. */
export function brief(row: ActorRow, below: Trouble): string {
  const parts = row.supervisor ? briefSupervisor(row, row.supervisor, below) : briefActor(row);
  return parts.filter((part) => part !== undefined).join(" · ");
}

function briefActor(row: ActorRow): (string | undefined)[] {
  return [stateWord(row), wait(row), queue(row), speed(row.rate), lives(row), row.lastCrash && cause(row.lastCrash)];
}

/** What matters most comes first: a narrow side bar cuts the rest. */
function briefSupervisor(row: ActorRow, supervisor: SupervisorInfo, below: Trouble): (string | undefined)[] {
  return [
    row.state === "idle" ? undefined : stateWord(row),
    restartsLeft(supervisor),
    troubleBelow(below),
    supervisor.strategy,
    lives(row),
  ];
}

/** For screen readers: no symbols, no abbreviations. */
export function spoken(row: ActorRow, below: Trouble): string {
  return [
    `${row.id} ${row.kind}`,
    isCrashed(row) ? "stopped by a crash" : row.state,
    row.supervisor && `strategy ${row.supervisor.strategy.replaceAll("_", " ")}`,
    row.supervisor && `${restartsInWords(row.supervisor)}`,
    row.mailbox.depth > 0 ? `${count(row.mailbox.depth, "message")} queued` : undefined,
    isCrowded(row) ? "mailbox almost full" : undefined,
    row.restarts > 0 ? `restarted ${times(row.restarts)}` : undefined,
    row.lastCrash && `last crash: ${row.lastCrash.text}`,
    longestWait(row) && `waits for ${longestWait(row)?.path}`,
    row.kind === "supervisor" ? troubleBelow(below) : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}

/** A tooltip in Markdown. All that comes from the program is escaped. */
export function tooltip(row: ActorRow, trouble: Trouble, nowMs: number): string {
  const facts: [string, string | undefined][] = [
    ["Definition", `${row.definition} (${row.kind})`],
    ["State", `${stateWord(row)}, incarnation ${row.incarnation}`],
    ["Name", row.name],
    ["Restart", row.restart],
    ["Strategy", row.supervisor?.strategy],
    ["Restarts in window", row.supervisor && restartsInWords(row.supervisor)],
    ["Restarted", row.restarts > 0 ? times(row.restarts) : undefined],
    ["Mailbox", mailbox(row)],
    ["Handled", `${count(row.handled, "message")}, ${rounded(row.rate)} per second`],
    ["Below", row.kind === "supervisor" ? troubleBelow(trouble) : undefined],
  ];
  const lines = facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `- ${name}: ${escapeMarkdown(value ?? "")}`);
  return [`**${escapeMarkdown(row.path)}**`, lines.join("\n"), waits(row), row.lastCrash && crash(row.lastCrash, nowMs)]
    .filter((part) => part !== undefined && part !== "")
    .join("\n\n");
}

export function troubleBelow({ warned, down }: Trouble): string | undefined {
  if (down > 0) return `${down} down below`;
  return warned > 0 ? `${warned} in trouble below` : undefined;
}

function restartsLeft(supervisor: SupervisorInfo): string | undefined {
  const { restartsInWindow, maxRestarts, maxRestartPeriodMs } = supervisor;
  return restartsInWindow > 0
    ? `restarts ${restartsInWindow}/${maxRestarts} in ${duration(maxRestartPeriodMs)}`
    : undefined;
}

function restartsInWords({ restartsInWindow, maxRestarts, maxRestartPeriodMs }: SupervisorInfo): string {
  return `${restartsInWindow} of ${count(maxRestarts, "restart")} within ${duration(maxRestartPeriodMs)} used`;
}

function stateWord(row: ActorRow): string {
  return isCrashed(row) ? "crashed" : row.state;
}

function queue(row: ActorRow): string | undefined {
  const { depth, capacity } = row.mailbox;
  if (depth === 0) return undefined;
  return isCrowded(row) ? `${depth}/${capacity} queued` : `${depth} queued`;
}

function speed(rate: number): string | undefined {
  return rate > 0 ? `${rounded(rate)} msg/s` : undefined;
}

function lives(row: ActorRow): string | undefined {
  return row.restarts > 0 ? `restarted ${row.restarts}×` : undefined;
}

function wait(row: ActorRow): string | undefined {
  const longest = longestWait(row);
  return longest && `waits ${duration(longest.sinceMs)} for ${lastPart(longest.path)}`;
}

function longestWait(row: ActorRow): NonNullable<ActorRow["waitsFor"]>[number] | undefined {
  const waits = (row.waitsFor ?? []).filter((each) => each.sinceMs >= LONG_WAIT_MS);
  return waits.sort((a, b) => b.sinceMs - a.sinceMs)[0];
}

function waits(row: ActorRow): string | undefined {
  const lines = (row.waitsFor ?? [])
    .slice(0, 10)
    .map(
      ({ path, messageType, sinceMs }) =>
        `- ${escapeMarkdown(`${messageType} of ${path}`)}, since ${duration(sinceMs)}`,
    );
  return lines.length > 0 ? `Waits for a reply to\n${lines.join("\n")}` : undefined;
}

function mailbox({ mailbox: { depth, capacity, overflow } }: ActorRow): string {
  return `${depth} of ${capacity === null ? "unbounded" : `${capacity.toLocaleString("en-US")}, overflow ${overflow}`}`;
}

function crash(info: CrashInfo, nowMs: number): string {
  const during = info.messageType === undefined ? info.where : `${info.where}, message ${info.messageType}`;
  const title = `Last crash, ${duration(Math.max(0, nowMs - info.at))} ago (${escapeMarkdown(during)}): ${escapeMarkdown(cause(info))}`;
  return info.stack === undefined ? title : `${title}\n\n${fenced(info.stack.split("\n").slice(0, 15).join("\n"))}`;
}

/** A code block that its own content cannot close. */
function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${code}\n${fence}`;
}

/** What went wrong, without where: that is in the tooltip. */
function cause({ text }: CrashInfo): string {
  return text.replace(/^crashed in \w+: /, "");
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function rounded(rate: number): string {
  return rate < 10 ? String(Number(rate.toFixed(1))) : Math.round(rate).toLocaleString("en-US");
}

function times(number: number): string {
  return number === 1 ? "once" : `${number} times`;
}
