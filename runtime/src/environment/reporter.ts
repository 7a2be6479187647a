/** Tells people, in words and not too often, what went wrong when nobody else looks. */

import type { Clock } from "../values/clock.ts";
import { describeType, StartError } from "../values/errors.ts";
import type { RuntimeEvent } from "../values/event.ts";
import { describeExit } from "../values/exit-reason.ts";
import { isInstance } from "../values/instance.ts";
import { messageOf } from "../values/safe-text.ts";
import { isThenable } from "../values/thenable.ts";

/** Takes one report; `error` has the stack, if there is one. */
export type Logger = (line: string, error?: unknown) => void;

/** Lines a second; what is more is counted. */
const LINES_PER_SECOND = 10;

/**
 * Reports crashes, escalations and lost promises, each with its stack and each once, as OTP's default logger does: at most {@link LINES_PER_SECOND} a second, then a
 * count of what was left out. That the system has ended against its will is never left out.
 */
export class Reporter {
  readonly #clock: Clock;
  readonly #log: Logger | undefined;
  #secondBegan = Number.NEGATIVE_INFINITY;
  #lines = 0;
  #left = 0;

  /** @param log where lines go; `undefined` for nowhere. */
  constructor(clock: Clock, log: Logger | undefined) {
    this.#clock = clock;
    this.#log = log;
  }

  report(event: RuntimeEvent): void {
    if (this.#log === undefined) return;
    try {
      this.#report(event);
    } catch (error) {
      this.#write(`an event ${event.type} could not be reported`, error);
    }
  }

  #report(event: RuntimeEvent): void {
    const isLast = event.type === "systemStopped";
    if (isLast) this.#tellLeft();
    if (isReported(event) && (isLast || this.#mayReport())) this.#write(describe(event), causeOf(event));
  }

  listenerFailed(error: unknown): void {
    if (this.#log !== undefined && this.#mayReport()) this.#write("a listener of runtime events threw", error);
  }

  #mayReport(): boolean {
    const now = this.#clock.monotonicMs();
    if (now - this.#secondBegan >= 1_000) {
      this.#secondBegan = now;
      this.#lines = 0;
      this.#tellLeft();
    }
    if (++this.#lines <= LINES_PER_SECOND) return true;
    this.#left++;
    return false;
  }

  #tellLeft(): void {
    if (this.#left > 0) this.#write(`… and ${this.#left} more reports like these`, undefined);
    this.#left = 0;
  }

  #write(line: string, error: unknown): void {
    try {
      const written: unknown = this.#log?.(line, error);
      // A logger that throws or rejects has nobody left to tell.
      if (isThenable(written)) written.then(undefined, () => {});
    } catch {}
  }
}

function isReported(event: RuntimeEvent): boolean {
  switch (event.type) {
    case "crashed":
      return !isPassedOn(event.reason.cause);
    case "escalated":
    case "restartFailed":
    case "shutdownError":
    case "unexpectedMessage":
    case "lostRejection":
    case "blocked":
    case "runtimeFault":
      return true;
    case "systemStopped":
      return event.reason.kind !== "normal" && event.reason.kind !== "shutdown";
    case "started":
    case "ended":
    case "restarting":
    case "restarted":
    case "mailboxFull":
    case "deadLetter":
      return false;
  }
}

/** A supervisor's start failed because a child's did, and that has been reported. */
function isPassedOn(cause: unknown): boolean {
  return isInstance(cause, StartError) && isInstance(cause.cause, StartError);
}

function describe(event: RuntimeEvent): string {
  switch (event.type) {
    case "crashed":
      return `${event.actor.id} ${describeExit(event.reason)}${event.envelope ? ` (on ${describeType(event.envelope.message)})` : ""}`;
    case "escalated":
      return `${event.supervisor.id} gave up: more than the allowed restarts (${event.restarts} within ${event.periodMs} ms), last of ${event.actor.id} (${describeExit(event.reason)})`;
    case "restartFailed":
      return `${event.actor.id} could not be restarted; trying again: ${messageOf(event.cause)}`;
    case "shutdownError":
      return `${event.actor.id} was told to end and ended differently: ${describeExit(event.reason)}`;
    case "unexpectedMessage":
      return `the supervisor ${event.actor.id} takes no messages of its own and was sent ${describeType(event.message)}`;
    case "lostRejection":
      return event.actor === undefined
        ? "a promise rejected and nobody handled it; from now on every turn is tracked, to name the actor it belongs to"
        : `a promise that ${event.actor.id} left behind rejected`;
    case "blocked":
      return `${event.actor.id} blocked the event loop for ${Math.round(event.ms)} ms${event.messageType === undefined ? "" : ` (on "${event.messageType}")`}`;
    case "runtimeFault":
      return event.error.message;
    case "systemStopped":
      return `the system ${event.system} has ended: ${describeExit(event.reason)}`;
    default:
      return event.type;
  }
}

function causeOf(event: RuntimeEvent): unknown {
  switch (event.type) {
    case "crashed":
      return event.reason.cause;
    case "systemStopped":
      // A start that failed: what crashed has been reported, and whoever started the system has the error.
      return event.reason.kind === "crashed" && event.reason.where !== "init" ? event.reason.cause : undefined;
    case "lostRejection":
      return event.cause;
    case "runtimeFault":
      return event.error;
    default:
      return undefined;
  }
}
