/** A comment that silences a rule which finds nothing there, or that gives no reason and therefore silences nothing. */

import type { Suppression } from "../facts/suppression.ts";
import type { Finding } from "./diagnostic.ts";
import type { FileRule } from "./rule.ts";

/** The engine finds these itself, after all other rules: only then is it known what a comment silences. */
export const rule: FileRule = {
  name: "unused-suppression",
  code: 8004,
  title: "A suppression comment silences nothing",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: () => [],
};

export function unusedFinding(path: string, suppression: Suppression): Finding {
  return {
    path,
    span: suppression.span,
    message: messageFor(suppression),
    isUnnecessary: true,
    fixes: [
      {
        title: "Remove the comment",
        isSafe: suppression.reason !== "",
        edits: [{ path, span: suppression.span, newText: "" }],
      },
    ],
  };
}

function messageFor({ rules, reason }: Suppression): string {
  if (rules.length === 0) return "this comment names no rule: write the rule and a reason, as in `rule-name: reason`";
  if (reason === "") return `this comment silences nothing without a reason: write it after \`${rules.join(", ")}:\``;
  return `there is nothing to silence here for ${rules.join(", ")}`;
}
