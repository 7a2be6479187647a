/** Why an actor ended. Plain data; knows nothing of actors. The meaning is OTP's. */

import { read, safeText } from "./safe-text.ts";
import { letGoOfFrames } from "./stack-frames.ts";

/** Which of the user's functions was running when an actor crashed. */
export type CrashSite = "init" | "receive" | "signal" | "terminate" | "timer" | "rejection" | "exit";

/**
 * Why an actor ended, as its links, monitors and supervisor see it.
 *
 * | kind | OTP | meaning |
 * |---|---|---|
 * | `normal` | `normal` | the work is done |
 * | `shutdown` | `shutdown`, `{shutdown, Detail}` | ordered to end, or ended in an ordered way |
 * | `killed` | `killed` | ended by an untrappable `kill`, or after its shutdown time ran out |
 * | `noproc` | `noproc` | there was no such actor to link to or to monitor |
 * | `crashed` | any other term | a callback threw or rejected, or an actor exited with a reason of its own |
 *
 * @see https://www.erlang.org/doc/system/ref_man_processes.html, "Termination"
 */
export type ExitReason =
  | { readonly kind: "normal" }
  | { readonly kind: "shutdown"; readonly detail?: unknown }
  | { readonly kind: "killed" }
  | { readonly kind: "noproc" }
  | Crash;

/** What was thrown, and in which callback. */
export interface Crash {
  readonly kind: "crashed";
  readonly cause: unknown;
  readonly where: CrashSite;
}

export const NORMAL: ExitReason = Object.freeze({ kind: "normal" });
export const SHUTDOWN: ExitReason = Object.freeze({ kind: "shutdown" });
export const KILLED: ExitReason = Object.freeze({ kind: "killed" });
export const NOPROC: ExitReason = Object.freeze({ kind: "noproc" });

/**
 * Makes the reason `{shutdown, detail}` of OTP: as orderly as `shutdown`, with something to say. The `stack` of an error is read now, as
 * {@link crashed} does.
 */
export function shutdown(detail: unknown): ExitReason {
  letGoOfFrames(detail);
  return { kind: "shutdown", detail };
}

/**
 * Makes the reason of a crash: what was thrown, and in which callback. The `stack` of an error is read now, so that who keeps the reason
 * does not keep the `this` of the functions in which it was made.
 */
export function crashed(cause: unknown, where: CrashSite = "exit"): Crash {
  letGoOfFrames(cause);
  return { kind: "crashed", cause, where };
}

/** What is said of a value that is none. */
export const NO_EXIT_REASON = "the reason must be an ExitReason, such as SHUTDOWN";

/** Whether a value that came from outside is an exit reason. */
export function isExitReason(value: unknown): value is ExitReason {
  switch (kindOf(value)) {
    case "normal":
    case "shutdown":
    case "killed":
    case "noproc":
    case "crashed":
      return true;
    default:
      return false;
  }
}

/** True for `normal` and `shutdown` (with or without detail): the ends after which a transient child stays down. */
export function isOrderly(reason: ExitReason): boolean {
  const kind = kindOf(reason);
  return kind === "normal" || kind === "shutdown";
}

function kindOf(value: unknown): unknown {
  try {
    // By name, since each end asks.
    return typeof value === "object" && value !== null ? (value as { readonly kind?: unknown }).kind : undefined;
  } catch {
    return undefined;
  }
}

/** One line for people, such as `crashed in receive: RangeError: amount must be positive`. Never throws. */
export function describeExit(reason: ExitReason): string {
  const kind = kindOf(reason);
  switch (kind) {
    case "normal":
    case "killed":
    case "noproc":
      return kind;
    case "shutdown": {
      const detail = read(reason, "detail");
      return detail === undefined ? "shutdown" : `shutdown: ${safeText(detail)}`;
    }
    case "crashed":
      return `crashed in ${safeText(read(reason, "where"))}: ${safeText(read(reason, "cause"))}`;
    default:
      return `an unknown reason: ${safeText(reason)}`;
  }
}
