/**
 * Turns whose failures nobody seems to catch, so that a debugger stops where they are thrown, before anybody acts on them; and turns of
 * which somebody is told. Both are for while somebody looks on: the usual turns know nothing of them.
 *
 * What fails synchronously here crashes its actor as if its handler had returned a promise that rejects: the same crash, a microtask later.
 */
import type { Letter } from "../environment/letter.ts";
import type { Task, Trace } from "../environment/trace.ts";
import { attempt, BareScope, detached, whenSettled } from "../values/bare-call.ts";
import { broken } from "../values/invariant.ts";
import type { Behavior } from "./control-block.ts";
import type { Incarnation } from "./incarnation.ts";
import { Startable } from "./startable.ts";

export abstract class Exposed extends Startable {
  protected abstract deliverWithCare(letter: Letter, life: Incarnation): PromiseLike<void> | undefined;
  protected abstract handle(
    callback: Behavior["handleMessage"],
    letter: Letter,
    code: Behavior,
    life: Incarnation,
  ): PromiseLike<void> | undefined;
  protected abstract await(pending: PromiseLike<void>, life: Incarnation): void;
  protected abstract awake(): Incarnation | undefined;
  protected abstract afterTurn(isMore: boolean): void;

  /** A turn of its own, as {@link Cell.run} gives it. Supervisors are the runtime's: what they throw is for them to say. */
  protected runExposed(budget: number): number {
    if (this.reason !== undefined) {
      this.end(this.reason);
      return 0;
    }
    const life = this.life ?? this.awake();
    if (life === undefined) return 0;
    if (this.isSuspended) {
      this.becomeIdle();
      return 0;
    }
    const { handled } = life;
    if (life.hasEnded) throw broken("status", this.id);
    this.becomeRunning();
    this.handleEachExposed(life, budget);
    if (this.isRunning) this.afterTurn(!this.isVacant);
    return life.handled - handled;
  }

  private handleEachExposed(life: Incarnation, budget: number): void {
    for (let left = budget; left > 0 && !this.isVacant; left--) {
      const letter = this.take() as Letter;
      if (letter.recipient !== this) throw broken("recipient", this.id);
      life.handled++;
      const { result, failure } = attempt(() => this.deliverWithCare(letter, life));
      const pending = failure ?? (result === undefined ? undefined : detached(life.promiseOf(result)));
      if (pending !== undefined) {
        this.await(pending, life);
        return;
      }
      if (letter.origin !== undefined && !life.hasStashedCurrent) letter.origin.unanswered(this);
      this.drop();
      if (this.isHindered) return;
    }
  }

  /** Whether its present life is one whose failures nobody is to seem to catch: a new one is, while the environment says so. */
  expose(on: boolean): void {
    if (this.isSupervisor || this.behavior === undefined || this.hasEnded) return;
    const life = this.life ?? this.open();
    if (on) this.exposeLife(life);
    else life.runIn(undefined);
  }

  protected exposeLife(life: Incarnation): void {
    life.runIn(new BareScope(life, (call) => this.callAsOwn(call)));
  }

  /** Handles a message, and tells of it. No function is made for it: that would be a third of what a watched turn leaves behind. */
  protected handleTraced(
    trace: Trace,
    letter: Letter,
    code: Behavior,
    life: Incarnation,
  ): PromiseLike<void> | undefined {
    const task = trace.begins(letter);
    let hasCrashed = true;
    let pending: Promise<void> | undefined;
    try {
      const result = this.handle(task === undefined ? code.handleMessage : within(task), letter, code, life);
      pending = result === undefined ? undefined : life.promiseOf(result);
      hasCrashed = false;
    } finally {
      trace.returned(letter);
      if (pending === undefined) trace.ended(letter, hasCrashed);
    }
    if (pending !== undefined) noteEnd(trace, letter, pending);
    return pending;
  }

  /** Calls as in a turn of its own. */
  private callAsOwn<T>(call: () => T): T {
    const { env } = this;
    const runningBefore = env.running;
    env.running = this;
    try {
      return call();
    } finally {
      env.running = runningBefore;
    }
  }
}

/** The user's handler, called in a task: nothing stands between the two, or the debugger would show that in place of the cause. */
function within(task: Task): Behavior["handleMessage"] {
  return function (this: Behavior, message, context) {
    return task.run(() => this.handleMessage(message, context));
  };
}

function noteEnd(trace: Trace, letter: Letter, pending: Promise<void>): void {
  void whenSettled(pending, (hasFailed) => trace.ended(letter, hasFailed));
}
