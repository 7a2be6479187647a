/** A comment that silences a rule, with the reason the user gives. */
import type { Span } from "../source/span.ts";

export interface Suppression {
  readonly span: Span;
  /** Names of the rules; empty when none is named. */
  readonly rules: readonly string[];
  readonly reason: string;
  /** What it covers; the whole file for `airssys-ignore-file`. */
  readonly covers: Span;
}
