/**
 * How an actor ends in order with all that is below it: its children first, youngest first, each with its own before it. A loop, since
 * the depth of a tree is its user's choice. Knows nothing of what else an end comes to.
 */

import type { Shutdown } from "../spec/child-spec.ts";
import { type ExitReason, isOrderly, KILLED, SHUTDOWN } from "../values/exit-reason.ts";
import type { CellSpec } from "./cell-spec.ts";
import { Recipient } from "./recipient.ts";

export abstract class Departing extends Recipient {
  /** Its children have ended. @param isLast so have those that it spawned while it ended. */
  abstract farewell(reason: ExitReason, isLast: boolean): void;
  /** Ends it and everything below at once; no callback runs. */
  protected abstract endNow(reason: ExitReason): void;
  /** Kills from outside any turn of its own. */
  abstract killNow(): void;
  /** It has ended, and so has, or will, whoever could start it again. */
  abstract lieDown(): void;

  /** Its end in order is under way. Whoever hears of the end of a child may kill it meanwhile. */
  get isDeparting(): boolean {
    return this.isStopping;
  }

  /** Ends it in order, soon: for whoever stands outside the tree. */
  endByOrder(reason: ExitReason): void {
    if (this.isLeaving || this.reason !== undefined) return;
    this.condemn(reason);
    if (this.isWaiting) this.life?.hurry();
    else if (this.isIdle) this.getReady();
  }

  /** Ends it in order, now. */
  protected end(reason: ExitReason): void {
    this.depart(reason)?.run();
  }

  /** @returns what has to come before its end; `undefined` if nothing has. */
  private depart(reason: ExitReason): Departure | undefined {
    if (this.isKilled) {
      this.endNow(KILLED);
      return undefined;
    }
    this.hold();
    this.becomeStopping();
    if (this.youngestChild !== undefined) return new Departure(this, reason, false);
    this.farewell(reason, false);
    return undefined;
  }

  /** It is told to end by its parent: a turn under way may finish. @returns what has to come before its end. */
  setOut(how: Shutdown): Departure | undefined {
    if (how === "brutal_kill") this.endNow(KILLED);
    if (this.isLeaving) return undefined;
    const reason = this.reason ?? SHUTDOWN;
    this.condemn(reason);
    if (this.isWaiting) this.life?.hurry();
    else if (!this.isRunning) return this.depart(reason);
    return undefined;
  }

  /** Ends one child as its spec says. @returns when it has ended; `undefined` if it has already. */
  endChild(child: Departing): Promise<void> | undefined {
    const { incarnation } = child;
    if (child.hasEnded) {
      child.lieDown();
      return undefined;
    }
    child.setOut(child.spec.shutdown)?.run();
    return this.seeOff(child, incarnation);
  }

  /** This child was told to end. @returns when it has ended; `undefined` if it has already. */
  seeOff(child: Departing, incarnation: number): Promise<void> | undefined {
    if (!child.hasEnded) return child.whenOver().then(() => this.layDown(child, incarnation));
    this.layDown(child, incarnation);
    return undefined;
  }

  /** Says so when a child that was told to end ended for another reason than it was given. */
  private layDown(child: Departing, incarnation: number): void {
    // A successor of this actor may have started it again meanwhile.
    if (child.incarnation !== incarnation) return;
    const { exitReason } = child;
    if (!isObedient(exitReason, child.spec))
      this.env.publish({ type: "shutdownError", supervisor: this, actor: child, reason: exitReason });
    child.lieDown();
  }

  /** Fulfils when it has ended, by itself or because its time was up. */
  private whenOver(): Promise<void> {
    const { clock } = this.env;
    const limit = this.spec.shutdown;
    return new Promise((resolve) => {
      const timer = typeof limit === "number" ? clock.setTimer(() => this.killNow(), limit) : undefined;
      this.onEnd(() => {
        if (timer !== undefined) clock.clearTimer(timer);
        resolve();
      });
    });
  }
}

/** Whether a child that was told to end did so as OTP expects it; a permanent one only for the very reason it was given. */
function isObedient(reason: ExitReason, { restart, shutdown }: CellSpec): boolean {
  if (reason.kind === "killed") return shutdown === "brutal_kill";
  if (restart === "permanent") return reason.kind === "shutdown" && reason.detail === undefined;
  return isOrderly(reason);
}

/** The children of an actor that ends. */
export class Departure {
  readonly #owner: Departing;
  readonly #reason: ExitReason;
  readonly #isLast: boolean;
  #next: Departing | undefined;
  /** Of the child that was told last. */
  #incarnation = 0;
  /** Children that were told to end and have not ended yet. */
  #waiting = 0;

  /** @param isLast whether the actor itself has said goodbye. */
  constructor(owner: Departing, reason: ExitReason, isLast: boolean) {
    this.#owner = owner;
    this.#reason = reason;
    this.#isLast = isLast;
    this.#next = owner.youngestChild as Departing | undefined;
  }

  /** Goes on until it is over or has to wait for a child. */
  run(): void {
    const open: Departure[] = [this];
    for (let last: Departure | undefined = this; last !== undefined; last = open.at(-1)) {
      const below = last.#advance();
      if (below !== undefined) open.push(below);
      else {
        open.pop();
        open.at(-1)?.seeOff(last.#owner);
      }
    }
  }

  /** Tells one child after the other to end, up to one that has children itself; after the last, the actor leaves. */
  #advance(): Departure | undefined {
    try {
      for (let child = this.#take(); child !== undefined; child = this.#take()) {
        const below = child.setOut(child.spec.shutdown);
        if (below !== undefined) return below;
        this.seeOff(child);
      }
      if (this.#waiting === 0 && this.#owner.isDeparting) this.#owner.farewell(this.#reason, this.#isLast);
    } catch (cause) {
      this.#owner.fail(cause);
    }
    return undefined;
  }

  /** The next child to be told. What was spawned or has gone meanwhile is found at the end. */
  #take(): Departing | undefined {
    for (;;) {
      if (!this.#owner.isDeparting || (this.#waiting > 0 && !this.#owner.endsChildrenTogether)) return undefined;
      const child = this.#next?.isGone === false ? this.#next : this.#firstLeft();
      if (child === undefined) return undefined;
      this.#next = child.olderSibling as Departing | undefined;
      this.#incarnation = child.incarnation;
      if (!child.hasEnded) return child;
      child.lieDown();
    }
  }

  #firstLeft(): Departing | undefined {
    // Those that are waited for have been told.
    if (this.#waiting > 0) return undefined;
    let child = this.#owner.youngestChild as Departing | undefined;
    while (child?.hasEnded === true) child = child.olderSibling as Departing | undefined;
    return child;
  }

  private seeOff(child: Departing): void {
    try {
      const ending = this.#owner.seeOff(child, this.#incarnation);
      if (ending === undefined) return;
      this.#waiting++;
      ending.then(
        () => {
          if (--this.#waiting === 0) this.run();
        },
        (cause: unknown) => this.#owner.fail(cause),
      );
    } catch (cause) {
      this.#owner.fail(cause);
    }
  }
}
