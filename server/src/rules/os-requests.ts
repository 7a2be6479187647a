/** What is asked of whom, and whether all of them deny it. Shared by the rules over what is granted, and by completion. */
import type { ProgramIndex } from "../facts/program-index.ts";
import { type ContextFact, type HolderFact, isProcessRequest, type OsRequestFact } from "../facts/security-fact.ts";
import type { Finding } from "./diagnostic.ts";
import { badPath, type StaticDenial, staticDenial } from "./os-grants.ts";

/** Requests that are denied whoever gets them. */
export function deniedRequests(index: ProgramIndex): readonly StaticDenial[] {
  const contexts = contextsOf(index);
  const holders = holdersOf(index);
  return index.files.flatMap(({ security }) =>
    security.requests.flatMap(
      (request) => badPath(request) ?? denialBy(request, reached(request, contexts, holders)) ?? [],
    ),
  );
}

/** All contexts of the program, by id. */
export function contextsOf(index: ProgramIndex): ReadonlyMap<string, ContextFact> {
  return new Map(index.files.flatMap(({ security }) => security.contexts.map((one) => [one.id, one] as const)));
}

/** The contexts that a request can reach and that are known: it may reach others. */
export function contextsReached(index: ProgramIndex, request: OsRequestFact): readonly ContextFact[] {
  return reached(request, contextsOf(index), holdersOf(index)).flatMap((context) => context ?? []);
}

function holdersOf(index: ProgramIndex): readonly HolderFact[] {
  return index.files.flatMap(({ security }) => security.holders);
}

/** Under one of which it is done; one that is not known is `undefined`. */
function reached(
  request: OsRequestFact,
  contexts: ReadonlyMap<string, ContextFact>,
  holders: readonly HolderFact[],
): readonly (ContextFact | undefined)[] {
  const ids =
    isProcessRequest(request) && request.by === "osProcess"
      ? [request.context]
      : holders
          .filter(({ kind }) => kind === "processManager" || request.operation !== "spawn")
          .map(({ context }) => context);
  return ids.map((id) => (id === undefined ? undefined : contexts.get(id)));
}

/** Denied by all of them. */
function denialBy(request: OsRequestFact, contexts: readonly (ContextFact | undefined)[]): StaticDenial | undefined {
  const denials = contexts.map((context) => context && staticDenial(request, context));
  return denials.every((one) => one !== undefined) ? denials[0] : undefined;
}

export function findingOf({ place, message }: StaticDenial): Finding {
  return { path: place.path, span: place.span, message };
}
