/** An actor that a test holds in its hand: it records what it is sent. Knows time only as virtual. */

import { cellOf } from "../actor/cell.ts";
import { ArgumentCheck } from "../spec/argument-check.ts";
import type { ActorSystem } from "../system.ts";
import { Actor, type ActorContext, type ReplyPort } from "../values/actor.ts";
import { describeType } from "../values/errors.ts";
import type { ExitReason } from "../values/exit-reason.ts";
import type { ReplyOf, TypeOf, Variant } from "../values/message.ts";
import type { ActorRef, AnyActorRef } from "../values/ref.ts";
import { read, safeText } from "../values/safe-text.ts";
import type { Signal } from "../values/signal.ts";
import { ExpectationError } from "./errors.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What a probe needs of a clock. */
const CLOCK = ["monotonicMs", "advance", "settle", "pendingTimers"];

/** Milliseconds of virtual time a probe waits when nothing else is said; Akka's 3 seconds. */
export const DEFAULT_WITHIN_MS = 3_000;
/** Milliseconds of virtual time without a message that satisfy {@link Probe.expectNoMessage}; Akka's 100. */
export const DEFAULT_SILENCE_MS = 100;

interface Received<M> {
  readonly message: M;
  readonly sender: AnyActorRef | undefined;
  /** Present when it was sent with `ask`. */
  readonly port: ReplyPort<unknown> | undefined;
}

class ProbeActor<M> extends Actor<M> {
  readonly #onMessage: (received: Received<M>) => void;
  readonly #onSignal: (signal: Signal) => void;

  constructor(onMessage: (received: Received<M>) => void, onSignal: (signal: Signal) => void) {
    super();
    this.#onMessage = onMessage;
    this.#onSignal = onSignal;
  }

  get definitionName(): string {
    return "probe";
  }

  override preStart(context: ActorContext<M>): void {
    context.trapExit(true);
  }

  override handleMessage(message: M, context: ActorContext<M>): void {
    this.#onMessage({ message, sender: context.sender, port: portOf(context) });
  }

  override handleSignal(signal: Signal): void {
    this.#onSignal(signal);
  }
}

/**
 * A probe stands for the other actors of a test: hand its {@link ref} to the actor under test and say what must arrive.
 *
 * Waiting lets virtual time pass, at most as long as was said; nothing waits for real time.
 *
 * @example
 * const probe = test.probe<AlarmMessage>();
 * monitor.tell({ type: "watch", alarm: probe.ref });
 * await probe.expectMessage("overheated", 500);
 * @see Akka's `TestProbe`
 */
export class Probe<M = unknown> {
  /** What others send to. */
  readonly ref: ActorRef<M>;
  readonly #clock: VirtualClock;
  readonly #received: Received<M>[] = [];
  readonly #ends = new Map<AnyActorRef, ExitReason>();
  readonly #watched = new Set<AnyActorRef>();
  #next = 0;

  /** Spawns a probe below the root of `system`, whose clock must be `clock`. */
  constructor(system: ActorSystem, clock: VirtualClock, id?: string) {
    const check = new ArgumentCheck("Probe").optionalPort("clock", clock ?? null, "a VirtualClock", CLOCK);
    check.optionalPort("system", system ?? null, "an ActorSystem", ["spawn", "whereis"]).throwIfFaulty();
    this.#clock = clock;
    const actor = (): Actor<M> =>
      new ProbeActor<M>(
        (received) => this.#received.push(received),
        (signal) => this.#ends.set(signal.from, signal.reason),
      );
    this.ref = system.spawn<M>(actor, id === undefined ? {} : { id });
  }

  /** Everything that arrived so far, in order. */
  get received(): readonly M[] {
    return this.#received.map(({ message }) => message);
  }

  /** Who sent the message that was taken last. */
  get lastSender(): AnyActorRef | undefined {
    return this.#received[this.#next - 1]?.sender;
  }

  /**
   * Takes the next message, which must be the one that is expected.
   *
   * @param expected its `type`, or a test of the message.
   * @param withinMs milliseconds of virtual time; default {@link DEFAULT_WITHIN_MS}.
   * @throws {ExpectationError} as a rejection, when another message is next, or none comes in time.
   */
  expectMessage<K extends TypeOf<M>>(expected: K, withinMs?: number): Promise<Variant<M, K>>;
  expectMessage<N extends M>(expected: (message: M) => message is N, withinMs?: number): Promise<N>;
  expectMessage(expected: (message: M) => boolean, withinMs?: number): Promise<M>;
  async expectMessage(expected: unknown, withinMs: number = DEFAULT_WITHIN_MS): Promise<M> {
    const received = await this.#wait(() => this.#received[this.#next], withinMs);
    const wanted = typeof expected === "function" ? "a message that passes the test" : `"${safeText(expected, 200)}"`;
    if (received === undefined)
      throw new ExpectationError(
        `${this.ref.id} expected ${wanted} within ${withinMs} ms, and nothing came`,
        undefined,
      );
    if (!isExpected(received.message, expected)) {
      const seen = describeType(received.message);
      throw new ExpectationError(`${this.ref.id} expected ${wanted}, and ${seen} came`, received.message);
    }
    this.#next++;
    return received.message;
  }

  /**
   * Takes messages until one passes, and drops those before it.
   *
   * @throws {ExpectationError} as a rejection, when none comes in time; everything that came has then been taken.
   */
  async fishForMessage(
    expected: TypeOf<M> | ((message: M) => boolean),
    withinMs: number = DEFAULT_WITHIN_MS,
  ): Promise<M> {
    const found = await this.#wait(() => {
      while (this.#next < this.#received.length) {
        const { message } = this.#received[this.#next++] as Received<M>;
        if (isExpected(message, expected)) return { message };
      }
      return undefined;
    }, withinMs);
    if (found !== undefined) return found.message;
    throw new ExpectationError(`${this.ref.id} fished in vain for ${withinMs} ms`, this.received);
  }

  /**
   * Lets time pass, in which nothing may come.
   *
   * @param forMs milliseconds of virtual time; default {@link DEFAULT_SILENCE_MS}.
   * @throws {ExpectationError} as a rejection, when a message that was not taken is there, or comes.
   */
  async expectNoMessage(forMs: number = DEFAULT_SILENCE_MS): Promise<void> {
    const received = await this.#wait(() => this.#received[this.#next], forMs);
    if (received === undefined) return;
    const seen = describeType(received.message);
    throw new ExpectationError(
      `${this.ref.id} expected no message for ${forMs} ms, and ${seen} came`,
      received.message,
    );
  }

  /** Watches an actor, for {@link expectTerminated}. */
  watch(actor: AnyActorRef): void {
    if (this.#watched.has(actor)) return;
    this.#watched.add(actor);
    cellOf(this.ref).watch(actor);
  }

  /**
   * Waits for the end of an actor's incarnation. Watches it from now on, unless {@link watch} was called before.
   *
   * @returns why it ended; `noproc` when it had ended before it was watched.
   * @throws {ExpectationError} as a rejection, when it does not end in time.
   */
  async expectTerminated(actor: AnyActorRef, withinMs: number = DEFAULT_WITHIN_MS): Promise<ExitReason> {
    this.watch(actor);
    const reason = await this.#wait(() => this.#ends.get(actor), withinMs);
    if (reason === undefined)
      throw new ExpectationError(`${this.ref.id} expected ${actor.id} to end within ${withinMs} ms`, undefined);
    this.#watched.delete(actor);
    this.#ends.delete(actor);
    return reason;
  }

  /**
   * Answers the message that was taken last.
   *
   * @throws {ExpectationError} when it was not sent with `ask`, or none was taken.
   * @throws {AlreadyRepliedError}
   */
  reply(value: ReplyOf<M>): void {
    const last = this.#received[this.#next - 1];
    if (last?.port === undefined) throw new ExpectationError(`nobody asked ${this.ref.id}`, last?.message);
    last.port.reply(value);
  }

  async #wait<T>(look: () => T | undefined, withinMs: number): Promise<T | undefined> {
    new ArgumentCheck("Probe").number("the time", withinMs, { min: 0 }).throwIfFaulty();
    const untilMs = this.#clock.monotonicMs() + withinMs;
    for (;;) {
      await this.#clock.settle();
      const seen = look();
      const leftMs = untilMs - this.#clock.monotonicMs();
      if (seen !== undefined || leftMs <= 0) return seen;
      const [timer] = this.#clock.pendingTimers();
      const stepMs = timer === undefined ? leftMs : Math.max(0, timer.dueMs - this.#clock.monotonicMs());
      await this.#clock.advance(Math.min(leftMs, stepMs));
    }
  }
}

function isExpected(message: unknown, expected: unknown): boolean {
  if (typeof expected === "function") return expected(message) === true;
  return read(message, "type") === expected;
}

function portOf<M>(context: ActorContext<M>): ReplyPort<unknown> | undefined {
  try {
    return context.deferReply() as unknown as ReplyPort<unknown>;
  } catch {
    // It was not asked.
    return undefined;
  }
}
