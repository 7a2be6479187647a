/**
 * The actor itself: a place in the tree with a mailbox, in which one incarnation after another lives. It takes one message at a
 * time, turns what goes wrong into an exit reason and tells whoever is tied to it. It does not know supervisors: it reports its
 * end to its parent, whoever that is.
 */
import { type Actor, IGNORE, type SpawnOptions, type Start } from "./actor.ts";
import { currentOwner, isAsyncFunction } from "./async-scope.ts";
import { Bonded } from "./bonded.ts";
import { type CellSpec, PLAIN_SPEC } from "./cell-spec.ts";
import type { Shutdown } from "./child-spec.ts";
import type { Environment } from "./environment.ts";
import {
  ActorStoppedError,
  InvalidArgumentError,
  MailboxFullError,
  SelfAskError,
  StaleContextError,
  StartError,
  SystemStoppedError,
} from "./errors.ts";
import type { DeadLetterReason } from "./event.ts";
import { type Crash, type CrashSite, crashed, type ExitReason, KILLED, NORMAL, SHUTDOWN } from "./exit-reason.ts";
import { type Host, Incarnation } from "./incarnation.ts";
import { type Addressee, Letter, type Origin, SIGNAL_SEQ } from "./letter.ts";
import { Mailbox } from "./mailbox.ts";
import type { OverflowPolicy } from "./mailbox-spec.ts";
import { PendingAsk, PendingTell } from "./pending-ask.ts";
import { type ActorRef, type AnyActorRef, type AskOptions, DEFAULT_ASK_TIMEOUT_MS } from "./ref.ts";
import type { Runnable } from "./scheduler.ts";
import type { Monitor, Signal } from "./signal.ts";
import { spawnSpec } from "./spawn-spec.ts";

/** Nothing to do. */
export const IDLE = 0;
/** Has asked for a turn. */
export const READY = 1;
/** Its turn runs, synchronously. */
export const RUNNING = 2;
/** Its turn has not finished: a promise is under way. */
export const WAITING = 3;
/** Its start function or `preStart` has not finished. */
export const STARTING = 4;
/** Its children are ending, or its `postStop` runs. */
export const STOPPING = 5;
/** Ended; whoever supervises it decides what comes next. Messages still queue. */
export const ENDED = 6;
/** Ended, and stays so until it is started again. */
export const STOPPED = 7;
/** Has left the tree. */
export const GONE = 8;

/** What starting comes to: nothing, or `IGNORE`. */
type Launched = typeof IGNORE | undefined;

/** An actor that says of itself that its handlers are asynchronous, because the runtime cannot see it. */
export interface Hinted {
  readonly isAsynchronous?: boolean;
  /** What it is called, where its class does not say. */
  readonly definitionName?: string;
}

export class Cell extends Bonded implements Addressee, Host, Runnable, ActorRef<unknown> {
  state: number = STOPPED;
  incarnation = 0;
  /** Messages handled, over all incarnations. */
  handled = 0;
  /** Changed since inspection last looked. */
  isTouched = false;
  isSuspended = false;
  /** Its children end all at once, not one after the other. */
  endsChildrenTogether = false;
  isSupervisor = false;
  exitReason: ExitReason = NORMAL;
  #bornTick = 0;
  #start: Start<unknown> | undefined;
  #behavior: (Actor<unknown> & Hinted) | undefined = undefined;
  #life: Incarnation | undefined = undefined;
  #mailbox: Mailbox | undefined = undefined;
  #exiting: ExitReason | undefined = undefined;
  #isKilled = false;

  /** @throws {NameTakenError} when a sibling has the id. */
  constructor(env: Environment, parent: Cell | undefined, spec: CellSpec, start: Start<unknown>) {
    super(env, parent, spec);
    this.#start = start;
    env.actorCount++;
  }

  // --- What others see: the ref ---

  get asRef(): AnyActorRef {
    return this as AnyActorRef;
  }

  get postmark(): Environment {
    return this.env;
  }

  get createdAt(): number {
    return this.env.timeOf(this.#bornTick);
  }

  get isAlive(): boolean {
    return this.state <= ENDED;
  }

  get hasEnded(): boolean {
    return this.state >= ENDED;
  }

  tell(message: unknown): boolean {
    const { env } = this;
    const letter = new Letter(message, env.running ?? this.#sender(), this, env.tick(), env.nextSeq(), undefined);
    if (letter.sender === NOBODY) return this.#refuse(letter, "stale_sender");
    return this.#post(letter);
  }

  tellAsync(message: unknown): Promise<void> {
    const { env } = this;
    const letter = new Letter(message, env.running ?? this.#sender(), this, env.tick(), env.nextSeq(), undefined);
    const mailbox = this.#mailbox;
    if (this.state >= STOPPED || mailbox === undefined || mailbox.overflow !== "block" || !mailbox.isFull) {
      if (this.#post(letter)) return Promise.resolve();
      return Promise.reject(this.isAlive ? this.#fullError(message) : this.#stoppedError(message));
    }
    const pending = new PendingTell(letter);
    mailbox.wait(pending);
    return pending.promise;
  }

  ask(message: unknown, options?: AskOptions): Promise<never> {
    const timeoutMs = options?.timeoutMs ?? DEFAULT_ASK_TIMEOUT_MS;
    if (!(timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY)) {
      throw new InvalidArgumentError("ask", [`timeoutMs must be a number > 0, got ${String(timeoutMs)}`]);
    }
    const { env } = this;
    const sender = env.running ?? this.#sender();
    if (sender === this.asRef) return Promise.reject(new SelfAskError(this.id));
    const ask = new PendingAsk(env, timeoutMs, sender);
    const letter = new Letter(message, sender, this, env.tick(), env.nextSeq(), ask);
    ask.letter = letter;
    if (sender === NOBODY) this.#refuse(letter, "stale_sender");
    else {
      if (options?.signal !== undefined) ask.follow(options.signal);
      this.#post(letter);
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

  get mailboxDepth(): number {
    return this.#mailbox?.size ?? 0;
  }

  get mailboxCapacity(): number {
    return (this.#mailbox ?? this.#openMailbox()).capacity;
  }

  get mailboxSettings(): { readonly capacity: number; readonly overflow: OverflowPolicy } {
    return this.#mailbox ?? new Mailbox(this.spec.mailbox);
  }

  /** Letters that wait, in order. */
  get queued(): Iterable<Letter> {
    return this.#mailbox ?? [];
  }

  #openMailbox(): Mailbox {
    this.#mailbox = new Mailbox(this.spec.mailbox);
    return this.#mailbox;
  }

  #post(letter: Letter): boolean {
    if (this.state >= STOPPED) return this.#refuse(letter, "stopped");
    const mailbox = this.#mailbox ?? this.#openMailbox();
    if (mailbox.size >= mailbox.capacity && !this.#makeRoom(mailbox, letter)) return false;
    mailbox.push(letter);
    if (this.state === IDLE) this.#getReady();
    if (this.env.probe !== undefined) this.#touch();
    return true;
  }

  #makeRoom(mailbox: Mailbox, letter: Letter): boolean {
    const { env } = this;
    if (env.hub.isWatched) env.hub.publish({ type: "mailboxFull", actor: this.asRef, capacity: mailbox.capacity });
    if (mailbox.overflow !== "drop_oldest")
      return this.#refuse(letter, mailbox.overflow === "drop_newest" ? "dropped" : "mailbox_full");
    const oldest = mailbox.shiftMessage();
    if (oldest !== undefined) this.#refuse(oldest, "dropped");
    return true;
  }

  /** Buries a letter and tells whoever waits for what becomes of it. */
  #refuse(letter: Letter, reason: DeadLetterReason): false {
    this.env.bury(letter, reason);
    letter.origin?.undelivered(this.#refusal(letter.message, reason));
    return false;
  }

  #refusal(message: unknown, reason: DeadLetterReason): Error {
    if (reason === "mailbox_full" || reason === "dropped") return this.#fullError(message);
    if (reason === "stale_sender") return new StaleContextError(this.id, this.incarnation);
    return this.#stoppedError(message);
  }

  #fullError(message: unknown): MailboxFullError {
    return new MailboxFullError(this.id, this.mailboxCapacity, message);
  }

  #stoppedError(message: unknown): ActorStoppedError {
    return new ActorStoppedError(this.id, this.exitReason, message);
  }

  /** Who sends, when nobody's turn runs synchronously: the incarnation whose continuation this is. */
  #sender(): AnyActorRef | undefined {
    if (this.env.asyncTurns === 0) return undefined;
    const owner = currentOwner();
    if (!(owner instanceof Incarnation)) return undefined;
    return owner.hasEnded ? NOBODY : owner.self;
  }

  sendSelf(message: unknown, origin: Origin | undefined): void {
    const { env } = this;
    this.#post(new Letter(message, this.asRef, this, env.tick(), env.nextSeq(), origin));
  }

  putBack(letters: readonly Letter[]): void {
    (this.#mailbox ?? this.#openMailbox()).unshift(letters);
    if (this.state === IDLE) this.#getReady();
  }

  // --- Turns ---

  #getReady(): void {
    this.state = READY;
    this.env.scheduler.schedule(this);
  }

  run(budget: number): number {
    // A turn may have been asked for by an incarnation that has ended since.
    if (this.state !== READY) return 0;
    const { env } = this;
    env.running = this.asRef;
    const handled = this.#takeTurn(budget);
    env.running = undefined;
    this.handled += handled;
    env.handled += handled;
    if (env.probe !== undefined) this.#touch();
    return handled;
  }

  #takeTurn(budget: number): number {
    if (this.#exiting !== undefined) {
      this.#end(this.#exiting);
      return 0;
    }
    if (this.#behavior === undefined && !this.#beBorn()) return 0;
    const mailbox = this.#mailbox;
    if (mailbox === undefined || this.isSuspended) {
      this.state = IDLE;
      return 0;
    }
    const life = this.#life ?? this.#open();
    this.state = RUNNING;
    let handled = 0;
    try {
      while (handled < budget) {
        const letter = mailbox.shift();
        if (letter === undefined) break;
        handled++;
        life.letter = letter;
        const pending = this.#deliver(letter, life);
        if (pending !== undefined) {
          this.#await(pending, life);
          return handled;
        }
        if (letter.origin !== undefined && !life.hasStashedCurrent) letter.origin.unanswered(this.asRef);
        life.letter = undefined;
        if (this.#exiting !== undefined || this.isSuspended) break;
      }
    } catch (cause) {
      this.#crash(cause, life.letter?.isSignal === true ? "signal" : "receive");
      return handled;
    }
    this.#afterTurn(mailbox);
    return handled;
  }

  #deliver(letter: Letter, life: Incarnation): PromiseLike<void> | undefined {
    const behavior = this.#behavior as Actor<unknown>;
    if (letter.seq < 0) {
      if (behavior.handleSignal === undefined) return undefined;
      return this.#call(behavior.handleSignal, behavior, letter.message as Signal, life);
    }
    if (letter.origin !== undefined && !letter.origin.isWanted) return undefined;
    if (life.isTracked || this.env.tracksAll) return this.#call(behavior.handleMessage, behavior, letter.message, life);
    const result = behavior.handleMessage(letter.message, life);
    if (result === undefined || !isThenable(result)) return undefined;
    life.isTracked = true;
    return result;
  }

  /** Calls a callback of the user's, in the scope of the incarnation if it may be asynchronous. */
  #call<A>(
    callback: (argument: A, life: Incarnation) => unknown,
    behavior: Actor<unknown>,
    argument: A,
    life: Incarnation,
  ): PromiseLike<void> | undefined {
    const result = life.scope.run(callback, behavior, argument, life);
    return isThenable(result) ? result : undefined;
  }

  #await(pending: PromiseLike<void>, life: Incarnation): void {
    this.state = WAITING;
    this.env.asyncTurns++;
    pending.then(
      () => this.#resume(life),
      (cause: unknown) => this.#fail(cause, life),
    );
  }

  #resume(life: Incarnation): void {
    this.env.asyncTurns--;
    if (life.hasEnded || this.state !== WAITING) return;
    const { letter } = life;
    if (letter?.origin !== undefined && !life.hasStashedCurrent) letter.origin.unanswered(this.asRef);
    life.letter = undefined;
    this.#afterTurn(this.#mailbox as Mailbox);
    if (this.env.probe !== undefined) this.#touch();
  }

  #fail(cause: unknown, life: Incarnation): void {
    this.env.asyncTurns--;
    if (life.hasEnded || this.state !== WAITING) return;
    this.#crash(cause, life.letter?.isSignal === true ? "signal" : "receive");
  }

  #afterTurn(mailbox: Mailbox): void {
    if (this.#exiting !== undefined) this.#end(this.#exiting);
    else if (mailbox.isEmpty || this.isSuspended) this.state = IDLE;
    else {
      this.state = READY;
      this.env.scheduler.yieldTurn(this);
    }
  }

  #open(): Incarnation {
    const life = new Incarnation(this, this.incarnation);
    const behavior = this.#behavior;
    life.isTracked =
      behavior !== undefined && (behavior.isAsynchronous === true || isAsyncFunction(behavior.handleMessage));
    this.#life = life;
    return life;
  }

  suspend(): void {
    this.isSuspended = true;
    this.#touch();
  }

  resume(): void {
    this.isSuspended = false;
    if (this.state === IDLE && this.#mailbox?.isEmpty === false) this.#getReady();
    this.#touch();
  }

  // --- Birth ---

  /** Starts an actor below `parent` that nobody supervises. @throws {NameTakenError} @throws {SystemStoppedError} */
  static spawn(parent: Cell, start: Start<unknown>, options: SpawnOptions | undefined): Cell {
    if (parent.env.isStopping) throw new SystemStoppedError(parent.env.systemName);
    const cell = new Cell(parent.env, parent, options === undefined ? PLAIN_SPEC : spawnSpec(options), start);
    cell.#getReady();
    if (parent.env.probe !== undefined) cell.#touch();
    return cell;
  }

  /** Gives a place that lies idle another spec, for a supervisor that came back. */
  respec(spec: CellSpec, start: Start<unknown>): void {
    this.spec = spec;
    this.#start = start;
    this.#mailbox = undefined;
  }

  /** Gives a place another spec while it lives; the start function counts from the next incarnation on. */
  changeSpec(spec: CellSpec, start: Start<unknown>): void {
    this.spec = spec;
    this.#start = start;
  }

  spawnChild(start: Start<unknown>, options: SpawnOptions | undefined): AnyActorRef {
    return Cell.spawn(this, start, options).asRef;
  }

  /** The first turn of an actor that was spawned. @returns whether it can go on to its messages. */
  #beBorn(): boolean {
    try {
      const launched = this.launch();
      if (launched instanceof Promise)
        launched.then((ignored) => ignored === IGNORE && this.discard()).catch(() => this.#reportUnborn());
      else if (launched === IGNORE) this.discard();
      else return this.#exiting === undefined;
    } catch {
      this.#reportUnborn();
    }
    return false;
  }

  #reportUnborn(): void {
    this.#tellParent();
    this.discard();
  }

  /**
   * Begins the next incarnation: takes the name, calls the start function, then `preStart`. Returns when both have finished; in a
   * promise only if one of them is asynchronous.
   * @returns `IGNORE` if the start function did; the actor has then ended.
   * @throws {StartError} the actor has then ended.
   */
  launch(): Launched | Promise<Launched> {
    const { env } = this;
    const runningBefore = env.running;
    this.incarnation++;
    this.#bornTick = env.tick();
    this.#exiting = undefined;
    this.#isKilled = false;
    this.isLinkedToParent = true;
    this.state = STARTING;
    env.running = this.asRef;
    try {
      if (this.spec.name !== undefined) env.registry.register(this.spec.name, this.asRef);
      const start = this.#start as Start<unknown>;
      const made: unknown = typeof start === "function" ? start() : start.create();
      return isThenable(made) ? this.#launchLater(made) : this.#adopt(made);
    } catch (cause) {
      throw this.#notBorn(cause);
    } finally {
      env.running = runningBefore;
    }
  }

  async #launchLater(making: PromiseLike<unknown>): Promise<Launched> {
    const { incarnation } = this;
    try {
      const made = await making;
      this.#checkStarting(incarnation);
      return await this.#adopt(made);
    } catch (cause) {
      throw this.#notBorn(cause);
    }
  }

  #adopt(made: unknown): Launched | Promise<Launched> {
    if (made === IGNORE) {
      this.#finish(NORMAL, false);
      return IGNORE;
    }
    if (!isActor(made))
      throw new StartError(this.id, `its start function returned ${describeValue(made)}, not an actor`);
    this.#behavior = made;
    if (made.preStart === undefined) return this.#born();
    const life = this.#open();
    const starting =
      isAsyncFunction(made.preStart) || life.isTracked
        ? life.scope.run(made.preStart, made, life)
        : made.preStart(life);
    if (!isThenable(starting)) return this.#born();
    return this.#bornLater(starting);
  }

  async #bornLater(starting: PromiseLike<void>): Promise<Launched> {
    const { incarnation } = this;
    this.env.asyncTurns++;
    try {
      await starting;
      this.#checkStarting(incarnation);
      return this.#born();
    } catch (cause) {
      throw this.#notBorn(cause);
    } finally {
      this.env.asyncTurns--;
    }
  }

  #checkStarting(incarnation: number): void {
    if (this.incarnation !== incarnation || this.hasEnded)
      throw new StartError(this.id, "it was ended while it started");
  }

  #born(): undefined {
    const { env } = this;
    // What is never started again does not keep what it was started with.
    if (this.spec.restart === undefined || this.spec.restart === "temporary") this.#start = undefined;
    if (env.hub.isWatched) env.hub.publish({ type: "started", actor: this.asRef, incarnation: this.incarnation });
    if (this.state === STARTING) {
      if (this.#exiting !== undefined) this.#getReady();
      else if (this.#mailbox === undefined || this.#mailbox.isEmpty || this.isSuspended) this.state = IDLE;
      else if (env.running === this.asRef && this.spec.restart === undefined) this.state = READY;
      else this.#getReady();
    }
    if (env.probe !== undefined) this.#touch();
    return undefined;
  }

  /** Ends an incarnation that did not come to life. @returns what to throw. */
  #notBorn(cause: unknown): StartError {
    if (this.state === STARTING || this.state === READY) {
      const reason = crashed(cause, "init");
      this.#recordCrash(reason, undefined);
      this.#killChildren();
      this.#finish(reason, false);
    }
    if (cause instanceof StartError) return cause;
    return new StartError(this.id, cause instanceof Error ? cause.message : String(cause), cause);
  }

  // --- Signals ---

  receiveExit(from: Bonded, incarnation: number, reason: ExitReason): void {
    if (this.state >= STOPPING) return;
    if (this.#life?.trapsExit === true) this.#pushSignal({ type: "exit", from: from.asRef, incarnation, reason });
    else if (reason.kind !== "normal" || from === this) this.#abandonTurn(reason);
  }

  receiveDown(monitor: Monitor, from: Bonded, incarnation: number, reason: ExitReason): void {
    if (this.state >= STOPPING) return;
    this.#pushSignal({ type: "down", monitor, from: from.asRef, incarnation, reason });
  }

  /** The untrappable signal: ends it without `postStop`, as soon as nothing of it runs. */
  receiveKill(): void {
    if (this.hasEnded) return;
    if (this.state === STOPPING) this.#endNow(KILLED);
    else {
      this.#isKilled = true;
      this.#exiting = undefined;
      this.#abandonTurn(KILLED);
    }
  }

  #pushSignal(signal: Signal): void {
    const mailbox = this.#mailbox ?? this.#openMailbox();
    mailbox.push(new Letter(signal, signal.from, this, this.env.tick(), SIGNAL_SEQ, undefined));
    if (this.state === IDLE) this.#getReady();
  }

  endAfterTurn(reason: ExitReason): void {
    if (this.state >= STOPPING || this.#exiting !== undefined) return;
    this.#exiting = reason;
    if (this.state === IDLE) this.#getReady();
  }

  /** Ends soon, without waiting for messages or for a turn that is under way. */
  #abandonTurn(reason: ExitReason): void {
    if (this.#exiting !== undefined) return;
    this.#exiting = reason;
    if (this.state === IDLE || this.state === WAITING || this.state === STARTING) this.#getReady();
  }

  sendExit(to: AnyActorRef, reason: ExitReason): void {
    const cell = cellOf(to);
    if (cell === this) this.endAfterTurn(reason);
    else cell.receiveExit(this, this.incarnation, reason);
  }

  sendKill(to: AnyActorRef): void {
    cellOf(to).receiveKill();
  }

  linkTo(ref: AnyActorRef): void {
    this.link(cellOf(ref));
  }

  unlinkFrom(ref: AnyActorRef): void {
    const other = cellOf(ref);
    this.unlink(other);
    this.#mailbox?.remove((letter) => isExitOf(letter, ref));
  }

  watch(ref: AnyActorRef): Monitor {
    return this.monitor(cellOf(ref));
  }

  unwatch(monitor: Monitor): void {
    this.demonitor(monitor);
    this.#mailbox?.remove(
      (letter) => letter.isSignal && (letter.message as Signal & { monitor?: Monitor }).monitor === monitor,
    );
  }

  find(nameOrPath: string): AnyActorRef | undefined {
    const registered = this.env.registry.whereis(nameOrPath);
    if (registered !== undefined) return registered;
    let top: Cell = this;
    while (top.parent !== undefined) top = top.parent as Cell;
    let place: Cell | undefined = top;
    for (const id of nameOrPath.split("/")) place = place?.childNamed(id) as Cell | undefined;
    return place?.asRef;
  }

  // --- Death ---

  /** The end that a parent orders: a turn under way may finish, then `postStop` runs. */
  shutDown(how: Shutdown): Promise<void> | undefined {
    if (this.hasEnded) return undefined;
    if (how === "brutal_kill") this.#endNow(KILLED);
    else this.#endInOrder(SHUTDOWN);
    if (this.hasEnded) return undefined;
    return new Promise((resolve) => {
      const { clock } = this.env;
      const timer = typeof how === "number" ? clock.setTimer(() => this.receiveKillNow(), how) : undefined;
      this.onEnd(() => {
        if (timer !== undefined) clock.clearTimer(timer);
        resolve();
      });
    });
  }

  /** Kills from outside any turn of its own. */
  receiveKillNow(): void {
    if (!this.hasEnded) this.#endNow(KILLED);
  }

  /** Ends it in order, soon: for whoever stands outside the tree. */
  endByOrder(reason: ExitReason): void {
    if (this.state >= STOPPING || this.#exiting !== undefined) return;
    this.#exiting = reason;
    if (this.state === WAITING) this.#life?.hurry();
    else if (this.state === IDLE) this.#getReady();
  }

  #endInOrder(reason: ExitReason): void {
    if (this.state === STOPPING) return;
    this.#exiting ??= reason;
    if (this.state === WAITING) this.#life?.hurry();
    else if (this.state !== RUNNING) this.#end(this.#exiting);
  }

  /** Ends it and everything below at once; no callback runs. */
  #endNow(reason: ExitReason): void {
    this.#isKilled = true;
    this.state = STOPPING;
    this.#killChildren();
    this.#finish(reason, true);
  }

  #killChildren(): void {
    for (let child = this.youngestChild as Cell | undefined; child !== undefined; ) {
      const older = child.olderSibling as Cell | undefined;
      if (!child.hasEnded) child.#endNow(KILLED);
      child.#lieDown();
      child = older;
    }
  }

  #crash(cause: unknown, where: CrashSite): void {
    this.#end(this.#publishCrash(cause, where));
  }

  #publishCrash(cause: unknown, where: CrashSite): ExitReason {
    const reason = crashed(cause, where);
    const envelope = this.#life?.letter?.isSignal === false ? this.#life.letter : undefined;
    this.#recordCrash(reason, envelope);
    return reason;
  }

  #recordCrash(reason: Crash, envelope: Letter | undefined): void {
    const { env, incarnation } = this;
    const messageType = envelope === undefined ? undefined : typeOf(envelope.message);
    env.crashes.set(this.uid, { at: env.clock.now(), incarnation, reason, messageType });
    env.publish({ type: "crashed", actor: this.asRef, incarnation, reason, envelope });
  }

  /** A promise of this incarnation rejected, and nobody handled it. */
  crashByRejection(cause: unknown): void {
    if (this.state >= STOPPING) return;
    this.#crash(cause, "rejection");
  }

  #end(reason: ExitReason): void {
    if (this.#isKilled) {
      this.#endNow(KILLED);
      return;
    }
    this.state = STOPPING;
    const ending = this.youngestChild === undefined ? undefined : this.#endChildren();
    if (ending === undefined) this.#sayGoodbye(reason);
    else void ending.then(() => this.#isStoppingStill() && this.#sayGoodbye(reason));
  }

  #isStoppingStill(): boolean {
    return this.state === STOPPING;
  }

  /** Ends the children, youngest first, one at a time or all at once. */
  #endChildren(): Promise<void> | undefined {
    return this.endsChildrenTogether
      ? this.#endChildrenTogether()
      : this.#endFrom(this.youngestChild as Cell | undefined);
  }

  #endFrom(youngest: Cell | undefined): Promise<void> | undefined {
    for (let child = youngest; child !== undefined; ) {
      const older = child.olderSibling as Cell | undefined;
      const ending = this.endChild(child);
      if (ending !== undefined) return ending.then(() => this.#endFrom(older));
      child = older;
    }
    return undefined;
  }

  #endChildrenTogether(): Promise<void> | undefined {
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
      child.#lieDown();
      return undefined;
    }
    const { shutdown } = child.spec;
    const ended = (): void => {
      if (!isObedient(child.exitReason, shutdown)) {
        this.env.publish({
          type: "shutdownError",
          supervisor: this.asRef,
          actor: child.asRef,
          reason: child.exitReason,
        });
      }
      child.#lieDown();
    };
    const ending = child.shutDown(shutdown);
    if (ending !== undefined) return ending.then(ended);
    ended();
    return undefined;
  }

  /** A child with an id keeps its place, so that refs reach it again should its supervisor come back. */
  #lieDown(): void {
    if (this.state === GONE) return;
    const keepsPlace =
      this.spec.restart !== undefined && this.spec.restart !== "temporary" && this.spec.id !== undefined;
    if (keepsPlace) this.rest();
    else this.discard();
  }

  #sayGoodbye(reason: ExitReason): void {
    const behavior = this.#behavior;
    if (behavior?.postStop === undefined) {
      this.#finish(reason, true);
      return;
    }
    const life = this.#life ?? this.#open();
    const runningBefore = this.env.running;
    this.env.running = this.asRef;
    try {
      const parting: unknown = life.scope.run(behavior.postStop, behavior, life, reason);
      if (isThenable(parting)) this.#finishAfter(parting, life, reason);
      else this.#finish(reason, true);
    } catch (cause) {
      this.#finish(this.#publishCrash(cause, "terminate"), true);
    } finally {
      this.env.running = runningBefore;
    }
  }

  #finishAfter(parting: PromiseLike<unknown>, life: Incarnation, reason: ExitReason): void {
    this.env.asyncTurns++;
    const finish = (last: ExitReason): void => {
      this.env.asyncTurns--;
      if (!life.hasEnded) this.#finish(last, true);
    };
    parting.then(
      () => finish(reason),
      (cause: unknown) => finish(life.hasEnded ? reason : this.#publishCrash(cause, "terminate")),
    );
  }

  /** The incarnation is over: first its name is free, then everybody hears. */
  #finish(reason: ExitReason, tellsParent: boolean): void {
    const { env, incarnation } = this;
    const life = this.#life;
    this.exitReason = reason;
    this.#buryLetterInHand(life, reason);
    life?.close(this.#stoppedError(undefined));
    this.#behavior = undefined;
    this.#life = undefined;
    this.#exiting = undefined;
    if (this.spec.name !== undefined) env.registry.unregister(this.spec.name, this.asRef);
    this.state = ENDED;
    if (env.hub.isWatched) env.hub.publish({ type: "ended", actor: this.asRef, incarnation, reason });
    this.sever(incarnation, reason);
    if (tellsParent) {
      this.#tellParent();
      if (this.spec.restart === undefined) this.discard();
    }
    if (env.probe !== undefined) this.#touch();
  }

  #tellParent(): void {
    if (this.isLinkedToParent && this.parent !== undefined)
      (this.parent as Cell).receiveExit(this, this.incarnation, this.exitReason);
  }

  #buryLetterInHand(life: Incarnation | undefined, reason: ExitReason): void {
    const letter = life?.letter;
    if (life === undefined || letter === undefined || letter.isSignal || life.hasStashedCurrent) return;
    const isAnswered = letter.origin instanceof PendingAsk && !letter.origin.isPending;
    if (reason.kind === "crashed" || !isAnswered)
      this.#refuse(letter, reason.kind === "crashed" ? "crashed" : "ended_turn");
    life.letter = undefined;
  }

  /** Stays down until it is launched again; what waited becomes dead letters. */
  rest(): void {
    this.#empty(STOPPED);
  }

  /** Leaves the tree for good. */
  discard(): void {
    if (this.state === GONE) return;
    for (const child of this.children as readonly Cell[]) child.discard();
    this.#empty(GONE);
    this.#start = undefined;
    this.detach();
    this.env.actorCount--;
    if (this.isSupervisor) this.env.supervisors.delete(this.asRef);
    if (this.env.crashes.size > 0) this.env.crashes.delete(this.uid);
    this.env.probe?.gone(this.asRef);
  }

  #empty(state: typeof STOPPED | typeof GONE): void {
    this.state = state;
    if (this.env.probe !== undefined) this.#touch();
    if (this.#mailbox === undefined) return;
    const { letters, waiters } = this.#mailbox.clear();
    for (const letter of letters) if (!letter.isSignal) this.#refuse(letter, "stopped");
    for (const waiter of waiters) waiter.refused(this.#stoppedError(waiter.letter.message));
  }

  // --- Inspection ---

  get behavior(): Actor<unknown> | undefined {
    return this.#behavior;
  }

  /** Class name, or the name given to `defineActor` or `supervisor`; empty while it is not known. */
  get definitionName(): string {
    const start = this.#start;
    if (typeof start === "object") return start.name;
    const behavior = this.#behavior;
    return behavior === undefined ? "" : (behavior.definitionName ?? behavior.constructor.name);
  }

  get currentLetter(): Letter | undefined {
    return this.#life?.letter;
  }

  #touch(): void {
    if (this.isTouched) return;
    this.isTouched = true;
    this.env.probe?.touch(this.asRef);
  }
}

// What `console.log` and debuggers show is the handle, not the machinery.
Object.defineProperties(Cell.prototype, {
  [Symbol.for("nodejs.util.inspect.custom")]: {
    value(this: Cell): string {
      return this.toString();
    },
  },
  [Symbol.for("debug.description")]: {
    value(this: Cell): string {
      return `ActorRef(${this.id}) incarnation=${this.incarnation} mailbox=${this.mailboxDepth}`;
    },
  },
});

/** Stands for a sender whose incarnation has ended. */
const NOBODY = Object.freeze({ id: "an ended incarnation" }) as AnyActorRef;

/** The cell behind a ref. @throws {InvalidArgumentError} for anything else. */
export function cellOf(ref: unknown): Cell {
  if (ref instanceof Cell) return ref;
  throw new InvalidArgumentError("actor", [`expected an ActorRef, got ${describeValue(ref)}`]);
}

/** The `type` of a message, if it has one. */
export function typeOf(message: unknown): string | undefined {
  return typeof message === "object" && message !== null && "type" in message ? String(message.type) : undefined;
}

function isObedient(reason: ExitReason, how: Shutdown): boolean {
  return reason.kind === "shutdown" || (reason.kind === "killed" && how === "brutal_kill");
}

function isExitOf(letter: Letter, ref: AnyActorRef): boolean {
  const signal = letter.message as Signal;
  return letter.isSignal && signal.type === "exit" && signal.from === ref;
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
