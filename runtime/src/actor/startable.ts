/** How an incarnation begins: name, start function, `preStart`. Knows nothing of turns. */

import { DEFINITION, IGNORE, type Start } from "../values/actor.ts";
import { AsyncScope, commonScope, isAsyncFunction, TurnScope } from "../values/async-scope.ts";
import { StartError } from "../values/errors.ts";
import { crashed, NORMAL } from "../values/exit-reason.ts";
import { readField, UNREADABLE } from "../values/fields.ts";
import { isInstance } from "../values/instance.ts";
import { classOf, describeValue, messageOf, read } from "../values/safe-text.ts";
import { beginLife } from "../values/single-life.ts";
import { isLater, isThenable } from "../values/thenable.ts";
import type { CellSpec } from "./cell-spec.ts";
import type { Behavior } from "./control-block.ts";
import { handlerOf } from "./define-actor.ts";
import { beliefOf, noteTurn } from "./habits.ts";
import type { Incarnation } from "./incarnation.ts";
import { Mortal } from "./mortal.ts";

/** What starting comes to: nothing, or `IGNORE`. */
export type Launched = typeof IGNORE | undefined;

/** One object is one life: its fields are that life's state. */
const SAME_OBJECT =
  "its start function returned an object that another life has had; it has to make a new one for each life";

export abstract class Startable extends Mortal {
  /** What this life throws is to be seen as caught by nobody. */
  protected abstract exposeLife(life: Incarnation): void;

  /** The behavior of the incarnation that lives. */
  get behavior(): Behavior | undefined {
    return isActor(this.code) ? this.code : undefined;
  }

  /** Changes what the next incarnation is made from. A name that it loses is free at once, and so is room that it gains. */
  changeSpec(spec: CellSpec): void {
    const { registry } = this.env;
    const { name } = this.spec;
    if (name !== undefined && name !== spec.name) {
      registry.unregister(name, this);
      registry.expectNoMore(name, this);
    }
    if (spec.name !== undefined && this.incarnation === 0) registry.expect(spec.name, this);
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
    const { env } = this;
    const runningBefore = env.running;
    if (runningBefore === this) return this.begin();
    env.running = this;
    try {
      return this.begin();
    } finally {
      env.running = runningBefore;
    }
  }

  private begin(): Launched | Promise<Launched> {
    const { env, spec } = this;
    this.incarnation++;
    this.bornTick = env.tick();
    this.becomeStarting();
    try {
      if (spec.name !== undefined) this.takeName(spec.name);
      const start = spec.start ?? (this.code as Start<unknown>);
      // An actor that was spawned is in its own turn, and its start function most likely one that nobody else has.
      const isCommon = spec.restart === undefined && !env.notesStarters && !isAsyncFunction(start);
      const made: unknown = isCommon ? makeFrom(start) : this.makeWithCare(start);
      return isLater(made) ? this.adoptLater(made, isCommon) : this.adopt(made);
    } catch (cause) {
      throw this.notBorn(cause);
    }
  }

  /** @throws {NameTakenError} */
  private takeName(name: string): void {
    const { registry } = this.env;
    registry.expectNoMore(name, this);
    registry.register(name, this);
  }

  /** Calls the start function so that what it starts is the incarnation's if it is asynchronous. */
  private makeWithCare(start: Start<unknown>): unknown {
    if (this.env.notesStarters) return this.makeTracked(start);
    const isCommon = beliefOf(start) === "synchronous";
    const scope = isCommon ? commonScope : new AsyncScope(undefined);
    const made = scope.run(makeFrom, undefined, start);
    const isPending = isLater(made);
    if (isPending) scope.giveTo(this.open());
    // Of one that is believed to be synchronous nothing is learnt from one more such start.
    if (isPending || !isCommon) noteTurn(start, isPending);
    return made;
  }

  private adoptLater(making: PromiseLike<unknown>, isCommon: boolean): Promise<Launched> {
    if (isCommon) commonScope.giveTo(this.open());
    return this.launchLater(making);
  }

  /** The same while it is noted who starts what. */
  private makeTracked(start: Start<unknown>): unknown {
    const life = this.open();
    if (this.env.stopsAtCrash && !isSupervision(start)) {
      this.exposeLife(life);
      return life.scopeOfOneCall.runOnce(makeFrom, undefined, start);
    }
    const scope = new TurnScope(life, -1, this.env.tracksAll);
    const made = scope.run(makeFrom, undefined, start);
    const isPending = isLater(made);
    if (isPending) scope.giveTo(life);
    noteTurn(start, isPending);
    return made;
  }

  private async launchLater(making: PromiseLike<unknown>): Promise<Launched> {
    const { incarnation } = this;
    this.isUnborn = true;
    try {
      const made = await (this.life ?? this.open()).promiseOf(making);
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
    const fault = faultOf(made);
    if (fault !== undefined) throw new StartError(this.id, fault);
    if (!beginLife(made as object)) throw new StartError(this.id, SAME_OBJECT);
    return this.enter(made as Behavior);
  }

  /** The new behavior takes its place. */
  private enter(made: Behavior): Launched | Promise<Launched> {
    this.code = made;
    this.env.instrument?.(made, this);
    if (beliefOf(made.handleMessage) !== "synchronous") this.track(made);
    if (made.preStart === undefined) return this.born();
    return this.prepare(made, made.preStart);
  }

  private prepare(made: Behavior, preStart: NonNullable<Behavior["preStart"]>): Launched | Promise<Launched> {
    const life = this.life ?? this.open();
    const starting: unknown = life.scopeOfOneCall.runOnce(preStart, made, life);
    return isThenable(starting) ? this.bornLater(life.promiseOf(starting)) : this.born();
  }

  /** Its handler may start something asynchronous, as far as is known. */
  private track(made: Behavior): void {
    const belief = beliefOf(handlerOf(made));
    this.isAsynchronous =
      belief === "asynchronous" || made.isAsynchronous === true || isAsyncFunction(made.handleMessage);
    this.isTracked = this.isAsynchronous || belief !== "synchronous";
  }

  private async bornLater(starting: Promise<void>): Promise<Launched> {
    const { incarnation } = this;
    this.isUnborn = true;
    try {
      await starting;
      this.checkStarting(incarnation);
      this.isUnborn = false;
      return this.born();
    } catch (cause) {
      throw this.notBorn(cause, incarnation);
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
      this.killBelow();
      this.finish(reason, false);
    }
    if (isInstance(cause, StartError)) return cause;
    return new StartError(this.id, messageOf(cause), cause);
  }

  /** Class name, or the name given to `defineActor` or `supervisor`; empty while it is not known. */
  get definitionName(): string {
    const { behavior } = this;
    const start = this.spec.start ?? this.code;
    if (typeof start === "object" && !isActor(start)) return start.name;
    return behavior === undefined ? "" : nameOfBehavior(behavior);
  }
}

/** The name it gives itself, or that of its class. */
function nameOfBehavior(behavior: Behavior): string {
  const own = read(behavior, "definitionName");
  return typeof own === "string" ? own : (classOf(behavior) ?? "(a class whose name cannot be read)");
}

function makeFrom(start: Start<unknown>): unknown {
  return typeof start === "function" ? start() : start.create();
}

function isSupervision(start: Start<unknown>): boolean {
  return typeof start === "object" && readField(start, DEFINITION) === "supervisor";
}

/** What is wrong with what a start function returned. */
function faultOf(made: unknown): string | undefined {
  try {
    return isActor(made) && hasCallbacks(made) ? undefined : faultOfReadable(made);
  } catch {
    return faultOfUnreadable(made as object);
  }
}

function hasCallbacks({ preStart, handleSignal, postStop }: Behavior): boolean {
  return isCallback(preStart) && isCallback(handleSignal) && isCallback(postStop);
}

function faultOfReadable(made: unknown): string | undefined {
  if (!isActor(made)) return `its start function returned ${describeValue(made)}, not an actor`;
  for (const key of ["preStart", "handleSignal", "postStop"] as const) {
    const callback: unknown = made[key];
    if (!isCallback(callback)) return `its ${key} must be a function, got ${describeValue(callback)}`;
  }
  return undefined;
}

/** It begins with what can be read of it; a signal or an end that cannot read what it needs is a crash then. */
function faultOfUnreadable(made: object): string | undefined {
  for (const key of ["handleMessage", "preStart"])
    if (readField(made, key) === UNREADABLE)
      return `its start function returned ${describeValue(made)} whose ${key} cannot be read`;
  for (const key of ["handleSignal", "postStop"]) {
    const callback = readField(made, key);
    if (callback !== UNREADABLE && !isCallback(callback))
      return `its ${key} must be a function, got ${describeValue(callback)}`;
  }
  return undefined;
}

function isCallback(value: unknown): boolean {
  return value === undefined || typeof value === "function";
}

function isActor(value: unknown): value is Behavior {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { handleMessage?: unknown }).handleMessage === "function"
  );
}
