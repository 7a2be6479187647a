/** A mistake in a supervisor spec as a finding, with the fixes that follow from it. Shared by the rules over specs. */

import type { FileFacts } from "../facts/file-facts.ts";
import type { SpecFaultFact } from "../facts/supervisor-fact.ts";
import type { Finding, Fix } from "./diagnostic.ts";

/** Findings for the faults whose code is in the list, in the order of the source. */
export function specFindings(
  facts: FileFacts,
  codes: readonly string[],
  fixesOf: (fault: SpecFaultFact, path: string) => readonly Fix[],
): readonly Finding[] {
  return facts.supervisors
    .flatMap((supervisor) => supervisor.faults)
    .filter(({ fault }) => codes.includes(fault.code))
    .map((fault) => finding(facts.path, fault, fixesOf(fault, facts.path)));
}

/** Writes the suggestion in the place of the value, when the value stands in the open and not elsewhere. */
export function replaceBySuggestion(
  fault: SpecFaultFact,
  path: string,
  title: (suggestion: string) => string,
): readonly Fix[] {
  const { suggestion } = fault.fault;
  if (suggestion === undefined || fault.origin !== undefined) return [];
  const isWord = Number.isNaN(Number(suggestion));
  const isName = fault.fault.code === "unknown_key";
  const text = isWord && !isName ? `${fault.quote ?? '"'}${suggestion}${fault.quote ?? '"'}` : suggestion;
  const { shorthand, span } = fault;
  const newText = shorthand === undefined ? text : isName ? `${text}: ${shorthand}` : `${shorthand}: ${text}`;
  return [{ title: title(text), isSafe: true, edits: [{ path, span, newText }] }];
}

function finding(path: string, { fault, span, origin, first }: SpecFaultFact, fixes: readonly Fix[]): Finding {
  const related = [
    ...(first === undefined ? [] : [{ ...first, message: "it is used first here" }]),
    ...(origin === undefined ? [] : [{ ...origin, message: "the value is written here" }]),
  ];
  return {
    path,
    span,
    message: fault.message,
    ...(related.length === 0 ? {} : { related }),
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}
