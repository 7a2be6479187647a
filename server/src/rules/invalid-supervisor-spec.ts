/**
 * A spec the supervisor refuses: an unknown strategy, restart type, shutdown or option, a child without id or start.
 * The compiler finds most of these; not those that come through a cast, from JavaScript, or that are numbers and texts.
 */

import type { SpecFaultFact } from "../facts/supervisor-fact.ts";
import type { Fix } from "./diagnostic.ts";
import type { FileRule } from "./rule.ts";
import { replaceBySuggestion, specFindings } from "./spec-finding.ts";

const CODES = [
  "not_a_spec",
  "unknown_key",
  "invalid_name",
  "invalid_strategy",
  "invalid_auto_shutdown",
  "invalid_children",
  "template_count",
  "missing_id",
  "invalid_id",
  "missing_start",
  "invalid_start",
  "invalid_restart",
  "invalid_shutdown",
  "invalid_type",
  "invalid_mailbox",
  "invalid_backoff",
  "invalid_start_timeout",
];

export const rule: FileRule = {
  name: "invalid-supervisor-spec",
  code: 4003,
  title: "A supervisor spec has a value that the supervisor refuses",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: (facts) => specFindings(facts, CODES, didYouMean),
};

function didYouMean(fault: SpecFaultFact, path: string): readonly Fix[] {
  return replaceBySuggestion(fault, path, (value) => `Change to ${value}`);
}
