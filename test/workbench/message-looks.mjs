#!/usr/bin/env node
// Takes pictures of the view Messages, to be looked at: the example at work, in every theme.
//
//   node test/workbench/message-looks.mjs folder [--themes dark,light,contrast,contrast-light]
//
// The extension is the one that was built last.
import { takeSeries } from "./theme-series.mjs";

async function look(workbench, shoot) {
  const { page } = workbench;
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
}

await takeSeries({
  env: { AIRSSYS_START_PROGRAM: "1" },
  settings: { "airssys.messages.payloads": "values" },
  act: look,
});
