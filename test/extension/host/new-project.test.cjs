"use strict";

const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const vscode = require("vscode");
const { open, program, row, start, stopAll, until } = require("./support.cjs");

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

  it("has a name npm takes, and a launch configuration", () => {
    const read = (file) => JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
    assert.equal(read("package.json").name, "my-shop");
    assert.equal(read(".vscode/launch.json").configurations[0].type, "airssys");
  });

  it("type-checks as it is", () => {
    const tsc = require.resolve("typescript/lib/tsc.js");
    execFileSync(process.execPath, [tsc, "-p", folder], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: "pipe",
    });
  });

  it("runs, and its actors are shown", async () => {
    await start({ name: "new", program: path.join(folder, "src/main.ts"), cwd: folder }, { noDebug: true });
    const running = await program(api);
    assert.equal(row(running, "my-shop/counter")?.definition, "Counter");
    await until("the clock ticks", () => row(running, "my-shop/counter").handled > 0);
  });

  it("is not written over something", async () => {
    const before = fs.readFileSync(path.join(folder, "src/main.ts"), "utf8");
    await vscode.commands.executeCommand("airssys.newProject", vscode.Uri.file(folder));
    assert.equal(fs.readFileSync(path.join(folder, "src/main.ts"), "utf8"), before);
  });
});
