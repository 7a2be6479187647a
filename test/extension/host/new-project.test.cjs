"use strict";

const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const vscode = require("vscode");
const { file, open, program, row, start, stopAll, until, workspace } = require("./support.cjs");

const MORE = `import { readFile } from "node:fs/promises";
export const more = async (): Promise<string> => (await readFile(process.argv[1] ?? "", "utf8")) + (await fetch("x")).statusText;
`;

describe("a new project", () => {
  let api;
  let folder;
  before(async () => {
    api = await open();
    folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "airssys-new-")), "My Shop");
    await vscode.commands.executeCommand("airssys.newProject", vscode.Uri.file(folder));
  });
  after(async () => {
    await stopAll(api);
    fs.rmSync(path.dirname(folder), { recursive: true, force: true });
  });

  it("has a name npm takes", () => {
    const read = (file) => JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
    assert.equal(read("package.json").name, "my-shop");
  });

  it("type-checks as it is, process and the modules of Node included", () => {
    fs.writeFileSync(path.join(folder, "src/more.ts"), MORE);
    const tsc = require.resolve("typescript/lib/tsc.js");
    execFileSync(process.execPath, [tsc, "-p", folder], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: "pipe",
    });
    fs.rmSync(path.join(folder, "src/more.ts"));
  });

  it("has a test that passes", () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
    const [, ...args] = [...scripts.test.matchAll(/"([^"]+)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
    const told = execFileSync(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined },
      encoding: "utf8",
    });
    assert.match(told, /tests 1\n[\s\S]*pass 1\n/);
  });

  it("runs, and its actors are shown", async () => {
    await start({ name: "new", program: path.join(folder, "src/main.ts"), cwd: folder }, { noDebug: true });
    const running = await program(api);
    assert.equal(row(running, "my-shop/counter")?.definition, "Counter");
    await until("the clock ticks", () => row(running, "my-shop/counter").handled > 0);
  });

  it("shows its main.ts and the view in the first window that opens it, and not again", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("workbench.view.explorer");
    await until("the view is hidden", () => !api.view.isVisible);
    const kept = new Map([["airssys.openedNext", workspace().uri.toString()]]);
    const memory = { get: (key) => kept.get(key), update: async (key, value) => void kept.set(key, value) };
    assert.equal(await api.openNew(memory), true);
    await until("the view is visible", () => api.view.isVisible);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, file("src/main.ts").fsPath);
    assert.equal(await api.openNew(memory), false);
  });

  it("is not written over something", async () => {
    const before = fs.readFileSync(path.join(folder, "src/main.ts"), "utf8");
    await vscode.commands.executeCommand("airssys.newProject", vscode.Uri.file(folder));
    assert.equal(fs.readFileSync(path.join(folder, "src/main.ts"), "utf8"), before);
  });
});
