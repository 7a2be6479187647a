"use strict";

const assert = require("node:assert/strict");
const vscode = require("vscode");
const { file, open, until, workspace } = require("./support.cjs");

/** What a task prints, without a terminal of the system. */
function printing(lines) {
  return new vscode.CustomExecution(async () => {
    const written = new vscode.EventEmitter();
    const closed = new vscode.EventEmitter();
    return {
      onDidWrite: written.event,
      onDidClose: closed.event,
      open: () => {
        for (const line of lines) written.fire(`${line}\r\n`);
        closed.fire(0);
      },
      close: () => {},
    };
  });
}

describe("the problem matcher", () => {
  it("brings what airssys check prints into the Problems view, at its place", async () => {
    await open();
    const lines = [
      "src/ledger.ts:3:5 error a problem of a task (unhandled-message)",
      "    the source line",
      "    ^^^",
      "",
      "1 error, 0 warnings (1 actor in 1 file, 5 ms)",
    ];
    const task = new vscode.Task({ type: "airssys-test" }, workspace(), "check", "test", printing(lines), ["$airssys"]);
    await vscode.tasks.executeTask(task);

    const diagnostic = await until("the problem is shown", () =>
      vscode.languages.getDiagnostics(file("src/ledger.ts")).find(({ message }) => message === "a problem of a task"),
    );

    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    assert.deepEqual([diagnostic.range.start.line, diagnostic.range.start.character], [2, 4]);
    assert.equal(diagnostic.source, "airssys");
  });
});
