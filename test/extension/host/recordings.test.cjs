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
  const recorded = () =>
    until("a recording is shown", () => {
      const editor = vscode.window.activeTextEditor;
      return editor?.document.uri.scheme === "airssys-recording" ? editor : undefined;
    });
  const line = (editor) => editor.document.lineAt(editor.selection.active.line).text;
  const run = (command, ...args) => vscode.commands.executeCommand(`airssys.${command}`, ...args);

  before(async () => {
    api = await open();
    await clear();
  });
  afterEach(async () => {
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
    const editor = await recorded();
    const text = editor.document.getText();
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
    await vscode.commands.executeCommand("vscode.openWith", uri, "airssys.recording");
    const editor = await recorded();
    const { stops } = api.stopping;
    stops.put({ id: "1", messageType: "checkout", condition: "message.order.orderId === 1", isOn: true });
    try {
      await run("recordedStop");
      await until("the cursor is at the checkout", () => / checkout /.test(line(editor)));
      await run("recordedReceiver");
    } finally {
      stops.remove(["1"]);
    }
    await run("copyRecordingMermaid");
    assert.match(await vscode.env.clipboard.readText(), /^sequenceDiagram\n/);
  });

  it("says why a file is no recording", async () => {
    const uri = vscode.Uri.joinPath(workspace().uri, "none.airssys");
    fs.writeFileSync(uri.fsPath, "hello");
    await vscode.commands.executeCommand("vscode.openWith", uri, "airssys.recording");
    await until("its editor is open", () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === "none.airssys");
    await assert.rejects(
      Promise.resolve(api.recordings.provideTextDocumentContent(uri.with({ path: `${uri.path}.log` }))),
      /no recording/,
    );
  });
});
