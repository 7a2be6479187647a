/** What rules say: plain data with offsets. Knows neither the compiler nor the LSP. */
import type { FileSpan, Span } from "../source/span.ts";
import type { TextEdit } from "../source/text-edit.ts";

export type Severity = "error" | "warning" | "information" | "hint";

/** Sets of rules that are on. `strict` holds all of `recommended`. */
export type Preset = "recommended" | "strict";

/** One way to make a diagnostic go away. */
export interface Fix {
  /** An imperative, for a menu: `Add the missing cases`. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Whether it may be applied without being looked at: it keeps the meaning or leaves one choice only. */
  readonly isSafe: boolean;
  /** Whether it is the one a person would choose, though it is not safe. */
  readonly isObvious?: boolean;
}

export interface RelatedPlace extends FileSpan {
  readonly message: string;
}

/** What a rule finds; the engine adds which rule it was. */
export interface Finding {
  readonly path: string;
  readonly span: Span;
  /** One line for people: lower case, no full stop. */
  readonly message: string;
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
  /** Shown faded: the code has no effect. */
  readonly isUnnecessary?: boolean;
}

export interface Diagnostic extends Finding {
  /** Kebab-case name of the rule. */
  readonly rule: string;
  readonly code: number;
  readonly severity: Severity;
}
