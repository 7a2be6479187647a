/** Actors that give others their own ref when they start, and actors that keep such refs. Plain data. */
import type { Span } from "../source/span.ts";

/** A message to an actor looked up by name, sent at the start, with the sender's own ref in it. */
export interface Registration {
  readonly actor: string;
  /** The name that is looked up. */
  readonly name: string;
  /** Id of the variant. */
  readonly variant: string;
  /** The property of the message that carries the ref. */
  readonly property: string;
  /** The whole send. */
  readonly span: Span;
  /** The word `tell` or `ask`. */
  readonly nameSpan: Span;
}

/** A handler that puts a property of its message into state which each incarnation begins without. */
export interface KeptRef {
  readonly actor: string;
  /** Key of the tag. */
  readonly tag: string;
  readonly property: string;
  readonly span: Span;
}

/** What else binds an actor to others. */
export interface Ties {
  readonly actor: string;
  /** Code that is not seen here may act for it: it inherits, or gives away its context, itself, or a ref. */
  readonly isOpen: boolean;
  readonly links: boolean;
  readonly monitors: boolean;
  /** Its start sends, looks up or spawns. */
  readonly actsAtStart: boolean;
}

export interface RegistrationFacts {
  readonly made: readonly Registration[];
  readonly kept: readonly KeptRef[];
  /** Of the actors in `made` and `kept`. */
  readonly ties: readonly Ties[];
}
