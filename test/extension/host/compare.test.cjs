// What runs, compared with the source: what should run and does not, whose spec is another, and the way to it.
"use strict";

const assert = require("node:assert/strict");
const vscode = require("vscode");
const { lines, open, program, row, start, stopAll, until } = require("./support.cjs");

describe("a running tree compared with the source", () => {
  let api;
  before(async () => {
    api = await open();
    await until("the source is known", () => api.sources.tree.roots.length > 0);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand("airssys.hideMarks");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await stopAll(api);
  });

  it("is the same at first; what was stopped is told with why, and a click opens its child spec", async () => {
    await start({}, { noDebug: true });
    const running = await program(api);
    await vscode.commands.executeCommand("airssys.compareTree");
    await until("nothing differs", () => api.view.message === "Runs as the source says.");
    await running.request({ type: "stop", key: row(running, "order-desk/payments/vouchers").key });
    await until("the difference is told", () => api.view.message === "Compared with the source: 1 not running");
    const shown = lines(api.view).map((line) => line.trim());
    assert.ok(shown.includes("vouchers | not running: it was stopped"), shown.join("\n"));
    const all = (node) => api.view.getChildren(node).flatMap((child) => [child, ...all(child)]);
    const node = all().find((each) => api.view.getTreeItem(each).label === "vouchers");
    const { command } = api.view.getTreeItem(node);
    await vscode.commands.executeCommand(command.command, ...command.arguments);
    const editor = vscode.window.activeTextEditor;
    assert.match(editor.document.lineAt(editor.selection.active.line).text, /id: "vouchers"/);
    await vscode.commands.executeCommand("airssys.compareTree");
    await until("it is over", () => !/Compared/.test(api.view.message));
  });

  it("follows the source as it is edited", async () => {
    await start({}, { noDebug: true });
    await program(api);
    await vscode.commands.executeCommand("airssys.compareTree");
    await until("nothing differs", () => api.view.message === "Runs as the source says.");
    const found = await vscode.workspace.findFiles("src/**/*.ts");
    const documents = await Promise.all(found.map((uri) => vscode.workspace.openTextDocument(uri)));
    const document = documents.find((each) => /id: "vouchers"/.test(each.getText()));
    const edit = new vscode.WorkspaceEdit();
    const at = document.positionAt(document.getText().indexOf('id: "vouchers"') + 'id: "'.length);
    edit.insert(document.uri, at, "new-");
    await vscode.window.showTextDocument(document);
    await vscode.workspace.applyEdit(edit);
    try {
      await until(
        "both are told",
        () => api.view.message === "Compared with the source: 1 not running · 1 not in the source",
      );
      const shown = lines(api.view).map((line) => line.trim());
      assert.ok(shown.includes("new-vouchers | not running: this program was started without it"), shown.join("\n"));
      assert.ok(shown.includes("vouchers | not in the source"), shown.join("\n"));
    } finally {
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
  });
});
