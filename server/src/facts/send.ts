/** A message being sent: `tell`, `tellAsync`, `ask`, one an actor sends itself later, or one for whoever listens. Plain data. */
import type { Span } from "../source/span.ts";
import type { InFunction } from "./function-call.ts";
import type { MessageType } from "./message-type.ts";
import type { Known } from "./supervisor-fact.ts";

export interface Send {
  readonly method: "tell" | "tellAsync" | "ask" | "timer" | "pipe" | "publish";
  readonly span: Span;
  /** The word `tell` or `ask`. */
  readonly nameSpan: Span;
  /** What the receiver accepts, when all of it is known. */
  readonly accepts?: MessageType;
  readonly messageSpan?: Span;
  /** Everything between the message and the closing parenthesis. */
  readonly optionsSpan?: Span;
  /** The value of the discriminant, when it is written there. */
  readonly tagSpan?: Span;
  /** Ids of the variants it can be; `undefined` when that is not known. */
  readonly variants?: readonly string[];
  /** The actor that sends, and in which of its callbacks. */
  readonly actor?: string;
  readonly callback?: string;
  /** Tags of the messages being handled there; absent outside a handler of certain messages. */
  readonly during?: readonly string[];
  /** It happens for no other reason than these messages. */
  readonly isOnlyDuring: boolean;
  /** Other actors may come to it through this function. */
  readonly inFunction?: InFunction;
  /** The turn does not end before the answer is there. */
  readonly holdsTurn: boolean;
  /** The call is a statement of its own. */
  readonly isStatement: boolean;
  /** An `await` may stand there. */
  readonly canWait: boolean;
  /** Nobody looks at the result. */
  readonly isFloating: boolean;
  /** The actor sends to itself. */
  readonly toSelf: boolean;
  /** Runs in the turn itself, not in a function that may be called later. */
  readonly inTurn: boolean;
  /** `isShorthand`: it is written as its name alone. */
  readonly timeoutMs?: Known<unknown> & { readonly span: Span; readonly isShorthand: boolean };
  /** Variant names of the protocol, when the message is not one of them but comes through a cast. */
  readonly smuggled?: {
    readonly tag: string;
    readonly known: readonly string[];
    readonly castSpan: Span;
    /** The discriminant, when it is written as its name alone. */
    readonly shorthand?: string;
  };
}

/** A send of which nothing is known but that it happens. */
export function unknownSend(method: Send["method"], span: Span, nameSpan: Span): Send {
  return {
    method,
    span,
    nameSpan,
    isOnlyDuring: false,
    holdsTurn: false,
    isStatement: false,
    canWait: false,
    isFloating: false,
    toSelf: false,
    inTurn: false,
  };
}
