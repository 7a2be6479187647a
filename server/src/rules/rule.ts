/** What a rule is: a name for people and settings, a number for search, and a check over facts. */

import type { FileFacts } from "../facts/file-facts.ts";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding, Preset, Severity } from "./diagnostic.ts";

/** Lists of words by the name of the option, as the settings of a file have them. */
export type RuleOptions = Readonly<Record<string, readonly string[]>>;

interface RuleBase {
  /** Kebab-case, says the fault, stable for ever. */
  readonly name: string;
  readonly code: number;
  /** One line: what is wrong with the code it reports. */
  readonly title: string;
  readonly severity: Severity;
  /** The smallest preset it belongs to. */
  readonly preset: Preset;
  /** What can be set, by name: what the words of the list mean, for people. */
  readonly options?: Readonly<Record<string, string>>;
}

/** Judges a file by its own facts. */
export interface FileRule extends RuleBase {
  readonly scope: "file";
  check(facts: FileFacts, options: RuleOptions): readonly Finding[];
}

/** Judges the whole program; run when anything has changed. */
export interface ProgramRule extends RuleBase {
  readonly scope: "program";
  check(index: ProgramIndex, optionsOf: (path: string) => RuleOptions): readonly Finding[];
}

export type Rule = FileRule | ProgramRule;
