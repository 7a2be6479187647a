"use strict";

const assert = require("node:assert/strict");
const vscode = require("vscode");

describe("the extension in a real VS Code", () => {
  it("is known to VS Code under the name airssys.airssys", () => {
    assert.ok(vscode.extensions.getExtension("airssys.airssys"));
  });

  it("activates", async () => {
    const extension = vscode.extensions.getExtension("airssys.airssys");
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it("is opened on the example workspace", () => {
    const [folder, ...others] = vscode.workspace.workspaceFolders ?? [];
    assert.equal(folder?.name, "order-desk");
    assert.equal(others.length, 0);
  });
});
