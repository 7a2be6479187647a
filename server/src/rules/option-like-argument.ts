/** An argument that a program would take for an option: denied for ever, or handed to it as it is. */
import type { ArgumentPattern } from "airssys-rt/spec";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import { distinctFindings } from "./distinct-findings.ts";
import { incidentFindings } from "./incident-findings.ts";
import { deniedRequests, findingOf } from "./os-requests.ts";
import type { ProgramRule } from "./rule.ts";

export const rule: ProgramRule = {
  name: "option-like-argument",
  code: 9007,
  title: "An argument would be taken for an option",
  severity: "warning",
  preset: "recommended",
  scope: "program",
  check: (index) =>
    distinctFindings([
      ...deniedRequests(index)
        .filter(({ kind }) => kind === "option-like")
        .map(findingOf),
      ...index.files.flatMap((facts) =>
        incidentFindings(facts, "option-like-argument", {
          message: ({ subject }) =>
            `${subject} may begin with "-" and is an option then: put "--" before it, or check it`,
        }),
      ),
      ...uselessPatterns(index),
    ]),
};

/** A pattern that fits nothing but options, without saying that they may be. */
function uselessPatterns(index: ProgramIndex): readonly Finding[] {
  const grants = index.files.flatMap(({ security }) => security.contexts.flatMap(({ run }) => run ?? []));
  return grants.flatMap(({ args, argPlaces }) =>
    (args ?? []).flatMap((pattern, position): readonly Finding[] => {
      const place = argPlaces[position];
      if (place === undefined || !fitsOnlyOptions(pattern)) return [];
      const message =
        'this fits only what begins with "-", which is denied: write the option as text, or say mayBeOption';
      return [{ path: place.path, span: place.span, message }];
    }),
  );
}

function fitsOnlyOptions(pattern: ArgumentPattern): boolean {
  if (typeof pattern === "string") return false;
  const single = "rest" in pattern ? pattern.rest : pattern;
  if (typeof single === "string" || single.mayBeOption === true) return false;
  // A literal dash before anything else, and no other way to match.
  if ("matches" in single) return /^\^?-/.test(single.matches.source) && !single.matches.source.includes("|");
  return "integer" in single && single.integer[1] < 0;
}
