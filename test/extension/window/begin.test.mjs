// The first quarter of an hour of a new user: the walkthrough, each of its steps by its button, until the first crash is understood.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { openWorkbench } from "../../workbench/drive.mjs";
import { extension, hostTests } from "../../workbench/paths.mjs";
import { makeProgramWorkspace } from "../../workbench/program-workspace.mjs";

const STEPS = [
  "Open an actor program",
  "Run it and see its tree",
  "Break something",
  "Stop at the crash, walk back to its cause",
  "Understand the crash",
];

/** The walkthrough on the screen. */
class Walkthrough {
  constructor(workbench) {
    this.workbench = workbench;
    this.page = workbench.page;
  }

  async open() {
    await this.workbench.palette("Airssys: Show Me Around");
    await this.page
      .locator(".getting-started-step")
      .nth(STEPS.length - 1)
      .waitFor();
  }

  step(title) {
    return this.page.locator(".getting-started-step", { hasText: title });
  }

  /** Unfolds a step and presses its button. */
  async press(title, button) {
    const step = this.step(title);
    if (!(await step.getAttribute("class")).includes("expanded")) await step.locator(".step-title").click();
    await step.getByRole("button", { name: button, exact: true }).click();
  }

  async completed(title) {
    await this.step(title).locator(".codicon-getting-started-step-checked").first().waitFor({ timeout: 30_000 });
  }

  /** Those that have a mark, in order. */
  async done() {
    const done = [];
    for (const title of STEPS)
      if (await this.step(title).locator(".codicon-getting-started-step-checked").count()) done.push(title);
    return done;
  }
}

test("the walkthrough leads from nothing to a crash that is understood: each step has a button that does it, and is completed by what happened", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-begin-"));
  const workbench = await openWorkbench({
    folder,
    install: [extension],
    settings: { "remote.autoForwardPorts": false, "debug.internalConsoleOptions": "neverOpen" },
  });
  const { page } = workbench;
  const walkthrough = new Walkthrough(workbench);
  const look = (name) => process.env.LOOK && workbench.screenshot(`${process.env.LOOK}/${name}.png`);
  try {
    await walkthrough.open();
    assert.deepEqual(await walkthrough.done(), []);

    await walkthrough.press(STEPS[0], "New Actor Project");
    // The folder that is open is empty, and is offered.
    await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
    assert.equal(await page.locator(".quick-input-widget input").first().inputValue(), `${folder}/`);
    await page.locator(".quick-input-widget .monaco-button", { hasText: "Choose" }).click();
    await page.locator('.tab.active[data-resource-name="main.ts"]').waitFor({ timeout: 60_000 });
    await walkthrough.open();
    await walkthrough.completed(STEPS[0]);

    // Nobody wants to wait for ten seconds here.
    const clock = path.join(folder, "src/clock.ts");
    fs.writeFileSync(clock, fs.readFileSync(clock, "utf8").replace("1_000", "300"));
    await walkthrough.press(STEPS[1], "Debug Actor Program");
    await workbench.waitForTree("Supervision", (rows) => rows.some(({ spoken }) => /^counter, actor/.test(spoken)));
    // Its clock makes the counter crash after ten ticks.
    await workbench.waitForStop();
    await walkthrough.open();
    for (const step of [STEPS[0], STEPS[1], STEPS[3]]) await walkthrough.completed(step);
    assert.equal((await walkthrough.done()).length, 3);
    await look("2");
    await walkthrough.press(STEPS[3], "Show Actor Breakpoints");
    await page.locator(".pane-header.expanded[aria-label^='Actor Breakpoints']").waitFor();
    await look("3");

    await walkthrough.press(STEPS[2], "Kill Actor");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "clock" }).click();
    await look("4");
    await workbench.dialog().getByRole("button", { name: "Kill", exact: true }).click();
    // The next stop, ten seconds on, would take the editor from the walkthrough.
    await workbench.palette("Airssys: Toggle Break on Crash");
    await page.keyboard.press("F5");
    await workbench.openView("Airssys", "Supervision");
    await workbench.waitForTree("Supervision", (rows) => rows.some(({ spoken }) => /cannot add NaN/.test(spoken)));
    await walkthrough.open();
    await walkthrough.completed(STEPS[2]);
    await walkthrough.press(STEPS[4], "Go to Crash");
    await page.locator('.tab.active[data-resource-name="counter.ts"]').waitFor();
    await walkthrough.open();
    await walkthrough.completed(STEPS[4]);
    assert.deepEqual(await walkthrough.done(), STEPS);
    await look("5");
  } catch (error) {
    if (process.env.LOOK) await workbench.screenshot(`${process.env.LOOK}/failed.png`);
    throw error;
  } finally {
    await workbench.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
});

test("in German all views, rows, welcome texts and the walkthrough speak German, and rows of 170 pixels say first what is wrong", async () => {
  const workspace = makeProgramWorkspace(path.join(path.dirname(hostTests), "troubled-program.mjs"));
  const workbench = await openWorkbench({
    folder: workspace.folder,
    install: [extension],
    language: "de",
    env: { AIRSSYS_START_PROGRAM: "1", TROUBLE: "rows", TROUBLE_AFTER_MS: "1000" },
    settings: { "remote.autoForwardPorts": false, "debug.internalConsoleOptions": "neverOpen" },
  });
  const { page } = workbench;
  try {
    await workbench.openView("Airssys", "Supervision");
    await workbench
      .view("Supervision")
      .locator(".message", { hasText: /1 ausgefallen · \d+ gestört/ })
      .first()
      .waitFor({ timeout: 60_000 });
    await workbench.resizeSideBar(170);
    const rows = await workbench.waitForTree("Supervision", (all) =>
      all.some(({ description }) => /^wartet auf ledger [\d,]+ s · 180 wartend/.test(description)),
    );
    assert.ok(rows.some(({ description }) => /^abgestürzt: /.test(description)));
    for (const { spoken } of rows)
      assert.doesNotMatch(spoken, / (restarted|crashed|waits|down|queued|actor|suspended)\b/);
    await workbench.view("Aktor").first().waitFor();
    await page.locator(".statusbar-item", { hasText: "ausgefallen" }).waitFor();

    await workbench.palette("Airssys: Nachrichten zeigen");
    for (const words of ["Folgt", "Alle"])
      await workbench.webview().getByText(words, { exact: true }).first().waitFor();
    if (process.env.LOOK) await workbench.screenshot(`${process.env.LOOK}/german-views.png`);

    await workbench.palette("Airssys: Führung zeigen");
    await page.locator(".getting-started-step", { hasText: "Den Absturz verstehen" }).waitFor();
    if (process.env.LOOK) await workbench.screenshot(`${process.env.LOOK}/german-steps.png`);
  } catch (error) {
    if (process.env.LOOK) await workbench.screenshot(`${process.env.LOOK}/failed.png`);
    throw error;
  } finally {
    await workbench.close();
    workspace.remove();
  }
});
