/** How a row of the Supervision view looks and sounds. Pure: names of icons and colors, no editor. */
import type { StaticNode } from "airssys-language-server/protocol";
import type { ActorRow } from "airssys-rt/inspect";
import { hasFailed, hasFailedLately, isCrowded, LONG_WAIT_MS, lagOf, waitsLong } from "../programs/health.ts";
import type {
  ActorNode,
  LiveProgram,
  Node,
  Presentation,
  ProgramNode,
  RangeNode,
  SourceNode,
  Tone,
} from "../programs/node.ts";
import type { SeenRow } from "../programs/row.ts";
import { waitOf } from "../programs/wait-chain.ts";
import { counted, number, say } from "../sentence.ts";
import { duration, wholeSeconds } from "../text.ts";
import type { ChildrenOf } from "./outline.ts";
import { presentProcess, processActions } from "./process-presentation.ts";
import type { RowMark } from "./row-mark.ts";
import { childWaitWords } from "./wait-words.ts";
import { brief, type Situation, spoken, troubleBelow } from "./words.ts";

type Icon = Presentation["icon"];

/** What the view knows and the program does not. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether a row is folded; `undefined`: it has had no children yet. */
  isFolded(node: Node): boolean | undefined;
  /** Keys of the children of a row that are shown, in their order. */
  readonly childrenOf: ChildrenOf;
  /** How the row of an actor is marked while a blast radius is shown, or the source is compared. */
  markOf?(program: LiveProgram, key: string): RowMark | undefined;
  /** Whether the user wants no badges at the right edge. */
  readonly lacksBadges: boolean;
}

/** Supervisors with at most this many children are shown open at first. */
const OPEN_AT_MOST = 25;

// The `list.` colors are empty in high contrast, where an icon would then take any other: icons have those of problems.
const RED: string = "problemsErrorIcon.foreground";
const YELLOW: string = "problemsWarningIcon.foreground";
const GREEN: string = "charts.green";
const GREY: string = "disabledForeground";

/** An actor that has gone since its row was drawn. */
function ended(): Presentation {
  return {
    label: say("ended"),
    description: "",
    icon: { id: "circle-slash", color: GREY },
    tone: "stale",
    badge: undefined,
    spoken: say("ended"),
    context: "",
    expands: "never",
    alert: "ended",
  };
}

export function present(node: Node, surroundings: Surroundings): Presentation {
  switch (node.kind) {
    case "program":
      return presentProgram(node, surroundings);
    case "actor":
      return presentActor(node, surroundings);
    case "process":
      return presentProcess(node);
    case "range":
      return presentRange(node, surroundings);
    case "source":
      return node.missing === undefined
        ? presentSource(node, surroundings)
        : presentMissing(node, node.missing, surroundings);
  }
}

function presentProgram(node: ProgramNode, { isFolded }: Surroundings): Presentation {
  const { program } = node;
  const { silence } = program;
  const isEmpty = program.tree.systems.length === 0;
  const seen = silence && say("last seen {0} ago", wholeSeconds(silence.ms));
  const detail = seen ?? (isEmpty ? `${program.detail} · ${say("no actor system yet")}` : program.detail);
  return {
    label: program.title,
    description: detail,
    icon: silence ? { id: "warning", color: YELLOW } : { id: program.isWatched ? "eye" : "server-process" },
    tone: silence && "warning",
    badge: undefined,
    spoken:
      seen === undefined
        ? say("program {0}, {1}", program.title, detail)
        : say("program {0}, does not answer, {1}", program.title, seen),
    context: contextOf(program),
    expands: openOr(isFolded(node)),
    alert: `${detail} ${program.pause !== undefined}`,
  };
}

function contextOf({ pause, isPaused, isWatched }: LiveProgram): string {
  if (isWatched) return "program watched";
  return pause && !isPaused ? "program canPause" : "program";
}

function presentActor(node: ActorNode, surroundings: Surroundings): Presentation {
  const { program, key } = node;
  const row = program.tree.row(key);
  if (!row) return ended();
  const trouble = program.tree.trouble(key);
  const situation = situationOf(node, surroundings);
  const mark = surroundings.markOf?.(program, key);
  const { icon, tone } = mark ? looksOfMark(mark) : looksOf(row, situation, program);
  const isTop = row.parent === undefined;
  const context = [
    isTop ? "system" : row.kind,
    ...(isOver(row, program) ? [] : ["live", ...actionsOn(row, program), ...processActions(row.process, program)]),
  ];
  if (situation.keeps && program.pause) context.push("canPause");
  if (row.lastCrash) context.push("hasCrashed");
  if (!isOver(row, program) && waitsLong(row, situation.now)) context.push("waits");
  if (situation.isDeadlocked) context.push("deadlocked");
  if (row.denials?.grant !== undefined) context.push("hasGrant");
  const isNumber = program.tree.churns(key);
  const members = isNumber ? 0 : surroundings.childrenOf(program, key).length;
  const children = members + (row.runs?.length ?? 0);
  // A supervisor without children is about to have some, or may have some again.
  const hasRows = children > 0 || (row.kind === "supervisor" && !isNumber);
  return {
    label: row.id,
    description: mark?.words ?? brief(row, situation),
    icon,
    tone,
    badge: mark ? mark.badge : badgeOf(row),
    spoken: [mark?.words, isTop ? say("system {0}", spoken(row, situation)) : spoken(row, situation)]
      .filter((part) => part !== undefined)
      .join(", "),
    context: context.join(" "),
    expands: hasRows ? openOr(situation.isFolded) : "never",
    alert: `${mark?.badge} ${context.join(" ")} ${icon.id} ${tone} ${row.restarts} ${trouble.warned} ${trouble.down} ${program.tree.severity(key)}`,
  };
}

function openOr(isFolded: boolean | undefined): "closed" | "open" {
  return isFolded === true ? "closed" : "open";
}

function looksOfMark({ icon, tone }: RowMark): { icon: Icon; tone: Tone | undefined } {
  // `debug-restart` is green where no color is named.
  const color = tone === "error" ? RED : tone === "warning" ? YELLOW : "icon.foreground";
  return { icon: { id: icon, color }, tone };
}

/** Restarts at the right edge, in two characters at most. */
function badgeOf({ restarts }: ActorRow): string | undefined {
  if (restarts === 0) return undefined;
  return restarts > 9 ? "9+" : `${restarts}×`;
}

function situationOf(node: ActorNode, { now, isFolded, lacksBadges }: Surroundings): Situation {
  const { program, key } = node;
  const { silence, runner, tree } = program;
  const children = tree.children(key).length;
  return {
    now: silence ? now - silence.ms : now,
    below: tree.troubleBelow(key),
    hidden: children > 0 && (tree.churns(key) || (isFolded(node) ?? children > OPEN_AT_MOST)) ? children : undefined,
    isChurning: tree.churns(key),
    isFolded: isFolded(node) ?? children > OPEN_AT_MOST,
    isDeadlocked: tree.isDeadlocked(key),
    childWait: childWaitOf(node, now),
    keeps: silence?.runner?.key === key ? { ms: silence.ms, runner: silence.runner } : undefined,
    pausedIn: program.isPaused && runner?.key === key ? runner : undefined,
    lacksBadge: lacksBadges,
  };
}

/** Only of who cannot go on: to wait for a child for a moment is what every start is. */
function childWaitOf({ program: { tree }, key }: ActorNode, now: number): string | undefined {
  const row = tree.row(key);
  const wait = row && tree.isDeadlocked(key) ? waitOf(tree, row, now) : undefined;
  return wait && childWaitWords(wait);
}

/** Nothing can be done to it any more. */
function isOver(row: ActorRow, { endedAt, silence }: LiveProgram): boolean {
  return row.left === true || endedAt !== undefined || silence !== undefined;
}

/**
 * Shape and colour, the worst first.
 *
 * | row | icon | colour of the name |
 * |---|---|---|
 * | keeps the event loop | `flame` | error |
 * | of a program that does not answer | as it was, grey | stale |
 * | the program is paused in it | `debug-stackframe-focused` | |
 * | down: crashed, killed, gave up | `error` | error |
 * | ended in order | `circle-slash` grey | stale |
 * | restarting | `debug-restart` | error |
 * | waits in a circle | `sync-ignored` | error |
 * | suspended | `debug-pause` | warning |
 * | waits long for a reply | `watch` | warning |
 * | mailbox almost full, or its oldest message waits long | `warning` | warning |
 * | failed within a minute | `debug-restart` | warning |
 * | has used restarts lately | `warning` | warning |
 * | starting, stopping | `loading~spin`, `debug-stop` | |
 * | supervisor | `type-hierarchy`; trouble below: `warning` | |
 * | OS process | `terminal` green | |
 * | actor | `circle-small-filled` green | |
 */
function looksOf(row: SeenRow, situation: Situation, program: LiveProgram): { icon: Icon; tone: Tone | undefined } {
  const { keeps, pausedIn, isDeadlocked, below, now } = situation;
  if (keeps) return { icon: { id: "flame", color: RED }, tone: "error" };
  if (program.silence) return { icon: { id: calmIcon(row), color: GREY }, tone: "stale" };
  if (pausedIn) return { icon: { id: "debug-stackframe", color: YELLOW }, tone: undefined };
  if (hasFailed(row)) return { icon: { id: "error", color: RED }, tone: "error" };
  if (row.left || row.state === "stopped") return { icon: { id: "circle-slash", color: GREY }, tone: "stale" };
  if (row.state === "restarting") return { icon: { id: "debug-restart", color: RED }, tone: "error" };
  if (isDeadlocked) return { icon: { id: "sync-ignored", color: RED }, tone: "error" };
  const warning = warningOf(row, now);
  if (warning !== undefined) return { icon: { id: warning, color: YELLOW }, tone: "warning" };
  if (row.state === "starting") return { icon: { id: "loading~spin", color: "charts.blue" }, tone: undefined };
  if (row.state === "stopping") return { icon: { id: "debug-stop", color: YELLOW }, tone: undefined };
  if (below.down + below.warned > 0) return { icon: { id: "warning", color: YELLOW }, tone: undefined };
  return {
    icon: row.kind === "supervisor" ? { id: calmIcon(row) } : { id: calmIcon(row), color: GREEN },
    tone: undefined,
  };
}

function warningOf(row: SeenRow, now: number): string | undefined {
  if (row.state === "suspended") return "debug-pause";
  if (waitsLong(row, now)) return "watch";
  if (isCrowded(row) || lagOf(row, now) >= LONG_WAIT_MS) return "warning";
  if (hasFailedLately(row, now)) return "debug-restart";
  return (row.supervisor?.restartsInWindow ?? 0) > 0 ? "warning" : undefined;
}

function calmIcon({ kind, process }: ActorRow): string {
  if (process) return "terminal";
  return kind === "supervisor" ? "type-hierarchy" : "circle-small-filled";
}

function actionsOn(row: ActorRow, program: ActorNode["program"]): string[] {
  const isDown = row.state === "stopped";
  const isTop = row.parent === undefined;
  return [
    !isDown && !isTop && program.can("kill") ? "canKill" : "",
    !isTop && row.restart !== undefined && program.can("restart") ? "canRestart" : "",
    !isDown && program.can("stop") ? "canStop" : "",
    !isDown && row.kind === "actor" && row.state !== "suspended" && program.can("suspend") ? "canSuspend" : "",
    row.state === "suspended" && program.can("resume") ? "canResume" : "",
    !isDown && row.kind === "actor" && program.can("send") ? "canSend" : "",
  ].filter((word) => word !== "");
}

/** How many there are is asked of the tree: it changes while the row stands. */
function presentRange(node: RangeNode, { childrenOf, isFolded }: Surroundings): Presentation {
  const { program, key, from, to, isRest } = node;
  const keys = childrenOf(program, key).slice(from, to);
  const down = keys.filter((each) => program.tree.trouble(each).down > 0).length;
  const warned = keys.filter((each) => program.tree.trouble(each).warned > 0).length;
  const label = isRest ? say("… {0} more", number(keys.length)) : `${from + 1} – ${from + keys.length}`;
  const trouble = troubleBelow({ warned, down });
  const isStale = program.silence !== undefined || program.endedAt !== undefined;
  const icon = down + warned > 0 ? { id: "warning", color: YELLOW } : { id: "ellipsis" };
  return {
    label,
    description: trouble ?? "",
    icon: isStale ? { id: icon.id, color: GREY } : icon,
    tone: isStale ? "stale" : undefined,
    badge: undefined,
    spoken: [
      isRest
        ? counted(keys.length, "{0} more actor", "{0} more actors")
        : say("actors {0} to {1}", from + 1, from + keys.length),
      ...(trouble === undefined ? [] : [trouble]),
    ].join(", "),
    context: "range",
    expands: openOr(isFolded(node) ?? true),
    alert: `${warned} ${down}`,
  };
}

function kindWord(kind: StaticNode["kind"]): string {
  switch (kind) {
    case "actor":
      return say("actor");
    case "supervisor":
      return say("supervisor");
    case "process":
      return say("process");
    case "files":
      return say("files");
    case "processManager":
      return say("process manager");
    case "unknown":
      return say("unknown");
  }
}

const SOURCE_ICONS: Readonly<Record<StaticNode["kind"], string>> = {
  supervisor: "type-hierarchy",
  actor: "circle-small",
  process: "terminal",
  files: "circle-small",
  processManager: "circle-small",
  unknown: "question",
};

function isOfSystem(kind: StaticNode["kind"]): boolean {
  return kind === "process" || kind === "files" || kind === "processManager";
}

/** What stands for the definition of a child that `airssys-rt/os` starts: it has none in the source. */
function systemWord({ kind, definition }: StaticNode): string | undefined {
  if (!isOfSystem(kind)) return undefined;
  return definition === undefined ? kindWord(kind) : say("process {0}", definition);
}

/** How many restarts the source allows in which time, where it says that: `5 in 10 s`. */
function limitWords({ maxRestarts, maxRestartPeriodMs }: StaticNode): string | undefined {
  if (maxRestarts === undefined || maxRestartPeriodMs === undefined) return undefined;
  return say("{0} in {1}", number(maxRestarts), duration(maxRestartPeriodMs));
}

function presentSource(node: SourceNode, { isFolded }: Surroundings): Presentation {
  const { source } = node;
  const what = systemWord(source);
  const label = source.id ?? what ?? source.definition ?? say("(unknown)");
  const words = [
    source.id === undefined ? undefined : (what ?? source.definition),
    source.strategy,
    limitWords(source),
    // The others are what calm is.
    source.restart === "permanent" ? undefined : source.restart,
    source.unknown,
  ];
  return {
    label,
    description: words.filter((word) => word !== undefined && word !== label).join(" · "),
    icon: { id: SOURCE_ICONS[source.kind] },
    tone: undefined,
    badge: undefined,
    spoken: [
      label === what ? label : `${label} ${what ?? kindWord(source.kind)}`,
      say("not running"),
      source.strategy?.replaceAll("_", " "),
      source.unknown,
    ]
      .filter((word) => word !== undefined)
      .join(", "),
    context: `source ${isOfSystem(source.kind) ? "actor" : source.kind}`,
    expands: source.children.length === 0 ? "never" : openOr(isFolded(node)),
    alert: label,
  };
}

/** In the source, among actors that run. */
function presentMissing(node: SourceNode, why: string, surroundings: Surroundings): Presentation {
  const usual = presentSource(node, surroundings);
  return {
    ...usual,
    description: why,
    icon: { id: "diff-removed", color: RED },
    tone: "error",
    badge: "D",
    spoken: `${usual.label} ${kindWord(node.source.kind)}, ${why}`,
    context: [usual.context, "missing"].join(" "),
    alert: why,
  };
}
