// The Supervision view in the window while much changes: what VS Code itself says about what it was asked to draw.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { openWorkbench } from "../../workbench/drive.mjs";
import { extension, hostTests } from "../../workbench/paths.mjs";
import { makeProgramWorkspace } from "../../workbench/program-workspace.mjs";

const TROUBLED = path.join(path.dirname(hostTests), "troubled-program.mjs");

/** What VS Code logs of trees that it was asked to draw. @returns {string[]} */
function complaintsOf({ page }) {
  const complaints = [];
  page.on("console", (message) => {
    if (/Data tree node not found|TreeError/.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}

test("supervisors stand open from the first drawing, also when their children start late and after a filter hid them", async () => {
  const workspace = makeProgramWorkspace(TROUBLED);
  const workbench = await openWorkbench({
    folder: workspace.folder,
    install: [extension],
    env: { AIRSSYS_START_PROGRAM: "1", TROUBLE: "slowStart" },
    settings: { "remote.autoForwardPorts": false },
  });
  const complaints = complaintsOf(workbench);
  const isWhole = (rows) =>
    ["cards", "packer-3", "returns", "gateway"].every((id) => rows.some(({ label }) => label === id));
  try {
    await workbench.openView("Airssys", "Supervision");
    await workbench.waitForTree("Supervision", isWhole);
    const input = await workbench.ask("Airssys: Filter Supervision…");
    await input.fill("cards");
    await workbench.waitForTree("Supervision", (rows) => !rows.some(({ label }) => label === "returns"));
    await input.fill("");
    await workbench.waitForTree("Supervision", isWhole);
    await workbench.page.keyboard.press("Enter");
    // The view Actor goes with the program, and makes room for rows that were not on the screen.
    await workbench.page.setViewportSize({ width: 1280, height: 480 });
    await workbench.palette("Debug: Stop");
    await workbench.waitForTree("Supervision", (rows) => rows.every(({ spoken }) => /not running/.test(spoken)));
    assert.deepEqual(complaints, []);
  } finally {
    await workbench.close();
    workspace.remove();
  }
});

test("rows that change while they are folded away are not asked of VS Code, and are right when they are unfolded", async () => {
  const workspace = makeProgramWorkspace(TROUBLED);
  const workbench = await openWorkbench({
    folder: workspace.folder,
    install: [extension],
    env: { AIRSSYS_START_PROGRAM: "1", TROUBLE: "folding", TROUBLE_AFTER_MS: "1000" },
    settings: { "remote.autoForwardPorts": false },
  });
  const complaints = complaintsOf(workbench);
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
