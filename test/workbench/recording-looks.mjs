#!/usr/bin/env node
// Takes pictures of a recording in the view Messages, to be looked at: the example's own, a very long one, and a file that is none.
//
//   node test/workbench/recording-looks.mjs folder [--themes dark,light,contrast,contrast-light]
//
// The extension is the one that was built last.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import zlib from "node:zlib";
import { takeSeries } from "./theme-series.mjs";

/** Messages of the long recording. */
const MANY = 1_000_000;

/** The example is killed at work: its recording has no end. */
async function record(workspace) {
  const env = {
    ORDER_DESK_PORT: "0",
    ORDER_DESK_TRAFFIC: "1",
    AIRSSYS_RECORD: "run.airssys",
    AIRSSYS_RECORD_VALUES: "1",
  };
  const child = spawn(process.execPath, ["src/main.ts"], {
    cwd: workspace,
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  await delay(5_000);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("close", resolve));
}

function writeLong(file) {
  const head = {
    format: 1,
    runtime: "0.1.0",
    program: "/shop/long.ts",
    node: "v24",
    startedAt: Date.now() - 3_600_000,
    payloads: "types",
  };
  const lines = [JSON.stringify(head)];
  for (let no = 0; no < 20; no++)
    lines.push(JSON.stringify({ a: [no, `shop#${no}`, `shop/part-${no % 4}/worker-${no}`, "Worker"] }));
  lines.push(JSON.stringify({ t: [0, "job"] }));
  for (let from = 0; from < MANY; from += 1_000)
    lines.push(
      JSON.stringify({
        m: Array.from({ length: 1_000 }, (_, at) => {
          const seq = from + at;
          return [
            seq,
            seq % 7 === 0 ? -1 : seq - 1,
            seq % 20,
            (seq + 1) % 20,
            0,
            seq * 3,
            20,
            90,
            seq % 5_003 === 0 ? 1 : 0,
          ];
        }),
      }),
    );
  lines.push(JSON.stringify({ end: { messages: MANY } }));
  fs.writeFileSync(file, zlib.gzipSync(`${lines.join("\n")}\n`));
}

async function look(workbench, shoot) {
  const { page } = workbench;
  const open = (name) => page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).dblclick();
  await workbench.openView("Airssys", "Supervision");
  await workbench.openContainer("Explorer");
  await open("run.airssys");
  const frame = workbench.webview();
  await frame.locator(".recording-line").waitFor({ timeout: 30_000 });
  await page.waitForTimeout(2_000);
  await shoot("0-opened");
  await workbench.palette("View: Toggle Maximized Panel");
  const scroll = frame.locator(".page:not([hidden]) .scroll");
  await frame.locator(".page:not([hidden]) .search input").fill("type:pack");
  await scroll.press("Home");
  await page.waitForTimeout(4_000);
  await shoot("1-selected");
  await scroll.press("Control+Alt+F10");
  await page.waitForTimeout(1_500);
  await shoot("2-next-message");
  // There is no breakpoint: the status bar says so.
  await scroll.press("F5");
  await page.waitForTimeout(1_000);
  await shoot("2-continue");
  await scroll.press("t");
  await page.waitForTimeout(800);
  await shoot("3-table");
  await scroll.press("t");
  await workbench.palette("View: Toggle Maximized Panel");
  await open("long.airssys");
  await page.waitForTimeout(1_500);
  await shoot("4-long-coming");
  // Its editor goes when it has been read.
  await page.waitForFunction(() => document.querySelectorAll("iframe.webview.ready").length === 1, undefined, {
    timeout: 60_000,
  });
  await frame.locator(".recording-line", { hasText: "long.ts" }).waitFor({ timeout: 60_000 });
  for (
    const end = Date.now() + 60_000;
    !/^1,000/.test(await frame.locator(".page:not([hidden]) .count").textContent());
  )
    if (Date.now() > end) throw new Error("it never comes to its end");
    else await page.waitForTimeout(200);
  await scroll.press("End");
  await page.waitForTimeout(1_500);
  await shoot("5-long-end");
  await open("none.airssys");
  await page.waitForTimeout(2_000);
  await shoot("6-none");
}

await takeSeries({
  async prepare(folder) {
    await record(folder);
    writeLong(path.join(folder, "long.airssys"));
    fs.writeFileSync(path.join(folder, "none.airssys"), "hello");
  },
  act: look,
});
