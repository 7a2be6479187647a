/** One project with the typings that projects have, for tests of rules: the runtime package, Node and the library as they are installed. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after } from "node:test";
import { Analysis } from "../../server/src/engine/analysis.ts";
import { Workspace } from "../../server/src/engine/workspace.ts";
import { LineMap } from "../../server/src/source/line-map.ts";
import { MemoryFiles } from "../../server/src/source/memory-files.ts";
import type { Diagnose } from "./fixture.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const TSCONFIG = JSON.stringify({
  compilerOptions: {
    strict: true,
    allowJs: true,
    target: "es2023",
    lib: ["es2023", "esnext.disposable"],
    module: "nodenext",
    allowImportingTsExtensions: true,
    noEmit: true,
    types: ["node"],
  },
});

/** The typings of a package, by path. */
function typingsIn(folder: string, to: string): readonly (readonly [string, string])[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".d.ts") || name === "package.json")
    .map((name) => [`${to}/${name.replaceAll(path.sep, "/")}`, readFileSync(path.join(ROOT, folder, name), "utf8")]);
}

const files = new MemoryFiles({
  "/tsconfig.json": TSCONFIG,
  "/package.json": '{ "type": "module" }',
  "/node_modules/airssys-rt/package.json": readFileSync(path.join(ROOT, "runtime/package.json"), "utf8"),
  ...Object.fromEntries(typingsIn("runtime/dist", "/node_modules/airssys-rt/dist")),
  ...Object.fromEntries(typingsIn("node_modules/@types/node", "/node_modules/@types/node")),
  ...Object.fromEntries(typingsIn("node_modules/undici-types", "/node_modules/undici-types")),
});
/** What went wrong in a reader or a rule: nothing may. */
export const failures: string[] = [];
/** One for all examples, which come and go in it as in an editor: a program for each would read the typings anew. */
const analysis = new Analysis(new Workspace(files), (text) => failures.push(text));
analysis.configure({ preset: "strict", rules: {} });
analysis.addFolder("/");
after(() => assert.deepEqual(failures, []));

/** As {@link Diagnose}, over the real typings. */
export const findInProject: Diagnose = (project, only = []) => {
  for (const [file, text] of project) files.write(file, text);
  analysis.touch([...project.keys()]);
  analysis.workThrough();
  const found = [...project].map(([file, text]) => ({
    path: file,
    diagnostics: analysis.diagnosticsOf(file).filter((one) => only.length === 0 || only.includes(one.rule)),
    map: new LineMap(text),
  }));
  for (const file of project.keys()) files.remove(file);
  analysis.touch([...project.keys()]);
  return found;
};
