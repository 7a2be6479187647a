"use strict";

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const vscode = require("vscode");
const { file, open, program, row, start, stopAll, until, workspace } = require("./support.cjs");

/** Sets a breakpoint on the line that holds a text, and gives the line. */
function breakAt(relative, text) {
  const uri = file(relative);
  const line = fs
    .readFileSync(uri.fsPath, "utf8")
    .split("\n")
    .findIndex((each) => each.includes(text));
  assert.ok(line >= 0, `no line with "${text}"`);
  vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(line, 0)))]);
  return line + 1;
}

/** The frame the debugger has stopped in. */
function stop() {
  return until(
    "the debugger stops",
    async () => {
      const item = vscode.debug.activeStackItem;
      if (!(item instanceof vscode.DebugStackFrame)) return undefined;
      const { stackFrames } = await item.session.customRequest("stackTrace", {
        threadId: item.threadId,
        startFrame: 0,
        levels: 1,
      });
      return { session: item.session, threadId: item.threadId, ...stackFrames[0] };
    },
    40_000,
  );
}

describe("debugging", () => {
  let api;
  before(async () => {
    api = await open();
  });
  afterEach(async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await stopAll(api);
  });

  it("stops at a breakpoint in a TypeScript handler with F5 and no configuration", async () => {
    const line = breakAt("src/dispatch.ts", "const finished = bench.busy.get(packer.id)");
    await vscode.window.showTextDocument(file("src/main.ts"));
    // What F5 hands over when there is no launch.json and the user has chosen Airssys.
    assert.equal(await vscode.debug.startDebugging(undefined, { type: "airssys", request: "launch", name: "" }), true);
    const frame = await stop();
    assert.match(frame.source.path, /src\/dispatch\.ts$/);
    assert.match(frame.name, /ready/);
    assert.equal(frame.line, line);
  });

  it("runs a configuration of launch.json by its name", async () => {
    assert.equal(await vscode.debug.startDebugging(workspace(), "order-desk"), true);
    await program(api);
  });

  it("shows the tree under the debugger, and as it is while the program is held", async () => {
    breakAt("src/dispatch.ts", "const isKnown");
    await start({ env: { ORDER_DESK_PORT: "0", ORDER_DESK_TRAFFIC: "1" } });
    const frame = await stop();
    const shown = await until("the held program is shown", () => api.programs.all.find(({ isPaused }) => isPaused));
    await until("the held actor is seen at work", () => row(shown, "order-desk/fulfilment/dispatch")?.state === "busy");
    assert.equal(shown.origin, "debugging");
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await frame.session.customRequest("continue", { threadId: frame.threadId });
    await until("it goes on", () => !shown.isPaused && row(shown, "order-desk/fulfilment/dispatch").handled > 0);
  });

  it("restarts a program, under the debugger and without", async () => {
    for (const options of [{}, { noDebug: true }]) {
      await start({}, options);
      const first = await program(api);
      await vscode.commands.executeCommand("workbench.action.debug.restart");
      const again = await until("the new one is shown", () =>
        api.programs.all.find((each) => each !== first && each.tree.size > 10),
      );
      assert.notEqual(again.hello.pid, first.hello.pid);
      assert.equal(again.id, first.id);
      await stopAll(api);
    }
  });

  it("attaches to a program that runs already, and leaves its actors alone unless allowed", async () => {
    const child = spawn("node", ["--inspect=0", file("src/main.ts").fsPath], {
      env: { ...process.env, ORDER_DESK_PORT: "0" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    try {
      let said = "";
      child.stderr.on("data", (chunk) => {
        said += chunk;
      });
      const [, port] = await until("it listens for a debugger", () => /ws:\/\/127\.0\.0\.1:(\d+)/.exec(said));
      const config = { type: "airssys", request: "attach", name: "attached", address: "127.0.0.1", port: Number(port) };
      assert.equal(await vscode.debug.startDebugging(workspace(), config), true);
      const shown = await program(api, (tree) => tree.size > 10);
      assert.equal(shown.origin, "attached");
      assert.ok(shown.can("locate") && !shown.can("kill"));
      const settings = vscode.workspace.getConfiguration("airssys");
      await settings.update("actOnAttached", true, vscode.ConfigurationTarget.Global);
      assert.ok(shown.can("kill"));
      await settings.update("actOnAttached", undefined, vscode.ConfigurationTarget.Global);
      await vscode.debug.stopDebugging();
      await until("it is not shown any more", () => api.programs.all.length === 0);
      assert.equal(child.exitCode, null);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("runs the program of the workspace when nothing is in the editor", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    const config = { type: "airssys", request: "launch", name: "", env: { ORDER_DESK_PORT: "0" } };
    assert.equal(await vscode.debug.startDebugging(undefined, config), true);
    assert.match((await program(api)).hello.program, /order-desk\/src\/main\.ts$/);
  });

  it("says in words that a program does not exist", async () => {
    assert.equal(
      await vscode.debug.startDebugging(undefined, {
        type: "airssys",
        request: "launch",
        name: "x",
        program: "/no/such.ts",
      }),
      false,
    );
  });
});
