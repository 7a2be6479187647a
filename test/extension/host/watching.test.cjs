"use strict";

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const path = require("node:path");
const vscode = require("vscode");
const { lines, open, program, stopAll, until } = require("./support.cjs");

/** A program that nobody in VS Code has started, and where its inspector listens. */
async function runByItself() {
  const file = path.join(__dirname, "actor-program.mjs");
  const env = { ...process.env, NODE_OPTIONS: "", ELECTRON_RUN_AS_NODE: "1" };
  const child = spawn(process.execPath, ["--inspect=127.0.0.1:0", file], { env, stdio: ["ignore", "ignore", "pipe"] });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (data) => {
      said += data;
      const [, found] = /ws:\/\/(127\.0\.0\.1:\d+)\//.exec(said) ?? [];
      if (found) resolve(found);
    });
    child.once("exit", () => reject(new Error(said)));
  });
  return { child, address };
}

describe("Watch a Running Program", () => {
  let api;
  let running;
  before(async () => {
    api = await open();
  });
  afterEach(async () => {
    running?.child.kill("SIGKILL");
    await stopAll(api);
  });

  it("shows it read only, refuses what would change it, and ends with it", async () => {
    running = await runByItself();
    const { child, address } = running;
    // It may not have started its system yet.
    await until("it is watched", () => vscode.commands.executeCommand("airssys.watchProgram", address));
    const watched = await program(api);

    const [first] = lines(api.view);
    assert.equal(first, `actor-program.mjs | watching, read only · pid ${child.pid}`);
    const [top] = api.view.getChildren(undefined);
    assert.equal(api.view.getTreeItem(top).contextValue, "program watched");
    const actor = [...watched.tree.rows].find(({ id }) => id === "orders");
    const node = { kind: "actor", program: watched, key: actor.key, id: actor.key };
    for (const action of ["kill", "restart", "stop", "suspend", "send"])
      assert.equal(await vscode.commands.executeCommand(`airssys.${action}`, node), false, action);
    assert.equal(child.exitCode, null);

    await vscode.commands.executeCommand("airssys.stopWatching");
    await until("it is shown no more", () => api.programs.all.length === 0);
    assert.equal(child.exitCode, null);

    await vscode.commands.executeCommand("airssys.watchProgram", address);
    await program(api);
    child.kill("SIGKILL");
    await until("it has ended", () => api.programs.all.length === 0);
    assert.equal(api.watch.watching.all.length, 0);
  });
});
