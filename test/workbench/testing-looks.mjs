#!/usr/bin/env node
// Takes pictures of the Testing view, to be looked at: the tree with its results, the failure with its race, and the menu of a test.
//
//   node test/workbench/testing-looks.mjs folder [--themes dark,light,contrast,contrast-light]
//
// The extension is the one that was built last.
import fs from "node:fs";
import path from "node:path";
import { NAME, TEXT } from "../extension/host/race-tests.mjs";
import { takeSeries } from "./theme-series.mjs";

async function look(workbench, shoot) {
  const { page } = workbench;
  await workbench.openView("Airssys", "Supervision");
  await workbench.openContainer("Testing");
  const row = (text) => page.locator(".test-explorer .monaco-list-row", { hasText: text }).first();
  await row("race.test.ts").waitFor({ timeout: 60_000 });
  await row("race.test.ts").click();
  await page.keyboard.press("ArrowRight");
  await row(NAME).waitFor({ timeout: 10_000 });
  await shoot("0-listed");
  await row("race.test.ts").click({ button: "right" });
  await page.locator(".monaco-menu").waitFor();
  await shoot("1-menu-of-a-file");
  await page.locator(".monaco-menu .action-label", { hasText: "Explore Schedules" }).click();
  await row("fails in schedule").waitFor({ timeout: 60_000 });
  await page.waitForTimeout(2_000);
  await row(NAME).hover();
  await shoot("2-explored");
  await row(NAME).click({ button: "right" });
  await page.locator(".monaco-menu").waitFor();
  await page.waitForTimeout(500);
  await shoot("3-menu-of-a-failure");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await row(NAME).click();
  await page
    .locator(".test-output-peek-message-container, .test-output-peek")
    .getByText("Fails when")
    .first()
    .waitFor({ timeout: 15_000 });
  await page.waitForTimeout(1_000);
  await shoot("4-failure");
}

await takeSeries({
  prepare: async (folder) => fs.writeFileSync(path.join(folder, "src/race.test.ts"), TEXT),
  act: look,
});
