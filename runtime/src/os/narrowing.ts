/** Whether one security context allows no more than another. Pure, over plain data: the language server asks it too. */
import { isListWithin } from "./argument-pattern.ts";
import type { FileGrant, Grants, RunGrant } from "./grant.ts";
import type { ContextFault } from "./os-errors.ts";
import { below, pathParts } from "./path-parts.ts";

/**
 * What `narrow` allows and `wide` does not; empty when everything that the narrow one allows, the wide one allows as well.
 *
 * | field | within |
 * |---|---|
 * | `files` | each permission of each grant has a grant at or above its path that has it, and follows links if it does |
 * | `run` | each has a grant of the same command: patterns within, `cwd` the same, variables among its, pinned and harmless if that is |
 * | `env` | the same names with the same values, or fewer: not without one that a command of the narrow one may be given otherwise |
 *
 * Where it cannot be shown (two expressions), it is not within.
 */
export function widenedFields(wide: Grants, narrow: Grants): readonly ContextFault[] {
  return [
    ...narrow.files.flatMap((grant, index) => widenedFiles(wide.files, grant, index)),
    ...narrow.run.flatMap((grant, index) => widenedRun(wide.run, grant, index)),
    ...Object.entries(narrow.env).flatMap(([name, value]) =>
      wide.env[name] === value
        ? []
        : [widened(["env", name], "the wider context has no such variable with this value")],
    ),
    ...narrow.run.flatMap(({ env = [] }, index) => freedVariables(wide, narrow, env, index)),
  ];
}

function widenedFiles(wide: readonly FileGrant[], grant: FileGrant, index: number): ContextFault[] {
  return grant.allow.flatMap((permission, i) => {
    const isCovered = wide.some(
      (above) =>
        above.allow.includes(permission) &&
        isBelow(above.path, grant.path) &&
        (grant.symlinks !== "inside" || above.symlinks === "inside"),
    );
    if (isCovered) return [];
    return [
      widened(["files", index, "allow", i], `no grant allows ${permission} at or above ${JSON.stringify(grant.path)}`),
    ];
  });
}

function isBelow(above: string, path: string): boolean {
  const [a, b] = [partsOf(above), partsOf(path)];
  return a !== undefined && b !== undefined && a.isAbsolute === b.isAbsolute && below(a.parts, b.parts) !== undefined;
}

function partsOf(path: string): ReturnType<typeof pathParts> {
  return path === "." ? { isAbsolute: false, parts: [] } : pathParts(path);
}

function widenedRun(wide: readonly RunGrant[], grant: RunGrant, index: number): ContextFault[] {
  const same = wide.filter(({ command }) => command === grant.command);
  if (same.length === 0) return [widened(["run", index, "command"], "the wider context does not run it")];
  if (same.some((above) => isRunWithin(above, grant))) return [];
  return [widened(["run", index], `no grant of ${JSON.stringify(grant.command)} allows all of this`)];
}

/** A value that is fixed wins over that of a request: without it the request's would count. */
function freedVariables(wide: Grants, narrow: Grants, listed: readonly string[], index: number): ContextFault[] {
  return listed.flatMap((name) =>
    name in wide.env && !(name in narrow.env)
      ? [widened(["run", index, "env"], `the wider context fixes ${name}: env must as well`)]
      : [],
  );
}

/** Whether one grant of a command allows no more than another. */
export function isRunWithin(above: RunGrant, grant: RunGrant): boolean {
  return (
    isListWithin(above.args ?? [], grant.args ?? []) &&
    (above.cwd ?? ".") === (grant.cwd ?? ".") &&
    (grant.env ?? []).every((name) => above.env?.includes(name)) &&
    (grant.dangerous !== true || above.dangerous === true) &&
    (above.pin !== true || grant.pin === true)
  );
}

function widened(path: ContextFault["path"], message: string): ContextFault {
  return { code: "widened", path, message };
}
