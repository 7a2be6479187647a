/** Takes out what comments silence, and reports comments that silence nothing or give no reason. */

import type { FileFacts } from "../facts/file-facts.ts";
import type { Suppression } from "../facts/suppression.ts";
import type { Diagnostic } from "../rules/diagnostic.ts";
import { unusedFinding, rule as unusedSuppression } from "../rules/unused-suppression.ts";
import { type RuleSettings, severityOf } from "./rule-settings.ts";

/** @returns the diagnostics that stay, in the order of the source. */
export function applySuppressions(
  found: readonly Diagnostic[],
  facts: FileFacts,
  settings: RuleSettings,
): readonly Diagnostic[] {
  const used = new Set<Suppression>();
  const kept = found.filter((diagnostic) => {
    const suppression = facts.suppressions.find((one) => silences(one, diagnostic));
    if (suppression !== undefined) used.add(suppression);
    return suppression === undefined;
  });
  const severity = severityOf(settings, unusedSuppression);
  const useless = severity === undefined ? [] : facts.suppressions.filter((one) => !used.has(one));
  const reports = useless.map((one) => ({
    ...unusedFinding(facts.path, one),
    rule: unusedSuppression.name,
    code: unusedSuppression.code,
    severity: severity ?? unusedSuppression.severity,
  }));
  return [...kept, ...reports].sort((a, b) => a.span.start - b.span.start || a.code - b.code);
}

/** Without a reason a comment silences nothing. */
function silences(suppression: Suppression, diagnostic: Diagnostic): boolean {
  const { covers, rules, reason } = suppression;
  const { start } = diagnostic.span;
  return reason !== "" && rules.includes(diagnostic.rule) && covers.start <= start && start <= covers.end;
}
