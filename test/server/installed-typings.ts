/** An analysis over the typings that projects have: the runtime package, Node and the library as they are installed. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Analysis } from "../../server/src/engine/analysis.ts";
import { Workspace } from "../../server/src/engine/workspace.ts";
import { MemoryFiles } from "../../server/src/source/memory-files.ts";

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

/** A project with nothing but what is installed. */
export function installed(): MemoryFiles {
  return new MemoryFiles({
    "/tsconfig.json": TSCONFIG,
    "/package.json": '{ "type": "module" }',
    "/node_modules/airssys-rt/package.json": readFileSync(path.join(ROOT, "runtime/package.json"), "utf8"),
    ...Object.fromEntries(typingsIn("runtime/dist", "/node_modules/airssys-rt/dist")),
    ...Object.fromEntries(typingsIn("node_modules/@types/node", "/node_modules/@types/node")),
    ...Object.fromEntries(typingsIn("node_modules/undici-types", "/node_modules/undici-types")),
  });
}

/** One that has looked at everything. */
export function analysisOverTypings(files: ReadonlyMap<string, string>): Analysis {
  const all = installed();
  for (const [file, text] of files) all.write(file, text);
  const failures: string[] = [];
  const analysis = new Analysis(new Workspace(all), (text) => failures.push(text));
  analysis.addFolder("/");
  analysis.workThrough();
  assert.deepEqual(failures, []);
  return analysis;
}
