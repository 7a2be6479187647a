import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { ProgramReport } from "airssys-language-server/protocol";
import { launchConfiguration } from "../../extension/src/debug/launch.ts";
import { LaunchError } from "../../extension/src/debug/launch-error.ts";
import { installCommand } from "../../extension/src/debug/package-manager.ts";
import { denied } from "../../extension/src/debug/permissions.ts";
import { archiveArguments, findTools } from "../../extension/src/debug/tools.ts";
import { chooseWay, type NeedKind, type Question, type Tools } from "../../extension/src/debug/way.ts";

const of = (name: string) => ({ module: [name, "module"], script: [name, "script"] });
const BUILD = { program: "/w/dist/main.js", outFiles: ["/w/dist/**"], isStale: false };
const ALL: Tools = { tsx: of("tsx"), swc: of("swc"), tsNode: of("ts-node"), build: BUILD, bun: "/bun" };
const NODE_24 = { major: 24, minor: 0 };
const KINDS: readonly NeedKind[] = [
  "js-specifier",
  "no-extension",
  "path-alias",
  "json-import",
  "type-import",
  "type-export",
  "type-handed-on",
  "commonjs",
  "enum",
  "namespace",
  "parameter-property",
  "decorator",
  "decorator-metadata",
  "accessor",
  "import-equals",
  "jsx",
  "package",
];

function way(kinds: readonly NeedKind[] | undefined, change: Partial<Question> = {}) {
  return chooseWay({
    program: "/w/main.ts",
    needs: kinds?.map((kind) => ({ kind, what: kind, file: "/w/main.ts", line: 1 })),
    node: NODE_24,
    isModule: true,
    noDebug: false,
    tools: {},
    ...change,
  });
}

suite("how a program is run", () => {
  test("Node runs by itself what only has to lose its types, and scripts, whatever the project has", () => {
    assert.deepEqual(way([], { tools: ALL }), { by: "node", args: [] });
    assert.deepEqual(way([], { program: "/w/main.js", node: { major: 22, minor: 0 } }), { by: "node", args: [] });
    assert.deepEqual(way(undefined, { program: "/w/main.js", tools: ALL }), { by: "node", args: [] });
  });

  test("an older Node gets its flag, and the oldest a tool", () => {
    assert.deepEqual(way([], { node: { major: 22, minor: 10 } }), { by: "node", args: ["--experimental-strip-types"] });
    assert.equal(way([], { node: { major: 22, minor: 1 }, tools: ALL }).by, "tsx");
    assert.deepEqual(way([], { node: { major: 22, minor: 1 } }), { by: "nothing", staleBuild: false, onlyBun: false });
  });

  for (const kind of KINDS) {
    test(`Node alone does not run a program with ${kind}, and the message is about that`, () => {
      const found = way([kind]);
      assert.equal(found.by, "nothing");
      assert.equal(found.by === "nothing" && found.need?.kind, kind);
    });
  }

  test("tsx runs everything but decorators that ask for types, and types that are handed on like values", () => {
    const others: Partial<Record<NeedKind, string>> = { "decorator-metadata": "swc", "type-handed-on": "build" };
    for (const kind of KINDS) assert.equal(way([kind], { tools: ALL }).by, others[kind] ?? "tsx");
    assert.equal(way(["type-handed-on"], { tools: ALL, isModule: false }).by, "tsx");
    assert.deepEqual(way(["enum"], { tools: ALL }), { by: "tsx", args: ["tsx", "module"] });
    assert.deepEqual(way(["enum"], { tools: ALL, isModule: false }), { by: "tsx", args: ["tsx", "script"] });
  });

  test("swc, ts-node and a build do what they can", () => {
    const swc = { ...ALL, tsx: undefined };
    assert.equal(way(["decorator-metadata", "path-alias"], { tools: swc }).by, "swc");
    assert.equal(way(["package"], { tools: swc }).by, "nothing");
    const tsNode = { ...swc, swc: undefined };
    assert.equal(way(["js-specifier", "decorator-metadata"], { tools: tsNode }).by, "ts-node");
    assert.equal(way(["no-extension"], { tools: tsNode, isModule: false }).by, "ts-node");
    assert.equal(way(["no-extension"], { tools: tsNode }).by, "nothing");
    assert.equal(way(["path-alias"], { tools: tsNode, isModule: false }).by, "nothing");
    assert.equal(
      way(["js-specifier"], { tools: { tsNode: of("ts-node"), swc: of("swc") }, isModule: false }).by,
      "nothing",
    );
    assert.equal(way(["json-import"], { tools: tsNode }).by, "nothing");
    assert.equal(way(["json-import"], { tools: { swc: of("swc") } }).by, "swc");
    assert.equal(way(["no-extension"], { tools: { build: BUILD }, isModule: false }).by, "build");
    assert.deepEqual(way(["enum"], { tools: { build: BUILD } }), {
      by: "build",
      program: "/w/dist/main.js",
      outFiles: ["/w/dist/**"],
    });
  });

  test("a build that is older than its sources is not run, and the message says so", () => {
    const found = way(["enum"], { tools: { build: { ...BUILD, isStale: true } } });
    assert.equal(found.by === "nothing" && found.staleBuild, true);
  });

  test("Bun runs what is not to be debugged", () => {
    assert.deepEqual(way(["enum"], { tools: { bun: "/bun" }, noDebug: true }), { by: "bun", executable: "/bun" });
    const found = way(["enum"], { tools: { bun: "/bun" } });
    assert.equal(found.by === "nothing" && found.onlyBun, true);
  });

  test("what imports a package that is not built is not run by anything, and that is what the message is about", () => {
    for (const change of [{}, { noDebug: true }, { isModule: false }]) {
      const found = way(["enum", "unbuilt"], { tools: ALL, ...change });
      assert.equal(found.by === "nothing" && found.need?.kind, "unbuilt");
    }
  });

  test("the message is about what no tool of the project can do", () => {
    const found = way(["enum", "decorator-metadata"], { tools: { tsx: of("tsx") } });
    assert.equal(found.by === "nothing" && found.need?.kind, "decorator-metadata");
  });

  test("an await at the top stands in the way only of what takes the program for a script", () => {
    assert.equal(way(["top-level-await"], { isModule: false }).by, "node");
    const found = way(["enum", "top-level-await"], { tools: { tsx: of("tsx") }, isModule: false });
    assert.equal(found.by === "nothing" && found.need?.kind, "top-level-await");
    const bare = way(["commonjs", "top-level-await"], { isModule: false });
    assert.equal(bare.by === "nothing" && bare.need?.kind, "top-level-await");
  });

  test("`using` is a need before Node 24 only", () => {
    assert.equal(way(["using"]).by, "node");
    assert.equal(way(["using"], { node: { major: 22, minor: 20 } }).by, "nothing");
  });

  test("a program that nobody knows is run by tsx where there is one, by Node where there is none", () => {
    assert.equal(way(undefined, { tools: ALL }).by, "tsx");
    assert.equal(way(undefined).by, "node");
    assert.equal(way(undefined, { program: "/w/main.tsx" }).by, "nothing");
  });
});

/** A project on the disk with a Node 24 of its own. */
function project(files: Readonly<Record<string, string>>) {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "airssys-way-")));
  for (const [name, text] of Object.entries({ "src/main.ts": "", "package.json": '{ "type": "module" }', ...files })) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const node = path.join(folder, "node_modules/.bin/node");
  mkdirSync(path.dirname(node), { recursive: true });
  writeFileSync(node, "#!/bin/sh\necho v24.1.0\n");
  chmodSync(node, 0o755);
  const program = path.join(folder, "src/main.ts");
  const uri = pathToFileURL(program).href;
  const report: ProgramReport = {
    startsSystem: true,
    files: [uri],
    needs: [
      {
        kind: "js-specifier",
        what: "./hello.js",
        at: { uri, range: { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } } },
      },
    ],
    built: pathToFileURL(path.join(folder, "dist/main.js")).href,
  };
  const launch = (noDebug = false, change: Record<string, unknown> = {}, known: ProgramReport | undefined = report) =>
    launchConfiguration(
      { type: "airssys", request: "launch", name: "x", program, ...change },
      { launch: "1", attached: false, noDebug },
      { workspaceFolder: folder, env: {} },
      "",
      known,
    );
  return { folder, program, report, launch, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

suite("a program that Node does not run by itself", { skip: process.platform === "win32" }, () => {
  test("is run by the project's tsx, in the folder of its package", async () => {
    using made = project({ "node_modules/tsx/dist/loader.mjs": "" });
    const config = await made.launch();
    assert.match(String(config["runtimeArgs"]), /^--import,file:.*\/tsx\/dist\/loader\.mjs$/);
    assert.equal(config["cwd"], made.folder);
    assert.deepEqual(config["outFiles"], []);
  });

  test("is run with the conditions by which its packages are found as sources", async () => {
    using made = project({ "node_modules/tsx/dist/loader.mjs": "" });
    const conditions = ["@shop/source"];
    const plain = await made.launch(false, {}, { ...made.report, needs: [], conditions });
    assert.deepEqual(plain["runtimeArgs"], ["--conditions=@shop/source"]);
    const config = await made.launch(false, { runtimeArgs: ["--trace-gc"] }, { ...made.report, conditions });
    assert.match(String(config["runtimeArgs"]), /^--trace-gc,--conditions=@shop\/source,--import,/);
  });

  test("is run by the tsx of a folder above its package", async () => {
    using made = project({
      "node_modules/tsx/dist/loader.mjs": "",
      "packages/a/package.json": "{}",
      "packages/a/main.ts": "",
    });
    const program = path.join(made.folder, "packages/a/main.ts");
    const config = await made.launch(false, { program });
    assert.match(String(config["runtimeArgs"]), /tsx/);
    assert.equal(config["cwd"], path.join(made.folder, "packages/a"));
  });

  test("is run from its build while that is newer than the sources", async () => {
    using made = project({ "dist/main.js": "", "dist/main.js.map": "" });
    const config = await made.launch();
    assert.equal(config["program"], path.join(made.folder, "dist/main.js"));
    assert.match(String(config["outFiles"]), /\/dist\/\*\*/);
    utimesSync(path.join(made.folder, "dist/main.js"), 1, 1);
    await assert.rejects(made.launch(), /build it again: a source is newer/);
  });

  test("is run from its build with the maps of all that is built with it", async () => {
    using made = project({ "dist/src/main.js": "", "dist/src/main.js.map": "" });
    const built = pathToFileURL(path.join(made.folder, "dist/src/main.js")).href;
    const config = await made.launch(false, {}, { ...made.report, built });
    assert.deepEqual(config["outFiles"], [`${made.folder}/dist/**/*.{js,mjs,cjs}`]);
  });

  test("is run from its build beside packages that Yarn keeps in archives", async () => {
    using made = project({ ".pnp.cjs": "", "dist/main.js": "", "dist/main.js.map": "" });
    const config = await made.launch();
    assert.equal(config["program"], path.join(made.folder, "dist/main.js"));
    assert.deepEqual(config["runtimeArgs"], ["--require", path.join(made.folder, ".pnp.cjs")]);
  });

  test("is not started where nothing runs it: the message names the file, the line, what is wrong, and what to do", async () => {
    using made = project({});
    await assert.rejects(made.launch(), (error) => {
      assert.ok(error instanceof LaunchError);
      assert.equal(
        error.message,
        'src/main.ts:2 imports "./hello.js", and only its TypeScript source is there: Node itself does not look for that. Install "tsx" in the project, or build it with source maps.',
      );
      assert.deepEqual(error.remedy, { package: "tsx", folder: made.folder });
      assert.deepEqual([error.at?.file, error.at?.line], [made.program, 2]);
      return true;
    });
  });

  test("that no package helps is not answered with one: the message says what to write", async () => {
    using made = project({});
    const at = made.report.needs[0]?.at ?? assert.fail();
    const launch = (kind: NeedKind) => made.launch(false, {}, { ...made.report, needs: [{ kind, what: "Order", at }] });
    await assert.rejects(launch("type-handed-on"), (error) => {
      assert.ok(error instanceof LaunchError);
      assert.match(
        error.message,
        /^src\/main\.ts:2 exports "Order", a type of another file, .* Write "type" before it, or/,
      );
      assert.equal(error.remedy, undefined);
      return true;
    });
    await assert.rejects(launch("commonjs"), /says "Order", and is CommonJS by .* Install "tsx" in the project/);
  });

  test("is run as the user says who names a loader, a runtime or built files himself", async () => {
    using made = project({});
    const own = await made.launch(false, { runtimeArgs: ["--import", "tsx"] });
    assert.deepEqual(own["runtimeArgs"], ["--import", "tsx"]);
    assert.equal((await made.launch(false, { runtimeExecutable: "bun" }))["runtimeExecutable"], "bun");
    assert.deepEqual((await made.launch(false, { outFiles: ["out/**"] }))["outFiles"], ["out/**"]);
  });

  test("is run by Bun without a debugger", async () => {
    using made = project({ "node_modules/.bin/bun": "" });
    assert.equal((await made.launch(true))["runtimeExecutable"], path.join(made.folder, "node_modules/.bin/bun"));
    await assert.rejects(made.launch(), /Run it without debugging: Bun runs it/);
  });

  test("is run with the packages that Yarn keeps in archives", async () => {
    using made = project({
      ".pnp.cjs": "",
      ".pnp.loader.mjs": "",
      "package.json": '{ "type": "module", "devDependencies": { "tsx": "4" } }',
    });
    const args = (await made.launch())["runtimeArgs"] as string[];
    assert.deepEqual(args.slice(0, 3), ["--require", path.join(made.folder, ".pnp.cjs"), "--experimental-loader"]);
    assert.deepEqual(args.slice(4), ["--import", "tsx"]);
    assert.equal(archiveArguments(made.program).length, 4);
    const plain = await made.launch(false, {}, { ...made.report, needs: [] });
    assert.equal((plain["runtimeArgs"] as string[]).length, 4);
  });

  test("finds ts-node and swc where they are installed", () => {
    using made = project({
      "node_modules/ts-node/package.json": "{}",
      "node_modules/@swc-node/register/esm/esm-register.mjs": "",
      "node_modules/@swc-node/register/index.js": "",
    });
    const { tsNode, swc } = findTools({ program: made.program, files: [] });
    assert.match(String(tsNode?.module), /^--loader,file:.*ts-node\/esm\/transpile-only\.mjs$/);
    assert.match(String(tsNode?.script), /^--require,.*ts-node\/register\/transpile-only\.js$/);
    assert.match(String(swc?.module), /^--import,file:.*esm-register\.mjs$/);
    assert.match(String(swc?.script), /^--require,.*register\/index\.js$/);
  });
});

test("a package is installed by the package manager of its project", () => {
  const by = (...locks: string[]) => installCommand("/w/packages/a", "tsx", (file) => locks.includes(file)).join(" ");
  assert.equal(by("/w/pnpm-lock.yaml"), "pnpm add --save-dev tsx");
  assert.equal(by("/w/pnpm-lock.yaml", "/w/pnpm-workspace.yaml"), "pnpm add --save-dev tsx");
  const root = installCommand("/w", "tsx", (file) => ["/w/pnpm-lock.yaml", "/w/pnpm-workspace.yaml"].includes(file));
  assert.equal(root.join(" "), "pnpm add --save-dev --workspace-root tsx");
  assert.equal(by("/w/packages/a/yarn.lock", "/w/package-lock.json"), "yarn add --dev tsx");
  assert.equal(by("/w/bun.lock"), "bun add --dev tsx");
  assert.equal(by("/w/package-lock.json"), "npm install --save-dev tsx");
  assert.equal(by(), "npm install --save-dev tsx");
});

suite("Node's permission model", () => {
  const NODE_26 = new Set(["--allow-net", "--allow-inspector", "--allow-child-process", "--allow-worker"]);
  const ask = (args: readonly string[], noDebug: boolean, known: ReadonlySet<string> = NODE_26, nodeOptions = "") =>
    denied({ args, nodeOptions, known, noDebug });

  test("denies nothing when it is off", () => {
    assert.deepEqual(ask(["--allow-fs-read=*"], true), { flags: [], isHopeless: false });
  });

  test("denies the way to the viewer where it restricts the network", () => {
    assert.deepEqual(ask(["--permission"], true).flags, ["--allow-net"]);
    assert.deepEqual(ask(["--permission", "--allow-net"], true).flags, []);
    assert.deepEqual(ask(["--permission"], true, new Set(["--allow-inspector"])).flags, []);
    assert.deepEqual(ask([], true, NODE_26, "--permission --allow-fs-read=*").flags, ["--allow-net"]);
  });

  test("denies what the debugger starts with", () => {
    assert.deepEqual(ask(["--permission", "--allow-addons"], false).flags, [
      "--allow-inspector",
      "--allow-net",
      "--allow-child-process",
      "--allow-fs-read=*",
    ]);
    assert.equal(ask(["--permission"], false, new Set()).isHopeless, true);
  });

  test("denies the debugger its own files, unless all may be read", () => {
    const given = ["--permission", "--allow-inspector", "--allow-net", "--allow-child-process"];
    assert.deepEqual(ask([...given, "--allow-fs-read=/w"], false).flags, ["--allow-fs-read=*"]);
    assert.deepEqual(ask([...given, "--allow-fs-read=*"], false).flags, []);
  });
});
