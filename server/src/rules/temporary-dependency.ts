/** A temporary child that a sibling looks up: once it has ended it never comes back. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import { distinctFindings } from "./distinct-findings.ts";
import type { ProgramRule } from "./rule.ts";
import { type Dependency, dependenciesOf } from "./sibling-dependencies.ts";

export const rule: ProgramRule = {
  name: "temporary-dependency",
  code: 4009,
  title: "A child that is never restarted is needed by a sibling",
  severity: "warning",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  return distinctFindings(
    [...index.supervisors.values()].flatMap(({ path, fact }) =>
      dependenciesOf(index, fact).flatMap((dependency) => report(path, dependency)),
    ),
  );
}

/** @param path the file of the supervisor: there it shows who needs whom, also when the restart type stands elsewhere. */
function report(path: string, { child, needs, lookup }: Dependency): readonly Finding[] {
  if (!needs.restart.known || needs.restart.value !== "temporary") return [];
  const who = child.id.known ? `"${child.id.value}"` : "a sibling";
  const place = needs.restartPlace;
  const shown = place === undefined || (place.path !== path && needs.path === path) ? needs : place;
  const fixes =
    place === undefined
      ? []
      : [{ title: "Make it permanent", isSafe: false, edits: [{ ...place, newText: '"permanent"' }] }];
  return [
    {
      path: shown.path,
      span: shown.span,
      message: `${who} needs this child, and a temporary child never comes back`,
      related: [{ ...lookup, message: "it is looked up here" }],
      ...(fixes.length === 0 ? {} : { fixes }),
    },
  ];
}
