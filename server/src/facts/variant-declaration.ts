/** Where a message variant is declared. Plain data. */
import type { Span } from "../source/span.ts";

export interface VariantDeclaration {
  /** Equal to the id of the variant wherever it is used. */
  readonly id: string;
  /** The literal of the discriminant. */
  readonly span: Span;
  /** The whole type. */
  readonly full: Span;
  /** Names of the other required properties. */
  readonly fields: readonly string[];
}
