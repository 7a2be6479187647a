/** Findings with lines and columns, as all formats print them. */

import type { Gap } from "../engine/gap.ts";
import type { SourceRange } from "../protocol.ts";
import type { Severity } from "../rules/diagnostic.ts";

export interface Report {
  /** Relative to the folder the check was started in, with `/`. */
  readonly file: string;
  readonly range: SourceRange;
  readonly rule: string;
  readonly code: number;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly { readonly file: string; readonly range: SourceRange; readonly message: string }[];
  /** The line as it stands, for people. */
  readonly sourceLine: string;
  readonly isFixable: boolean;
}

/** What could not be looked at. */
export interface GapReport {
  readonly kind: Gap["kind"];
  readonly level: Gap["level"];
  /** As in {@link Report}; the folder, where there is no file. */
  readonly file: string;
  readonly range?: SourceRange;
  readonly message: string;
}

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly others: number;
  readonly files: number;
  readonly actors: number;
  readonly milliseconds: number;
  readonly fixed: number;
  /** Places that could not be looked at. */
  readonly unread: number;
}
