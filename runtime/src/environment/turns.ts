/** Turns, one after the other: whose each is, and what it comes with. Knows nothing of who is to have the next. */

/** Something that takes turns. */
export interface Runnable {
  /**
   * Runs until there is nothing to do or `budget` messages were handled.
   * @returns how many were.
   */
  run(budget: number): number;
  /** Runs in a turn that it was given by {@link Turns.offer}, perhaps with a message. */
  runNext(budget: number): number;
  /** It was offered the next turn, and others come first all the same. */
  giveWay(): void;
  /** Its turn, or what it waits in, went wrong for no reason of its own: it ends, and says so. */
  fail(cause: unknown): void;
}

/** One turn. */
export class Turn {
  owner: Runnable | undefined = undefined;
  /** What was handed over with it: a message that is handled at once needs no letter. Below, what a letter would say of it. */
  message: unknown = undefined;
  sender: Runnable | undefined = undefined;
  seq = 0;
}

/** Stands where somebody could have the next turn, while there is none. */
const NOBODY: Runnable = { run: () => 0, runNext: () => 0, giveWay: () => {}, fail: () => {} };

/**
 * The present turn and the coming one. The same two serve for all, so that they stay where the processor finds them, and an actor
 * needs no room for what it is handed.
 */
export class Turns {
  private even: Turn = new Turn();
  private odd: Turn = new Turn();
  private isOdd = false;
  private standIn: Runnable | undefined = undefined;
  private isWatched = false;
  /** Who runs is who sends, and nobody looks on: what is sent may be handed over. */
  isDirect = true;
  /** What turns throw is to be seen as caught by nobody. */
  isBare = false;

  constructor() {
    this.pause();
  }

  /** The turn that runs, or ran last. */
  get present(): Turn {
    return this.isOdd ? this.odd : this.even;
  }

  get coming(): Turn {
    return this.isOdd ? this.even : this.odd;
  }

  /** Who runs right now, synchronously. */
  get running(): Runnable | undefined {
    return this.standIn ?? this.present.owner;
  }

  /** For whoever runs code of another within a turn; it must be taken back. */
  set running(runnable: Runnable | undefined) {
    this.standIn = runnable === this.present.owner ? undefined : runnable;
    this.judge();
  }

  /** Somebody looks on: messages go in letters from now on. */
  watch(on: boolean): void {
    this.isWatched = on;
    if (on) this.coming.owner?.giveWay();
    this.judge();
  }

  private judge(): void {
    this.isDirect = this.standIn === undefined && !this.isWatched;
  }

  /** Gives the coming turn to `runnable`. @returns false when somebody has it. */
  offer(runnable: Runnable): boolean {
    const { coming } = this;
    if (coming.owner !== undefined) return false;
    coming.owner = runnable;
    return true;
  }

  /** The coming turn becomes the present one, and is somebody's who was not offered it. */
  beginFor(runnable: Runnable): void {
    this.begin();
    this.present.owner = runnable;
  }

  /** The coming turn becomes the present one. */
  begin(): void {
    this.present.owner = undefined;
    this.isOdd = !this.isOdd;
  }

  /** Hears of what went wrong in nobody's turn. */
  onFault: (cause: unknown) => void = (cause) => {
    throw cause;
  };

  /** A turn threw: whosever it was ends. No turn is a reason for the process to end. */
  blame(cause: unknown): void {
    const { owner } = this.present;
    this.present.owner = undefined;
    if (owner === undefined) this.onFault(cause);
    else owner.fail(cause);
  }

  /**
   * Between two turns, every now and then. A generational collector has to be told of each young reference that is put into something
   * old: to write a message into an old turn takes a fifth of all that a message takes.
   */
  renew(): void {
    const { owner, message, sender, seq } = this.coming;
    this.even = new Turn();
    this.odd = new Turn();
    const { coming } = this;
    coming.owner = owner;
    coming.message = message;
    coming.sender = sender;
    coming.seq = seq;
  }

  /** Turns follow again. */
  go(): void {
    this.coming.owner = undefined;
  }

  /** For now nobody runs, and no turn can be had. */
  pause(): void {
    this.even = new Turn();
    this.odd = new Turn();
    this.coming.owner = NOBODY;
  }
}
