/** A time-out that is no positive, finite number: `ask` throws at once. */

import type { Send } from "../facts/send.ts";
import type { Finding } from "./diagnostic.ts";
import type { FileRule } from "./rule.ts";

/** OTP's, and the runtime's own default. */
const DEFAULT_TIMEOUT_MS = "5_000";

export const rule: FileRule = {
  name: "invalid-ask-timeout",
  code: 2002,
  title: "The time-out of an ask is not a positive number",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: (facts) => facts.sends.flatMap((send) => report(facts.path, send)),
};

function report(path: string, { timeoutMs }: Send): readonly Finding[] {
  if (timeoutMs === undefined || !timeoutMs.known) return [];
  const { value, span, isShorthand } = timeoutMs;
  if (typeof value !== "number" || (value > 0 && Number.isFinite(value))) return [];
  const newText = isShorthand ? `timeoutMs: ${DEFAULT_TIMEOUT_MS}` : DEFAULT_TIMEOUT_MS;
  return [
    {
      path,
      span,
      message: `timeoutMs must be a number > 0, not ${value}`,
      fixes: [{ title: `Use ${DEFAULT_TIMEOUT_MS}`, isSafe: false, edits: [{ path, span, newText }] }],
    },
  ];
}
