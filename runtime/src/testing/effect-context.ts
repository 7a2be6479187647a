/** The context of an actor without a system: it notes what it is asked to do, and does nothing else. */

import { ArgumentCheck } from "../spec/argument-check.ts";
import type { ActorContext, ActorTimers, ReplyPort, SpawnOptions, Start } from "../values/actor.ts";
import type { Clock } from "../values/clock.ts";
import type { Envelope } from "../values/envelope.ts";
import {
  AlreadyRepliedError,
  InvalidArgumentError,
  NoReplyExpectedError,
  StaleContextError,
} from "../values/errors.ts";
import { crashed, type ExitReason, isExitReason, NO_EXIT_REASON, NORMAL } from "../values/exit-reason.ts";
import type { Random } from "../values/random.ts";
import type { ActorRef, AnyActorRef } from "../values/ref.ts";
import type { Monitor } from "../values/signal.ts";
import type { Effect } from "./effect.ts";
import { EffectRef } from "./effect-ref.ts";

/** A timer that was started and not cancelled. */
export interface StartedTimer {
  readonly message: unknown;
  readonly isPeriodic: boolean;
}

/** What the actor finds around it. */
export interface EffectSetting {
  readonly id: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly names: Readonly<Record<string, AnyActorRef>>;
}

/** A message, and what its handler has done with it. */
export class Turn {
  readonly message: unknown;
  readonly sender: AnyActorRef | undefined;
  isAnswered = false;
  isStashed = false;

  constructor(message: unknown, sender: AnyActorRef | undefined) {
    this.message = message;
    this.sender = sender;
  }
}

export class EffectContext implements ActorContext<unknown> {
  readonly self: EffectRef<unknown>;
  readonly incarnation = 1;
  readonly clock: Clock;
  readonly random: Random;
  readonly started: Map<string, StartedTimer> = new Map();
  /** Set when it is to end after the turn. */
  ending: ExitReason | undefined = undefined;
  /** Called when it is to end outside of a turn. */
  whenEnding: () => void = () => {};
  hasEnded = false;
  readonly #note: (effect: Effect) => void;
  readonly #names: EffectSetting["names"];
  readonly #controller = new AbortController();
  #stash: Turn[] = [];
  #unstashed: Turn[] = [];
  #turn: Turn | undefined = undefined;
  #counter = 0;

  constructor(setting: EffectSetting, note: (effect: Effect) => void) {
    this.clock = setting.clock;
    this.random = setting.random;
    this.#note = note;
    this.#names = setting.names;
    this.self = new EffectRef(setting.id, note);
  }

  now(): number {
    return this.clock.now();
  }

  get sender(): AnyActorRef | undefined {
    return this.#turn?.sender;
  }

  get envelope(): Envelope<unknown> | undefined {
    if (this.#turn === undefined) return undefined;
    const { message, sender } = this.#turn;
    return { messageId: String(this.#counter), sender, recipient: this.self, message, timestamp: 0 };
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get timers(): ActorTimers<unknown> {
    return {
      startOnce: (key, message, delayMs) => {
        new ArgumentCheck("startOnce").number("delayMs", delayMs, { min: 0 }).throwIfFaulty();
        this.#startTimer(key, message, delayMs, false);
      },
      startPeriodic: (key, message, periodMs) => {
        new ArgumentCheck("startPeriodic").number("periodMs", periodMs, { above: 0 }).throwIfFaulty();
        this.#startTimer(key, message, periodMs, true);
      },
      cancel: (key) => this.#cancelTimer(key),
      isActive: (key) => this.started.has(key),
    };
  }

  /** Begins a turn; the kit's, not the actor's. */
  begin(turn: Turn): void {
    this.#counter++;
    this.#turn = turn;
    turn.isStashed = false;
  }

  /** Ends a turn. @returns the messages that were put back, to be handled next, with their senders. */
  finish(): readonly Turn[] {
    this.#turn = undefined;
    return this.#unstashed.splice(0);
  }

  /** Ends the right to act. */
  close(): void {
    this.hasEnded = true;
    this.self.isAlive = false;
    this.started.clear();
    this.#controller.abort(new StaleContextError(this.self.id, this.incarnation));
  }

  reply(value: unknown): void {
    this.#answer(this.#question(), { type: "replied", value });
  }

  deferReply(): ReplyPort<unknown> {
    const question = this.#question();
    if (question.isAnswered) throw new AlreadyRepliedError(this.self.id);
    this.#note({ type: "replyDeferred" });
    return {
      reply: (value) => this.#answer(question, { type: "replied", value }),
      fail: (error) => this.#answer(question, { type: "replyFailed", error }),
    };
  }

  spawn<N>(start: Start<N>, options?: SpawnOptions): ActorRef<N> {
    this.#check();
    const ref = new EffectRef<N>(`${this.self.id}/${options?.id ?? `$${++this.#counter}`}`, this.#note);
    this.#note({ type: "spawned", ref: ref as EffectRef<unknown>, start: start as Start<unknown>, options });
    return ref;
  }

  stop(): void {
    this.exit(NORMAL);
  }

  exit(target: AnyActorRef | ExitReason, reason?: ExitReason): void {
    this.#check();
    if (!isExitReason(reason ?? target)) throw new InvalidArgumentError("exit", [NO_EXIT_REASON]);
    if (reason === undefined) this.ending ??= target as ExitReason;
    else this.#note({ type: "exitSent", ref: target as AnyActorRef, reason });
  }

  kill(ref: AnyActorRef): void {
    this.#act({ type: "killed", ref });
  }

  link(ref: AnyActorRef): void {
    this.#act({ type: "linked", ref });
  }

  unlink(ref: AnyActorRef): void {
    this.#act({ type: "unlinked", ref });
  }

  monitor(ref: AnyActorRef): Monitor {
    this.#act({ type: "watched", ref });
    return { monitorId: ++this.#counter, ref };
  }

  demonitor(monitor: Monitor): void {
    this.#act({ type: "unwatched", ref: monitor.ref });
  }

  trapExit(on: boolean): void {
    this.#act({ type: "trapsExit", on });
  }

  stash(): void {
    this.#check();
    if (this.#turn === undefined || this.#turn.isStashed) return;
    this.#turn.isStashed = true;
    this.#stash.push(this.#turn);
    this.#note({ type: "stashed", message: this.#turn.message });
  }

  unstashAll(): void {
    this.#check();
    this.#unstashed.push(...this.#stash);
    this.#note({ type: "unstashed", messages: this.#stash.map(({ message }) => message) });
    this.#stash = [];
  }

  pipeToSelf<T>(promise: Promise<T>, map: (result: PromiseSettledResult<T>) => unknown): void {
    this.#check();
    const arrive = (result: PromiseSettledResult<T>): void => {
      if (this.hasEnded) return;
      try {
        this.self.tell(map(result));
      } catch (cause) {
        this.ending ??= crashed(cause, "receive");
        if (this.#turn === undefined) this.whenEnding();
      }
    };
    promise.then(
      (value) => arrive({ status: "fulfilled", value }),
      (reason: unknown) => arrive({ status: "rejected", reason }),
    );
  }

  whereis<N>(nameOrPath: string): ActorRef<N> | undefined {
    return Object.hasOwn(this.#names, nameOrPath) ? (this.#names[nameOrPath] as ActorRef<N>) : undefined;
  }

  #startTimer(key: string, message: unknown, delayMs: number, isPeriodic: boolean): void {
    this.#check();
    this.started.set(key, { message, isPeriodic });
    this.#note({ type: "timerStarted", key, message, delayMs, isPeriodic });
  }

  #cancelTimer(key: string): boolean {
    if (!this.started.delete(key)) return false;
    this.#note({ type: "timerCancelled", key });
    return true;
  }

  /** The message in hand: a kit takes each for one that was asked. */
  #question(): Turn {
    this.#check();
    if (this.#turn === undefined) throw new NoReplyExpectedError(this.self.id);
    return this.#turn;
  }

  #answer(question: Turn, effect: Effect): void {
    if (question.isAnswered) throw new AlreadyRepliedError(this.self.id);
    question.isAnswered = true;
    this.#note(effect);
  }

  #act(effect: Effect): void {
    this.#check();
    this.#note(effect);
  }

  #check(): void {
    if (this.hasEnded) throw new StaleContextError(this.self.id, this.incarnation);
  }
}
