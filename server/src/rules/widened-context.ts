/** A context is narrowed to more than it has. */
import { widenedFields } from "airssys-rt/spec";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { ContextFact } from "../facts/security-fact.ts";
import type { FileSpan } from "../source/span.ts";
import type { Finding } from "./diagnostic.ts";
import { distinctFindings } from "./distinct-findings.ts";
import { knownGrants, wholeGrants } from "./os-grants.ts";
import type { ProgramRule } from "./rule.ts";

export const rule: ProgramRule = {
  name: "widened-context",
  code: 9004,
  title: "A context is narrowed to more than it allows",
  severity: "error",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  const all = index.files.flatMap(({ security }) => security.contexts);
  const byId = new Map(all.map((one) => [one.id, one]));
  return distinctFindings(
    all.flatMap((narrow) => {
      const wide = narrow.narrowedFrom === undefined ? undefined : byId.get(narrow.narrowedFrom);
      return wide === undefined ? [] : widened(wide, narrow);
    }),
  );
}

/** What is known of the narrow one is held against all of the wide one. */
function widened(wide: ContextFact, narrow: ContextFact): readonly Finding[] {
  const whole = wholeGrants(wide);
  if (whole === undefined) return [];
  const { files, run } = knownGrants(narrow);
  const grants = {
    principal: "",
    files: files.map(({ grant }) => grant),
    run: run.map(({ grant }) => grant),
    // What is fixed counts for all commands: without knowing all of it, nothing is said of what is missing.
    env: narrow.env ?? whole.env,
  };
  return widenedFields(whole, grants).flatMap(({ path: [list, at], message }): readonly Finding[] => {
    const place = placeOf(narrow, files, run, list, at);
    return place === undefined ? [] : [{ path: place.path, span: place.span, message: `narrow throws: ${message}` }];
  });
}

function placeOf(
  { envPlaces }: ContextFact,
  files: readonly { readonly place: FileSpan }[],
  run: readonly { readonly place: FileSpan }[],
  list: string | number | undefined,
  at: string | number | undefined,
): FileSpan | undefined {
  if (list === "env") return envPlaces[String(at)];
  return (list === "files" ? files : run)[Number(at)]?.place;
}
