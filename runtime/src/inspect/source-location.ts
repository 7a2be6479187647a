/** The protocol's words about a place in the code of a program. */

export interface SourceLocation {
  /** `file:` URL or path of the script as Node loaded it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}
