/** One life of an actor, and what it may do: the context its callbacks get. When it has ended, it can act no more. */

import type { Environment } from "../environment/environment.ts";
import type { Letter, Origin } from "../environment/letter.ts";
import type { ActorContext, ActorTimers, ReplyPort, SpawnOptions, Start } from "../values/actor.ts";
import { AsyncScope, TurnScope } from "../values/async-scope.ts";
import { attempt } from "../values/bare-call.ts";
import type { Clock } from "../values/clock.ts";
import type { Envelope } from "../values/envelope.ts";
import { InvalidArgumentError, NoReplyExpectedError, StaleContextError, StashFullError } from "../values/errors.ts";
import { crashed, type ExitReason, isExitReason, NO_EXIT_REASON, NORMAL } from "../values/exit-reason.ts";
import { freezeDeeply } from "../values/freeze.ts";
import type { Random } from "../values/random.ts";
import type { ActorRef, AnyActorRef } from "../values/ref.ts";
import type { Monitor } from "../values/signal.ts";
import { letGoOfFrames } from "../values/stack-frames.ts";
import { IncarnationTimers, type TimerFacts } from "./actor-timers.ts";
import { Belongings } from "./belongings.ts";
import { PendingAsk } from "./pending-ask.ts";

/** What a context needs of the actor it belongs to. */
export interface Host {
  readonly env: Environment;
  readonly id: string;
  readonly asRef: AnyActorRef;
  readonly mailboxCapacity: number;
  readonly isSupervisor: boolean;
  readonly letterInHand: Letter | undefined;
  originInHand(): Origin | undefined;
  spawnChild(start: Start<unknown>, options: SpawnOptions | undefined): AnyActorRef;
  /** Ends after the current turn. */
  endAfterTurn(reason: ExitReason): void;
  sendExit(to: AnyActorRef, reason: ExitReason): void;
  sendKill(to: AnyActorRef): void;
  linkTo(ref: AnyActorRef): void;
  unlinkFrom(ref: AnyActorRef): void;
  watch(ref: AnyActorRef): Monitor;
  unwatch(monitor: Monitor): void;
  sendSelf(message: unknown, origin: Origin | undefined): void;
  putBack(letters: readonly Letter[]): void;
  stoppedError(message: unknown): Error;
  find(nameOrPath: string): AnyActorRef | undefined;
}

/** A result that an incarnation has piped to itself, and to none that comes after it. */
class Piped implements Origin {
  readonly #life: Incarnation;

  constructor(life: Incarnation) {
    this.#life = life;
  }

  get isWanted(): boolean {
    return !this.#life.hasEnded;
  }

  take(): boolean {
    return this.isWanted;
  }

  unanswered(): void {}

  undelivered(): void {}
}

function begin<T>(pending: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    pending.then(resolve, reject);
  });
}

export class Incarnation implements ActorContext<unknown> {
  readonly self: ActorRef<unknown>;
  /** Messages handled. */
  handled: number;
  readonly host: Host;
  hasEnded: boolean;
  trapsExit: boolean;
  readonly incarnation: number;
  private belongings: Belongings | undefined;

  /** Assigns in the order in which the fields are to lie, those that a message meets first. */
  constructor(host: Host, incarnation: number) {
    this.self = host.asRef as ActorRef<unknown>;
    this.handled = 0;
    this.host = host;
    this.hasEnded = false;
    this.trapsExit = false;
    this.incarnation = incarnation;
    this.belongings = undefined;
  }

  /** What is being handled. */
  get letter(): Letter | undefined {
    return this.hasEnded ? undefined : this.host.letterInHand;
  }

  get envelope(): Envelope<unknown> | undefined {
    const { letter } = this;
    return letter === undefined || letter.isSignal ? undefined : letter;
  }

  get sender(): AnyActorRef | undefined {
    return this.envelope?.sender;
  }

  private get owned(): Belongings {
    this.belongings ??= new Belongings();
    return this.belongings;
  }

  get signal(): AbortSignal {
    const owned = this.owned;
    owned.controller ??= new AbortController();
    if (this.hasEnded && !owned.controller.signal.aborted) owned.controller.abort(this.stale());
    return owned.controller.signal;
  }

  get timers(): ActorTimers<unknown> {
    const owned = this.owned;
    owned.timers ??= new IncarnationTimers(
      this.host.env.clock,
      (message, origin) => this.host.sendSelf(message, origin),
      () => this.check(),
    );
    return owned.timers;
  }

  now(): number {
    return this.host.env.contextClock.now();
  }

  get clock(): Clock {
    return this.host.env.contextClock;
  }

  get random(): Random {
    return this.host.env.contextRandom;
  }

  /** When its turn became one that waits: a tick of the scheduler's. Read only while it waits. */
  get awaitingSince(): number {
    return this.belongings?.awaitingSince ?? 0;
  }

  set awaitingSince(tick: number) {
    this.owned.awaitingSince = tick;
  }

  /** The scope of everything asynchronous this incarnation starts. */
  get scope(): AsyncScope {
    const owned = this.owned;
    owned.scope ??= new AsyncScope(this);
    return owned.scope;
  }

  /** From now on what it starts is in that scope; `undefined`: in one of the usual kind. */
  runIn(scope: AsyncScope | undefined): void {
    this.owned.scope = scope;
  }

  /** The same for one call: most incarnations never need it again. */
  get scopeOfOneCall(): AsyncScope {
    return this.belongings?.scope ?? new AsyncScope(this);
  }

  /** The scope of what its turns start and do not wait for, where that is noted: not its own, though it is known whose work it is. */
  get workScope(): AsyncScope {
    const owned = this.owned;
    owned.workScope ??= new TurnScope(this, -1, false);
    return owned.workScope;
  }

  /** A turn in that scope waits after all: what it has started is its own, and the next ones have another scope. */
  ownWork(): void {
    this.workScope.giveTo(this);
    this.owned.workScope = undefined;
  }

  /** What a callback of it gave back, as a promise: it settles once, whatever it was, and begins as its own what begins when asked for. */
  promiseOf<T>(pending: PromiseLike<T>): Promise<T> {
    return pending instanceof Promise ? Promise.resolve(pending) : this.scope.run(begin<T>, undefined, pending);
  }

  reply(value: unknown): void {
    this.answer(this.question(), value);
  }

  deferReply(): ReplyPort<unknown> {
    const ask = this.question();
    ask.defer();
    const { owed } = this.owned;
    if (ask.isPending && !owed.has(ask)) {
      owed.add(ask);
      ask.whenSettled(() => owed.delete(ask));
    }
    return { reply: (value) => this.answer(ask, value), fail: (error) => ask.fail(error) };
  }

  spawn<N>(start: Start<N>, options?: SpawnOptions): ActorRef<N> {
    this.check();
    return this.host.spawnChild(start as Start<unknown>, options) as ActorRef<N>;
  }

  stop(): void {
    this.check();
    this.host.endAfterTurn(NORMAL);
  }

  exit(target: AnyActorRef | ExitReason, reason?: ExitReason): void {
    this.check();
    const given = reason ?? target;
    if (!isExitReason(given)) throw new InvalidArgumentError("exit", [NO_EXIT_REASON]);
    if (given.kind === "crashed") letGoOfFrames(given.cause);
    if (reason === undefined) this.host.endAfterTurn(given);
    else this.host.sendExit(target as AnyActorRef, given);
  }

  kill(ref: AnyActorRef): void {
    this.check();
    this.host.sendKill(ref);
  }

  link(ref: AnyActorRef): void {
    this.check();
    this.host.linkTo(ref);
  }

  unlink(ref: AnyActorRef): void {
    this.check();
    this.host.unlinkFrom(ref);
  }

  monitor(ref: AnyActorRef): Monitor {
    this.check();
    return this.host.watch(ref);
  }

  demonitor(monitor: Monitor): void {
    this.check();
    this.host.unwatch(monitor);
  }

  trapExit(on: boolean): void {
    this.check();
    this.trapsExit = on;
  }

  stash(): void {
    this.check();
    const { letter } = this;
    const owned = this.owned;
    if (letter === undefined || letter.isSignal || owned.lastStashed === letter) return;
    if (owned.stash.length >= this.host.mailboxCapacity)
      throw new StashFullError(this.host.id, this.host.mailboxCapacity);
    owned.stash.push(letter.copy());
    owned.lastStashed = letter;
  }

  unstashAll(): void {
    this.check();
    this.putBackStash();
  }

  /** Messages set aside. */
  get setAside(): number {
    return this.belongings?.stash.length ?? 0;
  }

  /** For inspection: what was set aside, in order, and the timers. */
  get kept(): { readonly stash: readonly Letter[]; readonly timers: readonly TimerFacts[] } {
    return { stash: this.belongings?.stash ?? [], timers: this.belongings?.timers?.facts ?? [] };
  }

  /** Whether the letter in hand was set aside: it is then not finished when its turn ends. */
  get hasStashedCurrent(): boolean {
    const stashed = this.belongings?.lastStashed;
    return stashed !== undefined && stashed === this.letter;
  }

  pipeToSelf<T>(promise: Promise<T>, map: (result: PromiseSettledResult<T>) => unknown): void {
    this.check();
    const arrive = (result: PromiseSettledResult<T>): void => {
      if (this.hasEnded) return;
      const arrival = (): void => this.host.sendSelf(map(result), new Piped(this));
      if (this.host.env.stopsAtCrash) attempt(arrival).failure?.catch((cause: unknown) => this.failToPipe(cause));
      else
        try {
          arrival();
        } catch (cause) {
          this.failToPipe(cause);
        }
    };
    Promise.resolve(promise).then(
      (value) => arrive({ status: "fulfilled", value }),
      (reason: unknown) => arrive({ status: "rejected", reason }),
    );
  }

  private failToPipe(cause: unknown): void {
    if (!this.hasEnded) this.host.endAfterTurn(crashed(cause, "receive"));
  }

  whereis<N>(nameOrPath: string): ActorRef<N> | undefined {
    const found = this.host.find(nameOrPath);
    this.host.env.trace?.found?.(nameOrPath, found);
    return found as ActorRef<N> | undefined;
  }

  /** Fires the signal before the end, so that a turn under way can hurry. */
  hurry(): void {
    const controller = this.belongings?.controller;
    // In its scope: what its listeners reject is its own.
    if (controller !== undefined && !controller.signal.aborted)
      this.scope.run(controller.abort, controller, this.stale());
  }

  /** Ends the right to act: timers stop, the signal fires, owed answers become rejections, stashed messages go back. */
  close(): void {
    this.hasEnded = true;
    if (this.belongings !== undefined) this.giveUp(this.belongings);
  }

  private giveUp(owned: Belongings): void {
    this.putBackStash();
    owned.timers?.cancelAll();
    for (const ask of owned.owed) ask.undelivered(this.host.stoppedError(ask.message));
    this.hurry();
  }

  private putBackStash(): void {
    const stash = this.belongings?.stash.splice(0);
    if (stash !== undefined && stash.length > 0) this.host.putBack(stash);
  }

  private answer(ask: PendingAsk, value: unknown): void {
    const { env } = this.host;
    if (env.isPlain) ask.reply(value);
    else this.answerWatched(ask, value);
  }

  private answerWatched(ask: PendingAsk, value: unknown): void {
    const { env } = this.host;
    if (env.freezesMessages) freezeDeeply(value);
    ask.reply(value);
    env.trace?.replied?.(ask, value);
  }

  private question(): PendingAsk {
    this.check();
    const origin = this.host.originInHand();
    if (origin instanceof PendingAsk) return origin;
    throw new NoReplyExpectedError(this.host.id);
  }

  private check(): void {
    if (this.hasEnded) throw this.stale();
  }

  private stale(): StaleContextError {
    return new StaleContextError(this.host.id, this.incarnation);
  }
}
