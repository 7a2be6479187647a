/** Whether what is asked is granted, as far as the source says both. Pure; shared by the rules over security contexts. */
import {
  below,
  type FileGrant,
  type FilePermission,
  fitArguments,
  type Grants,
  NEEDED_PERMISSIONS,
  pathParts,
  type RunGrant,
} from "airssys-rt/spec";
import type { ContextFact, FileGrantFact, OsRequestFact, RunGrantFact } from "../facts/security-fact.ts";
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
 * | a path | no grant, all of them known, covers it with what is needed | denied |
 * | a relative path where a grant is absolute, or the other way round | | not known |
 * | a command | no grant, all commands known, names it | denied |
 * | its arguments, all known | fit no grant of the command, all of them known | denied |
 * | anything else | | not known, or allowed |
 */
export function staticDenial(request: OsRequestFact, context: ContextFact): StaticDenial | undefined {
  return request.operation === "spawn" ? deniedProcess(request, context) : deniedFile(request, context);
}

/** The path by itself: no context allows it. */
export function badPath({ operation, target }: OsRequestFact): StaticDenial | undefined {
  if (operation === "spawn" || NEEDED_PERMISSIONS[operation] === undefined || pathParts(target.value) !== undefined)
    return undefined;
  return {
    kind: "ungranted",
    place: target.place,
    message: `${JSON.stringify(target.value)} is denied by every context: a path has names only, no empty parts, no "." or ".."`,
  };
}

function deniedProcess({ target, args }: OsRequestFact, { run, name }: ContextFact): StaticDenial | undefined {
  if (run === undefined || run.some(({ command }) => command === undefined)) return undefined;
  const same = run.filter(({ command }) => command === target.value);
  const whose = name ?? "its context";
  if (same.length === 0)
    return {
      kind: "ungranted",
      place: target.place,
      message: `${whose} does not run ${JSON.stringify(target.value)}${commandsOf(run)}`,
    };
  const values = (args ?? []).map(({ value }) => value);
  if (args === undefined || !values.every((value) => value !== undefined)) return undefined;
  const faults = same.map((grant) => (grant.args === undefined ? "unknown" : fitArguments(grant.args, values)));
  const [first] = faults;
  if (first === undefined || !faults.every((one) => one !== "unknown" && !isFitting(one))) return undefined;
  if (first === "unknown" || isFitting(first)) return undefined;
  const { index, reason, hint } = first;
  return {
    kind: reason === "option_like" ? "option-like" : "ungranted",
    place: args[index]?.place ?? target.place,
    message:
      reason === "option_like"
        ? `${JSON.stringify(args[index]?.value)} begins with "-" and is denied: the pattern of ${whose} would need mayBeOption`
        : `${whose} does not run ${JSON.stringify(target.value)} like this: argument ${index + 1}: ${hint}`,
  };
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

function deniedFile(request: OsRequestFact, { files, name }: ContextFact): StaticDenial | undefined {
  const { operation, target } = request;
  const path = pathParts(target.value);
  if (path === undefined || files === undefined) return undefined;
  const missing = NEEDED_PERMISSIONS[operation]?.find(
    (any) => !files.some((grant) => mayCover(grant, path) && mayAllow(grant, any)),
  );
  if (missing === undefined) return undefined;
  const what = missing.map((one) => JSON.stringify(one)).join(" or ");
  const covering = files.find((grant) => mayCover(grant, path));
  return {
    kind: "ungranted",
    place: target.place,
    message:
      covering === undefined
        ? `no grant of ${name ?? "its context"} covers ${JSON.stringify(target.value)}`
        : `${name ?? "its context"} does not allow ${what} of ${JSON.stringify(target.value)}`,
  };
}

/** True also where it cannot be told: `base` says what a relative path means. */
function mayCover({ path: granted }: FileGrantFact, path: NonNullable<ReturnType<typeof pathParts>>): boolean {
  const grant = granted === undefined ? undefined : grantParts(granted);
  if (grant === undefined || grant.isAbsolute !== path.isAbsolute) return true;
  return below(grant.parts, path.parts) !== undefined;
}

function mayAllow({ allow }: FileGrantFact, any: readonly FilePermission[]): boolean {
  return allow === undefined || any.some((one) => allow.includes(one));
}

function grantParts(path: string): ReturnType<typeof pathParts> {
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
