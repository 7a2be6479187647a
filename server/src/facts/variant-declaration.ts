/** Where a message variant is declared. Plain data. */
import type { Span } from "../source/span.ts";

export interface VariantDeclaration {
  /** Equal to the id of the variant wherever it is used. */
  readonly id: string;
  /** The literal of the discriminant. */
  readonly span: Span;
  /** The property that tells the variants apart. */
  readonly discriminant: string;
  /** Where its union takes a further member; absent when no union of this file, or more than one, has it. */
  readonly room?: UnionRoom;
}

export interface UnionRoom {
  readonly at: number;
  /** What stands between two members: ` | `, or a line end before it. */
  readonly lead: string;
  /** Equal for all variants of the union. */
  readonly union: string;
}
