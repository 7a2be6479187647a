/** What rows tell of OS processes and denials. Asked of the actors that hold them, while somebody looks; clipped, and safe to show. */
import type { Cell } from "../actor/cell.ts";
import type { CrashRecord } from "../environment/environment.ts";
import type { ExitReason } from "../values/exit-reason.ts";
import { type OsFacts, type ProcessFacts, tellerOf } from "../values/os-facts.ts";
import { clip, read, safeText } from "../values/safe-text.ts";
import { lastLines, shownText } from "../values/shown-text.ts";
import type { ActorRow } from "./actor-row.ts";
import { complain } from "./complaint.ts";
import type { DenialInfo, ProcessInfo } from "./process-row.ts";
import { LIST_LIMITS, TEXT_LIMITS } from "./protocol-limits.ts";

/** Milliseconds between two readings of what a process uses, at least: less than that is mostly chance. */
const USAGE_EVERY_MS = 1_000;
/** Lines of stderr in a row, and characters of each. */
const ERROR_LINES = 5;
const LINE_LENGTH = 200;
/** Arguments that are looked at. */
const ARGUMENTS = 100;
/** Memory is told in steps: each byte more would be news. */
const MEMORY_STEP = 102_400;

export type OsPart = Pick<ActorRow, "process" | "runs" | "runsLeftOut" | "denials">;

const NOTHING: OsPart = {};

/** What one actor tells, over its lives. */
export class OsSample {
  /** By pid; made for the few actors that hold processes. */
  #usages: Map<number, Usage> | undefined;
  #part: OsPart = NOTHING;
  #told: string | undefined;

  /** Asks anew. @returns whether its row would say something else than the last time it was told. */
  hasNews(cell: Cell): boolean {
    this.#part = this.#ask(cell);
    return this.#part !== NOTHING || this.#told !== undefined ? JSON.stringify(this.#part) !== this.#told : false;
  }

  /** For the row that is told now. */
  tell(cell: Cell): OsPart {
    this.#part = this.#ask(cell);
    this.#told = this.#part === NOTHING ? undefined : JSON.stringify(this.#part);
    return this.#part;
  }

  #ask(cell: Cell): OsPart {
    const teller = tellerOf(cell.behavior);
    if (teller === undefined) return this.#afterEnd(cell);
    const { own, runs, denials } = factsOf(teller);
    if (own === undefined && runs.length === 0 && denials === undefined) return this.#afterEnd(cell);
    const shown = runs.slice(0, LIST_LIMITS.processes);
    this.#forgetBut(own === undefined ? shown : [own, ...shown]);
    return {
      ...(own === undefined ? {} : { process: this.#info(own) }),
      ...(shown.length === 0 ? {} : { runs: shown.map((run) => this.#info(run)) }),
      ...(runs.length > shown.length ? { runsLeftOut: runs.length - shown.length } : {}),
      ...(denials === undefined ? {} : { denials: denialInfo(denials) }),
    };
  }

  #info(facts: ProcessFacts): ProcessInfo {
    const { pid, startedAt, isReady } = facts;
    this.#usages ??= new Map();
    const usage = this.#usages.get(pid) ?? new Usage();
    this.#usages.set(pid, usage);
    const stderr = lastLines(facts.stderrTail, ERROR_LINES, LINE_LENGTH);
    return {
      pid,
      command: wordText(facts.command),
      args: argumentsText(facts.args),
      state: isReady ? "ready" : "starting",
      startedAt,
      ...(stderr === "" ? {} : { stderr }),
      ...usage.take(facts),
    };
  }

  #forgetBut(alive: readonly ProcessFacts[]): void {
    for (const pid of this.#usages?.keys() ?? [])
      if (!alive.some((facts) => facts.pid === pid)) this.#usages?.delete(pid);
  }

  /** A process that has ended stays in sight as long as nothing took its place. */
  #afterEnd(cell: Cell): OsPart {
    const { process } = this.#part;
    const denied = deniedStart(cell.env.crashes.get(cell.uid));
    if (process === undefined) return denied ?? NOTHING;
    const { usage: _, ...last } = process;
    return { process: { ...last, state: "exited", ...exitOf(cell) }, ...denied };
  }
}

/** How much of a processor a process had since it was looked at last, and what memory it holds. */
class Usage {
  #last: { readonly cpuMs: number; readonly atMs: number } | undefined;
  #told: Pick<ProcessInfo, "usage"> = {};

  take(facts: ProcessFacts): Pick<ProcessInfo, "usage"> {
    const atMs = performance.now();
    const last = this.#last;
    if (last !== undefined && atMs - last.atMs < USAGE_EVERY_MS) return this.#told;
    const now = facts.usage();
    if (now === undefined) return { usage: null };
    this.#last = { cpuMs: now.cpuMs, atMs };
    const memoryBytes = Math.round(now.memoryBytes / MEMORY_STEP) * MEMORY_STEP;
    const cpuPercent = last && Math.max(0, Math.round(((now.cpuMs - last.cpuMs) * 100) / (atMs - last.atMs)));
    this.#told = { usage: { memoryBytes, ...(cpuPercent === undefined ? {} : { cpuPercent }) } };
    return this.#told;
  }
}

/** A process that this actor stands for, or runs. */
export function processOf(cell: Cell, pid: number): ProcessFacts | undefined {
  const teller = tellerOf(cell.behavior);
  if (teller === undefined) return undefined;
  const { own, runs } = factsOf(teller);
  return own?.pid === pid ? own : runs.find((run) => run.pid === pid);
}

/** A look is never at the program's cost. */
function factsOf(teller: () => OsFacts): OsFacts {
  try {
    return teller();
  } catch (error) {
    complain("an actor cannot tell of its processes", error);
    return { runs: [] };
  }
}

function denialInfo({ count, last }: NonNullable<OsFacts["denials"]>): DenialInfo {
  const { at, operation, target, reason, hint, grant } = last;
  return {
    count,
    at,
    operation: wordText(operation),
    target: wordText(target),
    reason: wordText(reason),
    hint: lineText(hint),
    ...(grant === undefined ? {} : { grant: lineText(grant) }),
  };
}

/**
 * A process that was not started because it is not granted: nothing is left that could tell it, but the crash. Of other denials that actors
 * crash with, whoever denied them tells.
 */
export function deniedStart(crash: CrashRecord | undefined): Pick<ActorRow, "denials"> | undefined {
  if (crash === undefined || crash.reason.where !== "init") return undefined;
  const { cause } = crash.reason;
  if (read(cause, "code") !== "ERR_ACCESS_DENIED" || read(cause, "operation") !== "spawn") return undefined;
  const given = (key: string): string => safeText(read(cause, key));
  const grant = read(cause, "grant");
  const last = {
    ...{ at: crash.at, operation: "spawn", target: given("target"), reason: given("reason"), hint: given("hint") },
    grant: typeof grant === "string" ? grant : undefined,
  };
  return { denials: denialInfo({ count: 1, last }) };
}

/**
 * | reason | exit |
 * |---|---|
 * | `normal` | code 0 |
 * | `shutdown` with what the process ended by | that |
 * | `ProcessExitError` | its code or signal |
 * | `killed` | `SIGKILL` |
 * | anything else | not known |
 */
function exitOf({ hasEnded, exitReason, env, uid }: Cell): Pick<ProcessInfo, "code" | "signal"> {
  const reason: ExitReason | undefined = hasEnded ? exitReason : env.crashes.get(uid)?.reason;
  switch (reason?.kind) {
    case "normal":
      return { code: 0 };
    case "killed":
      return { signal: "SIGKILL" };
    case "shutdown":
      return endWords(read(reason.detail, "code"), read(reason.detail, "signal"));
    case "crashed":
      return read(reason.cause, "code") === "ERR_PROCESS_EXIT"
        ? endWords(read(reason.cause, "exitCode"), read(reason.cause, "signal"))
        : {};
    default:
      return {};
  }
}

function endWords(code: unknown, signal: unknown): Pick<ProcessInfo, "code" | "signal"> {
  if (typeof signal === "string") return { signal: wordText(signal) };
  return typeof code === "number" && Number.isInteger(code) ? { code } : {};
}

/** As in a shell, so that it can be told where one argument ends. */
function argumentsText(args: readonly string[]): string {
  const words = args.slice(0, ARGUMENTS).map((arg) => {
    const text = oneLine(clip(arg, TEXT_LIMITS.name));
    return text !== "" && /^[\w@%+=:,./•-]+$/.test(text) ? text : JSON.stringify(text);
  });
  const text = [...words, ...(args.length > ARGUMENTS ? ["…"] : [])].join(" ");
  return clip(text, TEXT_LIMITS.name - 40);
}

function wordText(text: string): string {
  return clip(oneLine(text), TEXT_LIMITS.name - 40);
}

function lineText(text: string): string {
  return clip(oneLine(text), TEXT_LIMITS.text - 40);
}

function oneLine(text: string): string {
  return shownText(text).replace(/\s+/g, " ");
}
