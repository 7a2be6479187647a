#!/usr/bin/env node
// `npm run screenshots`: takes the pictures of the READMEs. The packaged extension is installed in a fresh VS Code, a program runs, and
// each scene is shown in a light, a dark and a high-contrast theme.
//
//   node test/workbench/screenshots.mjs [folder] [--scenes supervision,actor,messages,waits,crash] [--themes light,dark,high-contrast]
//
// The .png files go to the folder; otherwise to extension/images.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { openWorkbench } from "./drive.mjs";
import { copyExample } from "./example-copy.mjs";
import { packagedExtension } from "./packaged-extension.mjs";
import { extension, hostTests, root } from "./paths.mjs";
import { onTermination } from "./processes.mjs";
import { makeProgramWorkspace } from "./program-workspace.mjs";
import { step } from "./progress.mjs";
import { smallPng } from "./small-png.mjs";

const THEMES = { light: "Light Modern", dark: "Dark Modern", "high-contrast": "Dark High Contrast" };

/** How long traffic flows before the picture is taken, so that rates and restarts are those of a busy program. */
const TRAFFIC_MS = 8_000;

/**
 * A scene: its program (that of the example, or a trouble of test/extension/host/troubled-program.mjs), what is done to come there, and
 * what of the window is shown.
 *
 * @typedef {object} Scene
 * @property {string} [trouble]
 * @property {"run" | "debug"} starts
 * @property {(workbench: import("./drive.mjs").Workbench) => Promise<void>} arrange
 * @property {(workbench: import("./drive.mjs").Workbench) => Promise<void>} [pose] what goes when another theme is chosen
 * @property {{ width: number, height: number }} viewport
 */

/** @type {Record<string, Scene>} */
const SCENES = {
  supervision: {
    starts: "run",
    viewport: { width: 1100, height: 640 },
    async arrange(workbench) {
      await workbench.openFile("desk.ts");
      await workbench.expandTree("Supervision");
      await workbench.resizeSideBar(390);
      await workbench.page.waitForTimeout(TRAFFIC_MS);
    },
  },
  actor: {
    trouble: "rows",
    starts: "run",
    viewport: { width: 420, height: 640 },
    async arrange(workbench) {
      const { page } = workbench;
      await page.setViewportSize({ width: 1100, height: 640 });
      await workbench.resizeSideBar(420);
      await workbench.treeRow("Supervision", "orders").click();
      const view = workbench.view("Actor");
      await view.getByText(/State/).first().waitFor();
      await page.waitForTimeout(1_500);
      // What is above is in the other picture.
      await workbench.view("Supervision").locator(".pane-header").first().click();
      await page.waitForTimeout(1_000);
    },
  },
  messages: {
    starts: "run",
    viewport: { width: 1200, height: 640 },
    async arrange(workbench) {
      const { page } = workbench;
      await workbench.palette("Airssys: Show Messages");
      const frame = workbench.webview();
      await frame.locator(".follow").waitFor({ timeout: 30_000 });
      await page.waitForTimeout(TRAFFIC_MS);
      await workbench.palette("View: Toggle Maximized Panel");
      await frame.locator(".chip", { hasText: /Crashed [1-9]/ }).click({ timeout: 60_000 });
      await page.waitForTimeout(500);
      await frame.locator(".scroll").press("Home");
      await frame.locator(".chip", { hasText: "All" }).click();
      for (const key of ["ArrowDown", "ArrowUp", "ArrowUp", "ArrowDown"]) await frame.locator(".scroll").press(key);
      await workbench.palette("View: Toggle Primary Side Bar Visibility");
      await page.waitForTimeout(1_500);
    },
  },
  waits: {
    trouble: "deadlock",
    starts: "run",
    viewport: { width: 1100, height: 600 },
    async arrange(workbench) {
      await workbench
        .view("Supervision")
        .getByText(/wait for each other/)
        .first()
        .waitFor({ timeout: 60_000 });
      await workbench.view("Actor").locator(".pane-header").first().click();
      await workbench.resizeSideBar(420);
    },
    async pose(workbench) {
      await workbench.fromMenu("Supervision", "orders", "Explain What It Waits For");
      await workbench.page.locator(".quick-input-list .monaco-list-row").first().waitFor();
      await workbench.page.waitForTimeout(700);
    },
  },
  crash: {
    starts: "debug",
    viewport: { width: 1280, height: 760 },
    async arrange(workbench) {
      const { page } = workbench;
      await workbench.waitForStop(60_000);
      // It names files by where they are on this machine.
      await page.locator(".zone-widget [aria-label^='Close']").first().click();
      await page.locator(".zone-widget", { hasText: "Exception has occurred" }).waitFor({ state: "hidden" });
      await workbench.palette("View: Show Run and Debug");
      await workbench.palette("Focus on Actor Breakpoints View");
      for (const folded of ["Watch", "Loaded Scripts", "Breakpoints"]) {
        const header = page.locator(`.sidebar .pane-header[aria-label^='${folded}']`).first();
        if ((await header.count()) && (await header.getAttribute("aria-expanded")) === "true") await header.click();
      }
      await workbench.resizeSideBar(400);
      await page.waitForTimeout(1_000);
    },
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scenes: { type: "string", default: Object.keys(SCENES).join(",") },
    themes: { type: "string", default: Object.keys(THEMES).join(",") },
  },
});
const images = path.resolve(positionals[0] ?? path.join(extension, "images"));
fs.mkdirSync(images, { recursive: true });

/** Takes the pictures of a scene, all in one window. */
async function takePictures(vsix, name, themes) {
  const { trouble, starts, viewport, arrange, pose } = SCENES[name];
  const workspace = trouble
    ? makeProgramWorkspace(path.join(path.dirname(hostTests), "troubled-program.mjs"))
    : copyExample();
  let workbench;
  try {
    workbench = await openWorkbench({
      folder: workspace.folder,
      install: [vsix],
      env: {
        AIRSSYS_START_PROGRAM: starts === "run" ? "1" : undefined,
        TROUBLE: trouble,
        TROUBLE_AFTER_MS: "3000",
      },
      settings: {
        "debug.toolBarLocation": "docked",
        "debug.internalConsoleOptions": "neverOpen",
        "breadcrumbs.enabled": false,
        "editor.minimap.enabled": false,
        "remote.autoForwardPorts": false,
      },
      viewport,
      scale: 1.5,
    });
    current = workbench;
    await workbench.openView("Airssys", "Supervision");
    if (starts === "debug") await workbench.palette("Airssys: Debug Actor Program");
    else await workbench.waitForTree("Supervision", (rows) => rows.length > 1);
    await workbench.hidePanel();
    await arrange(workbench);
    await workbench.clearToasts();
    for (const theme of themes) {
      await chooseTheme(workbench, THEMES[theme]);
      await pose?.(workbench);
      await workbench.page.mouse.move(viewport.width - 30, viewport.height - 60);
      await workbench.page.waitForTimeout(1_000);
      const picture = await workbench.page.screenshot({ clip: { x: 0, y: 0, ...viewport } });
      fs.writeFileSync(path.join(images, `${name}-${theme}.png`), smallPng(picture));
      if (pose) await workbench.page.keyboard.press("Escape");
    }
  } catch (error) {
    await workbench?.screenshot(path.join(images, `${name}-failed.png`));
    throw error;
  } finally {
    await workbench?.close();
    workspace.remove();
    current = undefined;
  }
}

/** As a person does: the list previews, Enter keeps. */
async function chooseTheme(workbench, theme) {
  const input = await workbench.ask("Preferences: Color Theme");
  const row = workbench.page.locator(".quick-input-list .monaco-list-row");
  await input.fill(theme);
  await row.filter({ hasText: theme }).first().waitFor();
  await workbench.page.waitForTimeout(700);
  await workbench.page.keyboard.press("Enter");
  await workbench.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
}

/** @type {import("./drive.mjs").Workbench | undefined} */
let current;
onTermination(async () => {
  await current?.close();
  process.exit(1);
});

const vsix = packagedExtension();
const themes = values.themes.split(",");
for (const name of values.scenes.split(","))
  await step(`${name} → ${path.relative(root, images)}`, () => takePictures(vsix, name, themes));
process.exit(0);
