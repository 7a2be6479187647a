/** An actor class or a functional actor, as the source says it. */
import type { Span } from "../source/span.ts";
import type { MessageType } from "./message-type.ts";

export interface ActorFact {
  /** Equal in all files: `path#Name`. */
  readonly id: string;
  readonly name: string;
  readonly kind: "class" | "function";
  /** What a running program calls it; absent where that is not written. */
  readonly runtimeName?: string;
  readonly nameSpan: Span;
  readonly span: Span;
  /** The class of the project that it extends, and which of that class's callbacks it puts others in the place of: `init`, `message`. */
  readonly base?: { readonly id: string; readonly replaces: readonly string[] };
  /** `undefined` when not all messages are known. */
  readonly message: MessageType | undefined;
  readonly isAbstract: boolean;
  /** The protocol has a member whose discriminant is not one value; the property, when it is declared in this file. */
  readonly widened?: { readonly property: string; readonly span?: Span };
  /** Tags that two members of the protocol have. */
  readonly ambiguous: readonly string[];
  /** Has something to do at its end. */
  readonly hasPostStop: boolean;
  /** Ends itself in `preStart`, whatever happens: where. */
  readonly stopsAtStart?: Span;
}
