"use strict";

const assert = require("node:assert/strict");
const vscode = require("vscode");
const { file, open, until } = require("./support.cjs");

const RULE = "unhandled-message";

/** Diagnostics of our rule in a document. */
function reported(uri) {
  return vscode.languages.getDiagnostics(uri).filter(({ code }) => JSON.stringify(code ?? "").includes(RULE));
}

/** The web workbench saves by itself: a revert would bring back what is on disk by then. */
async function replaceAll(document, text) {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
}

/** All that is reported by us, wherever. */
function all() {
  return vscode.languages
    .getDiagnostics()
    .flatMap(([uri, list]) =>
      list.filter(({ source }) => source === "airssys").map(({ message }) => `${uri.path}: ${message}`),
    );
}

describe("the language server", () => {
  it("reports a message nobody handles, and its fix clears it", async () => {
    await open();
    const document = await vscode.workspace.openTextDocument(file("src/vouchers.ts"));
    await vscode.window.showTextDocument(document);
    const text = document.getText();
    const from = text.indexOf('      case "refund":');
    const to = text.indexOf("    }\n  }\n\n  #add");
    assert.ok(from > 0 && to > from);
    const edit = new vscode.WorkspaceEdit();
    edit.delete(document.uri, new vscode.Range(document.positionAt(from), document.positionAt(to)));
    assert.ok(await vscode.workspace.applyEdit(edit));
    try {
      const [diagnostic] = await until(
        "it is reported",
        () => (reported(document.uri).length > 0 ? reported(document.uri) : undefined),
        40_000,
      );
      assert.match(diagnostic.message, /refund/);
      const actions = await vscode.commands.executeCommand(
        "vscode.executeCodeActionProvider",
        document.uri,
        diagnostic.range,
        vscode.CodeActionKind.QuickFix.value,
        10,
      );
      const fix = actions.find(({ edit: change, isPreferred }) => change && isPreferred);
      assert.ok(fix, `no fix among ${actions.map(({ title }) => title).join(", ")}`);
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      assert.match(document.getText(), /case "refund"/);
      await until("it is cleared", () => reported(document.uri).length === 0);
    } finally {
      await replaceAll(document, text);
      await document.save();
    }
  });

  it("shows in the editor who supervises an actor", async () => {
    await open();
    const { uri } = await vscode.workspace.openTextDocument(file("src/vouchers.ts"));
    const lenses = await until("there is a lens", async () => {
      const found = await vscode.commands.executeCommand("vscode.executeCodeLensProvider", uri, 10);
      const ours = found.filter(({ command }) => /supervised by payments/.test(command?.title ?? ""));
      return ours.length > 0 ? ours : undefined;
    });
    assert.equal(lenses[0].command.command, "airssys.showPlaces");
    await vscode.commands.executeCommand(lenses[0].command.command, ...lenses[0].command.arguments);
  });

  it("is silent about the example as it is", async () => {
    const api = await open();
    await vscode.window.showTextDocument(file("src/gateway.ts"));
    await until("the server has looked at it", () => api.language.isRunning);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await until("nothing is reported", () => all().length === 0).catch(() => assert.deepEqual(all(), []));
  });
});
