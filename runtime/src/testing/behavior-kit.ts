/** Runs one actor without a system, callback by callback, and says what it did. */
import { ArgumentCheck } from "../spec/argument-check.ts";
import { print } from "../spec/spec-fault.ts";
import { type Actor, type ActorContext, IGNORE, type Start } from "../values/actor.ts";
import type { Clock } from "../values/clock.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import {
  type CrashSite,
  crashed,
  type ExitReason,
  isExitReason,
  NO_EXIT_REASON,
  SHUTDOWN,
} from "../values/exit-reason.ts";
import { isFields, readField } from "../values/fields.ts";
import type { Random } from "../values/random.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { read, safeText } from "../values/safe-text.ts";
import type { Signal } from "../values/signal.ts";
import { isThenable } from "../values/thenable.ts";
import type { Effect } from "./effect.ts";
import { EffectContext, Turn } from "./effect-context.ts";
import { EffectRef } from "./effect-ref.ts";
import { ExpectationError } from "./errors.ts";
import { SeededRandom } from "./seeded-random.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface BehaviorKitOptions {
  /** Path of the actor; default `actor`. */
  readonly id?: string;
  /** What `context.whereis` finds, by name or path. Default: nothing. */
  readonly names?: Readonly<Record<string, AnyActorRef>>;
  /** The actor's `context.clock`. Default: a {@link VirtualClock} of its own. */
  readonly clock?: Clock;
  /** The actor's `context.random`. Default: a {@link SeededRandom} with seed 1. */
  readonly random?: Random;
}

/**
 * Holds one actor and calls it as the runtime would: `preStart`, one message after the other, `postStop`. Everything the actor does
 * through its context and through refs of the kit comes back as effects; nothing else happens, and no time passes.
 *
 * @example
 * const kit = BehaviorKit.start(() => new Account());
 * kit.run({ type: "deposit", amount: 5 });
 * kit.run({ type: "balance" }); // => [{ type: "replied", value: 5 }]
 * @see Akka's synchronous `BehaviorTestKit`
 */
export class BehaviorKit<M> {
  readonly #behavior: Actor<M>;
  readonly #context: EffectContext;
  readonly #effects: Effect[];
  #taken = 0;
  #exitReason: ExitReason | undefined = undefined;

  private constructor(behavior: Actor<M>, context: EffectContext, effects: Effect[]) {
    this.#behavior = behavior;
    this.#context = context;
    this.#effects = effects;
    context.whenEnding = () => this.#afterTurn();
  }

  /**
   * Starts an actor whose start function and `preStart` are synchronous. What `preStart` did is in {@link effects}.
   *
   * @throws {ExpectationError} when its start function ignores, returns no actor, or is asynchronous.
   * @throws whatever the start function or `preStart` throws.
   */
  static start<M>(start: Start<M>, options: BehaviorKitOptions = {}): BehaviorKit<M> {
    const made = makeFrom(start);
    const kit = BehaviorKit.#hold<M>(made, options);
    const starting = kit.#behavior.preStart?.(kit.#asContext);
    if (isThenable(starting)) throw new ExpectationError("preStart is asynchronous: use startAsync", starting);
    kit.#afterTurn();
    kit.#take();
    return kit;
  }

  /** Starts an actor whose start function or `preStart` may be asynchronous. @throws as {@link BehaviorKit.start}, as a rejection. */
  static async startAsync<M>(start: Start<M>, options: BehaviorKitOptions = {}): Promise<BehaviorKit<M>> {
    const making = makeFrom(start);
    const made = typeof read(making, "then") === "function" ? await making : making;
    const kit = BehaviorKit.#hold<M>(made, options);
    await kit.#behavior.preStart?.(kit.#asContext);
    kit.#afterTurn();
    kit.#take();
    return kit;
  }

  static #hold<M>(made: unknown, options: BehaviorKitOptions): BehaviorKit<M> {
    if (made === IGNORE) throw new ExpectationError("the start function said IGNORE", made);
    if (typeof read(made, "handleMessage") !== "function") {
      // Nobody else holds it.
      if (typeof read(made, "then") === "function") Promise.resolve(made).catch(() => {});
      throw new ExpectationError("the start function returned no actor at once", made);
    }
    const effects: Effect[] = [];
    const check = new ArgumentCheck("BehaviorKit");
    const own = check.options(options, ["id", "names", "clock", "random"]);
    const { id = "actor", names = {}, clock = new VirtualClock(), random = new SeededRandom(1).next } = own;
    if (!isFields(names)) check.fault(`names must be an object, got ${print(names)}`);
    check.optionalText("id", id).optionalClock(clock).optionalFunction("random", random).throwIfFaulty();
    const context = new EffectContext({ id, names, clock, random }, (effect) => effects.push(effect));
    return new BehaviorKit(made as Actor<M>, context, effects);
  }

  /** The actor's own ref. */
  get self(): EffectRef<M> {
    return this.#context.self as EffectRef<M>;
  }

  /** Everything it did so far, in order. */
  get effects(): readonly Effect[] {
    return this.#effects;
  }

  get isAlive(): boolean {
    return this.#exitReason === undefined;
  }

  /** Why it ended; `undefined` while it lives. An asynchronous `postStop` is not waited for; what it rejects with shows here later. */
  get exitReason(): ExitReason | undefined {
    return this.#exitReason;
  }

  /** A ref to hand to the actor: what it sends there is an effect. */
  ref<N>(id: string): EffectRef<N> {
    return new EffectRef<N>(id, (effect) => this.#effects.push(effect));
  }

  /**
   * Hands it one message. A message that it stashed and unstashes now is handled in the same call.
   *
   * @returns what it did. A handler that throws ends the actor: the last effect is then `stopped`, and nothing is thrown here.
   * @throws {ExpectationError} when it has ended, or the handler returns a promise.
   */
  run(message: M, sender?: AnyActorRef): readonly Effect[] {
    this.#checkAlive();
    this.#handleAll([new Turn(message, sender)]);
    return this.#take();
  }

  /** Hands it one message and waits until the handler's promise has settled. @throws {ExpectationError} as a rejection. */
  async runAsync(message: M, sender?: AnyActorRef): Promise<readonly Effect[]> {
    this.#checkAlive();
    for (let queue: readonly Turn[] = [new Turn(message, sender)]; queue.length > 0 && this.isAlive; ) {
      const [next, ...others] = queue;
      await this.#handle(next as Turn);
      queue = [...this.#context.finish(), ...others];
    }
    return this.#take();
  }

  /** Hands it a signal, and then the messages it unstashes. @returns what it did. @throws {ExpectationError} as {@link run} does. */
  signal(signal: Signal): readonly Effect[] {
    this.#checkAlive();
    const pending = this.#turn("signal", () => this.#behavior.handleSignal?.(signal, this.#asContext));
    if (isThenable(pending)) throw new ExpectationError("the signal handler is asynchronous", signal);
    this.#handleAll(this.#context.finish());
    return this.#take();
  }

  /** Lets one of its timers fire. @returns what it did. @throws {ExpectationError} when there is no such timer. */
  fire(key: string): readonly Effect[] {
    const timer = this.#context.started.get(key);
    if (timer === undefined)
      throw new ExpectationError(`no timer "${safeText(key, 100)}" was started`, [...this.#context.started.keys()]);
    if (!timer.isPeriodic) this.#context.started.delete(key);
    return this.run(timer.message as M, this.self);
  }

  /**
   * Ends it as its supervisor would; with `killed` no callback runs, as in a system.
   *
   * @returns what it did.
   * @throws {ExpectationError} when it has ended.
   */
  stop(reason: ExitReason = SHUTDOWN): readonly Effect[] {
    if (!isExitReason(reason)) throw new InvalidArgumentError("stop", [NO_EXIT_REASON]);
    this.#checkAlive();
    if (reason.kind === "killed") this.#finish(reason);
    else this.#end(reason);
    return this.#take();
  }

  get #asContext(): ActorContext<M> {
    return this.#context as unknown as ActorContext<M>;
  }

  #handleAll(turns: readonly Turn[]): void {
    for (let queue = turns; queue.length > 0 && this.isAlive; ) {
      const [next, ...others] = queue;
      const pending = this.#handle(next as Turn);
      if (isThenable(pending)) throw new ExpectationError("the handler is asynchronous: use runAsync", next?.message);
      queue = [...this.#context.finish(), ...others];
    }
  }

  #handle(turn: Turn): Promise<void> | undefined {
    this.#context.begin(turn);
    return this.#turn("receive", () => this.#behavior.handleMessage(turn.message as M, this.#asContext));
  }

  #turn(where: CrashSite, callback: () => void | Promise<void> | undefined): Promise<void> | undefined {
    try {
      const pending = callback();
      if (!isThenable(pending)) {
        this.#afterTurn();
        return undefined;
      }
      return pending.then(
        () => this.#afterTurn(),
        (cause: unknown) => this.#end(crashed(cause, where)),
      );
    } catch (cause) {
      this.#end(crashed(cause, where));
      return undefined;
    }
  }

  #afterTurn(): void {
    if (this.#context.ending !== undefined) this.#end(this.#context.ending);
  }

  #end(reason: ExitReason): void {
    // What a handler does that was still under way does not end it again.
    if (!this.isAlive) return;
    let last = reason;
    try {
      const parting: unknown = this.#behavior.postStop?.(this.#asContext, reason);
      if (isThenable(parting)) void this.#hearLast(parting);
    } catch (cause) {
      last = crashed(cause, "terminate");
    }
    this.#finish(last);
  }

  #finish(reason: ExitReason): void {
    this.#exitReason = reason;
    this.#context.close();
    this.#effects.push({ type: "stopped", reason });
  }

  async #hearLast(parting: PromiseLike<void>): Promise<void> {
    try {
      await parting;
    } catch (cause) {
      this.#exitReason = crashed(cause, "terminate");
    }
  }

  #take(): readonly Effect[] {
    const fresh = this.#effects.slice(this.#taken);
    this.#taken = this.#effects.length;
    return fresh;
  }

  #checkAlive(): void {
    if (!this.isAlive) throw new ExpectationError(`${this.self.id} has ended`, this.#exitReason);
  }
}

/** @throws {InvalidArgumentError} for what cannot be started. */
/** What a start makes: an actor, or a promise of one. @throws {InvalidArgumentError} */
export function makeFrom<M>(start: Start<M>): unknown {
  if (typeof start === "function") return start();
  if (isFields(start) && typeof readField(start, "create") === "function") return start.create();
  throw new InvalidArgumentError("BehaviorKit", ["start must be a function, defineActor or supervisor"]);
}
