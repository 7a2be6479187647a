/** Whether what is asked is granted, as far as the source says both. Pure; shared by the rules over security contexts. */
import {
  below,
  type FileGrant,
  type FilePermission,
  fitArguments,
  type Grants,
  NEEDED_PERMISSIONS,
  type PathParts,
  pathParts,
  type RunGrant,
} from "airssys-rt/spec";
import {
  type ContextFact,
  type FileGrantFact,
  type FileRequestFact,
  isProcessRequest,
  type OsRequestFact,
  type ProcessRequestFact,
  type RunGrantFact,
} from "../facts/security-fact.ts";
import type { FileSpan } from "../source/span.ts";

/** Why something will be denied. */
export interface StaticDenial {
  readonly kind: "ungranted" | "option-like";
  readonly place: FileSpan;
  readonly message: string;
}

/**
 * | request | context | |
 * |---|---|---|
 * | a path that is none (`../a`, `a//b`, `a/`) | any | denied |
 * | a path, or where a `move` goes to | no grant, all of them known, covers it with what is needed | denied |
 * | a relative path where a grant is absolute, or the other way round | | not known |
 * | a command | no grant, all commands known, names it | denied |
 * | its arguments, all known | fit no grant of the command, all of them known | denied |
 * | an argument that is a path | as a path | |
 * | a variable | no grant of the command, all of them known, lists it | denied |
 * | anything else | | not known, or allowed |
 */
export function staticDenial(request: OsRequestFact, context: ContextFact): StaticDenial | undefined {
  return isProcessRequest(request) ? deniedProcess(request, context) : deniedFile(request, context);
}

const NO_PATH = 'a path has names only, no empty parts, no "." or ".."';

/** A path by itself: no context allows it. */
export function badPath(request: OsRequestFact): StaticDenial | undefined {
  if (isProcessRequest(request)) return undefined;
  const bad = request.paths.find(
    ({ value, field }) => neededFor(request.operation, field) !== undefined && pathParts(value) === undefined,
  );
  return (
    bad && {
      kind: "ungranted",
      place: bad.place,
      message: `${JSON.stringify(bad.value)} is denied by every context: ${NO_PATH}`,
    }
  );
}

/** What the grants of a path have to allow: of each list one. */
export function neededFor(operation: string, field: "path" | "to"): readonly (readonly FilePermission[])[] | undefined {
  return field === "path" ? NEEDED_PERMISSIONS[operation] : operation === "move" ? [["write"]] : undefined;
}

function deniedProcess(request: ProcessRequestFact, context: ContextFact): StaticDenial | undefined {
  const { command } = request;
  const { run, name } = context;
  if (run === undefined || run.some((grant) => grant.command === undefined)) return undefined;
  const same = run.filter((grant) => grant.command === command.value);
  if (same.length === 0)
    return {
      kind: "ungranted",
      place: command.place,
      message: `${name ?? "its context"} does not run ${JSON.stringify(command.value)}${commandsOf(run)}`,
    };
  const denials = same.map(
    (grant) => deniedArguments(request, grant, context) ?? deniedVariable(request, grant, context),
  );
  return denials.every((one) => one !== undefined) ? denials[0] : undefined;
}

function deniedArguments(
  { command, args }: ProcessRequestFact,
  grant: RunGrantFact,
  context: ContextFact,
): StaticDenial | undefined {
  const values = (args ?? []).map(({ value }) => value);
  if (args === undefined || grant.args === undefined || !values.every((value) => value !== undefined)) return undefined;
  const whose = context.name ?? "its context";
  const notLikeThis = `${whose} does not run ${JSON.stringify(command.value)} like this`;
  const fitting = fitArguments(grant.args, values);
  if (isFitting(fitting)) {
    for (const [index, { text, pattern }] of fitting.entries()) {
      if (typeof pattern !== "object" || !("path" in pattern)) continue;
      const why = pathParts(text) === undefined ? NO_PATH : deniedPath(text, [[pattern.path]], context);
      const place = args[index]?.place ?? command.place;
      if (why !== undefined)
        return { kind: "ungranted", place, message: `${notLikeThis}: argument ${index + 1}: ${why}` };
    }
    return undefined;
  }
  const { index, reason, hint } = fitting;
  return {
    kind: reason === "option_like" ? "option-like" : "ungranted",
    place: args[index]?.place ?? command.place,
    message:
      reason === "option_like"
        ? `${JSON.stringify(args[index]?.value)} begins with "-" and is denied: the pattern of ${whose} would need mayBeOption`
        : `${notLikeThis}: argument ${index + 1}: ${hint}`,
  };
}

function deniedVariable(
  { command, env }: ProcessRequestFact,
  { rest }: RunGrantFact,
  { name }: ContextFact,
): StaticDenial | undefined {
  if (rest === undefined) return undefined;
  // One that makes programs run others is listed only together with `dangerous: true`.
  const missing = env.find(({ value }) => rest.env?.includes(value) !== true);
  if (missing === undefined) return undefined;
  const { value, place } = missing;
  const message = `${name ?? "its context"} does not give ${value} to ${JSON.stringify(command.value)}: its grant would have to list it in env`;
  return { kind: "ungranted", place, message };
}

function isFitting(fitting: ReturnType<typeof fitArguments>): fitting is Extract<typeof fitting, readonly unknown[]> {
  return Array.isArray(fitting);
}

function commandsOf(run: readonly RunGrantFact[]): string {
  const known = [...new Set(run.flatMap(({ command }) => command ?? []))];
  return known.length === 0
    ? ": it runs nothing"
    : `: it runs ${known.slice(0, 3).join(", ")}${known.length > 3 ? ", …" : ""}`;
}

function deniedFile({ operation, paths }: FileRequestFact, context: ContextFact): StaticDenial | undefined {
  for (const { value, place, field } of paths) {
    const why = deniedPath(value, neededFor(operation, field), context);
    if (why !== undefined) return { kind: "ungranted", place, message: why };
  }
  return undefined;
}

/** Why a path is denied; `undefined` when it may be allowed. */
function deniedPath(
  target: string,
  needed: readonly (readonly FilePermission[])[] | undefined,
  { files, name, base }: ContextFact,
): string | undefined {
  const path = pathParts(target);
  if (path === undefined || files === undefined) return undefined;
  const missing = needed?.find((any) => !files.some((grant) => mayCover(grant, path, base) && mayAllow(grant, any)));
  if (missing === undefined) return undefined;
  const what = missing.map((one) => JSON.stringify(one)).join(" or ");
  return files.some((grant) => mayCover(grant, path, base))
    ? `${name ?? "its context"} does not allow ${what} of ${JSON.stringify(target)}`
    : `no grant of ${name ?? "its context"} covers ${JSON.stringify(target)}`;
}

/** True also where it cannot be told: without a known `base` nobody knows what a relative path means. */
function mayCover({ path: granted }: FileGrantFact, path: PathParts, base: string | undefined): boolean {
  const grant = granted === undefined ? undefined : grantParts(granted);
  if (grant === undefined) return true;
  const isAlike = grant.isAbsolute === path.isAbsolute;
  const [above, parts] = isAlike ? [grant, path] : [absolute(grant, base), absolute(path, base)];
  return above === undefined || parts === undefined || below(above.parts, parts.parts) !== undefined;
}

/** `undefined` for a relative path whose beginning is not known. */
export function absolute(path: PathParts, base: string | undefined): PathParts | undefined {
  if (path.isAbsolute) return path;
  const above = base === undefined ? undefined : pathParts(base);
  return above && { isAbsolute: true, parts: [...above.parts, ...path.parts] };
}

function mayAllow({ allow }: FileGrantFact, any: readonly FilePermission[]): boolean {
  return allow === undefined || any.some((one) => allow.includes(one));
}

/** Of a directory that is granted, where `.` is the base itself. */
export function grantParts(path: string): PathParts | undefined {
  return path === "." ? { isAbsolute: false, parts: [] } : pathParts(path);
}

/** The grants of which everything is known, with where each stands. */
export function knownGrants({ files = [], run = [] }: ContextFact): {
  readonly files: readonly { readonly grant: FileGrant; readonly place: FileSpan }[];
  readonly run: readonly { readonly grant: RunGrant; readonly place: FileSpan }[];
} {
  return {
    files: files.flatMap(({ path, allow, symlinks, place }) =>
      path === undefined || allow === undefined || symlinks === undefined
        ? []
        : [{ grant: { path, allow, symlinks }, place }],
    ),
    run: run.flatMap(({ command, args, rest, place }) =>
      command === undefined || args === undefined || rest === undefined
        ? []
        : [{ grant: { command, args, ...rest }, place }],
    ),
  };
}

/** All that a context grants; `undefined` when the source does not say all of it. */
export function wholeGrants(context: ContextFact): Grants | undefined {
  const { files, run } = knownGrants(context);
  const { env } = context;
  if (env === undefined || files.length !== context.files?.length || run.length !== context.run?.length)
    return undefined;
  return { principal: "", files: files.map(({ grant }) => grant), run: run.map(({ grant }) => grant), env };
}
