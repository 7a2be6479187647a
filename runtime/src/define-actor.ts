/** Actors as functions: a state, and one handler for each message type. */
import type { Actor, ActorContext, Definition } from "./actor.ts";
import type { ExitReason } from "./exit-reason.ts";
import type { TypeOf, Variant } from "./message.ts";
import type { Signal } from "./signal.ts";

/** What a handler gives back: the next state, or nothing to keep the current one, or {@link become}. */
export type Next<M, S> = S | undefined | void | Become<M, S>;

/** One handler for every message type; the compiler says which is missing. */
export type Handlers<M, S> = {
  readonly [K in TypeOf<M> & PropertyKey]: (
    state: S,
    message: Variant<M, K>,
    context: ActorContext<M>,
  ) => Next<M, S> | Promise<Next<M, S>>;
};

export interface FunctionalActor<M, S> {
  /** For people: trees, crash reports. Default `actor`. */
  readonly name?: string;
  /** Makes the first state of each incarnation; may be asynchronous. */
  readonly init: (context: ActorContext<M>) => S | Promise<S>;
  readonly handlers: Handlers<M, S>;
  /** Handles trapped exits and the ends of monitored actors. */
  readonly onSignal?: (state: S, signal: Signal, context: ActorContext<M>) => Next<M, S> | Promise<Next<M, S>>;
  readonly postStop?: (state: S, reason: ExitReason, context: ActorContext<M>) => void | Promise<void>;
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

/** Makes the next messages meet other handlers (Akka's `become`); with a new state, or the current one. */
export function become<M, S>(handlers: Handlers<M, S>, state?: S): Become<M, S> {
  return new Become(handlers, state);
}
