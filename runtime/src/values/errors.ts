/** The catalogue of what can go wrong, apart from crashes, which are exit reasons. Leaf: knows nothing of actors. */
import { describeExit, type ExitReason } from "./exit-reason.ts";
import type { AnyActorRef } from "./ref.ts";
import { classOf, safeText } from "./safe-text.ts";

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
    super(`${what}: ${faults.join("; ")}`);
    this.faults = faults;
  }
}

/** The name or child id is taken. `holder` is the path of the actor that has it. */
export class NameTakenError extends AirssysError {
  readonly code = "ERR_NAME_TAKEN";
  readonly takenName: string;
  readonly holder: string;
  constructor(takenName: string, holder: string) {
    super(`the name "${takenName}" is taken by ${holder}`);
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
  constructor(actor: string, capacity: number, undelivered: unknown) {
    super(`the mailbox of ${actor} is full (${capacity} messages)`);
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
    super(
      `${actor} has ended (${describeExit(reason)})`,
      reason.kind === "crashed" ? { cause: reason.cause } : undefined,
    );
    this.actor = actor;
    this.reason = reason;
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
    super(`no reply from ${actor} within ${timeoutMs} ms`);
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
    super(`${actor} finished handling the message without a reply`);
    this.actor = actor;
    this.undelivered = undelivered;
  }
}

/** An actor asked itself within its own turn: the reply could never come. */
export class SelfAskError extends AirssysError {
  readonly code = "ERR_SELF_ASK";
  readonly actor: string;
  constructor(actor: string) {
    super(`${actor} asked itself within its own turn`);
    this.actor = actor;
  }
}

/** `reply` for a message that was not sent with `ask`, or outside a turn. */
export class NoReplyExpectedError extends AirssysError {
  readonly code = "ERR_NO_REPLY_EXPECTED";
  readonly actor: string;
  constructor(actor: string) {
    super(`${actor} replied, and nobody asked`);
    this.actor = actor;
  }
}

/** A second reply to one ask. */
export class AlreadyRepliedError extends AirssysError {
  readonly code = "ERR_ALREADY_REPLIED";
  readonly actor: string;
  constructor(actor: string) {
    super(`${actor} replied twice to one ask`);
    this.actor = actor;
  }
}

/** A dead incarnation tried to act through its context. */
export class StaleContextError extends AirssysError {
  readonly code = "ERR_STALE_CONTEXT";
  readonly actor: string;
  readonly incarnation: number;
  constructor(actor: string, incarnation: number) {
    super(`incarnation ${incarnation} of ${actor} has ended and can no longer act`);
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
    super(`the stash of ${actor} is full (${capacity} messages)`);
    this.actor = actor;
    this.capacity = capacity;
  }
}

/** An {@link OwnedBuffer}'s bytes have been claimed before: they have one owner. */
export class BufferClaimedError extends AirssysError {
  readonly code = "ERR_BUFFER_CLAIMED";
  readonly byteLength: number;
  constructor(byteLength: number) {
    super(`the buffer of ${byteLength} bytes was claimed before`);
    this.byteLength = byteLength;
  }
}

/** A functional actor got a message whose `type` no handler has (OTP's `function_clause`). */
export class UnhandledMessageError extends AirssysError {
  readonly code = "ERR_UNHANDLED_MESSAGE";
  readonly actor: string;
  readonly undelivered: unknown;
  constructor(actor: string, undelivered: unknown) {
    super(`${actor} has no handler for the message of type ${describeType(undelivered)}`);
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
    super(`${actor} did not start: ${what}`, cause === undefined ? undefined : { cause });
    this.actor = actor;
  }
}

/** The system has been stopped, or is stopping. */
export class SystemStoppedError extends AirssysError {
  readonly code = "ERR_SYSTEM_STOPPED";
  readonly system: string;
  constructor(system: string) {
    super(`the actor system ${system} has stopped`);
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
    super(`${supervisor} gave up (${describeExit(reason)})`, cause === undefined ? undefined : { cause });
    this.supervisor = supervisor;
    this.reason = reason;
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

/** A supervisor refused a request about one of its children. Nothing was changed. */
export class SupervisorRequestError extends AirssysError {
  readonly code = "ERR_SUPERVISOR_REQUEST";
  readonly supervisor: string;
  readonly child: string;
  readonly refusal: ChildRefusal;
  /** The child that runs, when it is `already_started`. */
  readonly ref: AnyActorRef | undefined;
  constructor(supervisor: string, child: string, refusal: ChildRefusal, ref?: AnyActorRef) {
    super(`${supervisor} refused a request about the child "${child}": ${refusal}`);
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
    super(`the supervisor ${actor} takes no messages of its own and was sent ${describeType(undelivered)}`);
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
