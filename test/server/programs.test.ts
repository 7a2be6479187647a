/** Which files are programs, what Node needs to run them, and what is wrong with them. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Workspace } from "../../server/src/engine/workspace.ts";
import type { NeedKind } from "../../server/src/facts/program-module.ts";
import { DISK } from "../../server/src/source/file-system.ts";
import { memory } from "./fixture.ts";

const START = 'await ActorSystem.start({ name: "s" });\n';
const IMPORT = 'import { ActorSystem } from "airssys-rt";\n';
const WRAPPER = `${IMPORT}export function startShop() { return ActorSystem.start({ name: "shop" }); }\n`;

function open(files: Readonly<Record<string, string>>): Workspace {
  const workspace = new Workspace(memory(new Map(Object.entries({ "/w/package.json": "{}", ...files }))));
  workspace.addFolder("/w");
  return workspace;
}

function starts(main: string, others: Readonly<Record<string, string>> = {}): boolean {
  return open({ ...others, "/w/main.ts": main }).programAt("/w/main.ts").startsSystem;
}

for (const [title, main, others] of [
  ["starts a system at its top", IMPORT + START],
  ["starts one under another name", 'import { ActorSystem as System } from "airssys-rt";\nawait System.start({});'],
  ["starts one through the whole runtime", 'import * as rt from "airssys-rt";\nvoid rt.ActorSystem.start({});'],
  ["starts one through a constant", `${IMPORT}const S = ActorSystem;\nawait S.start({});`],
  ["takes start out of the class", `${IMPORT}const { start: go } = ActorSystem;\nawait go({});`],
  ["starts one in a function it calls", `${IMPORT}async function main() { ${START} }\nvoid main();`],
  ["starts one in a callback", `${IMPORT}process.once("message", () => void ActorSystem.start({}));`],
  ["starts one in a block", `${IMPORT}if (import.meta.main) { ${START} }`],
  [
    "calls a function that does",
    'import { startShop } from "./shop.ts";\nawait startShop();',
    { "/w/shop.ts": WRAPPER },
  ],
  ["calls it under another name", 'import { startShop as go } from "./shop";\nawait go();', { "/w/shop.ts": WRAPPER }],
  [
    "calls it through the module",
    'import * as shop from "./shop.js";\nawait shop.startShop();',
    { "/w/shop.ts": WRAPPER },
  ],
  [
    "calls it through a file that hands it on",
    'import { open } from "./index.ts";\nawait open();',
    { "/w/index.ts": 'export { startShop as open } from "./shop.ts";', "/w/shop.ts": WRAPPER },
  ],
  [
    "calls it through a file that hands everything on",
    'import { startShop } from "./index.ts";\nawait startShop();',
    { "/w/index.ts": 'export * from "./shop.ts";', "/w/shop.ts": WRAPPER },
  ],
  [
    "calls a method that does",
    'import { Shop } from "./shop.ts";\nawait new Shop().open();',
    { "/w/shop.ts": `${IMPORT}export class Shop { async open() { ${START} } }` },
  ],
  [
    "calls a default export that does",
    'import open from "./shop.ts";\nawait open();',
    { "/w/shop.ts": `${IMPORT}export default async () => { ${START} };` },
  ],
  ["imports a file that starts one at its top", 'import "./shop.ts";', { "/w/shop.ts": IMPORT + START }],
  [
    "loads a file that does later",
    'const { startShop } = await import("./shop.js");\nawait startShop();',
    { "/w/shop.ts": WRAPPER },
  ],
  [
    "gets the class through another file",
    'import { System } from "./rt.ts";\nawait System.start({});',
    { "/w/rt.ts": 'export { ActorSystem as System } from "airssys-rt";' },
  ],
  [
    "gets at it by a path that only tsconfig knows",
    'import { startShop } from "@app/shop";\nawait startShop();',
    {
      "/w/shop.ts": WRAPPER,
      "/w/tsconfig.json":
        '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "paths": { "@app/*": ["./*"] } } }',
    },
  ],
  ["is a script", 'const { ActorSystem } = require("airssys-rt");\nActorSystem.start({});'],
] as const)
  test(`a file is a program when it ${title}`, () => assert.equal(starts(main, others), true));

for (const [title, main, others] of [
  ["only exports a function that starts a system", WRAPPER],
  ["only exports an arrow function that does", `${IMPORT}export const go = async () => { ${START} };`],
  ["only exports a class that does", `${IMPORT}export class Shop { async open() { ${START} } }`],
  [
    "only exports an object that does",
    `${IMPORT}export const shop = { open: () => ActorSystem.start({}), async close() { ${START} } };`,
  ],
  ["speaks of it in a comment", '// import { ActorSystem } from "airssys-rt"; ActorSystem.start()\nexport {};'],
  ["speaks of it in a text", "console.log('ActorSystem.start() of \"airssys-rt\"');"],
  [
    "imports such a function without calling it",
    'import { startShop } from "./shop.ts";\nexport { startShop };',
    { "/w/shop.ts": WRAPPER },
  ],
  [
    "imports only the type of it",
    'import type { startShop } from "./shop.ts";\nexport type S = typeof startShop;',
    { "/w/shop.ts": WRAPPER },
  ],
  ["starts a system of somebody else", 'import { ActorSystem } from "other";\nawait ActorSystem.start({});'],
  [
    "calls another function beside it",
    'import { price } from "./shop.ts";\nprice();',
    { "/w/shop.ts": `${WRAPPER}export function price() { return 1; }` },
  ],
] as const)
  test(`a file is no program when it ${title}`, () => assert.equal(starts(main, others), false));

test("the programs of a workspace are those that no other file loads; tests where there are no others", () => {
  const workspace = open({
    "/w/src/main.ts": 'import { startShop } from "./shop.ts";\nimport "./boot.ts";\nawait startShop();',
    "/w/src/shop.ts": WRAPPER,
    "/w/src/boot.ts": IMPORT + START,
    "/w/test/shop.test.ts": 'import { startShop } from "../src/shop.ts";\ntest("x", () => startShop());',
    "/w/src/other.ts": "export const x = 1;\n",
  });
  assert.deepEqual(
    [...workspace.programs()].sort((one, two) => (one.path < two.path ? -1 : 1)),
    [{ path: "/w/src/main.ts", isTest: false }],
  );
  workspace.files.set("/w/src/main.ts", "export {};");
  workspace.change(["/w/src/main.ts"]);
  workspace.files.set("/w/src/boot.ts", "export {};");
  workspace.change(["/w/src/boot.ts"]);
  assert.deepEqual(workspace.programs(), [{ path: "/w/test/shop.test.ts", isTest: true }]);
});

function needs(main: string, others: Readonly<Record<string, string>> = {}, path = "/w/main.ts"): readonly string[] {
  const workspace = open({ ...others, [path]: main });
  return workspace.programAt(path).needs.map(({ kind, path, what }) => `${kind} ${path} ${what}`);
}

const PATHS =
  '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "paths": { "@app/*": ["./*"] } } }';
const HELLO = {
  "/w/hello.ts": "export const hello = 1;\nexport interface Hello {}\nexport type { Hello as Other };\n",
};

/** What Node refuses by its syntax alone. */
const CODE: readonly NeedKind[] = ["enum", "namespace", "parameter-property", "import-equals"];
const NODE = {
  "/w/node_modules/@types/node/net.d.ts":
    'declare module "net" { interface AddressInfo {} interface Server {} class Server {} function createServer(): Server; }\ndeclare module "node:net" { export * from "net"; }',
};

for (const [kind, what, main, others] of [
  ["js-specifier", "./hello.js", 'import { hello } from "./hello.js";', HELLO],
  ["js-specifier", "./hello.js", 'export * from "./hello.js";', HELLO],
  ["js-specifier", "./hello.js", 'void import("./hello.js");', HELLO],
  ["json-import", "./a.json", 'import a from "./a.json";', { "/w/a.json": "{}" }],
  ["json-import", "./a.json", 'void import("./a.json");', { "/w/a.json": "{}" }],
  ["no-extension", "./hello", 'import { hello } from "./hello";', HELLO],
  ["no-extension", "./lib", 'import { hello } from "./lib";', { "/w/lib/index.ts": HELLO["/w/hello.ts"] }],
  ["path-alias", "@app/hello", 'import { hello } from "@app/hello";', { ...HELLO, "/w/tsconfig.json": PATHS }],
  ["type-import", "Hello", 'import { Hello } from "./hello.ts";', HELLO],
  ["type-import", "Other", 'import { hello, Other } from "./hello.ts";', HELLO],
  ["type-import", "AddressInfo", 'import { AddressInfo, createServer } from "node:net";', NODE],
  ["type-import", "AddressInfo", 'import { AddressInfo } from "net";', NODE],
  ["type-export", "Order", "interface Order {}\nconst a = 1; export { a, Order };"],
  ["type-export", "Hello", 'import type { Hello } from "./hello.ts";\nexport { Hello };', HELLO],
  ["type-export", "H", 'import { hello, type Hello as H } from "./hello.ts";\nexport { H, hello };', HELLO],
  ["type-handed-on", "Hello", 'export { Hello } from "./hello.ts";', HELLO],
  ["type-handed-on", "Hello", 'import { hello } from "./hello.ts";\nexport { Hello as H } from "./hello.ts";', HELLO],
  ["type-import", "ActorContext", 'import { Actor, ActorContext } from "airssys-rt";'],
  ["enum", "enum A", "enum A { B }"],
  ["enum", "enum A", "export const enum A { B }"],
  ["namespace", "namespace A", "namespace A { export const b = 1; }"],
  ["namespace", "module A", "module A { export type B = 1; }"],
  ["namespace", "module A", "declare module A { const b: number; }"],
  ["parameter-property", "private x: number", "class A { constructor(private x: number) {} }"],
  ["parameter-property", "readonly x: number", "class A { constructor(readonly x: number) {} }"],
  ["decorator", "@sealed", "@sealed class A {}"],
  ["decorator", "@log()", "class A { @log() b() {} }"],
  ["accessor", "accessor", "class A { accessor b = 1; }"],
  ["import-equals", 'import fs = require("node:fs");', 'import fs = require("node:fs");'],
  ["using", "using", "using a = open();"],
  [
    "package",
    "kit",
    'import "kit";',
    { "/w/node_modules/kit/package.json": '{ "main": "index.ts" }', "/w/node_modules/kit/index.ts": "export {};" },
  ],
] as readonly (readonly [NeedKind, string, string, Readonly<Record<string, string>>?])[])
  test(`what Node needs more for is read: ${main}`, () => {
    assert.deepEqual(needs(main, others), [`${kind} /w/main.ts ${what}`]);
    if (CODE.includes(kind)) assert.throws(() => stripTypeScriptTypes(main));
  });

for (const main of [
  'import { hello } from "./hello.ts";',
  'import { hello, type Hello } from "./hello.ts";',
  'import type { Hello } from "./hello.js";',
  'import { Actor, type ActorContext, ActorSystem } from "airssys-rt";',
  "declare enum A { B }",
  'import a from "./a.json" with { type: "json" };',
  'const a = require("./a.json");',
  'import { createServer, Server } from "node:net"; import type { AddressInfo } from "node:net";',
  'declare module "a" { const b: number; } declare global { interface B {} }',
  "class Order {} interface Order {} export { Order };",
  'import { hello } from "./hello.ts"; export { hello, type Hello } from "./hello.ts"; export { hello as again };',
  "namespace A { export type B = 1; }",
  "declare namespace A { const b: number; }",
  'import { x } from "plain";',
  'import fs from "fs"; import { test } from "node:test";',
  "class A<T> { constructor(x: T) {} }",
  "let a = <T,>(x: T): T => x; abstract class B { abstract c(): void; declare d: number; e!: string; }",
  'function f(): void; function f(x?: number): void {} export type { X } from "./hello.ts";',
])
  test(`what Node runs as it is needs nothing: ${main}`, () => {
    const plain = {
      "/w/node_modules/plain/package.json": '{ "main": "i.js" }',
      "/w/node_modules/plain/i.js": "",
      "/w/node_modules/plain/i.ts": "",
      "/w/a.json": "{}",
      ...NODE,
    };
    assert.deepEqual(needs(main, { ...HELLO, ...plain }), []);
    assert.doesNotThrow(() => stripTypeScriptTypes(main));
  });

test("a module that is said to be CommonJS needs a tool, and so does one that awaits at its top; what is a module, or a script, does not", () => {
  const commonjs = { "/w/package.json": '{ "type": "commonjs" }' };
  const main = `${IMPORT}async function main() { ${START} }\nvoid main();`;
  assert.deepEqual(needs(main, commonjs), ["commonjs /w/main.ts import"]);
  assert.deepEqual(needs(main, { "/w/package.json": '{ "type": "module" }' }, "/w/main.cts"), [
    "commonjs /w/main.cts import",
  ]);
  assert.deepEqual(needs(`${IMPORT}${START}`, commonjs), [
    "commonjs /w/main.ts import",
    "top-level-await /w/main.ts await",
  ]);
  assert.deepEqual(needs("export const a = 1;", commonjs), ["commonjs /w/main.ts export const a = 1;"]);
  assert.deepEqual(needs("for await (const a of b) c(a); export {};"), ["top-level-await /w/main.ts await"]);
  for (const [text, path, others] of [
    [main, "/w/main.mts", commonjs],
    [
      'const { ActorSystem } = require("airssys-rt"); import("./a.mjs"); type A = 1; export type { A };',
      "/w/main.ts",
      commonjs,
    ],
    ['import type { A } from "airssys-rt"; interface B {} export interface C {}', "/w/main.ts", commonjs],
    [
      "await using; class A { static async b() { await 1; } }",
      "/w/main.ts",
      { "/w/package.json": '{ "type": "module" }' },
    ],
    [main, "/w/main.ts", {}],
  ] as const)
    assert.deepEqual(needs(text, others, path), [], text);
});

test("beside packages that Yarn keeps in archives, a path that only tsconfig knows is told from a package", () => {
  const paths = (name: string) =>
    `{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "paths": { "${name}": ["./hello.ts"] } } }`;
  const files = (name: string) => ({
    ...HELLO,
    "/w/.pnp.cjs": "",
    "/w/package.json": '{ "dependencies": { "@shop/kit": "workspace:*" } }',
    "/w/tsconfig.json": paths(name),
  });
  assert.deepEqual(needs('import { hello } from "@app/hello";', files("@app/*")), ["path-alias /w/main.ts @app/hello"]);
  assert.deepEqual(needs('import { hello } from "@shop/kit";', files("@shop/kit")), []);
});

test("a name of the package itself needs what its own entry names, and not what others do", () => {
  const imports = (named: string) =>
    needs(`import "${named}";`, {
      "/w/package.json":
        '{ "type": "module", "imports": { "#a": "./src/a.ts", "#b": "./src/b.js", "#js/*": "./src/*.js", "#ts/*": { "default": "./src/*.ts" }, "#js/own/*": "./src/*.ts" } }',
      "/w/src/a.ts": "export {};",
      "/w/src/b.ts": "export {};",
    });
  assert.deepEqual(imports("#b"), ["js-specifier /w/main.ts #b"]);
  assert.deepEqual(imports("#js/b"), ["js-specifier /w/main.ts #js/b"]);
  for (const named of ["#a", "#ts/b", "#js/own/b"]) assert.deepEqual(imports(named), [], named);
});

test("a need of a file that is imported is found where it is", () => {
  assert.deepEqual(
    needs('import { hello } from "./hello.ts";', { "/w/hello.ts": "export enum H { A } export const hello = H.A;" }),
    ["enum /w/hello.ts enum H"],
  );
});

test("a file with JSX needs it, and decorators that ask for types need them", () => {
  assert.deepEqual(needs("export const a = 1;", {}, "/w/main.tsx"), ["jsx /w/main.tsx /w/main.tsx"]);
  const config = '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }';
  assert.deepEqual(needs("@a class B {}", { "/w/tsconfig.json": config }), [
    "decorator /w/main.ts @a",
    "decorator-metadata /w/main.ts @a",
  ]);
});

function errors(main: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  const config =
    '{ "compilerOptions": { "noLib": true, "strict": true, "types": ["mini"], "module": "esnext", "moduleResolution": "bundler" } }';
  const workspace = open({ "/w/tsconfig.json": config, ...others, "/w/main.ts": main });
  return workspace.errorsIn("/w/main.ts").map(({ path, span, message }) => `${path}:${span.start} ${message}`);
}

test("errors of syntax and types are found in every file of a program", () => {
  assert.deepEqual(errors("const a = ;"), ["/w/main.ts:10 Expression expected."]);
  assert.deepEqual(errors('import { b } from "./b.js";\nb;', { "/w/b.ts": 'export const b: number = "x";' }), [
    "/w/b.ts:13 Type 'string' is not assignable to type 'number'.",
  ]);
});

test("a run is not hindered by unused names, endings of imports, or missing declarations of Node's own names", () => {
  const config =
    '{ "compilerOptions": { "noLib": true, "types": ["mini"], "module": "nodenext", "noUnusedLocals": true, "erasableSyntaxOnly": true } }';
  const main =
    'import { b } from "./b.ts";\nimport fs from "node:fs";\nconst unused = 1; enum E { F }\nprocess.exit(Buffer.length);';
  assert.deepEqual(errors(main, { "/w/tsconfig.json": config, "/w/b.ts": "export const b = 1;" }), []);
});

test("without a config file only syntax is looked at", () => {
  const workspace = open({ "/w/main.ts": 'const a: number = "x";', "/tsconfig.json": '{ "files": ["/other.ts"] }' });
  assert.deepEqual(workspace.errorsIn("/w/main.ts"), []);
});

test("where a build puts a program is known", () => {
  const built = (options: string): string | undefined =>
    open({
      "/w/tsconfig.json": `{ "compilerOptions": ${options} }`,
      "/w/src/main.ts": "export {};",
      "/w/src/lib/a.ts": "export {};",
    }).builtFileOf("/w/src/main.ts");
  assert.equal(built('{ "outDir": "dist", "rootDir": "src" }'), "/w/dist/main.js");
  assert.equal(built('{ "outDir": "dist" }'), "/w/dist/main.js");
  assert.equal(built('{ "outDir": "dist", "rootDir": "." }'), "/w/dist/src/main.js");
  assert.equal(built("{}"), undefined);
});

test("a package of the workspace that is not built is told before anything is run; by a path or a condition of tsconfig it is reached all the same", () => {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "airssys-unbuilt-")));
  try {
    const write = (file: string, text: string): void => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    };
    const tsconfig = (paths: string): string =>
      `{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "types": [] ${paths} } }`;
    write(
      "kit/package.json",
      '{ "name": "@shop/kit", "type": "module", "exports": { ".": { "types": "./dist/index.d.ts", "import": "./dist/index.js" } } }',
    );
    write("kit/src/index.ts", "export const kit = 1;");
    write("desk/package.json", '{ "type": "module" }');
    write("desk/main.ts", 'import { kit } from "@shop/kit";\nkit;');
    write("desk/tsconfig.json", tsconfig(""));
    mkdirSync(path.join(folder, "desk/node_modules/@shop"), { recursive: true });
    symlinkSync("../../../kit", path.join(folder, "desk/node_modules/@shop/kit"));
    const main = path.join(folder, "desk/main.ts");
    const open = () => {
      const workspace = new Workspace(DISK);
      workspace.addFolder(folder);
      return workspace.programAt(main);
    };
    const kinds = (): readonly NeedKind[] => open().needs.map(({ kind }) => kind);
    assert.deepEqual(kinds(), ["unbuilt"]);
    write("desk/tsconfig.json", tsconfig(', "paths": { "@shop/kit": ["../kit/src/index.ts"] }'));
    assert.deepEqual(kinds(), ["path-alias"]);
    write("kit/dist/index.js", "export const kit = 1;");
    assert.deepEqual(kinds(), []);
    write("desk/tsconfig.json", tsconfig(""));
    assert.deepEqual(kinds(), []);
    const conditions = (): readonly string[] => open().conditions;
    write(
      "kit/package.json",
      '{ "name": "@shop/kit", "exports": { ".": { "source": "./src/index.ts", "default": "./dist/index.js" } } }',
    );
    assert.deepEqual(conditions(), []);
    write("desk/tsconfig.json", tsconfig(', "customConditions": ["source"]'));
    assert.deepEqual(conditions(), ["source"]);
    write("kit/package.json", '{ "name": "@shop/kit", "exports": { ".": "./dist/index.js" } }');
    assert.deepEqual(conditions(), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
