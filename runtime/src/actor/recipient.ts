/** The side of an actor that others talk to: what it takes, what it refuses, and what it answers. Knows nothing of turns. */

import type { Environment } from "../environment/environment.ts";
import { type Addressee, Letter, type Origin } from "../environment/letter.ts";
import type { Runnable, Turn } from "../environment/turns.ts";
import { AbortWatch, hasFired, isAbortSignal, reasonOf } from "../values/abort-watch.ts";
import { type AsyncScope, currentScope } from "../values/async-scope.ts";
import {
  ActorStoppedError,
  InvalidArgumentError,
  MailboxFullError,
  NotStartedError,
  SelfAskError,
  StaleContextError,
} from "../values/errors.ts";
import type { DeadLetterReason } from "../values/event.ts";
import { type ExitReason, NORMAL } from "../values/exit-reason.ts";
import { readFields } from "../values/fields.ts";
import { freezeDeeply } from "../values/freeze.ts";
import { broken } from "../values/invariant.ts";
import type { MailboxSpec } from "../values/mailbox-spec.ts";
import {
  type ActorRef,
  type AnyActorRef,
  type AskOptions,
  DEFAULT_ASK_TIMEOUT_MS,
  type TellOptions,
} from "../values/ref.ts";
import { describeValue, safeText } from "../values/safe-text.ts";
import { Bonded } from "./bonded.ts";
import { Incarnation } from "./incarnation.ts";
import { PendingAsk, PendingTell } from "./pending-ask.ts";
import { Ties } from "./ties.ts";

/** Stands for a sender whose incarnation has ended. */
const NOBODY = Object.freeze({ id: "an ended incarnation", incarnation: -1 }) as AnyActorRef;

const NO_OPTIONS: AskOptions = {};
const FOREVER = Number.POSITIVE_INFINITY;

export abstract class Recipient extends Bonded implements Addressee, ActorRef<unknown>, Runnable {
  abstract run(budget: number): number;
  abstract runNext(budget: number): number;

  /** Asks for a turn. */
  protected getReady(): void {
    if (!this.mayGetReady) {
      this.stayUnready();
      return;
    }
    this.becomeReady();
    this.env.scheduler.schedule(this);
  }

  private stayUnready(): void {
    this.fail(broken("status", this.id));
  }

  // --- The ref ---

  get asRef(): AnyActorRef {
    return this;
  }

  get postOffice(): Environment {
    return this.env;
  }

  get createdAt(): number {
    return this.env.timeOf(this.bornTick);
  }

  get exitReason(): ExitReason {
    return this.reason ?? NORMAL;
  }

  tell(message: unknown): boolean {
    const { turns } = this.env;
    if (this.isCalm && turns.isDirect && turns.offer(this)) return this.handOver(message);
    const running = turns.running as AnyActorRef | undefined;
    return running === undefined ? this.tellFromOutside(message) : this.post(message, running);
  }

  /** Gives a message to who waits for one and has the next turn: the usual case of all, and no letter is needed for it. */
  private handOver(message: unknown): true {
    const { env } = this;
    const { coming, present } = env.turns;
    coming.message = message;
    coming.sender = present.owner;
    coming.seq = env.nextSeq();
    this.becomeHanded();
    return true;
  }

  /** Sends what comes from no turn that runs: from outside, or from what follows an `await`. */
  private tellFromOutside(message: unknown): boolean {
    const sender = this.asyncSender();
    return sender === NOBODY ? this.refuse(this.write(message, sender), "stale_sender") : this.post(message, sender);
  }

  private post(message: unknown, sender: AnyActorRef | undefined): boolean {
    return this.accept(this.write(message, sender));
  }

  private write(message: unknown, sender: AnyActorRef | undefined): Letter {
    const { env } = this;
    return new Letter(message, sender, this, env.tick(), env.nextSeq(), undefined);
  }

  protected letterOfHanded(): Letter {
    const { env } = this;
    const turn = this.isHandling ? env.turns.present : env.turns.coming;
    const { message, sender, seq } = turn;
    this.putDown(turn);
    return new Letter(message, sender as AnyActorRef | undefined, this, env.tick(), seq, undefined);
  }

  private putDown(turn: Turn): void {
    this.becomeUnhanded();
    turn.message = undefined;
  }

  /** Is done with what was handed over. @returns whether others wait. */
  protected finishHanded(turn: Turn): boolean {
    this.putDown(turn);
    return this.goOn();
  }

  /** Others come first: what was handed over goes to the mailbox. */
  giveWay(): void {
    if (this.isHanded) this.writeDown();
  }

  tellAsync(message: unknown, options: TellOptions = NO_OPTIONS): Promise<void> {
    const own = options === NO_OPTIONS ? NO_OPTIONS : ownOptions("tellAsync", options);
    const { env } = this;
    const { signal } = own;
    const sender = env.running ?? this.asyncSender();
    if (signal !== undefined && hasFired(signal)) return Promise.reject(reasonOf(signal));
    if (sender === NOBODY) {
      this.refuse(this.write(message, sender), "stale_sender");
      return Promise.reject(this.refusal(message, "stale_sender"));
    }
    if (this.isAlive && this.overflow === "block" && this.isFull)
      return this.waitForRoom(this.write(message, sender), own);
    if (this.post(message, sender)) return Promise.resolve();
    return Promise.reject(this.isAlive ? this.fullError(message) : this.stoppedError(message));
  }

  private waitForRoom(letter: Letter, { signal, timeoutMs }: TellOptions): Promise<void> {
    const { env } = this;
    if (letter.sender === this) {
      env.bury(letter, "mailbox_full");
      return Promise.reject(new SelfAskError(this.id, "waited for room in its own mailbox"));
    }
    const watch = signal === undefined ? undefined : new AbortWatch(signal);
    if (watch?.hasFired === true) return Promise.reject(watch.reason);
    const pending = new PendingTell(letter);
    this.ties ??= new Ties();
    this.ties.waiters ??= new Set();
    this.ties.waiters.add(pending);
    this.isAwaited = true;
    if (!env.isPlain) this.notice(letter);
    this.limit(pending, watch, timeoutMs);
    return pending.promise;
  }

  /** Has a wait for room given up when the signal fires, or when its time is up. The message is then a dead letter. */
  private limit(pending: PendingTell, watch: AbortWatch | undefined, timeoutMs: number | undefined): void {
    if (watch === undefined && timeoutMs === undefined) return;
    const { clock } = this.env;
    const { letter } = pending;
    const giveUp = (error: unknown): void => {
      this.ties?.waiters?.delete(pending);
      this.env.bury(letter, "mailbox_full");
      pending.refused(error);
    };
    const expire = (): void => giveUp(new MailboxFullError(this.id, this.mailboxCapacity, letter.message, timeoutMs));
    const timer = timeoutMs === undefined ? undefined : clock.setTimer(expire, timeoutMs);
    watch?.onFire(giveUp);
    pending.whenOver(() => {
      watch?.end();
      if (timer !== undefined) clock.clearTimer(timer);
    });
  }

  ask(message: unknown, options?: AskOptions): Promise<never> {
    const running = this.env.turns.running as AnyActorRef | undefined;
    const isUsual = running === undefined ? currentScope() === undefined : running !== this;
    const timeoutMs = options === undefined ? DEFAULT_ASK_TIMEOUT_MS : usualTimeoutOf(options);
    if (!isUsual || timeoutMs === undefined) return this.askWithCare(message, options);
    const ask = this.question(message, running, timeoutMs);
    this.accept(ask);
    return ask.promise as Promise<never>;
  }

  /** Asks what is given up on a signal, or has a sender that has to be looked for, or may not ask. */
  private askWithCare(message: unknown, options: AskOptions | undefined): Promise<never> {
    const own = options === undefined ? NO_OPTIONS : ownOptions("ask", options);
    const { timeoutMs = DEFAULT_ASK_TIMEOUT_MS, signal } = own;
    const sender = this.env.running ?? this.asyncSender();
    if (sender === this) return Promise.reject(new SelfAskError(this.id));
    const watch = signal === undefined ? undefined : new AbortWatch(signal);
    if (watch?.hasFired === true) return Promise.reject(watch.reason);
    const ask = this.question(message, sender, timeoutMs);
    if (watch !== undefined) ask.follow(watch);
    if (sender === NOBODY) this.refuse(ask, "stale_sender");
    else this.accept(ask);
    return ask.promise as Promise<never>;
  }

  private question(message: unknown, sender: AnyActorRef | undefined, timeoutMs: number): PendingAsk {
    const { env } = this;
    const ask = new PendingAsk(message, sender, this, env.nextSeq(), env.deadlines.batchOf(timeoutMs));
    ask.begin();
    return ask;
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

  /** Lets in who waits for room, as far as there is some. */
  protected admit(): void {
    while (!this.isFull) {
      const waiters = this.ties?.waiters;
      const [waiter] = waiters ?? [];
      if (waiter === undefined) {
        this.isAwaited = false;
        return;
      }
      waiters?.delete(waiter);
      this.enqueue(waiter.letter);
      waiter.accepted();
    }
  }

  sendSelf(message: unknown, origin: Origin | undefined): void {
    const { env } = this;
    this.accept(new Letter(message, this, this, env.tick(), env.nextSeq(), origin));
  }

  putBack(letters: readonly Letter[]): void {
    const wrong = letters.find(({ recipient, next }) => recipient !== this || next !== undefined);
    if (wrong !== undefined) {
      this.fail(broken(wrong.recipient === this ? "queue" : "recipient", this.id));
      for (const letter of letters) this.refuse(letter, "stopped");
      return;
    }
    this.unshift(letters);
    if (this.isIdle) this.getReady();
  }

  /** Takes a letter in, if there is room. The usual case stands apart, so that it is compiled into the caller. */
  private accept(letter: Letter): boolean {
    if (!(this.isAlive && this.hasRoom) && !this.mayTake(letter)) return false;
    this.enqueue(letter);
    if (this.isIdle) this.getReady();
    if (!this.env.isPlain) this.notice(letter);
    return true;
  }

  private mayTake(letter: Letter): boolean {
    if (!this.isAlive) return this.refuse(letter, this.isUnstarted ? "not_started" : "stopped");
    if (this.isVacant && !this.isHanded && !this.checkRoom()) {
      this.fail(broken("room", this.id));
      return this.isAlive || this.refuse(letter, "stopped");
    }
    return !this.isFull || this.makeRoom(letter);
  }

  /** A message has come, and somebody looks on, or it is to be frozen. */
  private notice(letter: Letter): void {
    const { env } = this;
    if (env.probe !== undefined) this.touch();
    if (env.freezesMessages) freezeDeeply(letter.message);
    env.trace?.sent(letter);
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
    if (this.isHanded) this.writeDown();
    if (!this.isVacant) this.refuseLetters();
    if (this.isAwaited) this.refuseWaiters();
  }

  private refuseLetters(): void {
    if (!this.isCountRight()) this.fail(broken("room", this.id));
    for (const letter of this.clear()) {
      const isVoid = letter.isSignal || letter.origin?.take() === false;
      if (!isVoid) this.refuse(letter, "stopped");
    }
  }

  private refuseWaiters(): void {
    const { ties } = this;
    const waiters = ties?.waiters;
    if (ties === undefined || waiters === undefined) return;
    ties.waiters = undefined;
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

  /** Why it takes nothing: it has ended, or not begun. */
  stoppedError(message: unknown): ActorStoppedError | NotStartedError {
    if (this.isUnstarted) return new NotStartedError(this.id, this.startsAfter, message);
    return new ActorStoppedError(this.id, this.exitReason, message);
  }

  /** A place in which nothing has lived yet. */
  private get isUnstarted(): boolean {
    return this.incarnation === 0 && this.hasEnded && this.reason === undefined;
  }

  /** Siblings start one after the other: the one before it, while that is not up. */
  private get startsAfter(): string | undefined {
    const before = this.olderSibling as Recipient | undefined;
    return before?.isUnstarted === true || before?.isStarting === true ? before.id : undefined;
  }

  /** Who sends, when nobody's turn runs synchronously: the incarnation whose continuation this is. */
  private asyncSender(): AnyActorRef | undefined {
    return senderIn(currentScope());
  }

  // --- The probe ---

  /** Tells the probe, once until it has looked. */
  protected touch(): void {
    if (this.isTouched) return;
    this.isTouched = true;
    this.env.probe?.touch(this);
  }

  /** The probe has looked. */
  untouch(): void {
    this.isTouched = false;
  }

  /** The probe wants to look, whatever has changed. */
  retouch(): void {
    this.touch();
  }
}

function senderIn(scope: AsyncScope | undefined): AnyActorRef | undefined {
  const owner = scope?.owner;
  if (!(owner instanceof Incarnation)) return undefined;
  return owner.hasEnded ? NOBODY : owner.self;
}

/** The time-out of an ask that has nothing else to look after; `undefined` for any other, and for what cannot be read. */
function usualTimeoutOf(options: AskOptions): number | undefined {
  try {
    const { timeoutMs, signal } = options;
    return signal === undefined && isTimeout(timeoutMs) ? timeoutMs : undefined;
  } catch {
    return undefined;
  }
}

function isTimeout(ms: unknown): ms is number {
  return typeof ms === "number" && ms > 0 && ms < FOREVER;
}

function isSignal(signal: AbortSignal | undefined): boolean {
  return signal === undefined || isAbortSignal(signal);
}

/** Reads the options of a call, each once. @throws {InvalidArgumentError} with every fault. */
function ownOptions(call: string, options: TellOptions): TellOptions {
  const isObject = typeof options === "object" && options !== null;
  const own = isObject ? readFields(options, ["timeoutMs", "signal"]) : undefined;
  if (own === undefined)
    throw new InvalidArgumentError(call, [`options must be an object, got ${describeValue(options)}`]);
  const { timeoutMs, signal } = own;
  const faults: string[] = [];
  if (timeoutMs !== undefined && !isTimeout(timeoutMs))
    faults.push(`timeoutMs must be a number > 0, got ${safeText(timeoutMs)}`);
  if (!isSignal(signal)) faults.push(`signal must be an AbortSignal, got ${describeValue(signal)}`);
  if (faults.length > 0) throw new InvalidArgumentError(call, faults);
  return own;
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
