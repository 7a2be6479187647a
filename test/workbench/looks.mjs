#!/usr/bin/env node
// Takes pictures of the Supervision view in trouble, to be looked at: every scene in every theme at every width of the side bar.
//
//   node test/workbench/looks.mjs folder [--scenes rows,spin] [--themes dark,light,contrast] [--widths 170,250,400] [--language de]
//
// The scenes are those of test/extension/host/troubled-program.mjs, and that of process-program.mjs beside it; the extension is the one that was built last.
import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";
import { openWorkbench } from "./drive.mjs";
import { copyExample } from "./example-copy.mjs";
import { extension, hostTests } from "./paths.mjs";
import { commandOf, onTermination } from "./processes.mjs";
import { makeProgramWorkspace } from "./program-workspace.mjs";
import { step } from "./progress.mjs";
import { THEMES } from "./theme-series.mjs";

/** What the line above the rows says once a scene can be looked at. */
const SCENES = {
  source: /Not running/,
  calm: /actors · \d+ msg/,
  rows: /1 down · \d+ in trouble/,
  spin: /cards has not let go for [6-9] s/,
  native: /(does not answer|has not let go) for [6-9] s/,
  halted: /its process is stopped/,
  deadlock: /wait for each other/,
  held: /ledger handles hold for [\d.]+ s, and asks nobody/,
  gaveUp: /The cause is cards/,
  churn: /\d+ actors/,
  processes: /\d+ % CPU/,
};

/**
 * Scenes in which somebody does something: in which trouble, in which program, and what is done. Each step is a picture of the window.
 *
 * @type {Record<string, { trouble: string, program?: string, ready: RegExp, usesExample?: boolean, runsByItself?: boolean, act: (workbench: import("./drive.mjs").Workbench, shoot: (step: string) => Promise<void>) => Promise<void> }>}
 */
const DEEDS = {
  send: {
    trouble: "calm",
    ready: /(actors|trouble).* msg\/s/,
    usesExample: true,
    async act(workbench, shoot) {
      const { page } = workbench;
      const input = page.locator(".quick-input-widget input").first();
      const item = (text) => page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first();
      await workbench.expandTree("Supervision");
      await workbench.fromMenu("Supervision", "inventory", "Send Message to Actor…");
      await item("As JSON").waitFor();
      await page.locator(".quick-input-list .monaco-list-row").nth(2).waitFor({ timeout: 20_000 });
      await page.waitForTimeout(1_000);
      await shoot("1-messages");
      await item("a question").click();
      await page.locator(".quick-input-title", { hasText: "(2/2)" }).waitFor();
      await page.waitForTimeout(500);
      await shoot("2-skeleton");
      const skeleton = await input.inputValue();
      await input.fill(skeleton.replace(/: (?:""|0|\[\])/, ": false"));
      await page.waitForTimeout(500);
      await shoot("3-fault");
      await input.fill(skeleton);
      await page.keyboard.press("Enter");
      await page
        .locator(".quick-input-title", { hasText: /replied after|handled|crashed/ })
        .waitFor({ timeout: 20_000 });
      await page.waitForTimeout(300);
      await shoot("4-result");
      await page.keyboard.press("Escape");
      await workbench.fromMenu("Supervision", "inventory", "Send Message to Actor…");
      await item("sent ").waitFor();
      await page.waitForTimeout(1_000);
      await shoot("5-again");
      await page.keyboard.press("Escape");
    },
  },
  tooltip: {
    trouble: "rows",
    ready: /1 down · \d+ in trouble/,
    async act(workbench, shoot) {
      const { page } = workbench;
      for (const row of ["cards", "gift-wrap"]) {
        await workbench.treeRow("Supervision", row).hover();
        await page.locator(".workbench-hover, .monaco-hover").filter({ hasText: "Definition" }).first().waitFor();
        await page.waitForTimeout(500);
        await shoot(row);
        await page.mouse.move(700, 600);
        await page.waitForTimeout(500);
      }
    },
  },
  arranged: {
    trouble: "rows",
    ready: /1 down · \d+ in trouble/,
    async act(workbench, shoot) {
      const { page } = workbench;
      await workbench.ask("Airssys: Order Supervision By…");
      await page.locator(".quick-input-list .monaco-list-row").nth(2).waitFor();
      await page.waitForTimeout(300);
      await shoot("1-orders");
      await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "Trouble First" }).first().click();
      await page.waitForTimeout(1_500);
      await shoot("2-trouble");
      const filter = await workbench.ask("Airssys: Filter Supervision…");
      await filter.fill("pack");
      await page.waitForTimeout(1_500);
      await shoot("3-filter");
      await page.keyboard.press("Enter");
      await page.waitForTimeout(500);
      await shoot("4-filtered");
    },
  },
  actor: {
    program: "actor-program.mjs",
    trouble: "full",
    ready: /in trouble|msg\/s/,
    async act(workbench, shoot) {
      const { page } = workbench;
      await workbench.expandTree("Supervision");
      await workbench.treeRow("Supervision", "orders").click();
      await page.locator(".pane-header", { hasText: "Supervision" }).first().click();
      await page.waitForTimeout(9_000);
      for (const section of ["State", "Mailbox", "Links"]) {
        await workbench.treeRow("Actor", section).click();
        await page.keyboard.press("ArrowLeft");
      }
      await workbench.view("Actor").getByText("p95").first().waitFor();
      await page.waitForTimeout(1_000);
      await shoot("1-latency");
      await page.locator(".pane-header", { hasText: "Supervision" }).first().click();
      await workbench.treeRow("Supervision", "gate").click();
      await page.locator(".pane-header", { hasText: "Supervision" }).first().click();
      await workbench.treeRow("Actor", "Mailbox").click();
      await page.keyboard.press("ArrowRight");
      await workbench.view("Actor").getByText("Wait for room").first().waitFor();
      await shoot("3-room");
      await page.locator(".pane-header", { hasText: "Supervision" }).first().click();
    },
  },
  blast: {
    trouble: "calm",
    ready: /actors · \d+ msg/,
    async act(workbench, shoot) {
      const { page } = workbench;
      await workbench.expandTree("Supervision");
      await workbench.fromMenu("Supervision", "dispatch", "Show Blast Radius");
      await page.waitForTimeout(1_500);
      await shoot("1-before");
      await workbench.fromMenu("Supervision", "dispatch", "Kill Actor");
      await page.locator(".monaco-dialog-box").waitFor();
      await page.waitForTimeout(300);
      await shoot("2-question");
      await page.locator(".monaco-dialog-box .monaco-button", { hasText: "Kill" }).click();
      await page.waitForTimeout(2_500);
      await shoot("3-after");
      await page.keyboard.press("Escape");
      await page.waitForTimeout(1_500);
      await shoot("4-hidden");
    },
  },
  gaveUpBlast: {
    trouble: "gaveUp",
    ready: /The cause is cards/,
    async act(workbench, shoot) {
      await workbench.expandTree("Supervision");
      await workbench.fromMenu("Supervision", "cards", "Show Blast Radius");
      await workbench.page.waitForTimeout(1_500);
      await shoot("1-after");
    },
  },
  compared: {
    trouble: "calm",
    ready: /actors/,
    usesExample: true,
    async act(workbench, shoot) {
      const { page } = workbench;
      await workbench.expandTree("Supervision");
      await workbench.palette("Airssys: Compare with Source");
      await page.waitForTimeout(3_000);
      await shoot("1-same");
      await workbench.fromMenu("Supervision", "vouchers", "Stop Actor");
      await page.locator(".monaco-dialog-box .monaco-button", { hasText: "Stop" }).click();
      await page.waitForTimeout(2_500);
      await shoot("2-stopped");
      await workbench.treeRow("Supervision", "vouchers").click();
      await page.waitForTimeout(1_500);
      await shoot("3-spec");
    },
  },
  watched: {
    program: "actor-program.mjs",
    trouble: "full",
    runsByItself: true,
    ready: /Not running|No actor program is running/,
    async act(workbench, shoot) {
      const { page } = workbench;
      const watched = await runByItself();
      try {
        await workbench.ask("Airssys: Watch a Running Program…");
        const item = page.locator(".quick-input-list .monaco-list-row").filter({ hasText: `pid ${watched.pid}` });
        await item.first().waitFor();
        await page.waitForTimeout(500);
        await shoot("1-programs");
        await item.first().click();
        await page.locator(".monaco-dialog-box").waitFor();
        await page.waitForTimeout(300);
        await shoot("2-question");
        await page.locator(".monaco-dialog-box .monaco-button", { hasText: "Open Inspector" }).click();
        await workbench.view("Supervision").getByText("watching, read only").first().waitFor();
        await workbench.expandTree("Supervision");
        await page.waitForTimeout(2_000);
        await shoot("3-watched");
        await workbench.treeRow("Supervision", "orders").click();
        await page.waitForTimeout(2_000);
        // The status bar says why not.
        await workbench.palette("Airssys: Kill Actor");
        await page.waitForTimeout(500);
        await shoot("4-read-only");
        await workbench.palette("Airssys: Show Messages");
        await page.waitForTimeout(4_000);
        await shoot("5-messages");
        await workbench.hidePanel();
        watched.kill("SIGKILL");
        await page.locator(".notification-toast", { hasText: "has ended" }).waitFor();
        await page.waitForTimeout(500);
        await shoot("6-ended");
        await workbench.clearToasts();
      } finally {
        watched.kill("SIGKILL");
      }
    },
  },
  explained: {
    trouble: "deadlock",
    ready: /wait for each other/,
    async act(workbench, shoot) {
      const { page } = workbench;
      // It takes the room of the last rows.
      await page.locator(".pane-header[aria-label^='Actor']").first().click();
      await workbench.treeRow("Supervision", "orders").hover();
      await page.waitForTimeout(500);
      await shoot("1-row");
      await workbench.fromMenu("Supervision", "orders", "Explain What It Waits For");
      await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
      await page.waitForTimeout(500);
      await shoot("2-explained");
      await page.keyboard.press("Escape");
    },
  },
};

/** Stops the process of the program that is shown, as Ctrl+Z does. It is ended with its window. */
async function haltProgram(workbench, folder) {
  await workbench
    .view("Supervision")
    .getByText(/^\d+ actors/)
    .first()
    .waitFor({ timeout: 60_000 });
  for (const name of fs.readdirSync("/proc").filter((one) => /^\d+$/.test(one)))
    if (/src\/main\.mjs\s*$/.test(commandOf(name)) && fs.readlinkSync(`/proc/${name}/cwd`) === fs.realpathSync(folder))
      process.kill(Number(name), "SIGSTOP");
}

/** The program of the workspace, started by nobody in VS Code. */
async function runByItself() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  const file = path.join(workspace.folder, "src", "main.mjs");
  const env = { ...process.env, TROUBLE: "full", SCENE: "full" };
  return spawn(process.execPath, [`--inspect-port=${port}`, file], { cwd: workspace.folder, stdio: "ignore", env });
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scenes: { type: "string", default: "rows,calm,spin,native,deadlock,gaveUp,churn,processes" },
    themes: { type: "string", default: "dark,light,contrast" },
    widths: { type: "string", default: "170,250,400" },
    language: { type: "string" },
  },
});
const [folder] = positionals;
if (!folder) throw new Error("name a folder for the pictures");
fs.mkdirSync(folder, { recursive: true });

/** One window for each scene and theme; the widths one after the other. */
async function look(workspace, scene, theme) {
  const deed = DEEDS[scene];
  const copy = deed?.usesExample ? copyExample() : undefined;
  const program = deed?.program ?? (scene === "processes" ? "process-program.mjs" : "troubled-program.mjs");
  fs.copyFileSync(path.join(path.dirname(hostTests), program), path.join(workspace, "src", "main.mjs"));
  const workbench = await openWorkbench({
    folder: copy?.folder ?? workspace,
    install: [extension],
    env: {
      AIRSSYS_START_PROGRAM: scene === "source" || deed?.runsByItself ? undefined : "1",
      TROUBLE: deed?.trouble ?? scene,
      SCENE: deed?.trouble ?? scene,
      TROUBLE_AFTER_MS: "4000",
    },
    settings: {
      "workbench.colorTheme": THEMES[theme],
      "debug.toolBarLocation": "docked",
      // It comes over what is looked at, whenever a program starts.
      "debug.internalConsoleOptions": "neverOpen",
      "remote.autoForwardPorts": false,
    },
    viewport: { width: 900, height: 640 },
    scale: 1.5,
    language: values.language,
  });
  current = workbench;
  try {
    await workbench.openView("Airssys", "Supervision");
    await workbench.hidePanel();
    if (scene === "halted") await haltProgram(workbench, workspace);
    // What it says is known in English only.
    if (values.language) await workbench.page.waitForTimeout(15_000);
    else
      await workbench
        .view("Supervision")
        .getByText(deed?.ready ?? SCENES[scene])
        .first()
        .waitFor({ timeout: 60_000 });
    await workbench.page.waitForTimeout(2_500);
    for (const width of values.widths.split(",")) {
      await workbench.resizeSideBar(Number(width));
      await workbench.page.waitForTimeout(700);
      await deed?.act(workbench, (step) =>
        workbench.page
          .screenshot({ path: path.join(folder, `${scene}-${step}-${theme}-${width}.png`) })
          .then(() => undefined),
      );
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
    copy?.remove();
    current = undefined;
  }
}

/** @type {import("./drive.mjs").Workbench | undefined} */
let current;
const workspace = makeProgramWorkspace(path.join(path.dirname(hostTests), "troubled-program.mjs"));
process.on("exit", () => workspace.remove());
onTermination(async () => {
  await current?.close();
  process.exit(1);
});
for (const scene of values.scenes.split(","))
  for (const theme of values.themes.split(","))
    await step(`${scene}, ${theme}`, () => look(workspace.folder, scene, theme));
process.exit(0);
