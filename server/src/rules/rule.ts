/** What a rule is: a name for people and settings, a number for search, and a check over facts. */

import type { FileFacts } from "../facts/file-facts.ts";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding, Preset, Severity } from "./diagnostic.ts";

interface RuleBase {
  /** Kebab-case, says the fault, stable for ever. */
  readonly name: string;
  readonly code: number;
  /** One line: what is wrong with the code it reports. */
  readonly title: string;
  readonly severity: Severity;
  /** The smallest preset it belongs to. */
  readonly preset: Preset;
}

/** Judges a file by its own facts. */
export interface FileRule extends RuleBase {
  readonly scope: "file";
  check(facts: FileFacts): readonly Finding[];
}

/** Judges the whole program; run when anything has changed. */
export interface ProgramRule extends RuleBase {
  readonly scope: "program";
  check(index: ProgramIndex): readonly Finding[];
}

export type Rule = FileRule | ProgramRule;
