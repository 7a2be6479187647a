/**
 * Whose work an asynchronous continuation is, and that it sees the asynchronous context of no sender. The only user of
 * `node:async_hooks`.
 */
import { AsyncLocalStorage, AsyncResource, createHook } from "node:async_hooks";

type Method<T, This, Args extends unknown[]> = (this: This, ...args: Args) => T;

const storage = new AsyncLocalStorage<AsyncScope>();
/** The context in which this file was loaded: nobody sends from it. */
const nobodys = new AsyncResource("airssys");

/** Calls a function so that what it starts sees nobody's context, and does not keep that of whoever calls. */
export function inNobodysContext<T, This, Args extends unknown[]>(
  fn: Method<T, This, Args>,
  self: This,
  ...args: Args
): T {
  return nobodys.runInAsyncScope(fn, self, ...args);
}

/** Calls back as a microtask that is nobody's, whoever asks for it. */
export function inMicrotask(callback: () => void): void {
  void nobodys.runInAsyncScope(resolved.then, resolved, callback);
}

const resolved = Promise.resolve();

/**
 * Runs functions so that everything asynchronous they start knows its owner, who may become known after they have run. Within, they
 * see nobody's context.
 */
export class AsyncScope {
  owner: object | undefined;
  /** Who started what is in it, whether it owns that or not; `undefined` while nobody asks. */
  readonly starter: object | undefined;
  #resource: AsyncResource | undefined = undefined;

  constructor(owner: object | undefined, starter: object | undefined = owner) {
    this.owner = owner;
    this.starter = starter;
  }

  /** Whose fault it is when something that was started in it fails, and nobody hears of that. */
  get culprit(): object | undefined {
    return this.owner ?? this.starter;
  }

  /** To be entered many times: the first time costs twenty times as much as the others. */
  run<T, This, Args extends unknown[]>(fn: Method<T, This, Args>, self: This, ...args: Args): T {
    this.#resource ??= nobodys.runInAsyncScope(resourceIn, undefined, this);
    return this.#resource.runInAsyncScope(fn, self, ...args);
  }

  /** To be entered once: costs half as much as the first time of many. */
  runOnce<T, This, Args extends unknown[]>(fn: Method<T, This, Args>, self: This, ...args: Args): T {
    if (this.#resource !== undefined) return this.run(fn, self, ...args);
    const resource = hasFrames ? nobodys : nobodys.runInAsyncScope(newResource, undefined);
    return resource.runInAsyncScope(enterAndRun as typeof enterAndRun<T, This, Args>, undefined, this, fn, self, args);
  }

  /** What has run in it is found to be `owner`'s. */
  giveTo(owner: object): void {
    this.owner = owner;
  }
}

/** The scope of one turn, or of many of one life, while it is noted who starts what. */
export class TurnScope extends AsyncScope {
  /** Number of the message that the turn was for; -1 where it was one of many. */
  readonly seq: number;

  readonly #isToBlame: boolean;

  /**
   * @param starter who owns what was started only if a turn waits for it
   * @param isToBlame for what it starts and nobody waits for; else that is only known to who looks on
   */
  constructor(starter: object, seq: number, isToBlame: boolean) {
    super(undefined, starter);
    this.seq = seq;
    this.#isToBlame = isToBlame;
  }

  override get culprit(): object | undefined {
    return this.owner ?? (this.#isToBlame ? this.starter : undefined);
  }
}

/**
 * Engines without frames of contexts note in the resource what was entered in it, and nobody's is to stay as it is: there each scope that is
 * entered once has a resource of its own, which is half of what that costs.
 */
const hasFrames: boolean = (() => {
  const tried = new AsyncResource("airssys.probe");
  tried.runInAsyncScope(() => storage.enterWith(new AsyncScope(undefined)));
  return tried.runInAsyncScope(() => storage.getStore()) === undefined;
})();

function newResource(): AsyncResource {
  return new AsyncResource("airssys.actor");
}

function resourceIn(scope: AsyncScope): AsyncResource {
  return storage.run(scope, newResource);
}

function enterAndRun<T, This, Args extends unknown[]>(
  scope: AsyncScope,
  fn: Method<T, This, Args>,
  self: This,
  args: Args,
): T {
  storage.enterWith(scope);
  return Reflect.apply(fn, self, args);
}

/**
 * The scope of many who are believed to start nothing asynchronous: to enter one for each would cost them half of their time. Should
 * one of them be found to have done so, the scope is given to it, and the others go on in a new one.
 */
class CommonScope {
  #scope = new AsyncScope(undefined);

  /** To enter it once more costs twice as much as to see that what runs is in it. */
  run<T, This, Args extends unknown[]>(fn: Method<T, This, Args>, self: This, ...args: Args): T {
    if (storage.getStore() === this.#scope) return fn.apply(self, args);
    return this.#scope.run(fn, self, ...args);
  }

  /** What the one that ran last has started is `owner`'s. */
  giveTo(owner: object): void {
    const given = this.#scope;
    given.giveTo(owner);
    this.#scope = new AsyncScope(undefined);
    if (storage.getStore() === given) storage.enterWith(this.#scope);
  }
}

/** The scope of all turns that have none of their own. */
export const commonScope: CommonScope = new CommonScope();

/** The scope in which this continuation was started; `undefined` when no actor has. */
export function currentScope(): AsyncScope | undefined {
  return storage.getStore();
}

/**
 * Hears when the synchronous parts of asynchronous work begin and end: what follows an `await`, a timer, input and output. Every promise
 * of the process costs more meanwhile. What is called must not throw.
 *
 * @param end gets whose work it was, if it was started in a scope.
 * @returns what ends it.
 */
export function watchContinuations(
  begin: (asyncId: number) => void,
  end: (asyncId: number, owner: unknown) => void,
): () => void {
  const after = (asyncId: number): void => {
    const scope = currentScope();
    end(asyncId, scope?.owner ?? scope?.starter);
  };
  const hook = createHook({ before: begin, after }).enable();
  return () => void hook.disable();
}

const AsyncFunction = (async () => {}).constructor as new () => unknown;

const turns = new AsyncLocalStorage<object>();

/**
 * Calls a function so that it is known, also of what goes on of it later, in whose turn it was: for the testkit, to which no scope tells
 * it of what a synchronous handler has started.
 */
export function inTurnOf<T, This, Args extends unknown[]>(
  actor: object,
  fn: Method<T, This, Args>,
  self: This,
  ...args: Args
): T {
  return turns.run(actor, () => Reflect.apply(fn, self, args) as T);
}

/** In whose turn this was started, as {@link inTurnOf} was told. */
export function currentTurn(): object | undefined {
  return turns.getStore();
}

/** A function that sees the asynchronous context of this call, whoever calls it. */
export function inThisContext<Args extends unknown[]>(fn: (...args: Args) => void): (...args: Args) => void {
  return AsyncResource.bind(fn);
}

/** True for a function declared `async`. */
export function isAsyncFunction(fn: unknown): boolean {
  if (typeof fn !== "function") return false;
  try {
    // Asked here and of one class, since each start asks: an engine makes it a comparison.
    return fn instanceof AsyncFunction;
  } catch {
    return false;
  }
}
