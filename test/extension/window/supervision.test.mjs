// The Supervision view in the window while much changes: what VS Code itself says about what it was asked to draw.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { openWorkbench } from "../../workbench/drive.mjs";
import { extension, hostTests } from "../../workbench/paths.mjs";
import { makeProgramWorkspace } from "../../workbench/program-workspace.mjs";

test("rows that change while they are folded away are not asked of VS Code, and are right when they are unfolded", async () => {
  const workspace = makeProgramWorkspace(path.join(path.dirname(hostTests), "troubled-program.mjs"));
  const workbench = await openWorkbench({
    folder: workspace.folder,
    install: [extension],
    env: { AIRSSYS_START_PROGRAM: "1", TROUBLE: "folding", TROUBLE_AFTER_MS: "1000" },
    settings: { "remote.autoForwardPorts": false },
  });
  /** @type {string[]} */
  const complaints = [];
  workbench.page.on("console", (message) => {
    if (/Data tree node not found|TreeError/.test(message.text())) complaints.push(message.text());
  });
  try {
    await workbench.openView("Airssys", "Supervision");
    const payments = workbench.treeRow("Supervision", "payments");
    await workbench.treeRow("Supervision", "cards").waitFor();
    const twistie = payments.locator(".monaco-tl-twistie");
    for (let times = 0; times < 4; times++) {
      await twistie.click();
      await workbench.treeRow("Supervision", "cards").waitFor({ state: "detached" });
      await workbench.page.waitForTimeout(3_000);
      await twistie.click();
      await workbench.treeRow("Supervision", "cards").waitFor();
      const seen = await workbench.treeRows("Supervision");
      const [cards] = seen.filter(({ label }) => label === "cards");
      const before = Number(/restarted (\d+) times/.exec(cards.spoken)?.[1] ?? 0);
      await workbench.waitForTree("Supervision", (rows) =>
        rows.some(
          ({ label, spoken }) => label === "cards" && Number(/restarted (\d+) times/.exec(spoken)?.[1]) > before,
        ),
      );
    }
    assert.deepEqual(complaints, []);
  } finally {
    await workbench.close();
    workspace.remove();
  }
});
