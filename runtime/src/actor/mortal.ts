/** How an actor ends: its children first, then `postStop`, then everybody who is tied to it hears. Knows nothing of turns. */

import type { Letter } from "../environment/letter.ts";
import type { Shutdown } from "../spec/child-spec.ts";
import { typeOf } from "../values/errors.ts";
import {
  type Crash,
  type CrashSite,
  crashed,
  type ExitReason,
  isOrderly,
  KILLED,
  SHUTDOWN,
} from "../values/exit-reason.ts";
import { isThenable } from "../values/thenable.ts";
import type { CellSpec } from "./cell-spec.ts";
import type { Behavior } from "./control-block.ts";
import type { Incarnation } from "./incarnation.ts";
import { PendingAsk } from "./pending-ask.ts";
import { Recipient } from "./recipient.ts";
import { Ties } from "./ties.ts";

export abstract class Mortal extends Recipient {
  /** Begins to keep what one incarnation needs. */
  protected abstract open(): Incarnation;

  /** Ends it in order, soon: for whoever stands outside the tree. */
  endByOrder(reason: ExitReason): void {
    if (this.isLeaving || this.reason !== undefined) return;
    this.condemn(reason);
    if (this.isWaiting) this.life?.hurry();
    else if (this.isIdle) this.getReady();
  }

  /**
   * The end that a parent orders: a turn under way may finish, then `postStop` runs.
   * @returns when it has ended; `undefined` if it has ended already.
   */
  private shutDown(how: Shutdown): Promise<void> | undefined {
    if (how === "brutal_kill") this.endNow(KILLED);
    else if (!this.isStopping) this.endInOrder(SHUTDOWN);
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
    const chosen = this.reason ?? reason;
    this.condemn(chosen);
    if (this.isWaiting) this.life?.hurry();
    else if (!this.isRunning) this.end(chosen);
  }

  /** Ends it and everything below at once; no callback runs. */
  protected endNow(reason: ExitReason): void {
    if (this.isFinishing) return;
    this.isKilled = true;
    this.hold();
    this.becomeStopping();
    this.killChildren();
    this.finish(reason, true);
  }

  protected killChildren(): void {
    for (let child = this.youngestChild as Mortal | undefined; child !== undefined; ) {
      const older = child.olderSibling as Mortal | undefined;
      child.killNow();
      child.lieDown();
      child = older;
    }
  }

  protected crash(cause: unknown, where: CrashSite): void {
    this.end(this.publishCrash(cause, where));
  }

  /** A promise of this incarnation rejected, and nobody handled it. @returns false when it ends anyway. */
  crashByRejection(cause: unknown): boolean {
    if (this.isLeaving || this.reason !== undefined) return false;
    this.crash(cause, "rejection");
    return true;
  }

  protected publishCrash(cause: unknown, where: CrashSite): Crash {
    const reason = crashed(cause, where);
    this.recordCrash(reason, this.letterInHand);
    return reason;
  }

  protected recordCrash(reason: Crash, envelope: Letter | undefined): void {
    const { env, incarnation } = this;
    const messageType = envelope === undefined ? undefined : typeOf(envelope.message);
    env.crashes.set(this.uid, { at: env.timeOf(env.tick()), incarnation, reason, messageType });
    env.publish({ type: "crashed", actor: this, incarnation, reason, envelope });
  }

  protected end(reason: ExitReason): void {
    if (this.isKilled) {
      this.endNow(KILLED);
      return;
    }
    this.hold();
    this.becomeStopping();
    const ending = this.youngestChild === undefined ? undefined : this.endChildren();
    if (ending === undefined) this.sayGoodbye(reason);
    else void ending.then(() => this.sayGoodbye(reason));
  }

  /** Ends the children, youngest first, one at a time or all at once. */
  private endChildren(): Promise<void> | undefined {
    return this.endsChildrenTogether
      ? this.endChildrenTogether()
      : this.endFrom(this.youngestChild as Mortal | undefined);
  }

  private endFrom(youngest: Mortal | undefined): Promise<void> | undefined {
    for (let child = youngest; child !== undefined; ) {
      const older = child.olderSibling as Mortal | undefined;
      const ending = this.endChild(child);
      if (ending !== undefined) return ending.then(() => this.endFrom(older));
      child = older;
    }
    return undefined;
  }

  private endChildrenTogether(): Promise<void> | undefined {
    const endings: Promise<void>[] = [];
    for (const child of this.children as readonly Mortal[]) {
      const ending = this.endChild(child);
      if (ending !== undefined) endings.push(ending);
    }
    return endings.length === 0 ? undefined : Promise.all(endings).then(() => undefined);
  }

  /** Ends one child as its spec says, and says so when it ended for another reason than it was given. */
  endChild(child: Mortal): Promise<void> | undefined {
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
    const { env } = this;
    // Whoever heard of the end of a child may have killed it.
    if (!this.isStopping) return;
    const code = this.code as Behavior | undefined;
    if (code?.postStop === undefined || this.isUnborn) {
      this.leave(reason);
      return;
    }
    const life = this.life ?? this.open();
    const runningBefore = env.running;
    env.running = this;
    try {
      const parting: unknown = life.scope.run(code.postStop, code, life, reason);
      if (isThenable(parting)) this.leaveAfter(parting, life, reason);
      else this.leave(reason);
    } catch (cause) {
      this.leave(this.publishCrash(cause, "terminate"));
    } finally {
      env.running = runningBefore;
    }
  }

  private leaveAfter(parting: PromiseLike<unknown>, life: Incarnation, reason: ExitReason): void {
    const { env } = this;
    env.asyncTurns++;
    const leave = (last: () => ExitReason): void => {
      env.asyncTurns--;
      if (!life.hasEnded) this.leave(last());
    };
    Promise.resolve(parting).then(
      () => leave(() => reason),
      (cause: unknown) => leave(() => this.publishCrash(cause, "terminate")),
    );
  }

  /** Finishes, after what was spawned while it ended. */
  private leave(reason: ExitReason): void {
    const ending = this.youngestChild === undefined ? undefined : this.endChildren();
    if (ending === undefined) this.finish(reason, true);
    else {
      void ending.then(() => {
        if (this.isStopping) this.leave(reason);
      });
    }
  }

  /** Its last messages and its signal are being dealt with. Whoever hears of them cannot end it once more. */
  private get isFinishing(): boolean {
    return this.life?.hasEnded === true;
  }

  /**
   * The incarnation is over: first its name is free, then everybody hears. Once: what ran while it ended, `postStop` or somebody who
   * heard of its last acts, may have killed it meanwhile.
   */
  protected finish(reason: ExitReason, tellsParent: boolean): void {
    if (this.hasEnded || this.isFinishing) return;
    const { env, incarnation, life, spec } = this;
    this.condemn(reason);
    if (life !== undefined) {
      if (this.isHanded) this.writeDown();
      const copy = life.hasStashedCurrent ? this.letterInHand : undefined;
      life.hasEnded = true;
      this.buryLetterInHand(reason);
      life.close();
      // It was set aside in the turn that it did not survive.
      if (copy !== undefined) this.remove(({ seq }) => seq === copy.seq);
      if (life.handled === 0) this.dropSignals();
      this.life = undefined;
      if (spec.restart !== undefined && life.handled > 0) {
        this.ties ??= new Ties();
        this.ties.handledBefore += life.handled;
      }
    }
    this.code = undefined;
    if (spec.name !== undefined) env.registry.unregister(spec.name, this);
    this.becomeEnded();
    if (env.hub.hearsLives) env.hub.publish({ type: "ended", actor: this, incarnation, reason });
    this.sever(incarnation, reason);
    if (tellsParent) {
      this.tellParent();
      if (spec.restart === undefined) this.discard();
    }
    if (env.probe !== undefined) this.touch();
  }

  protected tellParent(): void {
    const parent = this.parent as Mortal | undefined;
    if (parent === undefined || !this.isLinkedToParent) return;
    // A supervisor would ignore the exit of an actor that it does not supervise.
    if (this.spec.restart !== undefined || !parent.isSupervisor)
      parent.receiveExit(this, this.incarnation, this.exitReason);
  }

  /** Signals are for one life, and one without a turn leaves them all: where every start fails, nobody would ever take them out. */
  private dropSignals(): void {
    for (let isMore = true; isMore; ) isMore = this.remove(({ isSignal }) => isSignal);
  }

  private buryLetterInHand(reason: ExitReason): void {
    const letter = this.letterInHand;
    this.letGo();
    if (letter === undefined) return;
    this.drop();
    if (letter.isSignal) return;
    const isCrash = reason.kind === "crashed";
    const isAnswered = letter.origin instanceof PendingAsk && !letter.origin.isPending;
    if (isCrash || !isAnswered) this.refuse(letter, isCrash ? "crashed" : "ended_turn");
  }

  /** A child with an id keeps its place, so that refs reach it again should its supervisor come back. */
  private lieDown(): void {
    if (this.isGone) return;
    const { restart, id } = this.spec;
    if (restart !== undefined && restart !== "temporary" && id !== undefined) this.rest();
    else this.discard();
  }

  /** Stays down until it is launched again; what waited becomes dead letters. */
  rest(): void {
    this.becomeStopped();
    this.refuseAll();
    if (this.env.probe !== undefined) this.touch();
  }

  /** Leaves the tree for good. */
  discard(): void {
    const { env } = this;
    if (this.isGone) return;
    if (this.youngestChild !== undefined) for (const child of this.children as readonly Mortal[]) child.discard();
    this.becomeGone();
    this.refuseAll();
    this.detach();
    env.actorCount--;
    if (this.isSupervisor) env.supervisors.delete(this);
    if (env.crashes.size > 0) env.crashes.delete(this.uid);
    if (env.probe !== undefined) env.probe.gone(this);
  }
}

/** Whether a child that was told to end did so as OTP expects it; a permanent one only for the very reason it was given. */
function isObedient(reason: ExitReason, { restart, shutdown }: CellSpec): boolean {
  if (reason.kind === "killed") return shutdown === "brutal_kill";
  if (restart === "permanent") return reason.kind === "shutdown" && reason.detail === undefined;
  return isOrderly(reason);
}
