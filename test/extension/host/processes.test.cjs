"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const vscode = require("vscode");
const { file, lines, open, program, row, start, stopAll, until } = require("./support.cjs");

const PROCESSES = path.join(__dirname, "process-program.mjs");
const MEDIA_DESK = path.join(__dirname, "../../../runtime/examples/media-desk/src/main.ts");

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("OS processes in the Supervision view", () => {
  let api;
  const settings = vscode.workspace.getConfiguration("airssys");
  before(async () => {
    api = await open();
    await settings.update("confirmActions", false, vscode.ConfigurationTarget.Global);
  });
  afterEach(() => stopAll(api));
  after(() => settings.update("confirmActions", undefined, vscode.ConfigurationTarget.Global));

  const nodeOf = (running, key) => ({ kind: "actor", program: running, key, id: key });
  const runsOf = (running, at) =>
    (row(running, at)?.runs ?? []).map(({ pid }) => ({
      kind: "process",
      program: running,
      key: row(running, at).key,
      pid,
      id: String(pid),
    }));
  const line = (text) => lines(api.view).find((one) => text.test(one));

  it("are leaves with pid, processor time and memory, and trouble says so", async () => {
    await start({ name: "processes", program: PROCESSES }, { noDebug: true });
    await program(api);
    await until("the busy one is seen to be busy", () => line(/^ {2}encoder \| .*, pid \d+ · \d+ % CPU · [\d.]+ MB$/));
    await until("the calm one says no processor time", () => line(/^ {2}preview \| .*, pid \d+ · [\d.]+ MB$/));
    await until("those of the manager stand below it", () =>
      line(/^ {4}\w+ \| pid \d+ · [\d.]+ MB · -c "trap '' TERM; sleep 600"$/),
    );
    await until("what was denied is counted", () => line(/^ {2}store \| 3 denied$/));
    await until(
      "the crash says what it ended with",
      () => line(/^ {2}uploads \| restarting · .*exited with 3/),
      30_000,
    );
  });

  it("tell in their tooltip what they wrote to stderr, as text and nothing else", async () => {
    await start({ name: "processes", program: PROCESSES }, { noDebug: true });
    const running = await program(api);
    const { key } = await until("it has written", () => {
      const found = row(running, "studio/preview");
      return found?.process?.stderr?.includes("dropped 3") ? found : undefined;
    });
    const { tooltip } = await api.view.resolveTreeItem(new vscode.TreeItem("preview"), nodeOf(running, key));
    assert.equal(tooltip.isTrusted, false);
    assert.equal(tooltip.supportHtml, false);
    assert.ok(
      tooltip.value.includes("````text\n[click](command:airssys.kill) **frame 12** <b>```\ndropped 3\n````"),
      tooltip.value,
    );
  });

  it("are terminated, killed and signalled with all that they started, by command", async () => {
    await start({ name: "processes", program: PROCESSES }, { noDebug: true });
    const running = await program(api);
    const [, deaf] = await until("both run", () => {
      const found = runsOf(running, "studio/workers");
      return found.length === 2 ? found : undefined;
    });
    assert.equal(await vscode.commands.executeCommand("airssys.terminateProcess", deaf), true);
    assert.equal(await vscode.commands.executeCommand("airssys.signalProcess", deaf, "SIGUSR1"), true);
    await until("that ended it", () => !isAlive(deaf.pid));
    await until("its row is gone", () => runsOf(running, "studio/workers").length === 1);
    const { key, process: encoder } = row(running, "studio/encoder");
    assert.equal(await vscode.commands.executeCommand("airssys.killProcess", nodeOf(running, key)), true);
    await until("it is gone", () => !isAlive(encoder.pid));
    const ended = await until("its end is told", () => {
      const now = row(running, "studio/encoder");
      return now?.state === "stopped" ? now : undefined;
    });
    assert.equal(ended.lastEnd.kind, "shutdown", "a signal of the user's is no crash");
    assert.deepEqual([ended.process.state, ended.process.signal], ["exited", "SIGKILL"]);
    assert.doesNotMatch(api.view.getTreeItem(nodeOf(running, key)).contextValue, /canSignal/);
  });

  it("write into an output channel that follows them and says when they have ended", async () => {
    await start({ name: "processes", program: PROCESSES }, { noDebug: true });
    const running = await program(api);
    const found = await until("it has written", () => {
      const one = row(running, "studio/preview");
      return one?.process?.stderr?.includes("dropped") ? one : undefined;
    });
    await vscode.commands.executeCommand("airssys.showProcessOutput", nodeOf(running, found.key));
    const document = await until("the channel is open", () =>
      vscode.workspace.textDocuments.find(
        ({ uri, fileName }) => uri.scheme === "output" && fileName.includes(`pid ${found.process.pid}`),
      ),
    );
    await until("it shows what was written", () => document.getText().includes("**frame 12** <b>```\ndropped 3\n"));
    await vscode.commands.executeCommand("airssys.killProcess", nodeOf(running, found.key));
    await until("it says that this is all", () => document.getText().includes("The process has ended."));
  });

  it("have the grant that was missing copied", async () => {
    await start({ name: "processes", program: PROCESSES }, { noDebug: true });
    const running = await program(api);
    const { key } = await until("it was denied", () => {
      const found = row(running, "studio/store");
      return found?.denials?.count === 3 ? found : undefined;
    });
    assert.equal(await vscode.commands.executeCommand("airssys.copyGrant", nodeOf(running, key)), true);
    assert.equal(await vscode.env.clipboard.readText(), '{ path: ".", allow: ["read"] }');
    const { key: other } = row(running, "studio/workers");
    assert.equal(await vscode.commands.executeCommand("airssys.copyGrant", nodeOf(running, other)), false);
  });

  it("lead to the place in the source where their actor is started", async () => {
    const source = file("src/studio.ts");
    const text = [
      'import { ActorSystem, supervisor } from "airssys-rt";',
      'import { processManager, SecurityContext } from "airssys-rt/os";',
      'const security = SecurityContext.create({ principal: "studio", run: [{ command: "/bin/sleep", args: ["600"] }] });',
      "const studio = supervisor({",
      "  children: [",
      '    { id: "store", start: processManager(security) },',
      '    { id: "bench", start: processManager(security) },',
      "  ],",
      "});",
      'const system = await ActorSystem.start({ name: "studio", root: studio });',
      'void system.whereis("bench")?.ask({ type: "run", command: "/bin/sleep", args: ["600"] } as never, { timeoutMs: 900_000 });',
    ].join("\n");
    await vscode.workspace.fs.writeFile(source, Buffer.from(text));
    try {
      await until("the source is known", async () => {
        const { roots } = await api.sources.current();
        return roots.some(({ children }) => children.some(({ id }) => id === "bench"));
      });
      await start({ name: "studio", program: source.fsPath }, { noDebug: true });
      const running = await program(api);
      const [run] = await until("it runs", () => {
        const found = runsOf(running, "studio/bench");
        return found.length > 0 ? found : undefined;
      });
      for (const node of [run, nodeOf(running, run.key)]) {
        await vscode.commands.executeCommand("workbench.action.closeAllEditors");
        await vscode.commands.executeCommand("airssys.openSource", node);
        const { document, selection } = await until("the editor is there", () => vscode.window.activeTextEditor);
        assert.equal(document.uri.fsPath, source.fsPath);
        assert.match(document.lineAt(selection.active.line).text, /id: "bench"/);
      }
    } finally {
      await stopAll(api);
      await vscode.workspace.fs.delete(source);
    }
  });

  it("of the media desk are shown while they hang, and what was denied is told", async () => {
    const port = await freePort();
    const uploads = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-media-desk-"));
    const env = { MEDIA_DESK_PORT: String(port), MEDIA_DESK_UPLOADS: uploads };
    try {
      await start({ name: "media desk", program: MEDIA_DESK, env }, { noDebug: true });
      const running = await program(api);
      const post = (what) => fetch(`http://127.0.0.1:${port}/trouble/${what}`, { method: "POST" });
      const hanging = post("hang");
      const [hang] = await until("it hangs", () => {
        const found = runsOf(running, "media-desk/worker");
        return found.length > 0 ? found : undefined;
      });
      assert.match(line(/^ {4}trouble \|/), /trouble \| pid \d+ · (\d+ % CPU · )?[\d.]+ MB · hang$/);
      assert.equal(await vscode.commands.executeCommand("airssys.killProcess", hang), true);
      const answer = await hanging;
      assert.equal(answer.status, 502);
      assert.match(await answer.text(), /was ended by SIGKILL/);
      await until("it is gone", () => !isAlive(hang.pid));
      assert.equal((await post("crash")).status, 502);
      // On a busy machine its time is over before it has written that much.
      assert.match(String((await post("flood")).status), /^50[47]$/);
      assert.equal((await post("reboot")).status, 403);
      const { key, denials } = await until("the denial is told", () => {
        const found = row(running, "media-desk/worker");
        return found?.denials ? found : undefined;
      });
      assert.deepEqual([denials.count, denials.reason], [1, "argument"]);
      assert.match(denials.grant, /^\{ command: ".*\/trouble", args: \["reboot"\] \}$/);
      assert.match(line(/^ {2}worker \|/), /1 denied/);
      assert.match(api.view.getTreeItem(nodeOf(running, key)).contextValue, /\bhasGrant\b/);
    } finally {
      await stopAll(api);
      fs.rmSync(uploads, { recursive: true, force: true });
    }
  });
});
