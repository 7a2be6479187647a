#!/usr/bin/env node
// Takes pictures of what a new user sees, to be looked at: the walkthrough and the views before anything runs, then the example under the
// debugger, with breakpoints for actors, up to a crash.
//
//   node test/workbench/debug-looks.mjs folder [--themes dark,light,contrast,contrast-light]
//
// The extension is the one that was built last.
import { takeSeries } from "./theme-series.mjs";

/** Pixels of the side bar. */
const WIDTH = 250;

async function look(workbench, shoot) {
  const { page } = workbench;
  await workbench.openView("Airssys", "Supervision");
  await workbench.waitForTree("Supervision", (rows) => rows.length > 1);
  await beforeTheRun(workbench, shoot);
  await breakpoints(workbench, shoot);
  await workbench.palette("Airssys: Debug Actor Program");
  await workbench.waitForStop(60_000);
  await page.waitForTimeout(2_500);
  await shoot("4-stopped");
  await workbench.openView("Airssys", "Supervision");
  await page.waitForTimeout(1_500);
  await shoot("5-paused");
  await workbench.openContainer("Run and Debug");
  // From here on only crashes stop it.
  await workbench.palette("Airssys: Remove All Message Breakpoints");
  await page.keyboard.press("F5");
  await workbench.view("Actor Breakpoints").getByText("is about to crash").first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(2_500);
  await shoot("6-crash");
  await workbench.openView("Airssys", "Supervision");
  await page.waitForTimeout(1_500);
  await shoot("7-paused-in-crash");
}

async function beforeTheRun(workbench, shoot) {
  const { page } = workbench;
  await workbench.resizeSideBar(WIDTH);
  await workbench.view("Recordings").locator(".pane-header").first().click();
  await workbench.palette("Airssys: Show Messages");
  await workbench.webview().locator(".empty").waitFor({ timeout: 30_000 });
  await workbench.palette("Airssys: Show Me Around");
  const steps = page.locator(".getting-started-step");
  await steps.nth(4).waitFor();
  await page.waitForTimeout(1_500);
  await shoot("0-nothing-yet");
  await workbench.hidePanel();
  for (let step = 0; step < 5; step++) {
    if (!(await steps.nth(step).getAttribute("class")).includes("expanded"))
      await steps.nth(step).locator(".step-title").click();
    await page.waitForTimeout(1_200);
    await shoot(`1-step-${step + 1}`);
  }
  await workbench.view("Recordings").locator(".pane-header").first().click();
}

/** One of each kind, from the lens over a handler. */
async function breakpoints(workbench, shoot) {
  const { page } = workbench;
  const input = page.locator(".quick-input-widget input").first();
  await workbench.openFile("cards.ts");
  await page.keyboard.press("Control+g");
  await input.fill(":45");
  await page.keyboard.press("Enter");
  // Lenses of lines that are not seen are there, and hidden.
  const lens = page.locator(".codelens-decoration a:visible", { hasText: "Break on Message" });
  await lens.first().waitFor({ timeout: 60_000 });
  await shoot("2-lens");
  await lens.first().click();
  await input.waitFor();
  await page.waitForTimeout(700);
  await shoot("2-condition");
  await input.fill("message.(");
  await page.waitForTimeout(700);
  await shoot("2-condition-wrong");
  await input.fill("");
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  await workbench.openContainer("Run and Debug");
  await workbench.palette("Focus on Actor Breakpoints View");
  for (const folded of ["Watch", "Loaded Scripts", "Breakpoints"]) {
    const header = page.locator(`.sidebar .pane-header[aria-label^='${folded}']`).first();
    if ((await header.count()) && (await header.getAttribute("aria-expanded")) === "true") await header.click();
  }
  await page.waitForTimeout(1_000);
  await shoot("3-breakpoints");
}

await takeSeries({ env: { ORDER_DESK_TRAFFIC: "1" }, act: look });
