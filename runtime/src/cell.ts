/**
 * The actor itself: a place in the tree with a mailbox, in which one incarnation after another lives. It takes one message at a
 * time, turns what goes wrong into an exit reason and tells whoever is tied to it. It does not know supervisors: it reports its
 * end to its parent, whoever that is.
 */
import { type Actor, IGNORE, type SpawnOptions, type Start } from "./actor.ts";
import { currentOwner, isAsyncFunction } from "./async-scope.ts";
import type { Bonded } from "./bonded.ts";
import { type CellSpec, PLAIN_SPEC } from "./cell-spec.ts";
import type { Shutdown } from "./child-spec.ts";
import type { Environment } from "./environment.ts";
import { InvalidArgumentError, StartError, SystemStoppedError } from "./errors.ts";
import {
  type Crash,
  type CrashSite,
  crashed,
  type ExitReason,
  isOrderly,
  KILLED,
  NORMAL,
  SHUTDOWN,
} from "./exit-reason.ts";
import { type Host, Incarnation } from "./incarnation.ts";
import { Letter } from "./letter.ts";
import type { Mailbox } from "./mailbox.ts";
import { PendingAsk } from "./pending-ask.ts";
import { ENDED, GONE, IDLE, READY, Recipient, RUNNING, STARTING, STOPPED, STOPPING, WAITING } from "./recipient.ts";
import type { AnyActorRef } from "./ref.ts";
import type { Runnable } from "./scheduler.ts";
import type { Monitor, Signal } from "./signal.ts";
import { spawnSpec } from "./spawn-spec.ts";

/** What starting comes to: nothing, or `IGNORE`. */
export type Launched = typeof IGNORE | undefined;

/** What an actor may say of itself because the runtime cannot see it. */
export interface Hinted {
  /** Its handlers return promises. */
  readonly isAsynchronous?: boolean;
  /** What it is called, where its class does not say. */
  readonly definitionName?: string;
}

export class Cell extends Recipient implements Host, Runnable {
  private start: Start<unknown> | undefined;
  private code: (Actor<unknown> & Hinted) | undefined = undefined;
  private life: Incarnation | undefined = undefined;

  /** @throws {NameTakenError} when a sibling has the id. */
  constructor(env: Environment, parent: Cell | undefined, spec: CellSpec, start: Start<unknown>) {
    super(env, parent, spec);
    this.start = start;
  }

  // --- Turns ---

  protected getReady(): void {
    this.state = READY;
    this.env.scheduler.schedule(this);
  }

  run(budget: number): number {
    // A turn may have been asked for by an incarnation that has ended since.
    if (this.state !== READY) return 0;
    const { env } = this;
    env.running = this;
    const handled = this.takeTurn(budget);
    env.running = undefined;
    this.handled += handled;
    env.handled += handled;
    if (env.probe !== undefined) this.touch();
    return handled;
  }

  private takeTurn(budget: number): number {
    if (this.reason !== undefined) {
      this.end(this.reason);
      return 0;
    }
    if (this.code === undefined && !this.isBorn()) return 0;
    const { mailbox } = this;
    if (mailbox === undefined || this.isSuspended) {
      this.state = IDLE;
      return 0;
    }
    return this.handleLetters(mailbox, this.life ?? this.open(), budget);
  }

  private handleLetters(mailbox: Mailbox, life: Incarnation, budget: number): number {
    this.state = RUNNING;
    let handled = 0;
    try {
      while (handled < budget) {
        const letter = mailbox.take();
        if (letter === undefined) break;
        handled++;
        const pending = this.deliver(letter, life);
        if (pending !== undefined) {
          this.await(pending, life);
          return handled;
        }
        if (letter.origin !== undefined && !life.hasStashedCurrent) letter.origin.unanswered(this);
        mailbox.drop();
        if (this.reason !== undefined || this.isSuspended) break;
      }
    } catch (cause) {
      this.crash(cause, this.letterInHand?.isSignal === true ? "signal" : "receive");
      return handled;
    }
    this.afterTurn(mailbox);
    return handled;
  }

  private deliver(letter: Letter, life: Incarnation): PromiseLike<void> | undefined {
    const code = this.code as Actor<unknown>;
    if (letter.seq < 0) {
      // A signal is for the incarnation it arrived at, and for no later one.
      if (letter.seq !== -this.incarnation) return undefined;
      return this.deliverSignal(letter.message as Signal, code, life);
    }
    if (letter.origin !== undefined && !letter.origin.isWanted) return undefined;
    if (life.isTracked || this.env.tracksAll) return this.call(code.handleMessage, code, letter.message, life);
    const result = code.handleMessage(letter.message, life);
    if (result === undefined || !isThenable(result)) return undefined;
    life.isTracked = true;
    return result;
  }

  private deliverSignal(signal: Signal, code: Actor<unknown>, life: Incarnation): PromiseLike<void> | undefined {
    if (code.handleSignal === undefined) return undefined;
    if (life.isTracked || this.env.tracksAll || isAsyncFunction(code.handleSignal))
      return this.call(code.handleSignal, code, signal, life);
    const result = code.handleSignal(signal, life);
    return isThenable(result) ? result : undefined;
  }

  /** Calls a callback of the user's in the scope of the incarnation. */
  private call<A>(
    callback: (argument: A, life: Incarnation) => unknown,
    code: Actor<unknown>,
    argument: A,
    life: Incarnation,
  ): PromiseLike<void> | undefined {
    const result = life.scope.run(callback, code, argument, life);
    return isThenable(result) ? result : undefined;
  }

  private await(pending: PromiseLike<void>, life: Incarnation): void {
    this.state = WAITING;
    this.env.asyncTurns++;
    pending.then(
      () => this.resumeTurn(life),
      (cause: unknown) => this.failTurn(cause, life),
    );
  }

  private resumeTurn(life: Incarnation): void {
    this.env.asyncTurns--;
    if (life.hasEnded || this.state !== WAITING) return;
    const mailbox = this.mailbox as Mailbox;
    const origin = mailbox.inHand?.origin;
    if (origin !== undefined && !life.hasStashedCurrent) origin.unanswered(this);
    mailbox.drop();
    this.afterTurn(mailbox);
    if (this.env.probe !== undefined) this.touch();
  }

  private failTurn(cause: unknown, life: Incarnation): void {
    this.env.asyncTurns--;
    if (life.hasEnded || this.state !== WAITING) return;
    this.crash(cause, this.letterInHand?.isSignal === true ? "signal" : "receive");
  }

  private afterTurn(mailbox: Mailbox): void {
    if (this.reason !== undefined) this.end(this.reason);
    else if (mailbox.isEmpty || this.isSuspended) this.state = IDLE;
    else {
      this.state = READY;
      this.env.scheduler.yieldTurn(this);
    }
  }

  private open(): Incarnation {
    const life = new Incarnation(this, this.incarnation);
    const { code } = this;
    life.isTracked = code !== undefined && (code.isAsynchronous === true || isAsyncFunction(code.handleMessage));
    this.life = life;
    return life;
  }

  suspend(): void {
    this.isSuspended = true;
    this.touch();
  }

  resume(): void {
    this.isSuspended = false;
    if (this.state === IDLE && this.mailbox?.isEmpty === false) this.getReady();
    this.touch();
  }

  // --- Birth ---

  /** Starts an actor below this one that nobody restarts. @throws {NameTakenError} @throws {SystemStoppedError} */
  spawnChild(start: Start<unknown>, options: SpawnOptions | undefined): AnyActorRef {
    const { env } = this;
    if (env.isStopping) throw new SystemStoppedError(env.systemName);
    const child = new Cell(env, this, options === undefined ? PLAIN_SPEC : spawnSpec(options), start);
    child.getReady();
    if (env.probe !== undefined) child.touch();
    return child;
  }

  /** Gives a place that lies idle to a supervisor that came back: its mailbox is made anew. */
  respec(spec: CellSpec, start: Start<unknown>): void {
    this.changeSpec(spec, start);
    this.mailbox = undefined;
  }

  /** Changes what the next incarnation is made from. */
  changeSpec(spec: CellSpec, start: Start<unknown>): void {
    this.spec = spec;
    this.start = start;
  }

  /** The first turn of an actor that was spawned. @returns whether it can go on to its messages. */
  private isBorn(): boolean {
    try {
      const launched = this.launch();
      if (launched === undefined) return this.reason === undefined;
      if (launched === IGNORE) this.discard();
      else launched.then((ignored) => ignored === IGNORE && this.discard()).catch(() => this.reportUnborn());
    } catch {
      this.reportUnborn();
    }
    return false;
  }

  private reportUnborn(): void {
    this.tellParent();
    this.discard();
  }

  /**
   * Begins the next incarnation: takes the name, calls the start function, then `preStart`. Returns when both have finished; in a
   * promise only if one of them is asynchronous.
   * @returns `IGNORE` if the start function did; the actor has then ended.
   * @throws {StartError} the actor has then ended.
   */
  launch(): Launched | Promise<Launched> {
    const { env, spec } = this;
    const runningBefore = env.running;
    this.incarnation++;
    this.bornTick = env.tick();
    this.reason = undefined;
    this.isKilled = false;
    this.isLinkedToParent = true;
    this.state = STARTING;
    env.running = this;
    try {
      if (spec.name !== undefined) env.registry.register(spec.name, this);
      const start = this.start as Start<unknown>;
      const made: unknown = typeof start === "function" ? start() : start.create();
      return isThenable(made) ? this.launchLater(made) : this.adopt(made);
    } catch (cause) {
      throw this.notBorn(cause);
    } finally {
      env.running = runningBefore;
    }
  }

  private async launchLater(making: PromiseLike<unknown>): Promise<Launched> {
    const { incarnation } = this;
    try {
      const made = await making;
      this.checkStarting(incarnation);
      return await this.adopt(made);
    } catch (cause) {
      throw this.notBorn(cause, incarnation);
    }
  }

  private adopt(made: unknown): Launched | Promise<Launched> {
    if (made === IGNORE) {
      this.finish(NORMAL, false);
      return IGNORE;
    }
    if (!isActor(made))
      throw new StartError(this.id, `its start function returned ${describeValue(made)}, not an actor`);
    this.code = made;
    this.env.instrument?.(made, this);
    if (made.preStart === undefined) return this.born();
    const life = this.open();
    // A supervisor starts its children in its own turn; what they leave behind is theirs.
    const isTracked = life.isTracked || isAsyncFunction(made.preStart) || currentOwner() !== undefined;
    const starting: unknown = isTracked ? life.scope.run(made.preStart, made, life) : made.preStart(life);
    return isThenable(starting) ? this.bornLater(starting) : this.born();
  }

  private async bornLater(starting: PromiseLike<void>): Promise<Launched> {
    const { incarnation } = this;
    this.env.asyncTurns++;
    try {
      await starting;
      this.checkStarting(incarnation);
      return this.born();
    } catch (cause) {
      throw this.notBorn(cause, incarnation);
    } finally {
      this.env.asyncTurns--;
    }
  }

  private checkStarting(incarnation: number): void {
    if (this.incarnation !== incarnation || this.hasEnded)
      throw new StartError(this.id, "it was ended while it started");
  }

  private born(): undefined {
    const { env, spec } = this;
    // What is never started again does not keep what it was started with.
    if (spec.restart === undefined || spec.restart === "temporary") this.start = undefined;
    if (env.hub.isWatched) env.hub.publish({ type: "started", actor: this, incarnation: this.incarnation });
    if (this.state === STARTING) this.afterBirth();
    if (env.probe !== undefined) this.touch();
    return undefined;
  }

  private afterBirth(): void {
    const hasWork = this.mailbox !== undefined && !this.mailbox.isEmpty && !this.isSuspended;
    const isInFirstTurn = this.env.running === this && this.spec.restart === undefined;
    if (this.reason !== undefined) this.getReady();
    else if (!hasWork) this.state = IDLE;
    else if (isInFirstTurn) this.state = READY;
    else this.getReady();
  }

  /** Ends an incarnation that did not come to life, unless it has ended and another one lives. @returns what to throw. */
  private notBorn(cause: unknown, incarnation: number = this.incarnation): StartError {
    if (this.incarnation === incarnation && (this.state === STARTING || this.state === READY)) {
      const reason = crashed(cause, "init");
      this.recordCrash(reason, undefined);
      this.killChildren();
      this.finish(reason, false);
    }
    if (cause instanceof StartError) return cause;
    return new StartError(this.id, cause instanceof Error ? cause.message : String(cause), cause);
  }

  // --- Signals ---

  receiveExit(from: Bonded, incarnation: number, reason: ExitReason): void {
    if (this.state >= STOPPING) return;
    if (this.life?.trapsExit === true) this.pushSignal({ type: "exit", from: from.asRef, incarnation, reason });
    else if (reason.kind !== "normal" || from === this) this.abandonTurn(reason);
  }

  receiveDown(monitor: Monitor, from: Bonded, incarnation: number, reason: ExitReason): void {
    if (this.state < STOPPING) this.pushSignal({ type: "down", monitor, from: from.asRef, incarnation, reason });
  }

  /** The untrappable signal: ends it without `postStop`, as soon as nothing of it runs. */
  receiveKill(): void {
    if (this.hasEnded) return;
    if (this.state === STOPPING) {
      this.endNow(KILLED);
      return;
    }
    this.isKilled = true;
    this.reason = undefined;
    this.abandonTurn(KILLED);
  }

  private pushSignal(signal: Signal): void {
    const mailbox = this.mailbox ?? this.openMailbox();
    mailbox.push(new Letter(signal, signal.from, this, this.env.tick(), -this.incarnation, undefined));
    if (this.state === IDLE) this.getReady();
  }

  endAfterTurn(reason: ExitReason): void {
    if (this.state >= STOPPING || this.reason !== undefined) return;
    this.reason = reason;
    if (reason.kind === "crashed") this.recordCrash(reason, this.letterInHand);
    if (this.state === IDLE) this.getReady();
  }

  /** Ends soon, without waiting for messages or for a turn that is under way. */
  private abandonTurn(reason: ExitReason): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    if (this.state === IDLE || this.state === WAITING || this.state === STARTING) this.getReady();
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
    this.mailbox?.remove((letter) => isExitOf(letter, ref));
  }

  watch(ref: AnyActorRef): Monitor {
    return this.monitor(cellOf(ref));
  }

  unwatch(monitor: Monitor): void {
    this.demonitor(monitor);
    this.mailbox?.remove((letter) => isDownOf(letter, monitor));
  }

  find(nameOrPath: string): AnyActorRef | undefined {
    const registered = this.env.registry.whereis(nameOrPath);
    if (registered !== undefined) return registered;
    let top: Cell = this;
    while (top.parent !== undefined) top = top.parent as Cell;
    let place: Cell | undefined = top;
    for (const id of nameOrPath.split("/")) place = place?.childNamed(id) as Cell | undefined;
    return place;
  }

  // --- Death ---

  /** Ends it in order, soon: for whoever stands outside the tree. */
  endByOrder(reason: ExitReason): void {
    if (this.state >= STOPPING || this.reason !== undefined) return;
    this.reason = reason;
    if (this.state === WAITING) this.life?.hurry();
    else if (this.state === IDLE) this.getReady();
  }

  /**
   * The end that a parent orders: a turn under way may finish, then `postStop` runs.
   * @returns when it has ended; `undefined` if it has ended already.
   */
  private shutDown(how: Shutdown): Promise<void> | undefined {
    if (how === "brutal_kill") this.endNow(KILLED);
    else if (this.state !== STOPPING) this.endInOrder(SHUTDOWN);
    if (this.hasEnded) return undefined;
    return new Promise((resolve) => {
      const { clock } = this.env;
      const timer = typeof how === "number" ? clock.setTimer(() => this.killNow(), how) : undefined;
      this.onEnd(() => {
        if (timer !== undefined) clock.clearTimer(timer);
        resolve();
      });
    });
  }

  /** Kills from outside any turn of its own. */
  killNow(): void {
    if (!this.hasEnded) this.endNow(KILLED);
  }

  private endInOrder(reason: ExitReason): void {
    this.reason ??= reason;
    if (this.state === WAITING) this.life?.hurry();
    else if (this.state !== RUNNING) this.end(this.reason);
  }

  /** Ends it and everything below at once; no callback runs. */
  private endNow(reason: ExitReason): void {
    this.isKilled = true;
    this.state = STOPPING;
    this.killChildren();
    this.finish(reason, true);
  }

  private killChildren(): void {
    for (let child = this.youngestChild as Cell | undefined; child !== undefined; ) {
      const older = child.olderSibling as Cell | undefined;
      child.killNow();
      child.lieDown();
      child = older;
    }
  }

  private crash(cause: unknown, where: CrashSite): void {
    this.end(this.publishCrash(cause, where));
  }

  /** A promise of this incarnation rejected, and nobody handled it. */
  crashByRejection(cause: unknown): void {
    if (this.state < STOPPING) this.crash(cause, "rejection");
  }

  private publishCrash(cause: unknown, where: CrashSite): Crash {
    const reason = crashed(cause, where);
    this.recordCrash(reason, this.letterInHand);
    return reason;
  }

  private recordCrash(reason: Crash, envelope: Letter | undefined): void {
    const { env, incarnation } = this;
    const messageType = envelope === undefined ? undefined : typeOf(envelope.message);
    env.crashes.set(this.uid, { at: env.clock.now(), incarnation, reason, messageType });
    env.publish({ type: "crashed", actor: this, incarnation, reason, envelope });
  }

  private end(reason: ExitReason): void {
    if (this.isKilled) {
      this.endNow(KILLED);
      return;
    }
    this.state = STOPPING;
    const ending = this.youngestChild === undefined ? undefined : this.endChildren();
    if (ending === undefined) this.sayGoodbye(reason);
    else {
      void ending.then(() => {
        if (this.state === STOPPING) this.sayGoodbye(reason);
      });
    }
  }

  /** Ends the children, youngest first, one at a time or all at once. */
  private endChildren(): Promise<void> | undefined {
    return this.endsChildrenTogether
      ? this.endChildrenTogether()
      : this.endFrom(this.youngestChild as Cell | undefined);
  }

  private endFrom(youngest: Cell | undefined): Promise<void> | undefined {
    for (let child = youngest; child !== undefined; ) {
      const older = child.olderSibling as Cell | undefined;
      const ending = this.endChild(child);
      if (ending !== undefined) return ending.then(() => this.endFrom(older));
      child = older;
    }
    return undefined;
  }

  private endChildrenTogether(): Promise<void> | undefined {
    const endings: Promise<void>[] = [];
    for (const child of this.children as readonly Cell[]) {
      const ending = this.endChild(child);
      if (ending !== undefined) endings.push(ending);
    }
    return endings.length === 0 ? undefined : Promise.all(endings).then(() => undefined);
  }

  /** Ends one child as its spec says, and says so when it ended for another reason than it was given. */
  endChild(child: Cell): Promise<void> | undefined {
    if (child.hasEnded) {
      child.lieDown();
      return undefined;
    }
    const { incarnation, spec } = child;
    const ended = (): void => {
      // A successor of this actor may have started it again meanwhile.
      if (child.incarnation !== incarnation) return;
      const { exitReason } = child;
      if (!isObedient(exitReason, spec))
        this.env.publish({ type: "shutdownError", supervisor: this, actor: child, reason: exitReason });
      child.lieDown();
    };
    const ending = child.shutDown(spec.shutdown);
    if (ending !== undefined) return ending.then(ended);
    ended();
    return undefined;
  }

  private sayGoodbye(reason: ExitReason): void {
    const { code, env } = this;
    if (code?.postStop === undefined) {
      this.finish(reason, true);
      return;
    }
    const life = this.life ?? this.open();
    const runningBefore = env.running;
    env.running = this;
    try {
      const parting: unknown = life.scope.run(code.postStop, code, life, reason);
      if (isThenable(parting)) this.finishAfter(parting, life, reason);
      else this.finish(reason, true);
    } catch (cause) {
      this.finish(this.publishCrash(cause, "terminate"), true);
    } finally {
      env.running = runningBefore;
    }
  }

  private finishAfter(parting: PromiseLike<unknown>, life: Incarnation, reason: ExitReason): void {
    const { env } = this;
    env.asyncTurns++;
    const finish = (last: () => ExitReason): void => {
      env.asyncTurns--;
      if (!life.hasEnded) this.finish(last(), true);
    };
    parting.then(
      () => finish(() => reason),
      (cause: unknown) => finish(() => this.publishCrash(cause, "terminate")),
    );
  }

  /** The incarnation is over: first its name is free, then everybody hears. */
  private finish(reason: ExitReason, tellsParent: boolean): void {
    const { env, incarnation, life, spec } = this;
    this.reason = reason;
    if (life !== undefined) {
      this.buryLetterInHand(life, reason);
      life.close(() => this.stoppedError(undefined));
      this.life = undefined;
    }
    this.code = undefined;
    if (spec.name !== undefined) env.registry.unregister(spec.name, this);
    this.state = ENDED;
    if (env.hub.isWatched) env.hub.publish({ type: "ended", actor: this, incarnation, reason });
    this.sever(incarnation, reason);
    if (tellsParent) {
      this.tellParent();
      if (spec.restart === undefined) this.discard();
    }
    if (env.probe !== undefined) this.touch();
  }

  private tellParent(): void {
    const parent = this.parent as Cell | undefined;
    if (parent === undefined || !this.isLinkedToParent) return;
    // A supervisor would ignore the exit of an actor that it does not supervise.
    if (this.spec.restart !== undefined || !parent.isSupervisor)
      parent.receiveExit(this, this.incarnation, this.exitReason);
  }

  private buryLetterInHand(life: Incarnation, reason: ExitReason): void {
    const letter = this.letterInHand;
    if (letter === undefined) return;
    const isUnfinished = !letter.isSignal && !life.hasStashedCurrent;
    this.mailbox?.drop();
    if (!isUnfinished) return;
    const isCrash = reason.kind === "crashed";
    const isAnswered = letter.origin instanceof PendingAsk && !letter.origin.isPending;
    if (isCrash || !isAnswered) this.refuse(letter, isCrash ? "crashed" : "ended_turn");
  }

  /** A child with an id keeps its place, so that refs reach it again should its supervisor come back. */
  private lieDown(): void {
    if (this.state === GONE) return;
    const { restart, id } = this.spec;
    if (restart !== undefined && restart !== "temporary" && id !== undefined) this.rest();
    else this.discard();
  }

  /** Stays down until it is launched again; what waited becomes dead letters. */
  rest(): void {
    this.state = STOPPED;
    this.refuseAll();
    if (this.env.probe !== undefined) this.touch();
  }

  /** Leaves the tree for good. */
  discard(): void {
    const { env } = this;
    if (this.state === GONE) return;
    if (this.youngestChild !== undefined) for (const child of this.children as readonly Cell[]) child.discard();
    this.state = GONE;
    this.refuseAll();
    this.start = undefined;
    this.detach();
    env.actorCount--;
    if (this.isSupervisor) env.supervisors.delete(this);
    if (env.crashes.size > 0) env.crashes.delete(this.uid);
    if (env.probe !== undefined) env.probe.gone(this);
  }

  // --- Inspection ---

  get behavior(): Actor<unknown> | undefined {
    return this.code;
  }

  /** Class name, or the name given to `defineActor` or `supervisor`; empty while it is not known. */
  get definitionName(): string {
    const { start, code } = this;
    if (typeof start === "object") return start.name;
    return code === undefined ? "" : (code.definitionName ?? code.constructor.name);
  }

  /** Whether somebody waits for an answer to what it handles. */
  get wasAsked(): boolean {
    return this.letterInHand?.origin instanceof PendingAsk;
  }
}

/** The cell behind a ref. @throws {InvalidArgumentError} for anything else. */
export function cellOf(ref: unknown): Cell {
  if (ref instanceof Cell) return ref;
  throw new InvalidArgumentError("actor", [`expected an ActorRef, got ${describeValue(ref)}`]);
}

/** The `type` of a message, if it has one. */
export function typeOf(message: unknown): string | undefined {
  return typeof message === "object" && message !== null && "type" in message ? String(message.type) : undefined;
}

/** Whether a child that was told to end did so as OTP expects it; a permanent one only for the very reason it was given. */
function isObedient(reason: ExitReason, { restart, shutdown }: CellSpec): boolean {
  if (reason.kind === "killed") return shutdown === "brutal_kill";
  if (restart === "permanent") return reason.kind === "shutdown" && reason.detail === undefined;
  return isOrderly(reason);
}

function isExitOf(letter: Letter, ref: AnyActorRef): boolean {
  const signal = letter.message as Signal;
  return letter.isSignal && signal.type === "exit" && signal.from === ref;
}

function isDownOf(letter: Letter, monitor: Monitor): boolean {
  const signal = letter.message as Signal;
  return letter.isSignal && signal.type === "down" && signal.monitor === monitor;
}

function isThenable(value: unknown): value is PromiseLike<void> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

function isActor(value: unknown): value is Actor<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { handleMessage?: unknown }).handleMessage === "function"
  );
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? `an object of class ${value.constructor?.name ?? "unknown"}` : `a ${typeof value}`;
}
