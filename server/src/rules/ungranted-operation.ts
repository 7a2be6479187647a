/** Something is asked that every context it can reach denies. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { ContextFact, HolderFact, OsRequestFact } from "../facts/security-fact.ts";
import type { Finding } from "./diagnostic.ts";
import { distinctFindings } from "./distinct-findings.ts";
import { badPath, type StaticDenial, staticDenial } from "./os-grants.ts";
import type { ProgramRule } from "./rule.ts";

export const rule: ProgramRule = {
  name: "ungranted-operation",
  code: 9003,
  title: "What is asked is not granted",
  severity: "warning",
  preset: "recommended",
  scope: "program",
  check: (index) =>
    distinctFindings(
      deniedRequests(index)
        .filter(({ kind }) => kind === "ungranted")
        .map(findingOf),
    ),
};

/** Requests that are denied whoever gets them. Shared with the rule over arguments that look like options. */
export function deniedRequests(index: ProgramIndex): readonly StaticDenial[] {
  const contexts = new Map(
    index.files.flatMap(({ security }) => security.contexts.map((one) => [one.id, one] as const)),
  );
  const holders = index.files.flatMap(({ security }) => security.holders);
  return index.files.flatMap(({ security }) =>
    security.requests.flatMap(
      (request) => badPath(request) ?? denialBy(request, reached(request, contexts, holders)) ?? [],
    ),
  );
}

/** Under one of which it is done; `undefined` when that is not known. */
function reached(
  request: OsRequestFact,
  contexts: ReadonlyMap<string, ContextFact>,
  holders: readonly HolderFact[],
): readonly ContextFact[] | undefined {
  const ids =
    request.by === "osProcess"
      ? [request.context]
      : holders
          .filter(({ kind }) => kind === "processManager" || request.operation !== "spawn")
          .map(({ context }) => context);
  const found = ids.map((id) => (id === undefined ? undefined : contexts.get(id)));
  return found.length > 0 && found.every((one) => one !== undefined) ? found : undefined;
}

/** Denied by all of them. */
function denialBy(request: OsRequestFact, contexts: readonly ContextFact[] | undefined): StaticDenial | undefined {
  const denials = contexts?.map((context) => staticDenial(request, context));
  return denials?.every((one) => one !== undefined) === true ? denials[0] : undefined;
}

export function findingOf({ place, message }: StaticDenial): Finding {
  return { path: place.path, span: place.span, message };
}
