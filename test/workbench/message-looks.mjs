#!/usr/bin/env node
// Takes pictures of the view Messages, to be looked at: the example at work, in every theme.
//
//   node test/workbench/message-looks.mjs folder [--themes dark,light,contrast,contrast-light]
//
// The extension is the one that was built last.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { openWorkbench } from "./drive.mjs";
import { copyExample } from "./example-copy.mjs";
import { extension } from "./paths.mjs";
import { onTermination } from "./processes.mjs";
import { step } from "./progress.mjs";

const THEMES = {
  dark: "Dark Modern",
  light: "Light Modern",
  contrast: "Default High Contrast",
  "contrast-light": "Default High Contrast Light",
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { themes: { type: "string", default: "dark,light,contrast" } },
});
const [folder] = positionals;
if (!folder) throw new Error("name a folder for the pictures");
fs.mkdirSync(folder, { recursive: true });

async function look(theme) {
  const example = copyExample();
  const workbench = await openWorkbench({
    folder: example.folder,
    install: [extension],
    env: { AIRSSYS_START_PROGRAM: "1" },
    settings: {
      "workbench.colorTheme": THEMES[theme],
      "remote.autoForwardPorts": false,
      "airssys.messages.payloads": "values",
    },
    viewport: { width: 1300, height: 900 },
  });
  current = workbench;
  const { page } = workbench;
  const shoot = (name) => page.screenshot({ path: path.join(folder, `${name}-${theme}.png`) });
  try {
    await workbench.openView("Airssys", "Supervision");
    await workbench.waitForTree("Supervision", (rows) => rows.length > 1);
    await workbench.palette("Airssys: Show Messages");
    const frame = workbench.webview();
    await frame.locator(".follow").waitFor({ timeout: 30_000 });
    await page.waitForTimeout(7_000);
    await shoot("0-panel");
    await workbench.palette("View: Toggle Maximized Panel");
    await page.waitForTimeout(1_500);
    await shoot("1-following");
    await frame.locator(".chip", { hasText: "Crashed" }).click();
    await page.waitForTimeout(500);
    await frame.locator(".scroll").press("Home");
    await page.waitForTimeout(2_500);
    await shoot("2-crash");
    await frame.locator(".details button", { hasText: "Only This Chain" }).click();
    await page.waitForTimeout(1_000);
    await shoot("3-chain");
    await frame.locator(".scroll").press("t");
    await page.waitForTimeout(500);
    await shoot("4-table");
    await frame.locator(".chip", { hasText: "All" }).click();
    await frame.locator(".scroll").press("t");
    await frame.locator(".icon-button[title='Group by Supervisor']").click();
    await frame.locator(".scroll").press("End");
    await page.waitForTimeout(500);
    await shoot("5-grouped");
    await page.setViewportSize({ width: 560, height: 900 });
    await frame.locator(".search input").fill("");
    await frame.locator(".scroll").press("End");
    await page.waitForTimeout(2_000);
    await shoot("6-narrow");
  } catch (error) {
    await workbench.screenshot(path.join(folder, `failed-${theme}.png`));
    throw error;
  } finally {
    await workbench.close();
    example.remove();
    current = undefined;
  }
}

/** @type {import("./drive.mjs").Workbench | undefined} */
let current;
onTermination(async () => {
  await current?.close();
  process.exit(1);
});
for (const theme of values.themes.split(",")) await step(`${theme} → ${folder}`, () => look(theme));
