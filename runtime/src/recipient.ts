/** The side of an actor that others talk to: what it takes, what it refuses, and what it answers. Knows nothing of turns. */
import { currentOwner } from "./async-scope.ts";
import { Bonded } from "./bonded.ts";
import { STOPPED } from "./control-block.ts";
import type { Environment } from "./environment.ts";
import {
  ActorStoppedError,
  describeValue,
  InvalidArgumentError,
  MailboxFullError,
  SelfAskError,
  StaleContextError,
} from "./errors.ts";
import type { DeadLetterReason } from "./event.ts";
import { type ExitReason, NORMAL } from "./exit-reason.ts";
import { freezeDeeply } from "./freeze.ts";
import { Incarnation } from "./incarnation.ts";
import { type Addressee, Letter, type Origin } from "./letter.ts";
import type { MailboxSpec } from "./mailbox-spec.ts";
import { PendingAsk, PendingTell } from "./pending-ask.ts";
import { type ActorRef, type AnyActorRef, type AskOptions, DEFAULT_ASK_TIMEOUT_MS } from "./ref.ts";
import { Ties } from "./ties.ts";

/** Nothing to do. */
export const IDLE = 0;
/** Has asked for a turn. */
export const READY = 1;
/** Handles a letter, synchronously. */
export const RUNNING = 2;
/** Handles a letter: a promise is under way. */
export const WAITING = 3;
/** Its start function or `preStart` has not finished. */
export const STARTING = 4;
/** Its children are ending, or its `postStop` runs. */
export const STOPPING = 5;
/** Ended; whoever supervises it decides what comes next. Messages still queue. */
export const ENDED = 6;
/** Has left the tree. */
export const GONE = 8;

// Bits of `flags`.
const HOLDING = 1;
const UNLINKED = 2;
const TOUCHED = 4;
const SUSPENDED = 8;
const SUPERVISOR = 16;
const ENDS_TOGETHER = 32;
const KILLED_BY_ORDER = 64;
const UNBORN = 128;
const AWAITED = 256;

/** Stands for a sender whose incarnation has ended. */
const NOBODY = Object.freeze({ id: "an ended incarnation", incarnation: -1 }) as AnyActorRef;

const NO_OPTIONS: AskOptions = {};

export abstract class Recipient extends Bonded implements Addressee, ActorRef<unknown> {
  /** Asks for a turn. */
  protected abstract getReady(): void;

  // --- The ref ---

  get asRef(): AnyActorRef {
    return this;
  }

  get postmark(): Environment {
    return this.env;
  }

  get createdAt(): number {
    return this.env.timeOf(this.bornTick);
  }

  get isAlive(): boolean {
    return this.state <= ENDED;
  }

  get hasEnded(): boolean {
    return this.state >= ENDED;
  }

  get exitReason(): ExitReason {
    return this.reason ?? NORMAL;
  }

  tell(message: unknown): boolean {
    const { env } = this;
    const { running } = env;
    if (running === undefined && env.asyncTurns !== 0) return this.tellAs(this.asyncSender(), message);
    return this.accept(new Letter(message, running, this, env.tick(), env.nextSeq(), undefined));
  }

  private tellAs(sender: AnyActorRef | undefined, message: unknown): boolean {
    const { env } = this;
    const letter = new Letter(message, sender, this, env.tick(), env.nextSeq(), undefined);
    return sender === NOBODY ? this.refuse(letter, "stale_sender") : this.accept(letter);
  }

  tellAsync(message: unknown): Promise<void> {
    const { env } = this;
    if (this.state >= STOPPED || this.overflow !== "block" || !this.isFull) {
      if (this.tell(message)) return Promise.resolve();
      return Promise.reject(this.isAlive ? this.fullError(message) : this.stoppedError(message));
    }
    const letter = new Letter(message, env.running ?? this.asyncSender(), this, env.tick(), env.nextSeq(), undefined);
    const pending = new PendingTell(letter);
    this.ties ??= new Ties();
    this.ties.waiters ??= [];
    this.ties.waiters.push(pending);
    this.setFlag(AWAITED, true);
    if (env.freezesMessages) freezeDeeply(message);
    return pending.promise;
  }

  ask(message: unknown, options?: AskOptions): Promise<never> {
    if (options !== undefined) checkAskOptions(options);
    const { timeoutMs = DEFAULT_ASK_TIMEOUT_MS, signal } = options ?? NO_OPTIONS;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    const { env } = this;
    const sender = env.running === undefined && env.asyncTurns !== 0 ? this.asyncSender() : env.running;
    if (sender === this) return Promise.reject(new SelfAskError(this.id));
    const ask = new PendingAsk(env, message, sender, this, timeoutMs);
    if (sender === NOBODY) this.refuse(ask, "stale_sender");
    else {
      if (signal !== undefined) ask.follow(signal);
      this.accept(ask);
    }
    return ask.promise as Promise<never>;
  }

  override toString(): string {
    return `ActorRef(${this.id})`;
  }

  toJSON(): { readonly actor: string; readonly incarnation: number } {
    return { actor: this.id, incarnation: this.incarnation };
  }

  // --- The mailbox ---

  /** Messages handled, over all incarnations. */
  get handled(): number {
    return (this.ties?.handledBefore ?? 0) + (this.life?.handled ?? 0);
  }

  protected get mailboxSpec(): MailboxSpec | undefined {
    return this.spec.mailbox;
  }

  /** Whether somebody may wait for room. */
  protected get isAwaited(): boolean {
    return (this.flags & AWAITED) !== 0;
  }

  /** Lets in who waits for room, as far as there is some. */
  protected admit(): void {
    while (!this.isFull) {
      const waiter = this.ties?.waiters?.shift();
      if (waiter === undefined) {
        this.setFlag(AWAITED, false);
        return;
      }
      this.enqueue(waiter.letter);
      waiter.accepted();
    }
  }

  sendSelf(message: unknown, origin: Origin | undefined): void {
    const { env } = this;
    this.accept(new Letter(message, this, this, env.tick(), env.nextSeq(), origin));
  }

  putBack(letters: readonly Letter[]): void {
    this.unshift(letters);
    if (this.state === IDLE) this.getReady();
  }

  /** Takes a letter in, if there is room. The usual case stands apart, so that it is compiled into the caller. */
  private accept(letter: Letter): boolean {
    if (this.state >= STOPPED || !this.hasRoom) {
      if (this.state >= STOPPED) return this.refuse(letter, "stopped");
      if (this.isFull && !this.makeRoom(letter)) return false;
    }
    this.enqueue(letter);
    if (this.state === IDLE) this.getReady();
    const { env } = this;
    if (env.probe !== undefined) this.touch();
    if (env.freezesMessages) freezeDeeply(letter.message);
    return true;
  }

  private makeRoom(letter: Letter): boolean {
    const { env, overflow } = this;
    if (env.hub.isWatched) env.hub.publish({ type: "mailboxFull", actor: this, capacity: this.mailboxCapacity });
    if (overflow !== "drop_oldest") {
      return this.refuse(letter, overflow === "drop_newest" ? "dropped" : "mailbox_full");
    }
    const oldest = this.takeOldest();
    if (oldest !== undefined) this.refuse(oldest, "dropped");
    return true;
  }

  /** Buries a letter and tells whoever waits for what becomes of it. */
  protected refuse(letter: Letter, reason: DeadLetterReason): false {
    this.env.bury(letter, reason);
    if (letter.origin !== undefined) letter.origin.undelivered(this.refusal(letter.message, reason));
    return false;
  }

  /** Empties the mailbox into the dead letters. */
  protected refuseAll(): void {
    if (!this.isVacant) {
      for (const letter of this.clear()) {
        const isVoid = letter.isSignal || letter.origin?.isWanted === false;
        if (!isVoid) this.refuse(letter, "stopped");
      }
    }
    const waiters = this.isAwaited ? this.ties?.waiters?.splice(0) : undefined;
    if (waiters === undefined) return;
    for (const waiter of waiters) waiter.refused(this.stoppedError(waiter.letter.message));
  }

  private refusal(message: unknown, reason: DeadLetterReason): Error {
    if (reason === "mailbox_full" || reason === "dropped") return this.fullError(message);
    if (reason === "stale_sender") return new StaleContextError(this.id, this.incarnation);
    return this.stoppedError(message);
  }

  private fullError(message: unknown): MailboxFullError {
    return new MailboxFullError(this.id, this.mailboxCapacity, message);
  }

  stoppedError(message: unknown): ActorStoppedError {
    return new ActorStoppedError(this.id, this.exitReason, message);
  }

  /** Who sends, when nobody's turn runs synchronously: the incarnation whose continuation this is. */
  private asyncSender(): AnyActorRef | undefined {
    if (this.env.asyncTurns === 0) return undefined;
    const owner = currentOwner();
    if (!(owner instanceof Incarnation)) return undefined;
    return owner.hasEnded ? NOBODY : owner.self;
  }

  // --- Flags ---

  protected get hasLetterInHand(): boolean {
    const { state } = this;
    return state === RUNNING || state === WAITING || (this.flags & HOLDING) !== 0;
  }

  /** It ends, or waits for the turn in which it will, with the letter in hand that it was handling. */
  protected hold(): void {
    if (this.state === RUNNING || this.state === WAITING) this.flags |= HOLDING;
  }

  protected letGo(): void {
    this.flags &= ~HOLDING;
  }

  get isLinkedToParent(): boolean {
    return (this.flags & UNLINKED) === 0;
  }

  set isLinkedToParent(on: boolean) {
    this.setFlag(UNLINKED, !on);
  }

  get isSuspended(): boolean {
    return (this.flags & SUSPENDED) !== 0;
  }

  protected set isSuspended(on: boolean) {
    this.setFlag(SUSPENDED, on);
  }

  get isSupervisor(): boolean {
    return (this.flags & SUPERVISOR) !== 0;
  }

  set isSupervisor(on: boolean) {
    this.setFlag(SUPERVISOR, on);
  }

  /** Its children end all at once, not one after the other. */
  get endsChildrenTogether(): boolean {
    return (this.flags & ENDS_TOGETHER) !== 0;
  }

  set endsChildrenTogether(on: boolean) {
    this.setFlag(ENDS_TOGETHER, on);
  }

  /** It was killed: no callback of it runs any more. */
  protected get isKilled(): boolean {
    return (this.flags & KILLED_BY_ORDER) !== 0;
  }

  protected set isKilled(on: boolean) {
    this.setFlag(KILLED_BY_ORDER, on);
  }

  /** What it waits for to start has not finished: `postStop` has nothing to undo. */
  get isUnborn(): boolean {
    return (this.flags & UNBORN) !== 0;
  }

  protected set isUnborn(on: boolean) {
    this.setFlag(UNBORN, on);
  }

  private setFlag(flag: number, on: boolean): void {
    this.flags = on ? this.flags | flag : this.flags & ~flag;
  }

  /** Tells the probe, once until it has looked. */
  protected touch(): void {
    if ((this.flags & TOUCHED) !== 0) return;
    this.flags |= TOUCHED;
    this.env.probe?.touch(this);
  }

  /** The probe has looked. */
  untouch(): void {
    this.flags &= ~TOUCHED;
  }

  /** The probe wants to look, whatever has changed. */
  retouch(): void {
    this.touch();
  }
}

/** @throws {InvalidArgumentError} with every fault. */
function checkAskOptions(options: AskOptions): void {
  const { timeoutMs, signal } = options ?? NO_OPTIONS;
  const isTimeout = timeoutMs === undefined || (typeof timeoutMs === "number" && timeoutMs > 0 && timeoutMs < Infinity);
  const isSignal = signal === undefined || typeof signal?.addEventListener === "function";
  if (typeof options === "object" && isTimeout && isSignal) return;
  const faults: string[] = [];
  if (typeof options !== "object") faults.push(`options must be an object, got ${describeValue(options)}`);
  if (!isTimeout) faults.push(`timeoutMs must be a number > 0, got ${String(timeoutMs)}`);
  if (!isSignal) faults.push(`signal must be an AbortSignal, got ${describeValue(signal)}`);
  throw new InvalidArgumentError("ask", faults);
}

// What `console.log` and debuggers show is the handle, not the machinery.
Object.defineProperties(Recipient.prototype, {
  [Symbol.for("nodejs.util.inspect.custom")]: {
    value(this: Recipient): string {
      return this.toString();
    },
  },
  [Symbol.for("debug.description")]: {
    value(this: Recipient): string {
      return `ActorRef(${this.id}) incarnation=${this.incarnation} mailbox=${this.mailboxDepth}`;
    },
  },
});
