/** The catalogue of what can go wrong, apart from crashes, which are exit reasons. Leaf: knows nothing of actors. */

import { describeExit, type ExitReason, isExitReason } from "./exit-reason.ts";
import { isInstance } from "./instance.ts";
import type { AnyActorRef } from "./ref.ts";
import { classOf, joinText, safeText, text } from "./safe-text.ts";

/**
 * Base of every error the runtime makes. Match on {@link code}: it survives two copies of the package in one program.
 */
export abstract class AirssysError extends Error {
  abstract readonly code: string;
  override get name(): string {
    return `${classOf(this) ?? "AirssysError"} [${this.code}]`;
  }
}

/** Misuse: an argument that can never work. Thrown at once, with every fault. */
export class InvalidArgumentError extends AirssysError {
  readonly code = "ERR_INVALID_ARGUMENT";
  readonly faults: readonly string[];
  constructor(what: string, faults: readonly string[]) {
    super(`${safeText(what)}: ${joinText(faults, "; ")}`);
    this.faults = faults;
  }
}

/** The name or child id is taken. `holder` is the path of the actor that has it. */
export class NameTakenError extends AirssysError {
  readonly code = "ERR_NAME_TAKEN";
  readonly takenName: string;
  readonly holder: string;
  constructor(takenName: string, holder: string) {
    super(text`the name "${takenName}" is taken by ${holder}`);
    this.takenName = takenName;
    this.holder = holder;
  }
}

/** The mailbox had no room for the message. Trying again later is safe: the actor never saw it. */
export class MailboxFullError extends AirssysError {
  readonly code = "ERR_MAILBOX_FULL";
  readonly actor: string;
  readonly capacity: number;
  /** What was not delivered. */
  readonly undelivered: unknown;
  /** Milliseconds that a `tellAsync` waited for room, when its time ran out; `undefined` otherwise. */
  readonly waitedMs: number | undefined;
  constructor(actor: string, capacity: number, undelivered: unknown, waitedMs?: number) {
    const waited = waitedMs === undefined ? "" : text` and had no room within ${waitedMs} ms`;
    super(text`the mailbox of ${actor} is full (${capacity} messages)${waited}`);
    this.waitedMs = waitedMs;
    this.actor = actor;
    this.capacity = capacity;
    this.undelivered = undelivered;
  }
}

/** The actor has ended, or ended before it replied (then it may have acted on the message). */
export class ActorStoppedError extends AirssysError {
  readonly code = "ERR_ACTOR_STOPPED";
  readonly actor: string;
  readonly reason: ExitReason;
  /** What was sent. */
  readonly undelivered: unknown;
  constructor(actor: string, reason: ExitReason, undelivered: unknown) {
    super(text`${actor} has ended (${describeExit(reason)})`, causeOf(reason));
    this.actor = actor;
    this.reason = reason;
    this.undelivered = undelivered;
  }
}

/** The actor has not started yet, or was never started: it never saw the message. */
export class NotStartedError extends AirssysError {
  readonly code = "ERR_NOT_STARTED";
  readonly actor: string;
  /** Path of the sibling that starts before it and is not up yet; `undefined` when it waits for none. */
  readonly startsAfter: string | undefined;
  /** What was sent. */
  readonly undelivered: unknown;
  constructor(actor: string, startsAfter: string | undefined, undelivered: unknown) {
    const when =
      startsAfter === undefined ? "has not been started" : text`has not started yet: it starts after ${startsAfter}`;
    super(text`${actor} ${when}`);
    this.actor = actor;
    this.startsAfter = startsAfter;
    this.undelivered = undelivered;
  }
}

/** No reply in time. The actor may still act on the message; a late reply becomes a dead letter. */
export class AskTimeoutError extends AirssysError {
  readonly code = "ERR_ASK_TIMEOUT";
  readonly actor: string;
  readonly timeoutMs: number;
  readonly undelivered: unknown;
  constructor(actor: string, timeoutMs: number, undelivered: unknown) {
    super(text`no reply from ${actor} within ${timeoutMs} ms`);
    this.actor = actor;
    this.timeoutMs = timeoutMs;
    this.undelivered = undelivered;
  }
}

/** The handler finished and neither replied nor deferred the reply. */
export class NoReplyError extends AirssysError {
  readonly code = "ERR_NO_REPLY";
  readonly actor: string;
  readonly undelivered: unknown;
  constructor(actor: string, undelivered: unknown) {
    super(text`${actor} finished handling the message without a reply`);
    this.actor = actor;
    this.undelivered = undelivered;
  }
}

/** An actor asked itself, or waited for room in its own mailbox, within its own turn: what it waits for could never come. */
export class SelfAskError extends AirssysError {
  readonly code = "ERR_SELF_ASK";
  readonly actor: string;
  /** @param did what it did, for the text. */
  constructor(actor: string, did = "asked itself") {
    super(text`${actor} ${did} within its own turn`);
    this.actor = actor;
  }
}

/** `reply` for a message that was not sent with `ask`, or outside a turn. */
export class NoReplyExpectedError extends AirssysError {
  readonly code = "ERR_NO_REPLY_EXPECTED";
  readonly actor: string;
  constructor(actor: string) {
    super(text`${actor} replied, and nobody asked`);
    this.actor = actor;
  }
}

/** A second reply to one ask. */
export class AlreadyRepliedError extends AirssysError {
  readonly code = "ERR_ALREADY_REPLIED";
  readonly actor: string;
  constructor(actor: string) {
    super(text`${actor} replied twice to one ask`);
    this.actor = actor;
  }
}

/** A dead incarnation tried to act through its context. */
export class StaleContextError extends AirssysError {
  readonly code = "ERR_STALE_CONTEXT";
  readonly actor: string;
  readonly incarnation: number;
  constructor(actor: string, incarnation: number) {
    super(text`incarnation ${incarnation} of ${actor} has ended and can no longer act`);
    this.actor = actor;
    this.incarnation = incarnation;
  }
}

/** More messages stashed than the mailbox may hold. */
export class StashFullError extends AirssysError {
  readonly code = "ERR_STASH_FULL";
  readonly actor: string;
  readonly capacity: number;
  constructor(actor: string, capacity: number) {
    super(text`the stash of ${actor} is full (${capacity} messages)`);
    this.actor = actor;
    this.capacity = capacity;
  }
}

/** An {@link OwnedBuffer}'s bytes have been claimed before: they have one owner. */
export class BufferClaimedError extends AirssysError {
  readonly code = "ERR_BUFFER_CLAIMED";
  readonly byteLength: number;
  constructor(byteLength: number) {
    super(text`the buffer of ${byteLength} bytes was claimed before`);
    this.byteLength = byteLength;
  }
}

/** A functional actor got a message whose `type` no handler has (OTP's `function_clause`). */
export class UnhandledMessageError extends AirssysError {
  readonly code = "ERR_UNHANDLED_MESSAGE";
  readonly actor: string;
  readonly undelivered: unknown;
  constructor(actor: string, undelivered: unknown) {
    super(text`${actor} has no handler for the message of type ${describeType(undelivered)}`);
    this.actor = actor;
    this.undelivered = undelivered;
  }
}

/** A start function or `preStart` threw, returned something that is no actor, or took too long. */
export class StartError extends AirssysError {
  readonly code = "ERR_START_FAILED";
  /** Path of the actor that did not start. */
  readonly actor: string;
  constructor(actor: string, what: string, cause?: unknown) {
    super(text`${actor} did not start: ${what}`, cause === undefined ? undefined : { cause });
    this.actor = actor;
    // Where it went wrong is said by the cause; the way from there is the runtime's own, once for each level of the tree.
    if (isInstance(cause, Error)) this.stack = `${this.name}: ${this.message}`;
    if (isInstance(cause, StartError)) firstFailures.set(this, firstFailure(cause));
  }
}

/** Of each that passes on another: the failure it all began with. Found once for each level of a tree, however deep. */
const firstFailures = new WeakMap<StartError, StartError>();

/** The failure it all began with, where supervisors pass on that a child did not start: the last of the chain. */
export function firstFailure(error: StartError): StartError {
  return firstFailures.get(error) ?? error;
}

/** The system has been stopped, or is stopping. */
export class SystemStoppedError extends AirssysError {
  readonly code = "ERR_SYSTEM_STOPPED";
  readonly system: string;
  constructor(system: string) {
    super(text`the actor system ${system} has stopped`);
    this.system = system;
  }
}

/**
 * A supervisor gave up. Found as the cause of a system's last event, `systemStopped`, when that was the root; its own cause is the
 * last crash, or the supervisor below that gave up.
 */
export class SupervisorGaveUpError extends AirssysError {
  readonly code = "ERR_SUPERVISOR_GAVE_UP";
  readonly supervisor: string;
  readonly reason: ExitReason;
  constructor(supervisor: string, reason: ExitReason, cause: unknown) {
    super(text`${supervisor} gave up (${describeExit(reason)})`, cause === undefined ? undefined : { cause });
    this.supervisor = supervisor;
    this.reason = reason;
  }
}

/**
 * The runtime itself is at fault: its own code threw, or one of its invariants did not hold. Found as the cause of the crash of the actor
 * that it concerns, or in an event `runtimeFault` where there is none to crash. The process goes on, and so do all other actors.
 */
export class RuntimeFaultError extends AirssysError {
  readonly code = "ERR_RUNTIME_FAULT";
  /** Path of the actor that it concerns; `undefined`: none, or it is not known which. */
  readonly actor: string | undefined;
  /** What did not hold, or what could not be done. */
  readonly fault: string;
  constructor(actor: string | undefined, fault: string, cause?: unknown) {
    super(
      text`airssys-rt itself is at fault${actor === undefined ? "" : ` with ${safeText(actor, 200)}`}: ${fault}${cause === undefined ? "" : ` (${safeText(cause, 500)})`}; please open an issue at its repository with this text and the stack`,
      cause === undefined ? undefined : { cause },
    );
    this.actor = actor;
    this.fault = fault;
  }
}

/** Why a supervisor refused a request; the words are OTP's. */
export type ChildRefusal =
  | "already_started"
  | "already_present"
  | "not_found"
  | "running"
  | "restarting"
  | "simple_one_for_one"
  | "noproc";

/** A supervisor refused a request about its children. Nothing was changed. */
export class SupervisorRequestError extends AirssysError {
  readonly code = "ERR_SUPERVISOR_REQUEST";
  readonly supervisor: string;
  /** Id of the child that it was about, or the path of one that was named by its ref; `undefined` when it was about no single one. */
  readonly child: string | undefined;
  readonly refusal: ChildRefusal;
  /** The child that runs, when it is `already_started`. */
  readonly ref: AnyActorRef | undefined;
  constructor(supervisor: string, child: string | undefined, refusal: ChildRefusal, ref?: AnyActorRef) {
    const about = child === undefined ? "its children" : text`the child "${child}"`;
    super(text`${supervisor} refused a request about ${about}: ${refusal}`);
    this.ref = ref;
    this.supervisor = supervisor;
    this.child = child;
    this.refusal = refusal;
  }
}

/** A supervisor was sent something that is not one of its requests. */
export class UnexpectedMessageError extends AirssysError {
  readonly code = "ERR_UNEXPECTED_MESSAGE";
  readonly actor: string;
  readonly undelivered: unknown;
  constructor(actor: string, undelivered: unknown) {
    super(text`the supervisor ${actor} takes no messages of its own and was sent ${describeType(undelivered)}`);
    this.actor = actor;
    this.undelivered = undelivered;
  }
}

/** The `type` of a message as text, if it has one. Never throws, whatever came from outside. */
export function typeOf(message: unknown): string | undefined {
  try {
    return typeof message === "object" && message !== null && "type" in message
      ? safeText(message.type, 200)
      : undefined;
  } catch {
    return "(a type that cannot be printed)";
  }
}

/** The `type` of a message for people, or what it is instead of a message. Never throws. */
export function describeType(message: unknown): string {
  const type = typeOf(message);
  if (type !== undefined) return `"${type}"`;
  return message === null ? "null" : typeof message;
}

/** What an actor crashed with. */
function causeOf(reason: ExitReason): ErrorOptions | undefined {
  return isExitReason(reason) && reason.kind === "crashed" ? { cause: reason.cause } : undefined;
}
