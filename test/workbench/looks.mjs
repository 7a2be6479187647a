#!/usr/bin/env node
// Takes pictures of the Supervision view in trouble, to be looked at: every scene in every theme at every width of the side bar.
//
//   node test/workbench/looks.mjs folder [--scenes rows,spin] [--themes dark,light,contrast] [--widths 170,250,400]
//
// The scenes are those of test/extension/host/troubled-program.mjs, and that of process-program.mjs beside it; the extension is the one that was built last.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { openWorkbench } from "./drive.mjs";
import { cache, extension, hostTests } from "./paths.mjs";
import { onTermination } from "./processes.mjs";
import { step } from "./progress.mjs";

const THEMES = {
  dark: "Dark Modern",
  light: "Light Modern",
  contrast: "Default High Contrast",
  "contrast-light": "Default High Contrast Light",
};

/** What the line above the rows says once a scene can be looked at. */
const SCENES = {
  source: /Not running/,
  calm: /actors · \d+ msg/,
  rows: /1 down · \d+ in trouble/,
  spin: /cards has not let go for [6-9] s/,
  native: /does not answer for [6-9] s/,
  deadlock: /wait for each other/,
  gaveUp: /The cause is cards/,
  churn: /actors/,
  processes: /\d+ % CPU/,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scenes: { type: "string", default: "rows,calm,spin,native,deadlock,gaveUp,churn,processes" },
    themes: { type: "string", default: "dark,light,contrast" },
    widths: { type: "string", default: "170,250,400" },
  },
});
const [folder] = positionals;
if (!folder) throw new Error("name a folder for the pictures");
fs.mkdirSync(folder, { recursive: true });

/** @returns {{ folder: string, remove: () => void }} a workspace whose program is the one of the scene */
function makeWorkspace() {
  const own = path.join(cache, `looks-${process.pid}`, "order-desk");
  fs.mkdirSync(path.join(own, "src"), { recursive: true });
  const manifest = { name: "order-desk", private: true, type: "module", dependencies: { "airssys-rt": "*" } };
  fs.writeFileSync(path.join(own, "package.json"), JSON.stringify(manifest));
  return { folder: own, remove: () => fs.rmSync(path.dirname(own), { recursive: true, force: true }) };
}

/** One window for each scene and theme; the widths one after the other. */
async function look(workspace, scene, theme) {
  const program = scene === "processes" ? "process-program.mjs" : "troubled-program.mjs";
  fs.copyFileSync(path.join(path.dirname(hostTests), program), path.join(workspace, "src", "main.mjs"));
  const workbench = await openWorkbench({
    folder: workspace,
    install: [extension],
    env: {
      AIRSSYS_START_PROGRAM: scene === "source" ? undefined : "1",
      TROUBLE: scene,
      TROUBLE_AFTER_MS: "4000",
    },
    settings: {
      "workbench.colorTheme": THEMES[theme],
      "debug.toolBarLocation": "docked",
      "remote.autoForwardPorts": false,
    },
    viewport: { width: 900, height: 640 },
    scale: 1.5,
  });
  current = workbench;
  try {
    await workbench.openView("Airssys", "Supervision");
    await workbench.hidePanel();
    await workbench.view("Supervision").getByText(SCENES[scene]).first().waitFor({ timeout: 60_000 });
    await workbench.page.waitForTimeout(2_500);
    for (const width of values.widths.split(",")) {
      await workbench.resizeSideBar(Number(width));
      await workbench.page.waitForTimeout(700);
      const file = path.join(folder, `${scene}-${theme}-${width}.png`);
      await workbench.page.screenshot({ path: file, clip: { x: 0, y: 0, width: Number(width) + 120, height: 640 } });
    }
    const rows = await workbench.treeRows("Supervision");
    const words = rows.map(({ label, description, spoken, level }) => [level, label, description, spoken].join(" | "));
    fs.writeFileSync(path.join(folder, `${scene}-${theme}.txt`), `${words.join("\n")}\n`);
  } catch (error) {
    await workbench.screenshot(path.join(folder, `${scene}-${theme}-failed.png`));
    throw error;
  } finally {
    await workbench.close();
    current = undefined;
  }
}

/** @type {import("./drive.mjs").Workbench | undefined} */
let current;
const workspace = makeWorkspace();
process.on("exit", () => workspace.remove());
onTermination(async () => {
  await current?.close();
  process.exit(1);
});
for (const scene of values.scenes.split(","))
  for (const theme of values.themes.split(","))
    await step(`${scene}, ${theme}`, () => look(workspace.folder, scene, theme));
process.exit(0);
