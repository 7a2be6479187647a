/** A place where an actor tells messages apart, and what it does with each variant. Plain data. */
import type { Span } from "../source/span.ts";
import type { MessageType, PlacedTag } from "./message-type.ts";

export interface Arm {
  /** The label, condition or handler name. */
  readonly span: Span;
  /** The whole clause or handler. */
  readonly full: Span;
  /** Keys of the tags it may handle. */
  readonly tags: readonly string[];
  /** Keys of the tags it certainly handles, so that no later arm does. */
  readonly takes: readonly string[];
}

/** An arm that no message can reach. */
export interface DeadArm {
  readonly arm: Arm;
  readonly text: string;
  /** The arm before it that takes everything; absent when no message of the protocol is meant. */
  readonly takenBy?: Span;
  /** `switch`: what to cut out to be rid of it. */
  readonly removal?: Span;
}

/** A `default` or `else` that takes variants without looking at them. */
export interface CatchAll {
  readonly span: Span;
  /** The whole clause. */
  readonly full: Span;
  readonly takes: readonly PlacedTag[];
  /** Nothing is done with the message there but to note it, and nothing is thrown. */
  readonly isSilent: boolean;
  /** It is noted. */
  readonly isNoted: boolean;
}

/** Where code for further variants goes. */
export interface Insertion {
  readonly at: number;
  /** `match`: empty when the whole chain stands in one line. */
  readonly indent: string;
  /** How one level is indented in the file. */
  readonly step: string;
  /** `switch`: how the clauses end. */
  readonly ending: "break;" | "return;";
  /** Whether what stands before has to be ended: a clause that would go on into the next, a statement without a semicolon. */
  readonly needsEnding: boolean;
  /** `if-chain`, and `switch (true)`: the expression compared, as written; nothing for any other `switch`. `match`: the property a pattern asks for, or nothing for the tag itself. */
  readonly subject: string;
  /** `handlers` and `table`: whether a comma must come first. */
  readonly needsComma: boolean;
}

export interface Dispatch {
  /**
   * `handlers`: the map of a functional actor. `table`: a map that a class picks the handler out of itself. `match`: a chain of
   * patterns, as the package ts-pattern has them.
   */
  readonly kind: "switch" | "if-chain" | "handlers" | "table" | "match";
  /** Id of the actor, `undefined` for a helper function. */
  readonly actor?: string;
  /** Where to tell the user: the expression switched over, the first condition, the name of the handler map. */
  readonly span: Span;
  readonly message: MessageType;
  readonly arms: readonly Arm[];
  readonly missing: readonly PlacedTag[];
  readonly dead: readonly DeadArm[];
  readonly catchAll?: CatchAll;
  readonly insertion: Insertion;
}
