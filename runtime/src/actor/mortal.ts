/** How an actor ends once its children have: `postStop`, then everybody who is tied to it hears; or all at once. Knows nothing of turns. */

import type { Letter } from "../environment/letter.ts";
import { RuntimeFaultError, typeOf } from "../values/errors.ts";
import { type Crash, type CrashSite, crashed, type ExitReason, KILLED } from "../values/exit-reason.ts";
import { explainFrozenWrite } from "../values/freeze.ts";
import { isThenable } from "../values/thenable.ts";
import type { Behavior } from "./control-block.ts";
import { Departing, Departure } from "./departing.ts";
import type { Incarnation } from "./incarnation.ts";
import { PendingAsk } from "./pending-ask.ts";
import { Ties } from "./ties.ts";

export abstract class Mortal extends Departing {
  /** Begins to keep what one incarnation needs. */
  protected abstract open(): Incarnation;

  /** Kills from outside any turn of its own. */
  killNow(): void {
    if (!this.hasEnded) this.endNow(KILLED);
  }

  protected endNow(reason: ExitReason): void {
    if (this.isFinishing) return;
    this.doom();
    this.killBelow();
    this.finish(reason, true);
  }

  /** Kills all below it, each after its own children, youngest first. From the first moment on none of them acts any more. */
  protected killBelow(): void {
    if (this.youngestChild === undefined) return;
    // Below one that has ended all lie down already: of a tree that does not start, no level pays for all below it.
    const family = this.familyDownTo(({ hasEnded }) => hasEnded) as readonly Mortal[];
    for (const one of family) if (one !== this && !one.hasEnded && !one.isFinishing) one.doom();
    for (let at = family.length - 1; at > 0; at--) {
      const one = family[at] as Mortal;
      one.finish(KILLED, true);
      if (one.hasEnded) one.lieDown();
    }
  }

  private doom(): void {
    this.isKilled = true;
    this.hold();
    this.becomeStopping();
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
    if (this.env.freezesMessages) explainFrozenWrite(cause);
    const reason = crashed(cause, where);
    this.recordCrash(reason, this.letterInHand);
    return reason;
  }

  protected recordCrash(reason: Crash, envelope: Letter | undefined): void {
    const { env, incarnation } = this;
    const messageType = envelope === undefined ? undefined : typeOf(envelope.message);
    try {
      env.crashes.set(this.uid, { at: env.timeOf(env.tick()), incarnation, reason, messageType });
      env.publish({ type: "crashed", actor: this, incarnation, reason, envelope });
    } catch (cause) {
      this.report(new RuntimeFaultError(this.id, "its crash could not be recorded", cause));
    }
  }

  private report(error: RuntimeFaultError): void {
    this.env.publish({ type: "runtimeFault", actor: this, error });
  }

  farewell(reason: ExitReason, isLast: boolean): void {
    if (isLast) this.finish(reason, true);
    else this.sayGoodbye(reason);
  }

  /** Its own handler is still on the stack when it fails in its turn: it ends when that has returned. */
  fail(cause: unknown): void {
    const what = this.isStopping ? "it could not be ended in order" : "its turn could not be completed";
    const fault = cause instanceof RuntimeFaultError ? cause : new RuntimeFaultError(this.id, what, cause);
    // A life that is over while its actor is not is one of the faults there can be.
    if (this.isFinishing && !this.isStopping && !this.isStarting) this.life = undefined;
    if (this.hasEnded || this.isFinishing) this.report(fault);
    else if (this.isRunning && this.env.running === this) this.condemn(this.publishCrash(fault, "receive"));
    else this.endNow(this.publishCrash(fault, this.isStopping ? "terminate" : "receive"));
  }

  private sayGoodbye(reason: ExitReason): void {
    const code = this.code as Behavior | undefined;
    if (code === undefined || this.isUnborn || isSilent(code)) this.leave(reason);
    else this.runPostStop(code, reason);
  }

  private runPostStop(code: Behavior, reason: ExitReason): void {
    const { env } = this;
    const runningBefore = env.running;
    const life = this.life ?? this.open();
    env.running = this;
    try {
      const { postStop } = code;
      const parting: unknown = postStop && life.scopeOfOneCall.runOnce(postStop, code, life, reason);
      if (isThenable(parting)) this.leaveAfter(parting, life, reason);
      else this.leave(reason);
    } catch (cause) {
      this.leave(this.publishCrash(cause, "terminate"));
    } finally {
      env.running = runningBefore;
    }
  }

  private leaveAfter(parting: PromiseLike<unknown>, life: Incarnation, reason: ExitReason): void {
    const leave = (last: () => ExitReason): void => {
      if (!life.hasEnded) this.leave(last());
    };
    const settled = life.promiseOf(parting);
    settled.then(
      () => leave(() => reason),
      (cause: unknown) => leave(() => this.publishCrash(cause, "terminate")),
    );
  }

  /** Finishes, after what was spawned while it ended. */
  private leave(reason: ExitReason): void {
    if (!this.isStopping) return;
    if (this.youngestChild === undefined) this.finish(reason, true);
    else new Departure(this, reason, true).run();
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
    const { env, life, spec } = this;
    if (this.hasEnded || life?.hasEnded === true) return;
    this.condemn(reason);
    if (life !== undefined) this.endLife(life, reason);
    this.life = undefined;
    this.code = undefined;
    if (spec.name !== undefined) env.registry.unregister(spec.name, this);
    this.becomeEnded();
    try {
      if (env.hub.hearsLives) this.publishEnd(reason);
      this.sever(this.incarnation, reason);
      if (tellsParent) this.tellParent();
    } catch (cause) {
      this.fail(cause);
    }
    if (tellsParent) {
      if (spec.restart === undefined) this.discard();
      else if (this.isOrphan) this.lieDown();
    }
    if (env.probe !== undefined) this.touch();
  }

  private publishEnd(reason: ExitReason): void {
    this.env.hub.publish({ type: "ended", actor: this, incarnation: this.incarnation, reason });
  }

  /** Whoever could have started it again ended while it did. */
  private get isOrphan(): boolean {
    return (this.parent as Mortal | undefined)?.hasEnded === true;
  }

  private endLife(life: Incarnation, reason: ExitReason): void {
    try {
      if (this.isHanded) this.writeDown();
      const copy = life.hasStashedCurrent ? this.letterInHand : undefined;
      life.hasEnded = true;
      this.buryLetterInHand(reason);
      life.close();
      if (copy !== undefined) this.takeBack(copy);
      if (life.handled === 0) this.dropSignals();
      else if (this.spec.restart !== undefined) this.count(life);
    } catch (cause) {
      life.hasEnded = true;
      this.fail(cause);
    }
  }

  /** It was set aside in the turn that it did not survive. */
  private takeBack({ seq }: Letter): void {
    this.remove((letter) => letter.seq === seq);
  }

  private count({ handled }: Incarnation): void {
    this.ties ??= new Ties();
    this.ties.handledBefore += handled;
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
    const isAnswered = letter.origin instanceof PendingAsk && letter.origin.isReplied;
    if (isCrash || !isAnswered) this.refuse(letter, isCrash ? "crashed" : "ended_turn");
  }

  /** A child with an id keeps its place, so that refs reach it again should its supervisor come back. */
  lieDown(): void {
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

  /** Leaves the tree for good, with all below it. */
  discard(): void {
    if (this.isGone) return;
    if (this.youngestChild !== undefined) this.discardBelow();
    this.vanish();
  }

  private discardBelow(): void {
    const family = this.family as readonly Mortal[];
    for (let at = family.length - 1; at > 0; at--) (family[at] as Mortal).vanish();
  }

  private vanish(): void {
    const { env } = this;
    if (this.isGone) return;
    this.becomeGone();
    this.refuseAll();
    this.detach();
    if (this.spec.name !== undefined) env.registry.expectNoMore(this.spec.name, this);
    env.actorCount--;
    if (this.isSupervisor) env.supervisors.delete(this);
    if (env.crashes.size > 0) env.crashes.delete(this.uid);
    if (env.probe !== undefined) env.probe.gone(this);
  }
}

/** Whether it has nothing to do at its end. What cannot be read is found out when it is called. */
function isSilent(code: Behavior): boolean {
  try {
    return code.postStop === undefined;
  } catch {
    return false;
  }
}
