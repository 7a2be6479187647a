/** What is granted, where something is asked: commands, their arguments, paths, in the quotes where they are written. */
import type { ArgumentPattern, SingleArgument } from "airssys-rt/spec";
import type { ProgramIndex } from "../facts/program-index.ts";
import { type ContextFact, isProcessRequest, type OsRequestFact } from "../facts/security-fact.ts";
import { neededFor } from "../rules/os-grants.ts";
import { contextsOf, contextsReached } from "../rules/os-requests.ts";
import type { FileSpan, Span } from "../source/span.ts";

export interface GrantCompletion {
  readonly label: string;
  readonly detail: string;
  /** As it is written between quotes. */
  readonly text: string;
  /** What is between the quotes, which the label takes the place of. */
  readonly replaces: Span;
}

/**
 * | in the quotes of | offered |
 * |---|---|
 * | `command` of a request | commands of the contexts it can reach |
 * | an argument of a request | texts that a grant of that command has in this place |
 * | `path` of a file message, `to` of a move | directories that the operation is granted in |
 * | `command`, `path` of a grant of `narrow` | those of the wider context |
 */
export function grantCompletions(index: ProgramIndex, path: string, offset: number): readonly GrantCompletion[] {
  const facts = index.files.find((file) => file.path === path);
  if (facts === undefined) return [];
  const { requests, contexts } = facts.security;
  const isHere = (place: FileSpan | undefined): place is FileSpan =>
    place !== undefined && place.path === path && place.span.start < offset && offset < place.span.end;
  const asked = requests.flatMap((request) => forRequest(request, contextsReached(index, request), isHere));
  const narrowed = contexts.flatMap((context) => forNarrowed(context, contextsOf(index), isHere));
  return distinct([...asked, ...narrowed]);
}

type IsHere = (place: FileSpan | undefined) => place is FileSpan;

function forRequest(request: OsRequestFact, contexts: readonly ContextFact[], isHere: IsHere): GrantCompletion[] {
  if (!isProcessRequest(request))
    return request.paths.flatMap(({ place: at, field }) =>
      isHere(at)
        ? contexts.flatMap((context) => pathsOf(context, at, neededFor(request.operation, field)?.flat()))
        : [],
    );
  const { command, args = [] } = request;
  if (isHere(command.place)) return contexts.flatMap((context) => commandsOf(context, command.place));
  const at = args.findIndex(({ place }) => isHere(place));
  const place = args[at]?.place;
  return place === undefined ? [] : contexts.flatMap((context) => argumentsOf(context, command.value, at, place));
}

function forNarrowed(
  { narrowedFrom, run = [], files = [] }: ContextFact,
  contexts: ReadonlyMap<string, ContextFact>,
  isHere: IsHere,
): GrantCompletion[] {
  const wide = narrowedFrom === undefined ? undefined : contexts.get(narrowedFrom);
  if (wide === undefined) return [];
  return [
    ...run.flatMap(({ place }) => (isHere(place) ? commandsOf(wide, place) : [])),
    ...files.flatMap(({ pathPlace }) => (isHere(pathPlace) ? pathsOf(wide, pathPlace, undefined) : [])),
  ];
}

function commandsOf({ run = [], name }: ContextFact, place: FileSpan): GrantCompletion[] {
  return run.flatMap(({ command, args }) =>
    command === undefined ? [] : [completion(command, `${patternsText(args)}${ofContext(name)}`, place)],
  );
}

function pathsOf(
  { files = [], name }: ContextFact,
  place: FileSpan,
  helpful: readonly string[] | undefined,
): GrantCompletion[] {
  return files.flatMap(({ path, allow = [] }) =>
    path === undefined || (helpful !== undefined && !helpful.some((one) => (allow as readonly string[]).includes(one)))
      ? []
      : [completion(path, `${allow.join(", ")}${ofContext(name)}`, place)],
  );
}

function argumentsOf({ run = [], name }: ContextFact, command: string, at: number, place: FileSpan): GrantCompletion[] {
  return run
    .filter((grant) => grant.command === command)
    .flatMap(({ args = [] }) => textsOf(patternAt(args, at)))
    .map((text) => completion(text, `argument ${at + 1}${ofContext(name)}`, place));
}

function patternAt(patterns: readonly ArgumentPattern[], at: number): SingleArgument | undefined {
  const last = patterns.at(-1);
  const pattern = patterns[at] ?? (typeof last === "object" && "rest" in last ? last : undefined);
  return typeof pattern === "object" && "rest" in pattern ? pattern.rest : pattern;
}

function textsOf(pattern: SingleArgument | undefined): readonly string[] {
  if (typeof pattern === "string") return [pattern];
  return pattern !== undefined && "oneOf" in pattern ? pattern.oneOf : [];
}

/** What a command takes, briefly. */
function patternsText(args: readonly ArgumentPattern[] | undefined): string {
  if (args === undefined) return "with arguments that are not known";
  return args.length === 0 ? "without arguments" : args.map(patternText).join(" ");
}

function patternText(pattern: ArgumentPattern): string {
  if (typeof pattern === "string") return pattern;
  if ("rest" in pattern) return `${patternText(pattern.rest)}…`;
  if ("oneOf" in pattern) return pattern.oneOf.join("|");
  if ("matches" in pattern) return String(pattern.matches);
  return "integer" in pattern ? `${pattern.integer[0]}–${pattern.integer[1]}` : `<path to ${pattern.path}>`;
}

function ofContext(name: string | undefined): string {
  return name === undefined ? "" : ` · ${name}`;
}

function completion(label: string, detail: string, { span }: FileSpan): GrantCompletion {
  const text = label.replace(/[\\"'`]/g, "\\$&").replaceAll("${", "\\${");
  return { label, detail, text, replaces: { start: span.start + 1, end: span.end - 1 } };
}

function distinct(completions: readonly GrantCompletion[]): readonly GrantCompletion[] {
  const known = new Map<string, GrantCompletion>();
  for (const one of completions) if (!known.has(one.label)) known.set(one.label, one);
  return [...known.values()];
}
