/** The grant that a denied operation would have needed, as it is written in a context. Pure: text only, nothing is granted. */
import {
  type ArgumentPattern,
  FILE_PERMISSIONS,
  type FilePermission,
  type Grants,
  NEEDED_PERMISSIONS,
  type RunGrant,
  type SingleArgument,
} from "./grant.ts";
import type { ProcessRequest } from "./launch.ts";
import type { Denial } from "./os-errors.ts";

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
 * | denied | grant |
 * |---|---|
 * | a path, `outside` or `not_granted` | its directory (`list`, `watch`: itself) with what the operation needs |
 * | a path that is an argument | the same, `read` or `write` as its pattern says |
 * | a command that no grant names; an argument that fits none | the command with exactly these arguments, secret ones to be filled in |
 * | `option_like` | the same: what the grant spells out may begin with `-` |
 * | anything else | none: what is wrong is not that a grant is missing |
 */
export function neededGrant(grants: Grants, denial: Denial, asked: ProcessRequest | undefined): string | undefined {
  const text = grantFor(grants, denial, asked);
  return text === undefined || text.length > LONGEST ? undefined : text;
}

function grantFor(
  grants: Grants,
  { operation, target, reason }: Denial,
  asked: ProcessRequest | undefined,
): string | undefined {
  const isMissing = reason === "outside" || reason === "not_granted";
  if (asked === undefined) return isMissing ? fileGrant(target, permissionsOf(operation), operation) : undefined;
  if (target !== asked.command)
    return isMissing ? fileGrant(target, permissionOf(grants, asked, target), operation) : undefined;
  if (reason === "not_granted" || reason === "argument" || reason === "option_like") return runGrant(grants, asked);
  return undefined;
}

function fileGrant(
  target: string,
  allow: readonly FilePermission[] | undefined,
  operation: string,
): string | undefined {
  if (allow === undefined || target === "") return undefined;
  const isDirectory = operation === "list" || operation === "watch";
  return `{ path: ${JSON.stringify(isDirectory ? target : directoryOf(target))}, allow: [${allow.map((one) => JSON.stringify(one)).join(", ")}] }`;
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

function runGrant({ run }: Grants, { command, args = [] }: ProcessRequest): string {
  const own = run.filter((grant) => grant.command === command);
  const written = args.map((text, index) => {
    const isSecret = own
      .flatMap((grant) => patternsAt(grant, index))
      .some((one) => typeof one === "object" && one.secret === true);
    return isSecret ? SECRET : JSON.stringify(text);
  });
  return `{ command: ${JSON.stringify(command)}${written.length === 0 ? "" : `, args: [${written.join(", ")}]`} }`;
}

/** The pattern of one argument, and that of the rest: which of the two counts is not known of arguments that do not fit. */
function patternsAt({ args = [] }: RunGrant, index: number): readonly SingleArgument[] {
  const last = args.at(-1);
  return [args[index], last].flatMap((pattern) => (pattern === undefined || index < 0 ? [] : single(pattern)));
}

function single(pattern: ArgumentPattern): readonly SingleArgument[] {
  return typeof pattern === "object" && "rest" in pattern ? [pattern.rest] : [pattern];
}
