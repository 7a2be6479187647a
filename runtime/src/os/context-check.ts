/** Whether the text of a security context makes sense, all faults at once. Pure: looks at no file. */
import { delimiter, isAbsolute } from "node:path";
import { types } from "node:util";
import { print, unknownKeys } from "../spec/spec-fault.ts";
import { isList, readField } from "../values/fields.ts";
import { FILE_PERMISSIONS } from "./grant.ts";
import type { ContextFault } from "./os-errors.ts";
import { pathParts } from "./path-parts.ts";
import { isPlain } from "./plain-copy.ts";
import { isDangerousVariable, isVariableName } from "./variable.ts";

type Path = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks the options of `SecurityContext.create` and `narrow`.
 * Nothing given is nothing granted; what is given must be understood to the last key.
 */
export function checkContext(options: unknown, known: readonly string[]): ContextFault[] {
  if (!isPlain(options)) return [invalid([], `expected an object, got ${print(options)}`)];
  const faults = strangers(options, known, []);
  const { principal, files, run, env, base, auditFailure } = options;
  if (typeof principal !== "string" || principal === "" || principal.length > 200)
    faults.push(invalid(["principal"], "expected a name of at most 200 characters"));
  if (base !== undefined && typeof base !== "string") faults.push(invalid(["base"], "expected a path"));
  if (auditFailure !== undefined && auditFailure !== "deny" && auditFailure !== "continue")
    faults.push(invalid(["auditFailure"], `expected "deny" or "continue", got ${print(auditFailure)}`));
  if (options["audit"] !== undefined && !isSink(options["audit"]))
    faults.push(invalid(["audit"], `expected an ActorRef or { file }, got ${print(options["audit"])}`));
  faults.push(...each(files, ["files"], checkFileGrant), ...each(run, ["run"], checkRunGrant));
  if (env !== undefined) faults.push(...checkVariables(env));
  return faults;
}

function isSink(audit: unknown): boolean {
  if (isPlain(audit) && typeof audit["file"] === "string") return Object.keys(audit).length === 1;
  return typeof audit === "object" && audit !== null && typeof readField(audit, "tell") === "function";
}

function each(list: unknown, path: Path, check: (grant: Fields, path: Path) => ContextFault[]): ContextFault[] {
  if (list === undefined) return [];
  if (!isList(list)) return [invalid(path, `expected a list, got ${print(list)}`)];
  return list.flatMap((grant, index) =>
    isPlain(grant)
      ? check(grant, [...path, index])
      : [invalid([...path, index], `expected a grant, got ${print(grant)}`)],
  );
}

function checkFileGrant(grant: Fields, path: Path): ContextFault[] {
  const faults = strangers(grant, ["path", "allow", "symlinks"], path);
  faults.push(...checkDirectory(grant["path"], [...path, "path"]));
  const { allow, symlinks } = grant;
  if (!isList(allow) || allow.length === 0)
    faults.push(invalid([...path, "allow"], `expected some of ${FILE_PERMISSIONS.join(", ")}`));
  else
    for (const [index, one] of allow.entries())
      if (!(FILE_PERMISSIONS as readonly unknown[]).includes(one))
        faults.push(
          invalid([...path, "allow", index], `expected one of ${FILE_PERMISSIONS.join(", ")}, got ${print(one)}`),
        );
  if (symlinks !== undefined && symlinks !== "deny" && symlinks !== "inside")
    faults.push(invalid([...path, "symlinks"], `expected "deny" or "inside", got ${print(symlinks)}`));
  return faults;
}

function checkRunGrant(grant: Fields, path: Path): ContextFault[] {
  const faults = strangers(grant, ["command", "args", "cwd", "env", "dangerous", "pin"], path);
  const { command, args, cwd, env, dangerous, pin } = grant;
  if (typeof command !== "string" || pathParts(command)?.isAbsolute !== true)
    faults.push(invalid([...path, "command"], `expected the absolute path of an executable, got ${print(command)}`));
  else if (/\.(bat|cmd)$/i.test(command))
    faults.push({ code: "no_format", path: [...path, "command"], message: "cmd.exe would interpret its arguments" });
  if (cwd !== undefined) faults.push(...checkDirectory(cwd, [...path, "cwd"]));
  for (const [name, value] of [
    ["dangerous", dangerous],
    ["pin", pin],
  ] as const)
    if (value !== undefined && typeof value !== "boolean")
      faults.push(invalid([...path, name], `expected true or false, got ${print(value)}`));
  faults.push(...checkPatterns(args, [...path, "args"]), ...checkNames(env, dangerous === true, [...path, "env"]));
  return faults;
}

function checkPatterns(args: unknown, path: Path): ContextFault[] {
  if (args === undefined) return [];
  if (!isList(args)) return [invalid(path, `expected a list of patterns, got ${print(args)}`)];
  return args.flatMap((pattern: unknown, index) => {
    if (isPlain(pattern) && "rest" in pattern) {
      const faults = strangers(pattern, ["rest", "max"], [...path, index]);
      if (index !== args.length - 1) faults.push(invalid([...path, index], "rest must come last"));
      if (!Number.isSafeInteger(pattern["max"]) || (pattern["max"] as number) < 1)
        faults.push(invalid([...path, index, "max"], `expected a whole number >= 1, got ${print(pattern["max"])}`));
      return [...faults, ...checkPattern(pattern["rest"], [...path, index, "rest"])];
    }
    return checkPattern(pattern, [...path, index]);
  });
}

function checkPattern(pattern: unknown, path: Path): ContextFault[] {
  if (typeof pattern === "string") return pattern.includes("\0") ? [invalid(path, "an argument cannot hold NUL")] : [];
  if (!isPlain(pattern)) return [invalid(path, `expected text or a pattern, got ${print(pattern)}`)];
  const kinds = ["oneOf", "matches", "integer", "path"].filter((kind) => kind in pattern);
  const faults = strangers(pattern, ["oneOf", "matches", "integer", "path", "mayBeOption", "secret"], path);
  if (kinds.length !== 1) faults.push(invalid(path, "expected exactly one of oneOf, matches, integer, path, rest"));
  const { oneOf, matches, integer, path: kind } = pattern;
  if (oneOf !== undefined && !(isList(oneOf) && oneOf.length > 0 && oneOf.every((one) => typeof one === "string")))
    faults.push(invalid([...path, "oneOf"], "expected a list of texts"));
  for (const name of ["mayBeOption", "secret"] as const)
    if (pattern[name] !== undefined && typeof pattern[name] !== "boolean")
      faults.push(invalid([...path, name], `expected true or false, got ${print(pattern[name])}`));
  if (matches !== undefined && !types.isRegExp(matches))
    faults.push(invalid([...path, "matches"], `expected a regular expression, got ${print(matches)}`));
  if (integer !== undefined && !isRange(integer))
    faults.push(invalid([...path, "integer"], "expected [min, max], whole numbers with min <= max"));
  if (kind !== undefined && kind !== "read" && kind !== "write")
    faults.push(invalid([...path, "path"], `expected "read" or "write", got ${print(kind)}`));
  return faults;
}

function checkNames(names: unknown, mayBeDangerous: boolean, path: Path): ContextFault[] {
  if (names === undefined) return [];
  if (!isList(names)) return [invalid(path, `expected a list of names, got ${print(names)}`)];
  return names.flatMap((name: unknown, index) => {
    if (!isVariableName(name))
      return [invalid([...path, index], `expected the name of a variable, got ${print(name)}`)];
    if (isDangerousVariable(name) && !mayBeDangerous) return [dangerous(name, [...path, index])];
    return [];
  });
}

function checkVariables(env: unknown): ContextFault[] {
  if (!isPlain(env)) return [invalid(["env"], `expected an object of texts, got ${print(env)}`)];
  return Object.entries(env).flatMap(([name, value]) => {
    if (!isVariableName(name)) return [invalid(["env", name], "expected the name of a variable")];
    if (typeof value !== "string" || value.includes("\0"))
      return [invalid(["env", name], `expected text without NUL, got ${print(value)}`)];
    if (name === "PATH") return checkLookUp(value);
    return isDangerousVariable(name) ? [dangerous(name, ["env", name])] : [];
  });
}

/** An empty part and a relative one mean the directory a program happens to run in. */
function checkLookUp(value: string): ContextFault[] {
  const strange = value.split(delimiter).find((one) => !isAbsolute(one));
  if (strange === undefined) return [];
  return [invalid(["env", "PATH"], `expected absolute directories only, got ${print(strange)}`)];
}

function dangerous(name: string, path: Path): ContextFault {
  const message = `${name} makes programs run others; a command that needs it says so in env, with dangerous: true`;
  return { code: "environment", path, message };
}

function checkDirectory(value: unknown, path: Path): ContextFault[] {
  // The operator's own text: `.` alone is the base.
  if (value === "." || (typeof value === "string" && pathParts(value) !== undefined)) return [];
  if (typeof value !== "string") return [invalid(path, `expected the path of a directory, got ${print(value)}`)];
  return [
    { code: "bad_name", path, message: `${print(value)} is no plain path: no empty parts, no "." or ".." in it` },
  ];
}

function isRange(value: unknown): boolean {
  if (!isList(value) || value.length !== 2 || !value.every((one) => Number.isSafeInteger(one))) return false;
  const [min, max] = value as [number, number];
  return min <= max;
}

function strangers(fields: Fields, known: readonly string[], path: Path): ContextFault[] {
  return unknownKeys(fields, known, []).map(({ path: [key], message, suggestion }) => ({
    code: "invalid",
    path: [...path, key as string],
    message: suggestion === undefined ? message : `${message}; did you mean ${suggestion}?`,
  }));
}

function invalid(path: Path, message: string): ContextFault {
  return { code: "invalid", path, message };
}
