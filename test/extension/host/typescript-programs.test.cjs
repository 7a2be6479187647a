// The last suite by its name: VS Code keeps documents open for minutes after their editors are closed, and their actors are shown.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const vscode = require("vscode");
const { file, open, program, stopAll, until, workspace } = require("./support.cjs");

/** A program that lives until it is ended. */
const main = (imports, name = '"f5"') => `import { ActorSystem, supervisor } from "airssys-rt";
${imports}
await ActorSystem.start({ name: ${name}, root: supervisor({ children: [] }), logger: false });
setInterval(() => {}, 1000);
`;
const NODENEXT = '{ "compilerOptions": { "strict": true, "target": "ES2024", "module": "NodeNext", "noEmit": true } }';
const BUNDLER =
  '{ "compilerOptions": { "strict": true, "target": "ES2024", "module": "ESNext", "moduleResolution": "Bundler", "paths": { "@app/*": ["./src/*"] }, "noEmit": true } }';

/** Programs as people write them, which Node does not run by itself. */
const WRITTEN = {
  "an ending that the compiler makes": {
    "tsconfig.json": NODENEXT,
    "src/main.ts": main('import { hello } from "./hello.js";', "hello"),
  },
  "no ending": { "tsconfig.json": BUNDLER, "src/main.ts": main('import { hello } from "./hello";', "hello") },
  "a path alias": { "tsconfig.json": BUNDLER, "src/main.ts": main('import { hello } from "@app/hello";', "hello") },
  "an enum": { "tsconfig.json": NODENEXT, "src/main.ts": main('enum H { A = "f5" }', "H.A") },
  "a parameter property": {
    "tsconfig.json": NODENEXT,
    "src/main.ts": main('class H { constructor(readonly name = "f5") {} }', "new H().name"),
  },
  "a type that is imported like a value": {
    "tsconfig.json": NODENEXT,
    "src/main.ts": main('import { ActorContext } from "airssys-rt";\nlet none: ActorContext<never> | undefined;'),
  },
};

/** Writes files below a folder. */
function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
}

/** What F5 hands over when there is no launch.json. */
function f5(options = {}) {
  return vscode.debug.startDebugging(workspace(), { type: "airssys", request: "launch", name: "" }, options);
}

describe("programs as people write them", () => {
  const folders = [];
  const terminals = [];
  let api;

  /** A package of the workspace. */
  function project(files) {
    const folder = file(`f5-${folders.length}`).fsPath;
    folders.push(folder);
    write(folder, {
      "package.json": '{ "type": "module" }',
      "src/hello.ts": 'export const hello: string = "f5";',
      ...files,
    });
    return folder;
  }

  async function show(...parts) {
    await vscode.window.showTextDocument(vscode.Uri.file(path.join(...parts)));
  }

  /** Types a line into a new terminal. */
  function type(line, cwd) {
    const terminal = vscode.window.createTerminal({ cwd });
    terminals.push(terminal);
    terminal.sendText(line);
    return terminal;
  }

  before(async () => {
    api = await open();
    await until("the language server runs", () => api.language.isRunning);
  });
  afterEach(async () => {
    for (const terminal of terminals.splice(0)) terminal.dispose();
    await stopAll(api);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
  after(() => {
    for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
  });

  for (const [title, files] of Object.entries(WRITTEN)) {
    it(`run by F5 through the project's tsx: ${title}`, async () => {
      const folder = project(files);
      await show(folder, "src/main.ts");
      assert.equal(await f5({ noDebug: true }), true);
      const shown = await program(api, (tree) => tree.size > 0);
      assert.equal(shown.hello.program, path.join(folder, "src/main.ts"));
      assert.equal(shown.tree.systems[0].name, "f5");
    });
  }

  it("stop at a breakpoint of their own line under tsx", async () => {
    const folder = project({
      "tsconfig.json": NODENEXT,
      "src/main.ts": main(
        'enum H { A = "f5" }\ninterface Long { a: 1 }\nsetInterval(() => {\n  console.log(H.A);\n}, 100);',
        "H.A",
      ),
    });
    await show(folder, "src/main.ts");
    const place = new vscode.Location(vscode.Uri.file(path.join(folder, "src/main.ts")), new vscode.Position(4, 0));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(place)]);
    try {
      assert.equal(await f5(), true);
      const item = await until(
        "the debugger stops",
        () => {
          const one = vscode.debug.activeStackItem;
          return one instanceof vscode.DebugStackFrame ? one : undefined;
        },
        40_000,
      );
      const { stackFrames } = await item.session.customRequest("stackTrace", { threadId: item.threadId, levels: 1 });
      assert.equal(stackFrames[0].line, 5);
      assert.match(stackFrames[0].source.path, /src\/main\.ts$/);
    } finally {
      vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    }
  });

  it("are not started where nothing in the project runs them", async () => {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "airssys-no-tool-")));
    folders.push(folder);
    const runtime = path.dirname(path.dirname(require.resolve("airssys-rt")));
    write(folder, { "package.json": '{ "type": "module" }', "main.ts": main('enum H { A = "f5" }', "H.A") });
    fs.mkdirSync(path.join(folder, "node_modules"));
    fs.symlinkSync(runtime, path.join(folder, "node_modules/airssys-rt"), "junction");
    const config = { type: "airssys", request: "launch", name: "x", program: path.join(folder, "main.ts") };
    assert.equal(await vscode.debug.startDebugging(workspace(), config), false);
    assert.equal(api.programs.all.length, 0);
  });

  it("run in the folder of their package, the one that its manifest names when a module is in the editor", async () => {
    const folder = project({
      "package.json": '{ "type": "module", "scripts": { "start": "node src/main.ts" } }',
      "src/main.ts":
        'import { startShop } from "./shop.ts";\nimport path from "node:path";\nawait startShop(path.basename(process.cwd()));\nsetInterval(() => {}, 1000);\n',
      "src/shop.ts":
        'import { ActorSystem as System, supervisor } from "airssys-rt";\nexport const startShop = (name: string) => System.start({ name, root: supervisor({ children: [] }), logger: false });\n',
      "src/other.ts": main(""),
    });
    await show(folder, "src/shop.ts");
    assert.equal(await f5({ noDebug: true }), true);
    const shown = await program(api, (tree) => tree.size > 0);
    assert.equal(shown.hello.program, path.join(folder, "src/main.ts"));
    assert.equal(shown.tree.systems[0].name, path.basename(folder));
  });

  it("appear when they are started in a terminal, and take their old place when they are started again", async () => {
    const folder = project({
      "package.json": '{ "type": "module", "scripts": { "start": "node src/main.ts" } }',
      "src/main.ts": main(""),
    });
    type("npm start", folder);
    const first = await program(api, (tree) => tree.size > 0);
    assert.equal(first.origin, "running");
    process.kill(first.hello.pid, "SIGTERM");
    await until("it is gone", () => api.programs.all.length === 0);
    type("npm start", folder);
    assert.equal((await program(api, (tree) => tree.size > 0)).id, first.id);
    process.kill(api.programs.all[0].hello.pid, "SIGTERM");
  });

  it("do not appear when the user does not want it", async () => {
    const settings = vscode.workspace.getConfiguration("airssys");
    await settings.update("showTerminalPrograms", false, vscode.ConfigurationTarget.Global);
    try {
      const folder = project({
        "src/main.ts": 'import fs from "node:fs";\nfs.writeFileSync("said", String(process.env.AIRSSYS_INSPECT));\n',
      });
      type("node src/main.ts", folder);
      const said = path.join(folder, "said");
      await until("it has run", () => fs.existsSync(said) && fs.readFileSync(said, "utf8") !== "");
      assert.equal(fs.readFileSync(said, "utf8"), "undefined");
    } finally {
      await settings.update("showTerminalPrograms", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("appear once, as debugged, when they are started in a debug terminal", async () => {
    const folder = project({ "src/main.ts": main("") });
    await vscode.commands.executeCommand("extension.js-debug.createDebuggerTerminal", "node src/main.ts", undefined, {
      cwd: folder,
    });
    terminals.push(vscode.window.activeTerminal);
    await until("it is shown as debugged", () => api.programs.all.some(({ origin }) => origin === "debugging"));
    const shown = await program(api, (tree) => tree.size > 0);
    assert.deepEqual(api.programs.all, [shown]);
    process.kill(shown.hello.pid, "SIGTERM");
  });
});
