/** How an incarnation begins: name, start function, `preStart`. Knows nothing of turns. */

import { currentOwner, isAsyncFunction } from "../environment/async-scope.ts";
import { IGNORE, type Start } from "../values/actor.ts";
import { StartError } from "../values/errors.ts";
import { crashed, NORMAL } from "../values/exit-reason.ts";
import { describeValue } from "../values/safe-text.ts";
import { isThenable } from "../values/thenable.ts";
import type { CellSpec } from "./cell-spec.ts";
import type { Behavior } from "./control-block.ts";
import { Mortal } from "./mortal.ts";

/** What starting comes to: nothing, or `IGNORE`. */
export type Launched = typeof IGNORE | undefined;

export abstract class Startable extends Mortal {
  /** The behavior of the incarnation that lives. */
  get behavior(): Behavior | undefined {
    return isActor(this.code) ? this.code : undefined;
  }

  /** Changes what the next incarnation is made from. A name that it loses is free at once, and so is room that it gains. */
  changeSpec(spec: CellSpec): void {
    const { name } = this.spec;
    if (name !== undefined && name !== spec.name) this.env.registry.unregister(name, this);
    const { mailboxCapacity } = this;
    this.spec = spec;
    this.resize(mailboxCapacity);
    if (this.isAwaited) this.admit();
  }

  /** The first turn of an actor that was spawned. @returns whether it can go on to its messages. */
  protected isBorn(): boolean {
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
    this.becomeStarting();
    if (runningBefore !== this) env.running = this;
    try {
      if (spec.name !== undefined) env.registry.register(spec.name, this);
      const start = spec.start ?? (this.code as Start<unknown>);
      const made: unknown = env.tracksAll ? this.open().scope.run(makeFrom, undefined, start) : makeFrom(start);
      return isThenable(made) ? this.launchLater(made) : this.adopt(made);
    } catch (cause) {
      throw this.notBorn(cause);
    } finally {
      if (runningBefore !== this) env.running = runningBefore;
    }
  }

  private async launchLater(making: PromiseLike<unknown>): Promise<Launched> {
    const { incarnation } = this;
    this.isUnborn = true;
    try {
      const made = await making;
      this.checkStarting(incarnation);
      this.isUnborn = false;
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
    const life = this.life ?? this.open();
    // A supervisor starts its children in its own turn; what they leave behind is theirs.
    const isForeign = currentOwner() !== undefined;
    const isTracked = this.isTracked || this.env.tracksAll || isAsyncFunction(made.preStart) || isForeign;
    const starting: unknown = isTracked ? life.scope.run(made.preStart, made, life) : made.preStart(life);
    return isThenable(starting) ? this.bornLater(starting) : this.born();
  }

  private async bornLater(starting: PromiseLike<void>): Promise<Launched> {
    const { incarnation } = this;
    this.env.asyncTurns++;
    this.isUnborn = true;
    try {
      await starting;
      this.checkStarting(incarnation);
      this.isUnborn = false;
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
    const { env } = this;
    if (env.hub.hearsLives) env.hub.publish({ type: "started", actor: this, incarnation: this.incarnation });
    if (this.isStarting) this.afterBirth();
    if (env.probe !== undefined) this.touch();
    return undefined;
  }

  private afterBirth(): void {
    const hasWork = !this.isVacant && !this.isSuspended;
    const isInFirstTurn = this.env.running === this && this.spec.restart === undefined;
    if (this.reason !== undefined) this.getReady();
    else if (!hasWork) this.becomeIdle();
    else if (isInFirstTurn) this.becomeReady();
    else this.getReady();
  }

  /** Ends an incarnation that did not come to life, unless it has ended and another one lives. @returns what to throw. */
  private notBorn(cause: unknown, incarnation: number = this.incarnation): StartError {
    if (this.incarnation === incarnation && (this.isStarting || this.isReady)) {
      const reason = crashed(cause, "init");
      this.recordCrash(reason, undefined);
      this.killChildren();
      this.finish(reason, false);
    }
    if (cause instanceof StartError) return cause;
    return new StartError(this.id, cause instanceof Error ? cause.message : String(cause), cause);
  }

  /** Class name, or the name given to `defineActor` or `supervisor`; empty while it is not known. */
  get definitionName(): string {
    const { behavior } = this;
    const start = this.spec.start ?? this.code;
    if (typeof start === "object" && !isActor(start)) return start.name;
    return behavior === undefined ? "" : (behavior.definitionName ?? behavior.constructor.name);
  }
}

function makeFrom(start: Start<unknown>): unknown {
  return typeof start === "function" ? start() : start.create();
}

function isActor(value: unknown): value is Behavior {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { handleMessage?: unknown }).handleMessage === "function"
  );
}
