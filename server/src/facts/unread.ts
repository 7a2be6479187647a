/** What a file says and nobody can know: no rule has looked at it. Plain data. */
import type { Span } from "../source/span.ts";

export interface Unread {
  /**
   * `runtime`: nothing in the file that has to do with actors. `messages`: those of one actor. `text`: from a place of the file on.
   * `syntax`: what a syntax error leaves of the code is read, and may mean something else.
   */
  readonly kind: "runtime" | "messages" | "text" | "syntax";
  /** The file it is in, where that is another. */
  readonly path?: string;
  readonly span: Span;
  /** One line for people: what, and why. */
  readonly text: string;
}
