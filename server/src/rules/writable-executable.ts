/** A context may change what it may run: whoever writes the file decides what runs. */
import { below, type PathParts, pathParts } from "airssys-rt/spec";
import type { FileFacts } from "../facts/file-facts.ts";
import type { ContextFact } from "../facts/security-fact.ts";
import type { FileSpan } from "../source/span.ts";
import type { Finding } from "./diagnostic.ts";
import { absolute, grantParts } from "./os-grants.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "writable-executable",
  code: 9005,
  title: "A context may change what it may run",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: ({ security }: FileFacts) => security.contexts.flatMap(writable),
};

function writable({ files = [], run = [], env = {}, envPlaces, base }: ContextFact): readonly Finding[] {
  const grants = files.flatMap(({ path, allow }) => {
    if (path === undefined || !(allow?.includes("write") === true || allow?.includes("delete") === true)) return [];
    const given = grantParts(path);
    const above = given && absolute(given, base);
    return above === undefined ? [] : [{ path, above }];
  });
  const executables = run.flatMap(({ command, place }) => (command === undefined ? [] : [{ what: command, place }]));
  const directories = (env["PATH"] ?? "")
    .split(":")
    .filter((one) => one !== "")
    .map((what) => ({ what, place: envPlaces["PATH"] }));
  return [...executables, ...directories].flatMap(({ what, place }) => found(what, place, grants));
}

interface Writable {
  readonly path: string;
  readonly above: PathParts;
}

/** Only between absolute paths: what a relative one means is up to `base`. */
function found(what: string, place: FileSpan | undefined, grants: readonly Writable[]): readonly Finding[] {
  const parts = pathParts(what);
  if (parts?.isAbsolute !== true || place === undefined) return [];
  const grant = grants.find(({ above }) => below(above.parts, parts.parts) !== undefined);
  if (grant === undefined) return [];
  const message = `the grant of ${JSON.stringify(grant.path)} may change ${JSON.stringify(what)}, and this one runs it: whoever writes decides what runs`;
  return [{ path: place.path, span: place.span, message }];
}
