/** Actors as functions: a state, and one handler for each message type. */

import { ArgumentCheck } from "../spec/argument-check.ts";
import { Actor, type ActorContext, DEFINITION, type Definition } from "../values/actor.ts";
import { isAsyncFunction } from "../values/async-scope.ts";
import { InvalidArgumentError, UnhandledMessageError } from "../values/errors.ts";
import type { ExitReason } from "../values/exit-reason.ts";
import { isFields, readFields } from "../values/fields.ts";
import type { TypeOf, Variant } from "../values/message.ts";
import { clip } from "../values/safe-text.ts";
import type { Signal } from "../values/signal.ts";
import { isThenable } from "../values/thenable.ts";

/** What a handler gives back: the next state, or nothing to keep the current one, or {@link become}. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without `return` gives nothing back
export type Next<M, S> = S | undefined | void | Become<M, S>;

/** One handler for every message type; the compiler says which is missing. */
export type Handlers<M, S> = {
  readonly [K in TypeOf<M> & PropertyKey]: (
    state: S,
    message: Variant<M, K>,
    context: ActorContext<M, Variant<M, K>>,
  ) => Next<M, S> | Promise<Next<M, S>>;
};

export interface FunctionalActor<M, S> {
  /** For people: trees, crash reports. Default `actor`. */
  readonly name?: string;
  /** Makes the first state of each incarnation; may be asynchronous. */
  readonly init: (context: ActorContext<M, never>) => S | Promise<S>;
  readonly handlers: Handlers<M, S>;
  /** Handles trapped exits and the ends of monitored actors. */
  readonly onSignal?: (state: S, signal: Signal, context: ActorContext<M, never>) => Next<M, S> | Promise<Next<M, S>>;
  readonly postStop?: (state: S, reason: ExitReason, context: ActorContext<M, never>) => void | Promise<void>;
}

/** A change of handlers, made by {@link become}. */
export class Become<M, S> {
  readonly handlers: Handlers<M, S>;
  readonly state: S | undefined;
  constructor(handlers: Handlers<M, S>, state: S | undefined) {
    this.handlers = handlers;
    this.state = state;
  }
}

/**
 * Makes the next messages meet other handlers (Akka's `become`); with a new state, or the current one.
 *
 * @throws {InvalidArgumentError} for handlers that are no object.
 */
export function become<M, S>(handlers: Handlers<M, S>, state?: S): Become<M, S> {
  const faults = faultsOfHandlers(handlers);
  if (faults.length > 0) throw new InvalidArgumentError("become", faults);
  return new Become(handlers, state);
}

function faultsOfHandlers(handlers: unknown): readonly string[] {
  const fields = isFields(handlers) ? readFields(handlers, []) : undefined;
  if (fields === undefined) return ["handlers must be an object of functions"];
  const faulty = Object.keys(fields).filter((type) => typeof fields[type] !== "function");
  return faulty.map((type) => `handlers.${clip(type, 100)} must be a function`);
}

/** What {@link defineActor} returns: startable like a class. */
export interface ActorDefinition<M> extends Definition<M> {
  readonly [DEFINITION]: "actor";
}

/**
 * Makes an actor of functions: a state, and one handler for each message type, checked by the compiler.
 *
 * @throws {InvalidArgumentError} at once, with every fault.
 * @example
 * const counter = defineActor<{ readonly type: "add"; readonly n: number }, number>({
 *   init: () => 0,
 *   handlers: { add: (sum, message) => sum + message.n },
 * });
 */
export function defineActor<M, S = undefined>(actor: FunctionalActor<M, S>): ActorDefinition<M> {
  const check = new ArgumentCheck("defineActor");
  const own = check.options(actor, ["name", "init", "handlers", "onSignal", "postStop"]);
  const { name = "actor", init, handlers, onSignal, postStop } = own;
  check.optionalText("name", name);
  if (typeof init !== "function") check.fault("init must be a function");
  check.fault(...faultsOfHandlers(handlers));
  check.optionalFunction("onSignal", onSignal).optionalFunction("postStop", postStop).throwIfFaulty();
  const isAsynchronous = hasAsyncHandler(handlers);
  return { [DEFINITION]: "actor", name, create: () => new FunctionalBehavior(own, isAsynchronous) };
}

type AnyHandlers<M, S> = Readonly<
  Record<PropertyKey, (state: S, message: M, context: ActorContext<M>) => Next<M, S> | Promise<Next<M, S>>>
>;

/** A functional actor at work: holds the state of one incarnation. */
export class FunctionalBehavior<M, S> extends Actor<M> {
  readonly #actor: FunctionalActor<M, S>;
  readonly isAsynchronous: boolean;
  #handlers: AnyHandlers<M, S>;
  #state!: S;

  constructor(actor: FunctionalActor<M, S>, isAsynchronous: boolean) {
    super();
    this.#actor = actor;
    this.#handlers = tableOf(actor.handlers);
    this.isAsynchronous = isAsynchronous;
  }

  get definition(): FunctionalActor<M, S> {
    return this.#actor;
  }

  get definitionName(): string {
    return this.#actor.name ?? "actor";
  }

  /** For inspection. */
  get state(): S {
    return this.#state;
  }

  get handlers(): AnyHandlers<M, S> {
    return this.#handlers;
  }

  override preStart(context: ActorContext<M, never>): undefined | Promise<void> {
    const state = this.#actor.init(context);
    if (isThenable<S>(state)) {
      return Promise.resolve(state).then((value) => {
        this.#state = value;
      });
    }
    this.#state = state;
    return undefined;
  }

  override handleMessage(message: M, context: ActorContext<M>): undefined | Promise<void> {
    const handler = this.#handlers[(message as { readonly type: PropertyKey } | null)?.type as PropertyKey];
    if (handler === undefined) throw new UnhandledMessageError(context.self.id, message);
    return this.#go(handler(this.#state, message, context));
  }

  override handleSignal(signal: Signal, context: ActorContext<M, never>): undefined | Promise<void> {
    return this.#go(this.#actor.onSignal?.(this.#state, signal, context));
  }

  override postStop(context: ActorContext<M, never>, reason: ExitReason): void | Promise<void> {
    return this.#actor.postStop?.(this.#state, reason, context);
  }

  #go(next: Next<M, S> | Promise<Next<M, S>>): undefined | Promise<void> {
    if (next === undefined) return undefined;
    if (isThenable<Next<M, S>>(next)) return Promise.resolve(next).then((later) => this.#become(later));
    this.#become(next);
    return undefined;
  }

  #become(next: Next<M, S>): void {
    if (next instanceof Become) {
      this.#handlers = tableOf(next.handlers);
      if (next.state !== undefined) this.#state = next.state;
    } else if (next !== undefined) this.#state = next as S;
  }
}

/** What tells the handlers of this behavior from those of others. */
export function handlerOf(behavior: Actor<unknown>): object {
  return behavior instanceof FunctionalBehavior ? behavior.definition : behavior.handleMessage;
}

/** An object that inherits nothing, and that engines still find properties of fast. */
class HandlerTable {}
Object.setPrototypeOf(HandlerTable.prototype, null);
delete (HandlerTable.prototype as { constructor?: unknown }).constructor;

const tables = new WeakMap<object, HandlerTable>();

/** The handlers without what every object inherits: `toString` is no handler of theirs. */
function tableOf<M, S>(handlers: Handlers<M, S>): AnyHandlers<M, S> {
  if (Object.getPrototypeOf(handlers) !== Object.prototype) return handlers as unknown as AnyHandlers<M, S>;
  let table = tables.get(handlers);
  if (table === undefined) {
    table = Object.assign(new HandlerTable(), handlers);
    tables.set(handlers, table);
  }
  return table as AnyHandlers<M, S>;
}

function hasAsyncHandler(handlers: object): boolean {
  return Object.values(handlers).some(isAsyncFunction);
}
