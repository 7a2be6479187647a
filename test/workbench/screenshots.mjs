#!/usr/bin/env node
// `npm run screenshots`: takes the pictures of the README. The packaged extension is installed in a fresh VS Code, the example
// runs, and the Supervision view is open, once in a light, a dark and a high-contrast theme.
//
//   node test/workbench/screenshots.mjs [folder]   where the .png files go; otherwise extension/images
import fs from "node:fs";
import path from "node:path";
import { openWorkbench } from "./drive.mjs";
import { copyExample } from "./example-copy.mjs";
import { packagedExtension } from "./packaged-extension.mjs";
import { extension, root } from "./paths.mjs";
import { onTermination } from "./processes.mjs";
import { step } from "./progress.mjs";

const THEMES = [
  { file: "supervision-light.png", theme: "Light Modern" },
  { file: "supervision-dark.png", theme: "Dark Modern" },
  { file: "supervision-high-contrast.png", theme: "Default High Contrast" },
];

/** How long traffic flows before the picture is taken, so that rates and restarts are those of a busy program. */
const TRAFFIC_MS = 8000;

/**
 * Takes one picture of the example at work.
 *
 * @param {{ vsix: string, folder: string, theme: string, file: string }} picture
 */
async function takePicture({ vsix, folder, theme, file }) {
  const workbench = await openWorkbench({
    folder,
    install: [vsix],
    env: { AIRSSYS_START_PROGRAM: "1" },
    settings: {
      "workbench.colorTheme": theme,
      "debug.toolBarLocation": "docked",
      "breadcrumbs.enabled": false,
      "remote.autoForwardPorts": false,
    },
    viewport: { width: 1280, height: 800 },
    scale: 1.5,
  });
  current = workbench;
  try {
    await workbench.openView("Airssys", "Supervision");
    await workbench.waitForTree("Supervision", (rows) => rows.length > 1);
    await workbench.openFile("main.ts");
    await workbench.expandTree("Supervision");
    await workbench.page.waitForTimeout(TRAFFIC_MS);
    await workbench.clearToasts();
    await workbench.hidePanel();
    await workbench.page.mouse.move(800, 400);
    await workbench.page.waitForTimeout(500);
    await workbench.screenshot(file);
  } catch (error) {
    await workbench.screenshot(file.replace(/\.png$/, "-failed.png"));
    throw error;
  } finally {
    await workbench.close();
    current = undefined;
  }
}

/** @type {import("./drive.mjs").Workbench | undefined} */
let current;
const images = path.resolve(process.argv[2] ?? path.join(extension, "images"));
fs.mkdirSync(images, { recursive: true });
const workspace = copyExample();
process.on("exit", () => workspace.remove());
onTermination(async () => {
  await current?.close();
  process.exit(1);
});

const vsix = packagedExtension();
for (const { file, theme } of THEMES) {
  const target = path.join(images, file);
  await step(`${theme} → ${path.relative(root, target)}`, () =>
    takePicture({ vsix, folder: workspace.folder, theme, file: target }),
  );
}
process.exit(0);
