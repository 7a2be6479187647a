/** What the compiler is asked about: names that may mean the runtime, whatever they are called, and no others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { TsProject } from "../../server/src/compiler/ts-project.ts";
import { Workspace } from "../../server/src/engine/workspace.ts";
import { extractFacts } from "../../server/src/reading/extract-facts.ts";
import { RuntimePackage } from "../../server/src/reading/runtime-package.ts";
import { runtimeWords } from "../../server/src/reading/runtime-words.ts";
import { IMPORTS, memory } from "./fixture.ts";

const SPEC = "({ maxRestarts: 1, children: [] })";

/** Each makes one supervisor in `/main.ts`, or the file that is named. */
const WAYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "as it is called": { "/main.ts": `import { supervisor } from "airssys-rt";\nexport const r = supervisor${SPEC};\n` },
  "by an import that renames": {
    "/main.ts": `import { supervisor as tree } from "airssys-rt";\nexport const r = tree${SPEC};\n`,
  },
  "through all of the module": {
    "/main.ts": `import * as rt from "airssys-rt";\nexport const r = rt.supervisor${SPEC};\n`,
  },
  "by an export that renames": {
    "/main.ts": `import { tree } from "./names.ts";\nexport const r = tree${SPEC};\n// airssys-rt\n`,
    "/names.ts": `export { supervisor as tree } from "airssys-rt";\n`,
  },
  "by an import and an export that rename": {
    "/main.ts": `import { tree } from "./names.ts";\nexport const r = tree${SPEC};\n// airssys-rt\n`,
    "/names.ts": `import { supervisor as s } from "airssys-rt";\nexport { s as tree };\n`,
  },
  "as a member of a module that renames": {
    "/main.ts": `import * as names from "./names.ts";\nexport const r = names.tree${SPEC};\n// airssys-rt\n`,
    "/names.ts": `export { supervisor as tree } from "airssys-rt";\n`,
  },
  "as a default": {
    "/main.ts": `import tree from "./names.ts";\nexport const r = tree${SPEC};\n// airssys-rt\n`,
    "/names.ts": `import { supervisor } from "airssys-rt";\nexport default supervisor;\n`,
  },
  "by the older kind of import": {
    "/main.ts": `import rt = require("airssys-rt");\nimport tree = rt.supervisor;\nexport const r = tree${SPEC};\n`,
  },
  "by a variable of JavaScript": {
    "/main.js": `const { supervisor: tree } = require("airssys-rt");\nexports.r = tree${SPEC};\n`,
  },
};

for (const [way, files] of Object.entries(WAYS)) {
  test(`a supervisor is seen that is made ${way}`, () => {
    const workspace = new Workspace(memory(new Map(Object.entries(files))));
    workspace.addFolder("/");

    const found = workspace.actorFiles().flatMap((path) => workspace.factsOf(path)?.supervisors ?? []);

    assert.equal(found.length, 1);
  });
}

test("calls of others are not asked about", () => {
  const calls = "list.map((n) => check.equal(n, 1)).filter(Boolean).join();";
  const few = questionsOf(calls);
  const many = questionsOf(calls.repeat(100));

  assert.ok(many - few < 10, `${few} questions for one line, ${many} for a hundred`);
});

/** How often the checker is asked what a name means. */
function questionsOf(calls: string): number {
  const text = `${IMPORTS}
declare const check: { equal(one: unknown, other: unknown): void };
declare const list: number[];
${calls}
export class A extends Actor<{ type: "a" }> { override handleMessage(): void {} }
`;
  const files = memory(new Map([["/main.ts", text]]));
  const options = { noLib: true, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  const host: ts.CompilerHost = {
    getSourceFile: (path) => {
      const found = files.read(path);
      return found === undefined ? undefined : ts.createSourceFile(path, found, ts.ScriptTarget.Latest, true);
    },
    fileExists: (path) => files.isFile(path),
    readFile: (path) => files.read(path),
    directoryExists: (path) => files.isDirectory(path),
    getDefaultLibFileName: () => "/lib.d.ts",
    writeFile: () => {},
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
  };
  const program = ts.createProgram({ rootNames: ["/main.ts"], options: { ...options, types: ["mini"] }, host });
  const file = program.getSourceFile("/main.ts");
  assert.ok(file !== undefined);
  const checker = program.getTypeChecker();
  let questions = 0;
  const counting: ts.TypeChecker = {
    ...checker,
    getSymbolAtLocation: (node) => {
      questions++;
      return checker.getSymbolAtLocation(node);
    },
  };
  const runtime = new RuntimePackage(files);
  const facts = extractFacts({
    checker: counting,
    file,
    fileOf: (path: string) => program.getSourceFile(path),
    runtime,
    runtimeWords: runtimeWords(program.getSourceFiles() as never, (path) => runtime.has(path)),
    whyMissing: () => "",
  } as never);
  assert.deepEqual([facts.failures, facts.actors.length], [[], 1]);
  return questions;
}

test("a name that comes with an edit is seen", () => {
  const files = memory(new Map([["/main.ts", `import { supervisor } from "airssys-rt";\nexport const n = 1;\n`]]));
  const options = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, noLib: true };
  const project = new TsProject({ directory: "/", options: options as never }, files, ["/main.ts"]);
  assert.equal(project.factsOf("/main.ts")?.supervisors.length, 0);

  files.write("/main.ts", `import { supervisor as tree } from "airssys-rt";\nexport const r = tree${SPEC};\n`);
  project.change(["/main.ts"]);

  assert.equal(project.factsOf("/main.ts")?.supervisors.length, 1);
});

/** The functions of the project that the actors of `/main.ts` call. */
function followed(files: Record<string, string>): readonly string[] {
  const all = memory(new Map(Object.entries(files)));
  const options = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, noLib: true };
  const project = new TsProject({ directory: "/", options: options as never }, all, Object.keys(files));
  return (project.factsOf("/main.ts")?.calls ?? []).map(({ callee }) => callee);
}

const ACTOR = `import { Actor } from "airssys-rt";
export class A extends Actor<{ type: "go" }> {
  #n = 0;
  static [Symbol.iterator](): void {}
  override handleMessage(): void { CALL; }
  #own(): void {}
}
`;

for (const [how, files, callee] of [
  ["by its name", { "/main.ts": `import { save } from "./save.ts";\n${ACTOR.replace("CALL", "save()")}` }, "save"],
  [
    "by another name",
    { "/main.ts": `import { save as keep } from "./save.ts";\n${ACTOR.replace("CALL", "keep()")}` },
    "save",
  ],
  ["as a default", { "/main.ts": `import keep from "./save.ts";\n${ACTOR.replace("CALL", "keep()")}` }, "other"],
  [
    "through a namespace",
    { "/main.ts": `import * as all from "./save.ts";\n${ACTOR.replace("CALL", "all.save()")}` },
    "save",
  ],
  [
    "through a file that renames it",
    {
      "/main.ts": `import { stored } from "./door.ts";\n${ACTOR.replace("CALL", "stored()")}`,
      "/door.ts": `export { save as stored } from "./save.ts";\n`,
    },
    "save",
  ],
  ["as a constant", { "/main.ts": `import { arrow } from "./save.ts";\n${ACTOR.replace("CALL", "arrow()")}` }, "arrow"],
  [
    "as a member with a computed name",
    { "/main.ts": `import { Store } from "./save.ts";\n${ACTOR.replace("CALL", "new Store().put()")}` },
    "Store.[KEY]",
  ],
  ["as a member of its own", { "/main.ts": ACTOR.replace("CALL", "this.#own()") }, "A.#own"],
] as const)
  test(`a function of the project is followed that is called ${how}`, () => {
    const callees = followed({
      ...files,
      "/save.ts": `
        export function save(): void {}
        export const arrow = (): void => {};
        const KEY = "put";
        export class Store { [KEY](): void {} }
        export default function other(): void {}
      `,
    });

    assert.deepEqual(
      callees.map((id) => id.slice(id.indexOf("#") + 1)),
      [callee],
    );
  });

test("a function that comes with an edit is followed", () => {
  const text = ACTOR.replace("CALL", "later()");
  const files = memory(new Map([["/main.ts", text]]));
  const options = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, noLib: true };
  const project = new TsProject({ directory: "/", options: options as never }, files, ["/main.ts"]);
  assert.equal(project.factsOf("/main.ts")?.calls.length, 0);

  files.write("/main.ts", `${text}function later(): void {}\n`);
  project.change(["/main.ts"]);

  assert.equal(project.factsOf("/main.ts")?.calls.length, 1);
});
