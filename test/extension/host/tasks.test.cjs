"use strict";

const assert = require("node:assert/strict");
const vscode = require("vscode");
const { file, open, until, workspace } = require("./support.cjs");

/** What a task prints, without a terminal of the system. Lines before the window listens would be lost: they wait for the start. */
function printing(lines) {
  return new vscode.CustomExecution(async ({ type }) => {
    const written = new vscode.EventEmitter();
    const started = new Promise((resolve) => {
      const listener = vscode.tasks.onDidStartTask(({ execution }) => {
        if (execution.task.definition.type !== type) return;
        listener.dispose();
        resolve();
      });
    });
    return {
      onDidWrite: written.event,
      open: async () => {
        await started;
        for (const line of lines) written.fire(`${line}\r\n`);
      },
      close: () => {},
    };
  });
}

describe("the problem matcher", () => {
  it("brings what airssys check prints into the Problems view, at its place", async () => {
    await open();
    // In a file that no other suite opens: of an open one the language server tells, not a task.
    const lines = [
      "src/http-door.ts:3:5 error a problem of a task (unhandled-message)",
      "    the source line",
      "    ^^^",
      "",
      // The window shows the problems of a file when those of another begin.
      "src/cards.ts:1:1 warning another one (floating-ask)",
      "",
      "1 error, 1 warning (2 actors in 2 files, 5 ms)",
    ];
    const task = new vscode.Task({ type: "airssys-test" }, workspace(), "check", "test", printing(lines), ["$airssys"]);
    const execution = await vscode.tasks.executeTask(task);

    const diagnostic = await until("the problem is shown", () =>
      vscode.languages
        .getDiagnostics(file("src/http-door.ts"))
        .find(({ message }) => message === "a problem of a task"),
    );

    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    assert.deepEqual([diagnostic.range.start.line, diagnostic.range.start.character], [2, 4]);
    assert.equal(diagnostic.source, "airssys");
    execution.terminate();
  });
});
