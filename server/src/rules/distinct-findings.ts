/** Findings without repetition. Shared by the rules over child specs, which several supervisors may use. */
import type { Finding } from "./diagnostic.ts";

/** The first of those that say the same of the same place. */
export function distinctFindings(findings: readonly Finding[]): readonly Finding[] {
  const known = new Map<string, Finding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.path, finding.span, finding.message]);
    if (!known.has(key)) known.set(key, finding);
  }
  return [...known.values()];
}
