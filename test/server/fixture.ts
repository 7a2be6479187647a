/**
 * Tests of rules as annotated text: what is expected stands under the place it is expected.
 *
 *     switch (message.type) {
 *     //      ^^^^^^^^^^^^ unhandled-message: "stop" is not handled
 *
 * A comment of carets marks the nearest line above that is not a mark itself. `💡` before the name says that a fix is offered.
 * `// ^file name: message` belongs to the first line. A line `//- /path.ts` begins another file; the first is `/main.ts`.
 * With `AIRSSYS_BLESS=1` the marks of a failing test are printed as they should be.
 */
import assert from "node:assert/strict";
import { Analysis } from "../../server/src/engine/analysis.ts";
import { Workspace } from "../../server/src/engine/workspace.ts";
import type { Diagnostic } from "../../server/src/rules/diagnostic.ts";
import { LineMap } from "../../server/src/source/line-map.ts";
import { MemoryFiles } from "../../server/src/source/memory-files.ts";
import type { TextEdit } from "../../server/src/source/text-edit.ts";
import { MINI_LIB, MINI_RUNTIME } from "./mini-lib.ts";
import { MINI_OS } from "./os-typings.ts";
import { MINI_TESTING } from "./testing-typings.ts";

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    noLib: true,
    strict: true,
    allowJs: true,
    target: "es2023",
    module: "esnext",
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    types: ["mini"],
  },
});

const FLAT_RUNTIME: ReadonlyMap<string, string> = new Map([
  ["package.json", '{ "name": "airssys-rt", "types": "index.d.ts" }'],
  ["index.d.ts", MINI_RUNTIME],
  ["os.d.ts", MINI_OS],
  ["testing.d.ts", MINI_TESTING],
]);

/** What is put before a file that does not name the runtime. */
export const IMPORTS = `import { Actor, ActorSystem, IGNORE, become, defineActor, supervisor, type ActorContext, type ActorRef, type Ask, type ChildSpec, type Definition, type ExitReason, type Handlers, type Signal, type SupervisorSpec } from "airssys-rt";`;

/** How the diagnostics of files are found: {@link diagnose}, or over other typings. */
export type Diagnose = typeof diagnose;

/**
 * Everything that is found must be marked, and everything marked found.
 * @param only names of rules: what others find does not count.
 */
export function checkRule(text: string, only: readonly string[] = [], find: Diagnose = diagnose): void {
  const { files, marks } = parse(text);
  const found = find(files, only);
  const actual = found.flatMap(({ path, diagnostics, map }) => diagnostics.map((one) => print(path, one, map)));
  const expected = marks.map(written);
  const withoutBulbs = actual.map((line) => line.replace("💡 ", ""));
  const comparable = actual.map((line, index) => (expected.includes(line) ? line : (withoutBulbs[index] ?? line)));
  assert.deepEqual(
    comparable.sort(),
    expected.sort(),
    process.env["AIRSSYS_BLESS"] ? `found:\n${actual.join("\n")}` : undefined,
  );
}

/** Nothing may be found. */
export function checkClean(text: string, only: readonly string[] = [], find: Diagnose = diagnose): void {
  const { files, marks } = parse(text);
  assert.deepEqual(marks, [], "a clean text has no marks");
  const found = find(files, only).flatMap(({ path, diagnostics, map }) =>
    diagnostics.map((one) => print(path, one, map)),
  );
  assert.deepEqual(found, []);
}

/**
 * The `n`th fix of the first finding that has one makes `after` of `before`, and the finding is gone then.
 * @param only name of the rule whose fix is meant; default: the first finding with a fix.
 */
export function checkFix(before: string, after: string, { n = 0, only }: { n?: number; only?: string } = {}): void {
  const { files } = parse(before);
  const target = findingWithFix(files, only);
  assert.ok(target, "no finding has a fix");
  const fix = target.fixes?.[n];
  assert.ok(fix, `there is no fix ${n}`);
  const fixed = applyEdits(files, fix.edits);
  const { files: wanted } = parse(after);
  for (const [path, text] of wanted) assert.equal(fixed.get(path), text);
  const left = diagnose(fixed).flatMap(({ diagnostics }) =>
    diagnostics.filter((one) => one.rule === target.rule && one.message === target.message),
  );
  assert.deepEqual(
    left.map((one) => one.message),
    [],
    "the fix must make the finding go away",
  );
}

/** The diagnostics of files given as they are, by path. */
export function diagnose(
  files: ReadonlyMap<string, string>,
  only: readonly string[] = [],
): readonly { path: string; diagnostics: readonly Diagnostic[]; map: LineMap }[] {
  const analysis = analysisOf(files);
  return [...files].map(([path, text]) => ({
    path,
    diagnostics: analysis.diagnosticsOf(path).filter((one) => only.length === 0 || only.includes(one.rule)),
    map: new LineMap(text),
  }));
}

/** An analysis that has looked at everything. */
export function analysisOf(files: ReadonlyMap<string, string>): Analysis {
  const failures: string[] = [];
  const analysis = new Analysis(new Workspace(memory(files)), (text) => failures.push(text));
  analysis.configure({ preset: "strict", rules: {} });
  analysis.addFolder("/");
  analysis.workThrough();
  assert.deepEqual(failures, []);
  return analysis;
}

/** An annotated text without its marks, and the marks as `path:line:start-end label`. */
export function annotated(text: string): { files: ReadonlyMap<string, string>; marks: readonly string[] } {
  const { files, marks } = parse(text);
  return { files, marks: marks.map(written).sort() };
}

/** Files of an annotated text without its marks, with the imports of the runtime put before files that lack them. */
export function filesOf(text: string): ReadonlyMap<string, string> {
  return parse(text).files;
}

/** @param runtime files of the runtime package; default: its typings as one file. */
export function memory(
  files: ReadonlyMap<string, string>,
  runtime: ReadonlyMap<string, string> = FLAT_RUNTIME,
): MemoryFiles {
  return new MemoryFiles({
    "/tsconfig.json": TSCONFIG,
    "/node_modules/@types/mini/index.d.ts": MINI_LIB,
    ...Object.fromEntries([...runtime].map(([name, text]) => [`/node_modules/airssys-rt/${name}`, text])),
    ...Object.fromEntries(files),
  });
}

export function applyEdits(files: ReadonlyMap<string, string>, edits: readonly TextEdit[]): Map<string, string> {
  const result = new Map(files);
  for (const edit of [...edits].sort((a, b) => b.span.start - a.span.start)) {
    const text = result.get(edit.path) ?? "";
    result.set(edit.path, text.slice(0, edit.span.start) + edit.newText + text.slice(edit.span.end));
  }
  return result;
}

interface Mark {
  readonly path: string;
  /** From 1, as editors show it. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

function written({ path, line, start, end, label }: Mark): string {
  return `${path}:${line}:${start}-${end} ${label}`;
}

function parse(text: string): { files: Map<string, string>; marks: Mark[] } {
  const files = new Map<string, string>();
  const marks: Mark[] = [];
  for (const { path, lines } of splitFiles(text)) {
    const kept: string[] = lines.some((line) => line.includes("airssys-rt")) || path.endsWith(".json") ? [] : [IMPORTS];
    for (const line of lines) {
      const mark = /^\s*\/\/ ?(\s*)(\^+)(file)? (.*)$/.exec(line);
      if (mark === null) {
        kept.push(line);
        continue;
      }
      const [, , carets = "", file, label = ""] = mark;
      const start = line.indexOf("^");
      marks.push(
        file === undefined
          ? { path, line: kept.length, start, end: start + carets.length, label }
          : { path, line: 1, start: 0, end: 0, label },
      );
    }
    files.set(path, kept.join("\n"));
  }
  return { files, marks };
}

function splitFiles(text: string): readonly { path: string; lines: string[] }[] {
  const files: { path: string; lines: string[] }[] = [];
  const lines = text.replace(/^\n/, "").trimEnd().split("\n");
  const indent = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
  for (const line of lines.map((one) => one.slice(indent))) {
    const path = /^\/\/- (\S+)$/.exec(line)?.[1];
    if (path !== undefined) files.push({ path, lines: [] });
    else {
      if (files.length === 0) files.push({ path: "/main.ts", lines: [] });
      files.at(-1)?.lines.push(line);
    }
  }
  return files;
}

function print(path: string, diagnostic: Diagnostic, map: LineMap): string {
  const { start, end } = map.range(diagnostic.span);
  const bulb = (diagnostic.fixes?.length ?? 0) > 0 ? "💡 " : "";
  const lastColumn = end.line === start.line ? end.character : start.character + 1;
  return `${path}:${start.line + 1}:${start.character}-${lastColumn} ${bulb}${diagnostic.rule}: ${diagnostic.message}`;
}

function findingWithFix(files: ReadonlyMap<string, string>, only: string | undefined): Diagnostic | undefined {
  for (const { diagnostics } of diagnose(files)) {
    const found = diagnostics.find((one) => (one.fixes?.length ?? 0) > 0 && (only === undefined || one.rule === only));
    if (found !== undefined) return found;
  }
  return undefined;
}
