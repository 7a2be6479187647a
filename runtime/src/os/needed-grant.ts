/** The grant that a denied operation would have needed, as it is written in a context. Pure: text only, nothing is granted. */
import { isList } from "../values/fields.ts";
import { fitArguments, isSecret } from "./argument-pattern.ts";
import {
  type ArgumentPattern,
  FILE_PERMISSIONS,
  type FilePermission,
  type Grants,
  NEEDED_PERMISSIONS,
  type RunGrant,
  type SingleArgument,
} from "./grant.ts";
import { AccessDeniedError, type Denial } from "./os-errors.ts";
import type { ProcessRequest } from "./process-request.ts";
import { isDangerousToGive, isVariableName } from "./variable.ts";

/** What a file operation needs of one grant that has it all. */
function permissionsOf(operation: string): readonly FilePermission[] | undefined {
  const needed = NEEDED_PERMISSIONS[operation]?.flatMap((any) => any.slice(0, 1));
  return operation === "move" ? FILE_PERMISSIONS.filter((one) => one === "write" || needed?.includes(one)) : needed;
}

/** Characters of a grant; who needs more writes it. */
const LONGEST = 2_000;

/** What stands in a grant for an argument that must not be told. */
const SECRET = "{ matches: /(?!)/, secret: true }";

/**
 * | a path that no grant covers, or not with what it needs | grant |
 * |---|---|
 * | of `list`, `watch` | itself |
 * | of another file operation | its directory |
 * | of anything else | none |
 */
export function neededFileGrant({ operation, target }: Pick<Denial, "operation" | "target">): string | undefined {
  const isDirectory = operation === "list" || operation === "watch";
  return fileGrant(isDirectory ? target : directoryOf(target), permissionsOf(operation));
}

/**
 * | a process is denied | grant |
 * |---|---|
 * | a path that is an argument, `outside` or `not_granted` | its directory, `read` or `write` as its pattern says |
 * | a command that no grant names; an argument that fits none | the command with exactly these arguments, secret ones to be filled in |
 * | `option_like` | the same: what the grant spells out may begin with `-` |
 * | `environment`, a variable that is not listed | a grant of the command that takes these arguments, with the variables among its `env` |
 * | anything else | none: what is wrong is not that a grant is missing |
 */
export function neededRunGrant(grants: Grants, denial: Denial, asked: ProcessRequest): string | undefined {
  const text = grantFor(grants, denial, asked);
  return text === undefined || text.length > LONGEST ? undefined : text;
}

/** Decides about a process; a denial says which grant would be needed. */
export function sayingGrant<T>(grants: Grants, asked: ProcessRequest, decide: () => T): T {
  try {
    return decide();
  } catch (error) {
    const grant = error instanceof AccessDeniedError ? neededRunGrant(grants, error, asked) : undefined;
    if (grant === undefined) throw error;
    const { operation, target, reason, hint } = error as AccessDeniedError;
    throw new AccessDeniedError({ operation, target, reason, hint, grant });
  }
}

function grantFor(grants: Grants, { target, reason }: Denial, asked: ProcessRequest): string | undefined {
  if (target !== asked.command)
    return reason === "outside" || reason === "not_granted"
      ? fileGrant(directoryOf(target), permissionOf(grants, asked, target))
      : undefined;
  if (reason === "environment") return grantWithVariables(grants, asked);
  if (reason === "not_granted" || reason === "argument" || reason === "option_like") return runGrant(grants, asked);
  return undefined;
}

function fileGrant(path: string, allow: readonly FilePermission[] | undefined): string | undefined {
  if (allow === undefined || path === "" || path.length > LONGEST) return undefined;
  return `{ path: ${JSON.stringify(path)}, allow: [${allow.map((one) => JSON.stringify(one)).join(", ")}] }`;
}

function directoryOf(path: string): string {
  const cut = path.replace(/\/+$/, "").lastIndexOf("/");
  return cut < 0 ? "." : path.slice(0, Math.max(1, cut));
}

/** What a path among the arguments is for. */
function permissionOf(
  { run }: Grants,
  { command, args = [] }: ProcessRequest,
  target: string,
): readonly FilePermission[] | undefined {
  const patterns = run
    .filter((grant) => grant.command === command)
    .flatMap((grant) => patternsAt(grant, args.indexOf(target)));
  const found = patterns.find((pattern) => typeof pattern === "object" && "path" in pattern);
  return typeof found === "object" && "path" in found ? [found.path] : undefined;
}

/** Exactly these arguments; directory, variables and the like are those of a grant that there is. */
function runGrant({ run }: Grants, asked: ProcessRequest): string | undefined {
  const { command, args = [] } = asked;
  const own = run.filter((grant) => grant.command === command);
  const written = args.map((text, index) =>
    own.flatMap((grant) => patternsAt(grant, index)).some(isSecret) ? SECRET : JSON.stringify(text),
  );
  return grantText(own[0] ?? { command }, written, asked);
}

/** A variable is missing where the arguments fit: their patterns stay. */
function grantWithVariables({ run }: Grants, asked: ProcessRequest): string | undefined {
  const { command, args = [] } = asked;
  const fitting = run.find((grant) => grant.command === command && isList(fitArguments(grant.args ?? [], args)));
  if (fitting === undefined || Object.keys(asked.env ?? {}).length === 0) return undefined;
  return grantText(fitting, (fitting.args ?? []).map(patternText), asked);
}

/** `undefined` when a variable is none: no grant lists it. */
function grantText(like: RunGrant, args: readonly string[], { env = {} }: ProcessRequest): string | undefined {
  const names = [...new Set([...(like.env ?? []), ...Object.keys(env)])];
  if (!names.every(isVariableName)) return undefined;
  const parts = [
    `command: ${JSON.stringify(like.command)}`,
    args.length === 0 ? "" : `args: [${args.join(", ")}]`,
    like.cwd === undefined ? "" : `cwd: ${JSON.stringify(like.cwd)}`,
    names.length === 0 ? "" : `env: [${names.map((name) => JSON.stringify(name)).join(", ")}]`,
    like.dangerous === true || Object.keys(env).some(isDangerousToGive) ? "dangerous: true" : "",
    like.pin === true ? "pin: true" : "",
  ];
  return `{ ${parts.filter((part) => part !== "").join(", ")} }`;
}

function patternText(pattern: ArgumentPattern): string {
  if (typeof pattern === "string") return JSON.stringify(pattern);
  if ("rest" in pattern) return `{ rest: ${patternText(pattern.rest)}, max: ${pattern.max} }`;
  if (isSecret(pattern)) return SECRET;
  return `{ ${kindText(pattern)}${pattern.mayBeOption === true ? ", mayBeOption: true" : ""} }`;
}

function kindText(pattern: Exclude<SingleArgument, string>): string {
  if ("matches" in pattern) return `matches: ${pattern.matches}`;
  if ("oneOf" in pattern) return `oneOf: [${pattern.oneOf.map((text) => JSON.stringify(text)).join(", ")}]`;
  return "integer" in pattern ? `integer: [${pattern.integer.join(", ")}]` : `path: ${JSON.stringify(pattern.path)}`;
}

/** The pattern of one argument, and that of the rest: which of the two counts is not known of arguments that do not fit. */
function patternsAt({ args = [] }: RunGrant, index: number): readonly SingleArgument[] {
  const last = args.at(-1);
  return [args[index], last].flatMap((pattern) => (pattern === undefined || index < 0 ? [] : single(pattern)));
}

function single(pattern: ArgumentPattern): readonly SingleArgument[] {
  return typeof pattern === "object" && "rest" in pattern ? [pattern.rest] : [pattern];
}
