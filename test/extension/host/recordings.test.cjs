"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const vscode = require("vscode");
const { open, program, row, start, stopAll, until, workspace } = require("./support.cjs");

describe("recordings", () => {
  let api;
  const files = () => vscode.workspace.findFiles("**/*.airssys");
  const clear = async () => {
    for (const uri of await files()) fs.rmSync(uri.fsPath, { force: true });
  };
  const recorded = () => until("a recording is shown", () => api.recording.seen);
  /** Replays the actor of the selected message, stands in its handler, and goes on to the end. */
  const replayed = async (name) => {
    let words;
    const heard = api.replay.onDidReplay((said) => {
      words = said;
    });
    await run("replayActor");
    const standing = async () => {
      const item = vscode.debug.activeStackItem;
      // A thread is there before it stops.
      const stack = item?.session.customRequest("stackTrace", { threadId: item.threadId });
      const { stackFrames = [] } = (await stack?.then(undefined, () => undefined)) ?? {};
      return stackFrames.length > 0 ? { item, stackFrames } : undefined;
    };
    const { item, stackFrames } = await until("it stands in the handler", () => words ?? standing(), 30_000);
    assert.equal(words, undefined, words?.text);
    assert.match(stackFrames[0].source.path, new RegExp(`${name}\\.ts$`));
    await item.session.customRequest("continue", { threadId: item.threadId });
    await until("it is over", () => words, 30_000);
    heard.dispose();
    return words;
  };
  const run = (command, ...args) => vscode.commands.executeCommand(`airssys.${command}`, ...args);

  before(async () => {
    api = await open();
    await clear();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.closePanel");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await stopAll(api);
    await clear();
  });

  it("records a program that runs, lists the file, and shows its messages when it stops", async () => {
    await vscode.commands.executeCommand("airssys.recordings.focus");
    await start({}, { noDebug: true });
    const shown = await program(api);
    await run("recordStart", true);
    const [uri] = await until("the file is there", async () => ((await files()).length > 0 ? files() : undefined));
    const [listed] = await until("it is listed", async () => {
      const rows = await api.recordings.getChildren();
      return rows.length > 0 ? rows : undefined;
    });
    assert.equal(listed.path, uri.fsPath);
    assert.match(api.recordings.getTreeItem(listed).description, /^recording…/);
    const { key, path } =
      row(shown, "order-desk/inventory") ?? [...shown.tree.rows].find(({ kind }) => kind === "actor");
    await shown.request({ type: "send", key, message: { type: "no such message" } });
    await run("recordStop");
    const { reader, summary } = await recorded();
    assert.deepEqual(summary.notes, []);
    const text = await reader.ask("text", { name: "run" });
    assert.match(text, /no such message/);
    assert.ok(text.includes(`outside → ${path}`), text.slice(0, 500));
    assert.match(api.recordings.getTreeItem(listed).description, /^(now|\d+ s ago)/);
  });

  it("begins with the program where nothing runs, and goes from message to message in what it was", async () => {
    const folder = workspace().uri.fsPath;
    await start(
      { env: { ORDER_DESK_PORT: "0", AIRSSYS_RECORD: folder, AIRSSYS_RECORD_VALUES: "1" } },
      { noDebug: true },
    );
    const shown = await program(api);
    const orders = row(shown, "order-desk/desk/orders") ?? [...shown.tree.rows].find(({ id }) => id === "orders");
    const order = { type: "checkout", order: { orderId: 1, customer: "ada", lines: [] } };
    const [uri] = await until("the file is there", async () => ((await files()).length > 0 ? files() : undefined));
    const sizeNow = () => fs.statSync(uri.fsPath).size;
    const sizeBefore = await until("how it began is written", sizeNow);
    await shown.request({ type: "send", key: orders.key, message: order });
    await until("the message is written", () => sizeNow() > sizeBefore);
    await stopAll(api);
    await vscode.commands.executeCommand("vscode.open", uri);
    const { source, reader } = await recorded();
    await until("its editor has gone", () => vscode.window.tabGroups.all.every(({ tabs }) => tabs.length === 0));
    assert.match(source.shown.line, /^Recording of main\.ts · /);
    const { stops } = api.stopping;
    stops.put({ id: "1", messageType: "checkout", condition: "message.order.orderId === 1", isOn: true });
    const typeOf = async () =>
      /"type":"([^"]+)"/.exec((await reader.ask("value", { seq: source.selected })) ?? "")?.[1];
    try {
      await until("the page has its rows", async () => {
        await run("continueRecording");
        return (await typeOf()) === "checkout";
      });
    } finally {
      stops.remove(["1"]);
    }
    const checkout = source.selected;
    const { isSame, text } = await replayed("orders");
    assert.ok(isSame, text);
    await run("stepToReply");
    assert.equal(source.selected, checkout, "nobody asked");
    await run("nextMessage");
    await run("stepToReceiver");
    await vscode.env.clipboard.writeText("");
    await run("copyMermaid");
    await until("the diagram is copied", async () => /^sequenceDiagram\n/.test(await vscode.env.clipboard.readText()));
  });

  it("says why a file is no recording", async () => {
    const uri = vscode.Uri.joinPath(workspace().uri, "none.airssys");
    fs.writeFileSync(uri.fsPath, "hello");
    await vscode.commands.executeCommand("vscode.openWith", uri, "airssys.recording");
    await until("its editor is open", () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === "none.airssys");
    await assert.rejects(api.recording.open(uri.fsPath), /^Error: This file is no recording of Airssys\.$/);
  });

  it("is text for whoever opens it as that", async () => {
    const uri = vscode.Uri.joinPath(workspace().uri, "text.airssys");
    fs.writeFileSync(
      uri.fsPath,
      '{"format":1,"program":"main.ts"}\n{"a":[0,"k","shop","Shop"]}\n{"m":[[1,-1,-1,0,0,1,1,1,0]]}\n',
    );
    await vscode.commands.executeCommand("vscode.openWith", uri, "airssys.recordingText");
    const editor = await until("it is text", () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.scheme === "airssys-recording" ? active : undefined;
    });
    assert.match(editor.document.getText(), /outside → shop/);
  });
});
