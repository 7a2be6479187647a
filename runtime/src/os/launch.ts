/** Whether a process may be started, and exactly what the system is handed. */
import fs from "node:fs";
import { type FittingArgument, fitArguments, isSecret } from "./argument-pattern.ts";
import { denied, lookAt, type Walker } from "./directory.ts";
import type { RunGrant } from "./grant.ts";
import type { HeldCommand } from "./held-command.ts";
import { sayingGrant } from "./needed-grant.ts";
import { AccessDeniedError } from "./os-errors.ts";
import type { ProcessRequest } from "./process-request.ts";
import type { SecurityContext } from "./security-context.ts";
import { isDangerousToGive, isVariableName } from "./variable.ts";

/** What the system is handed. */
export interface Launch {
  readonly command: string;
  readonly path: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** For the audit: secret ones left out. */
  readonly args: readonly string[];
  readonly resolved: () => string;
  readonly grant: string;
}

/** What stands in the audit for an argument that is secret. */
const SECRET = "•••";

/**
 * Decides about a process, and looks at its executable, just before it is started.
 *
 * @throws {AccessDeniedError} with the reason of the grant that came nearest, and the grant that would be needed.
 */
export function decideLaunch(security: SecurityContext, asked: ProcessRequest): Launch {
  return sayingGrant(security.grants, asked, () => launchBy(security, asked));
}

function launchBy(security: SecurityContext, { command, args = [], env = {} }: ProcessRequest): Launch {
  const walker: Walker = { operation: "spawn", target: command };
  const held = security.commands.filter(({ grant }) => grant.command === command);
  if (held.length === 0)
    throw denied(walker, "not_granted", `no grant runs it; one would have to name exactly this command`);
  let last: AccessDeniedError | undefined;
  for (const one of held) {
    try {
      return launchOf(security, one, args, env, walker);
    } catch (error) {
      if (!(error instanceof AccessDeniedError)) throw error;
      last ??= error;
    }
  }
  throw last;
}

function launchOf(
  security: SecurityContext,
  held: HeldCommand,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  walker: Walker,
): Launch {
  const { grant, executable } = held;
  const fitting = fitArguments(grant.args ?? [], args);
  if (!isFitting(fitting)) {
    const { index, reason, hint } = fitting;
    throw denied(walker, reason, `argument ${index + 1}: ${hint}`);
  }
  return {
    command: grant.command,
    path: executable.pathToRun(),
    argv: fitting.map((one) => argumentFor(security, one)),
    env: environmentFor(security, grant, env, walker),
    cwd: held.cwd(walker),
    args: fitting.map(({ text, pattern }) => (isSecret(pattern) ? SECRET : text)),
    resolved: () => executable.realPath,
    grant: grant.command,
  };
}

function isFitting(fitting: ReturnType<typeof fitArguments>): fitting is readonly FittingArgument[] {
  return Array.isArray(fitting);
}

/** A path is checked like that of a file operation, and handed over without what could be read otherwise. */
function argumentFor(security: SecurityContext, { text, pattern }: FittingArgument): string {
  if (typeof pattern === "string" || !("path" in pattern)) return text;
  using target = security.find("spawn", text, [pattern.path]);
  if (
    target.name !== undefined &&
    fs.lstatSync(target.directory.at(target.name), { throwIfNoEntry: false }) !== undefined
  ) {
    const found = lookAt(target.place, target.walker);
    if (found.isSymbolicLink())
      throw denied(target.walker, "symlink", `${JSON.stringify(target.name)} is a symbolic link`);
    if (!found.isFile() && !found.isDirectory())
      throw denied(target.walker, "not_regular", "it is neither a file nor a directory");
    if (pattern.path === "write" && found.isFile() && found.nlink > 1n)
      throw denied(target.walker, "hard_link", "the file has other names, which may be outside");
  }
  return target.realPath;
}

/** From nothing: fixed values, then what is listed. */
function environmentFor(
  security: SecurityContext,
  grant: RunGrant,
  asked: Readonly<Record<string, string>>,
  walker: Walker,
): Readonly<Record<string, string>> {
  const listed = grant.env ?? [];
  for (const [name, value] of Object.entries(asked)) {
    if (!isVariableName(name) || typeof value !== "string" || value.includes("\0"))
      throw denied(walker, "environment", "a variable has a name, and text without NUL");
    if (isDangerousToGive(name) && grant.dangerous !== true)
      throw denied(
        walker,
        "environment",
        `whoever gives ${name} may choose what the program runs; the grant would need dangerous: true`,
      );
    if (!listed.includes(name)) throw denied(walker, "environment", `the grant would have to list ${name} in env`);
  }
  const own = listed.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(own), ...asked, ...security.grants.env };
}
