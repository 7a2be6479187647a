/** What a user writes to make an actor, and what an actor is given while it runs. Contract only. */
import type { Clock } from "./clock.ts";
import type { Envelope } from "./envelope.ts";
import type { ExitReason } from "./exit-reason.ts";
import type { MailboxSpec } from "./mailbox-spec.ts";
import type { ReplyOf } from "./message.ts";
import type { Random } from "./random.ts";
import type { ActorRef, AnyActorRef } from "./ref.ts";
import type { Monitor, Signal } from "./signal.ts";
import { SingleLife } from "./single-life.ts";

declare const ACCEPTS: unique symbol;

/** For the compiler only: what an actor accepts can be told from its type, also when its methods have no parameters. */
export interface Actor<M> {
  readonly [ACCEPTS]?: (message: M) => void;
}

/**
 * The base class of an actor. One instance is one incarnation: its private fields are the state, and a restart makes a new one.
 *
 * The runtime runs one callback at a time, also across `await`. A callback that throws or rejects ends the actor with the
 * exit reason `crashed`; it never reaches the sender or the process.
 *
 * @typeParam M the union of all messages the actor accepts, each with a literal `type`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the one field that is merged never exists
export abstract class Actor<M> extends SingleLife {
  /** Runs before the first message. The supervisor goes on to the next child when it has finished. */
  preStart?(context: ActorContext<M, never>): void | Promise<void>;

  /**
   * Handles one message. Write it as `handleMessage(message: M, context: ActorContext<M>)`; that it is declared for each message of the
   * protocol makes the compiler refuse one that takes only part of it (it is lenient with parameters of methods otherwise).
   */
  abstract handleMessage<N extends M>(message: N, context: ActorContext<M>): void | Promise<void>;

  /**
   * Handles the end of a linked actor (when this one traps exits) or of a monitored one. Signals stand in the queue in the
   * order they arrived, among the messages, and do not count towards the mailbox capacity.
   */
  handleSignal?<S extends Signal>(signal: S, context: ActorContext<M, never>): void | Promise<void>;

  /**
   * Runs once at the end of an incarnation, for whatever reason but `killed`. What it throws is reported, and the reason
   * becomes `crashed` in `terminate`.
   */
  postStop?<R extends ExitReason>(context: ActorContext<M, never>, reason: R): void | Promise<void>;
}

/** Returned by a start function that decides not to start an actor: OTP's `ignore`. */
export const IGNORE: unique symbol = Symbol("airssys.ignore");

/** Marks the values that `defineActor` and `supervisor` return. */
export const DEFINITION: unique symbol = Symbol.for("airssys.definition");

/** A startable value that is not a function: a functional actor (`defineActor`) or a supervisor (`supervisor`). */
export interface Definition<M> {
  readonly [DEFINITION]: "actor" | "supervisor";
  /** For people: trees, crash reports. */
  readonly name: string;
  /** Makes the behavior of one incarnation. */
  create(): Actor<M>;
}

/**
 * What to start: a function that makes a fresh {@link Actor} for each incarnation, a functional actor, or a supervisor.
 * `Args` are what a template child of a `simple_one_for_one` supervisor is started with.
 */
export type Start<M, Args extends readonly unknown[] = readonly []> =
  | ((...args: Args) => Actor<M> | typeof IGNORE | Promise<Actor<M> | typeof IGNORE>)
  | Definition<M>;

/** What starts whatever actor, with whatever it is given. */
// biome-ignore lint/suspicious/noExplicitAny: stands for starts of all messages and arguments; `Start` is invariant in them
export type AnyStart = Start<any, any> | Start<never, any>;

/** What a start is given: nothing, unless it is a function with parameters. */
export type StartArgs<S extends AnyStart> = S extends (...args: infer Args) => unknown ? Args : readonly [];

/** The messages of the actor that a start makes. */
export type StartedBy<S extends AnyStart> = S extends Start<infer M, never> ? M : never;

/** How {@link ActorContext.spawn} and `ActorSystem.spawn` start an actor. */
export interface SpawnOptions {
  /** Last part of the path; unique among the siblings. Default: a counter. */
  readonly id?: string;
  /** Name in the registry; unique in the system. Default: none. */
  readonly name?: string;
  readonly mailbox?: MailboxSpec;
}

/** A reply that can be given later, after the turn that received the question has ended. */
export interface ReplyPort<R> {
  /** Answers. @throws {AlreadyRepliedError} when the question was answered before. */
  reply(value: R): void;
  /** Makes the ask reject with `error`. @throws {AlreadyRepliedError} when the question was answered before. */
  fail(error: unknown): void;
}

/** Messages an actor sends itself later. They end with the incarnation that started them. */
export interface ActorTimers<M> {
  /** Sends `message` after `delayMs` (>= 0). A timer with the same key is replaced: cancelled first. */
  startOnce(key: string, message: M, delayMs: number): void;
  /** Sends `message` every `periodMs` (> 0), first after one period. A timer with the same key is replaced: cancelled first. */
  startPeriodic(key: string, message: M, periodMs: number): void;
  /** Cancels; a message of it that already waits in the mailbox is dropped. @returns whether there was anything to cancel. */
  cancel(key: string): boolean;
  /** Whether it will still send: false once the message of `startOnce` is on its way. */
  isActive(key: string): boolean;
}

/**
 * What the contexts of all actors have in common, whatever messages they accept: the type of a parameter that takes any actor's context.
 *
 * @example
 * function startHelper(context: AnyActorContext): ActorRef<HelperMessage> {
 *   return context.spawn(() => new Helper());
 * }
 */
export interface AnyActorContext {
  readonly self: AnyActorRef;
  /** Sender of the message being handled, `undefined` if no actor sent it. Valid until the turn ends, also after `await`. */
  readonly sender: AnyActorRef | undefined;
  /** The message being handled, with its id and time; `undefined` outside a turn that handles a message. */
  readonly envelope: Envelope<unknown> | undefined;
  readonly incarnation: number;
  /**
   * Fires when this incarnation ends: pass it to `fetch`, streams and timers. A listener of your own that throws ends the process, as
   * with every `AbortSignal`: Node.js catches it before the runtime could.
   */
  readonly signal: AbortSignal;
  readonly timers: Pick<ActorTimers<never>, "cancel" | "isActive">;
  /** The system's clock: a test that owns it owns what this actor waits for. */
  readonly clock: Clock;
  /** Milliseconds since the epoch, as the system's clock has them. */
  now(): number;
  /** The system's randomness: a number evenly spread over [0, 1). Not for secrets. */
  readonly random: Random;

  /**
   * Starts an actor below this one and links the two (OTP's `spawn_link`). It ends before this actor does.
   *
   * @throws {InvalidArgumentError} at once, for a start or options that can never work.
   * @throws {NameTakenError} at once, when a sibling has the id, or an actor the name.
   */
  spawn<N>(start: Start<N>, options?: SpawnOptions): ActorRef<N>;

  /** Ends this actor after the current turn, with reason `normal`. */
  stop(): void;
  /** Ends this actor after the current turn with `reason`; or, with a ref first, sends that actor an exit signal. */
  exit(reason: ExitReason): void;
  exit(ref: AnyActorRef, reason: ExitReason): void;
  /** Ends another actor, untrappably. Nothing on the same thread can end a handler that never yields. */
  kill(ref: AnyActorRef): void;

  /** Shares fate: one link per pair, in both directions. A dead ref answers at once with an exit signal `noproc`. */
  link(ref: AnyActorRef): void;
  unlink(ref: AnyActorRef): void;
  /** Watches: exactly one `down` signal, at once with `noproc` if the actor has ended. */
  monitor(ref: AnyActorRef): Monitor;
  /** Ends a watch; a `down` of it that already waits is dropped. */
  demonitor(monitor: Monitor): void;
  /** When true, exit signals of linked actors arrive in `handleSignal` instead of ending this actor. Default false. */
  trapExit(on: boolean): void;

  /** Sets the current message aside. @throws {StashFullError} beyond the mailbox capacity. */
  stash(): void;
  /** Puts the messages set aside at the head of the queue, in the order they were stashed. */
  unstashAll(): void;

  /**
   * The actor of that name, or the child at that path below the root (`workers/w1`). A child that has
   * not started is found by either, and takes nothing (`NotStartedError`). A name is free once its actor has ended; a path leads to the
   * child as long as it has its place, also between two lives. What it accepts is the type argument's word: without one it can be
   * sent nothing.
   * @throws {InvalidArgumentError} for what is no text.
   */
  whereis<N = never>(nameOrPath: string): ActorRef<N> | undefined;
}

/**
 * The running actor's own view. It belongs to one incarnation: once that has ended, every method that acts throws
 * `StaleContextError`, so that work left behind by a dead incarnation cannot speak for its successor.
 *
 * @typeParam M the messages the actor accepts.
 * @typeParam N those that may be the one in hand, all of them by default: {@link reply} takes only what answers one of these. A handler
 * of a single message has `ActorContext<M, ThatMessage>`.
 */
export interface ActorContext<M = unknown, N = M> extends AnyActorContext {
  readonly self: ActorRef<M>;
  readonly envelope: Envelope<M> | undefined;
  readonly timers: ActorTimers<M>;

  /**
   * Answers the message being handled. A promise is the answer once it settles; whoever asked waits for it within the time-out.
   * @throws {NoReplyExpectedError} when it was not sent with `ask`.
   * @throws {AlreadyRepliedError} when it was answered before.
   */
  reply(value: ReplyOf<N>): void;
  /** Takes the duty to answer the message being handled out of this turn. @throws {NoReplyExpectedError} */
  deferReply(): ReplyPort<ReplyOf<N>>;

  /** Sends itself the message `map` makes of how the promise ended. Nothing arrives once this incarnation has ended. */
  pipeToSelf<T>(promise: Promise<T>, map: (result: PromiseSettledResult<T>) => M): void;
}
