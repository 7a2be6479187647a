/**
 * The actor itself: a place in the tree with a mailbox, in which one incarnation after another lives. It takes one message at a
 * time, turns what goes wrong into an exit reason and tells whoever is tied to it. It does not know supervisors: it reports its
 * end to its parent, whoever that is.
 *
 * One object for each actor keeps an idle one small and the hot path monomorphic. It is made in layers, each a file: `Mailbox`,
 * `ControlBlock` (all its fields), `TreePlace` (parent, siblings), `Bonded` (links, monitors), `Recipient` (what others talk to),
 * `Mortal` (its end, in order with all below it in `Departing`), `Startable` (its beginning), `Exposed` (turns under a debugger), `Cell`
 * (turns and signals).
 */

import type { Environment } from "../environment/environment.ts";
import { Letter } from "../environment/letter.ts";
import type { Runnable, Turn } from "../environment/turns.ts";
import type { SpawnOptions, Start } from "../values/actor.ts";
import { AsyncScope, commonScope, TurnScope } from "../values/async-scope.ts";
import { InvalidArgumentError, StaleContextError, SystemStoppedError } from "../values/errors.ts";
import { type ExitReason, KILLED } from "../values/exit-reason.ts";
import { isFields, readField } from "../values/fields.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { describeValue } from "../values/safe-text.ts";
import type { Monitor, Signal } from "../values/signal.ts";
import { isThenable } from "../values/thenable.ts";
import type { Bonded } from "./bonded.ts";
import { type CellSpec, PLAIN_SPEC } from "./cell-spec.ts";
import type { Behavior } from "./control-block.ts";
import { handlerOf } from "./define-actor.ts";
import { Exposed } from "./exposed.ts";
import { beliefOf, noteTurn } from "./habits.ts";
import { type Host, Incarnation } from "./incarnation.ts";
import { PendingAsk, type PendingTell } from "./pending-ask.ts";
import { spawnSpec } from "./spawn-spec.ts";

export class Cell extends Exposed implements Host, Runnable {
  /** @throws {NameTakenError} when a sibling has the id. */
  constructor(env: Environment, parent: Cell | undefined, spec: CellSpec, start?: Start<unknown>) {
    super(env, parent, spec, start);
    if (parent !== undefined) this.attach(parent);
    env.actorCount++;
  }

  // --- Turns ---

  /** The usual case apart: it was handed a message, and nothing else has happened. Whatever asks for its letter meanwhile makes one. */
  runNext(budget: number): number {
    const { life } = this;
    if (life === undefined || !this.isHandedCalmly) return this.run(budget);
    const turn = this.env.turns.present;
    life.handled++;
    this.becomeHandling();
    try {
      const result: unknown = (this.code as Behavior).handleMessage(turn.message, life);
      if (result !== undefined && this.mustAwait(result, life)) return 1;
    } catch (cause) {
      this.crash(cause, "receive");
      return 1;
    }
    if (!this.isHandlingCalmly || !this.isVacant) return this.handleRest(life, turn, budget);
    turn.message = undefined;
    this.calmDown();
    return 1;
  }

  private mustAwait(result: unknown, life: Incarnation): boolean {
    const pending = this.pending(result, life);
    if (pending === undefined) return false;
    this.giveWay();
    this.await(pending, life);
    return true;
  }

  /** Goes on to what has come meanwhile. */
  private handleRest(life: Incarnation, turn: Turn, budget: number): number {
    const isMore = this.isHanded ? this.finishHanded(turn) : this.drop();
    if (isMore && budget > 1 && !this.isHindered && this.isRunning) return 1 + this.handleLetters(life, budget - 1);
    if (this.isRunning) this.afterTurn(isMore);
    return 1;
  }

  run(budget: number): number {
    const { life } = this;
    // A turn may have been asked for by an incarnation that has ended since.
    if (!this.isReady) return 0;
    if (this.isHanded) this.takeInHand();
    if (!this.env.isPlain) return this.runWatched(budget);
    const isUsual = life !== undefined && !this.isHindered;
    return isUsual ? this.handleLetters(life, budget) : this.takeFirstOrLast(budget);
  }

  /** Somebody looks on. */
  private runWatched(budget: number): number {
    const isExposed = this.env.stopsAtCrash && !this.isSupervisor;
    const handled = isExposed ? this.runExposed(budget) : this.takeFirstOrLast(budget);
    if (this.env.probe !== undefined) this.touch();
    return handled;
  }

  /** The turn has begun, and needs the letter of what it came with. */
  private takeInHand(): void {
    this.beginHandling();
    this.writeDown();
  }

  /** A turn with which a life begins or ends, or one that has to wait. */
  private takeFirstOrLast(budget: number): number {
    if (this.reason !== undefined) {
      this.end(this.reason);
      return 0;
    }
    const life = this.life ?? this.awake();
    if (life !== undefined && !this.isSuspended) return this.handleLetters(life, budget);
    if (life !== undefined) this.becomeIdle();
    return 0;
  }

  /** The first turn of a life. @returns `undefined` if it did not come to be, or has nothing to do. */
  protected awake(): Incarnation | undefined {
    if (this.incarnation === 0 && !this.isBorn()) return undefined;
    if (this.life !== undefined) return this.life;
    if (!this.isVacant) return this.open();
    this.becomeIdle();
    return undefined;
  }

  private handleLetters(life: Incarnation, budget: number): number {
    const { handled } = life;
    if (life.hasEnded) this.breach("status");
    this.becomeRunning();
    this.handleEach(life, budget);
    if (this.isRunning) this.afterTurn(!this.isVacant);
    return life.handled - handled;
  }

  private handleEach(life: Incarnation, budget: number): void {
    try {
      for (let left = budget; left > 0 && !this.isVacant; left--) {
        const letter = this.take() as Letter;
        if (letter.recipient !== this) this.breach("recipient");
        life.handled++;
        let pending: PromiseLike<void> | undefined;
        if (this.isUnusual || letter.seq < 0 || !this.env.isPlain) pending = this.deliverWithCare(letter, life);
        else if (letter.origin === undefined || letter.origin.take()) {
          const result: unknown = (this.code as Behavior).handleMessage(letter.message, life);
          if (result !== undefined) pending = this.pending(result, life);
        }
        if (pending !== undefined) {
          this.await(pending, life);
          return;
        }
        if (letter.origin !== undefined && !life.hasStashedCurrent) letter.origin.unanswered(this);
        this.drop();
        if (this.isHindered) return;
      }
    } catch (cause) {
      this.crash(cause, this.letterInHand?.isSignal === true ? "signal" : "receive");
    }
  }

  protected deliverWithCare(letter: Letter, life: Incarnation): PromiseLike<void> | undefined {
    if (this.isAwaited) this.admit();
    const code = this.code as Behavior;
    if (letter.isSignal) {
      // A signal is for the incarnation it arrived at, and for no later one.
      if (letter.seq !== -this.incarnation) return undefined;
      return this.deliverSignal(letter.message as Signal, code, life);
    }
    if (letter.origin !== undefined && !letter.origin.take()) return undefined;
    const { trace } = this.env;
    if (trace === undefined) return this.handle(code.handleMessage, letter, code, life);
    return this.handleTraced(trace, letter, code, life);
  }

  protected handle(
    callback: Behavior["handleMessage"],
    letter: Letter,
    code: Behavior,
    life: Incarnation,
  ): PromiseLike<void> | undefined {
    const { message } = letter;
    if (this.isAsynchronous) return this.call(callback, code, message, life);
    if (this.isTracked || this.env.notesStarters) return this.callApart(callback, code, letter, life);
    return this.pending(callback.call(code, message, life), life);
  }

  /** @returns what a handler gave back in the scope of all, if it is to be waited for: then what it has started is the incarnation's. */
  private pending(result: unknown, life: Incarnation): PromiseLike<void> | undefined {
    if (!isThenable(result)) return undefined;
    commonScope.giveTo(life);
    this.isTracked = true;
    noteTurn(handlerOf(this.code as Behavior), true);
    return result;
  }

  /** Calls a handler in a scope of its own, which is the incarnation's if there is something to wait for. */
  private callApart(
    callback: Behavior["handleMessage"],
    code: Behavior,
    { message, seq }: Letter,
    life: Incarnation,
  ): PromiseLike<void> | undefined {
    const { env } = this;
    if (!env.notesStarters) return this.callIn(new AsyncScope(undefined), callback, code, message, life);
    if (!env.notesTurns && beliefOf(handlerOf(code)) === "synchronous")
      return this.callAsStarter(callback, code, message, life);
    return this.callIn(new TurnScope(life, seq, env.tracksAll), callback, code, message, life);
  }

  private callIn(
    scope: AsyncScope,
    callback: Behavior["handleMessage"],
    code: Behavior,
    message: unknown,
    life: Incarnation,
  ): PromiseLike<void> | undefined {
    const result: unknown = scope.runOnce(callback, code, message, life);
    const pending = isThenable(result) ? result : undefined;
    if (pending !== undefined) scope.giveTo(life);
    const belief = noteTurn(handlerOf(code), pending !== undefined);
    if (belief === "synchronous") this.isTracked = false;
    else if (belief === "asynchronous") this.isAsynchronous = true;
    return pending;
  }

  /** The same of a handler that is believed to be synchronous, in one scope for all turns of the life: a tenth of what one for each costs. */
  private callAsStarter(
    callback: Behavior["handleMessage"],
    code: Behavior,
    message: unknown,
    life: Incarnation,
  ): PromiseLike<void> | undefined {
    const result: unknown = life.workScope.run(callback, code, message, life);
    if (!isThenable(result)) return undefined;
    life.ownWork();
    this.isTracked = true;
    noteTurn(handlerOf(code), true);
    return result;
  }

  private deliverSignal(signal: Signal, code: Behavior, life: Incarnation): PromiseLike<void> | undefined {
    if (code.handleSignal === undefined) return undefined;
    if (code.isOfRuntime === true && !this.env.notesStarters)
      return this.ownPending(code.handleSignal(signal, life), life);
    return this.call(code.handleSignal, code, signal, life);
  }

  /** The same of a callback of the runtime's own, called in the scope of all: what it calls of the user's has a scope already. */
  private ownPending(result: unknown, life: Incarnation): PromiseLike<void> | undefined {
    if (!isThenable(result)) return undefined;
    commonScope.giveTo(life);
    return result;
  }

  /** Calls a callback of the user's in the scope of the incarnation. */
  private call<A>(
    callback: (argument: A, life: Incarnation) => unknown,
    code: Behavior,
    argument: A,
    life: Incarnation,
  ): PromiseLike<void> | undefined {
    const result = life.scope.run(callback, code, argument, life);
    return isThenable(result) ? result : undefined;
  }

  protected await(pending: PromiseLike<void>, life: Incarnation): void {
    const settled = life.promiseOf(pending);
    this.becomeWaiting();
    life.awaitingSince = this.env.tick();
    settled.then(
      () => this.resumeTurn(life),
      (cause: unknown) => this.failTurn(cause, life),
    );
  }

  private resumeTurn(life: Incarnation): void {
    if (life.hasEnded || !this.isWaiting) return;
    try {
      const origin = this.originInHand();
      if (origin !== undefined && !life.hasStashedCurrent) origin.unanswered(this);
      this.afterTurn(this.drop());
    } catch (cause) {
      this.fail(cause);
    }
    if (this.env.probe !== undefined) this.touch();
  }

  private failTurn(cause: unknown, life: Incarnation): void {
    if (life.hasEnded || !this.isWaiting) return;
    this.crash(cause, this.letterInHand?.isSignal === true ? "signal" : "receive");
  }

  protected afterTurn(isMore: boolean): void {
    if (!isMore && !this.isHindered) {
      this.becomeIdle();
      return;
    }
    this.becomeReady();
    if (this.reason !== undefined) this.end(this.reason);
    else if (this.isSuspended) this.becomeIdle();
    else this.env.scheduler.yieldTurn(this);
  }

  protected open(): Incarnation {
    this.life = new Incarnation(this, this.incarnation);
    return this.life;
  }

  suspend(): void {
    this.isSuspended = true;
    this.touch();
  }

  resume(): void {
    this.isSuspended = false;
    if (this.isIdle && !this.isQueueEmpty) this.getReady();
    this.touch();
  }

  /** Starts an actor below this one that nobody restarts. @throws {NameTakenError} @throws {SystemStoppedError} */
  spawnChild(start: Start<unknown>, options: SpawnOptions | undefined): AnyActorRef {
    const { env } = this;
    if (env.isStopping) throw new SystemStoppedError(env.systemName);
    if (this.isKilled && this.isStopping) throw new StaleContextError(this.id, this.incarnation);
    if (typeof start !== "function") checkStart(start);
    const spec = options === undefined ? PLAIN_SPEC : spawnSpec(options);
    if (spec.name !== undefined) env.registry.checkFree(spec.name);
    const child = new Cell(env, this, spec, start);
    if (spec.name !== undefined) env.registry.register(spec.name, child);
    child.getReady();
    if (env.probe !== undefined) child.touch();
    return child;
  }

  // --- Signals ---

  receiveExit(from: Bonded, incarnation: number, reason: ExitReason): void {
    if (this.isLeaving) return;
    if (this.life?.trapsExit === true) this.pushSignal({ type: "exit", from: from.asRef, incarnation, reason });
    else if ((reason.kind !== "normal" || from === this) && (this.reason === undefined || this.isUnderWay))
      this.abandonTurn(reason);
  }

  receiveDown(monitor: Monitor, from: Bonded, incarnation: number, reason: ExitReason): void {
    if (!this.isLeaving) this.pushSignal({ type: "down", monitor, from: from.asRef, incarnation, reason });
  }

  /** The untrappable signal: ends it without `postStop`, as soon as nothing of it runs. */
  receiveKill(): void {
    if (this.hasEnded) return;
    if (this.isStopping) {
      this.endNow(KILLED);
      return;
    }
    this.isKilled = true;
    this.abandonTurn(KILLED);
  }

  private pushSignal(signal: Signal): void {
    // What arrives before the first life is for the first.
    const life = Math.max(1, this.incarnation);
    this.enqueue(new Letter(signal, signal.from, this, this.env.tick(), -life, undefined));
    if (this.isIdle) this.getReady();
  }

  endAfterTurn(reason: ExitReason): void {
    if (this.isLeaving || this.reason !== undefined) return;
    this.condemn(reason);
    if (reason.kind === "crashed") this.recordCrash(reason, this.letterInHand);
    if (this.isIdle) this.getReady();
  }

  /** Ends soon, without waiting for messages or for a turn that is under way, whatever it wanted to end with after that turn. */
  private abandonTurn(reason: ExitReason): void {
    this.condemn(reason);
    if (this.isWaiting) this.hold();
    if (this.isIdle || this.isUnderWay) this.getReady();
  }

  /** A turn or a start of it waits for a promise. */
  private get isUnderWay(): boolean {
    return this.isWaiting || this.isStarting;
  }

  sendExit(to: AnyActorRef, reason: ExitReason): void {
    const cell = cellOf(to);
    if (cell === this && this.life?.trapsExit !== true) this.endAfterTurn(reason);
    else cell.receiveExit(this, this.incarnation, reason);
  }

  sendKill(to: AnyActorRef): void {
    cellOf(to).receiveKill();
  }

  linkTo(ref: AnyActorRef): void {
    this.link(cellOf(ref));
  }

  unlinkFrom(ref: AnyActorRef): void {
    this.unlink(cellOf(ref));
    this.remove((letter) => isExitOf(letter, ref));
  }

  watch(ref: AnyActorRef): Monitor {
    return this.monitor(cellOf(ref));
  }

  unwatch(monitor: Monitor): void {
    this.demonitor(monitor);
    this.remove((letter) => isDownOf(letter, monitor));
  }

  find(nameOrPath: string): AnyActorRef | undefined {
    if (typeof nameOrPath !== "string")
      throw new InvalidArgumentError("whereis", [`expected a name or a path, got ${describeValue(nameOrPath)}`]);
    const registered = this.env.registry.whereis(nameOrPath);
    if (registered !== undefined) return registered;
    let top: Cell = this;
    while (top.parent !== undefined) top = top.parent as Cell;
    let place: Cell | undefined = top;
    for (const id of nameOrPath.split("/")) place = place?.childNamed(id) as Cell | undefined;
    return place;
  }

  // --- Inspection ---

  /** Messages its present life has set aside. */
  get setAside(): number {
    return this.life?.setAside ?? 0;
  }

  /** What its present life has set aside, in order, and its timers. */
  get kept(): Incarnation["kept"] {
    return this.life?.kept ?? { stash: [], timers: [] };
  }

  /** When the turn that waits for a promise began to: a tick; `undefined` if none does. */
  get awaitingSince(): number | undefined {
    return this.isWaiting ? this.life?.awaitingSince : undefined;
  }

  /** Senders that wait for room in its mailbox; `undefined` where none ever has. */
  get waitersForRoom(): Set<PendingTell> | undefined {
    return this.ties?.waiters;
  }

  /** Whether somebody waits for an answer to what it handles. */
  get wasAsked(): boolean {
    return this.originInHand() instanceof PendingAsk;
  }
}

/** @throws {InvalidArgumentError} for what is no start function and has none. */
function checkStart(start: unknown): void {
  if (!isFields(start) || typeof readField(start, "create") !== "function")
    throw new InvalidArgumentError("spawn", ["start must be a function, defineActor or supervisor"]);
}

/** The cell behind a ref. @throws {InvalidArgumentError} for anything else. */
export function cellOf(ref: unknown): Cell {
  try {
    // Asked here and of one class, since each exit of a child asks: an engine makes it a comparison.
    if (ref instanceof Cell) return ref;
  } catch {
    // What cannot be asked is none.
  }
  throw new InvalidArgumentError("actor", [`expected an ActorRef, got ${describeValue(ref)}`]);
}

function isExitOf(letter: Letter, ref: AnyActorRef): boolean {
  const signal = letter.message as Signal;
  return letter.isSignal && signal.type === "exit" && signal.from === ref;
}

function isDownOf(letter: Letter, monitor: Monitor): boolean {
  const signal = letter.message as Signal;
  return letter.isSignal && signal.type === "down" && signal.monitor === monitor;
}
