// A message that is written as a file, as a person does it: completed, checked, sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openWorkbench } from "../../workbench/drive.mjs";
import { copyExample } from "../../workbench/example-copy.mjs";
import { extension } from "../../workbench/paths.mjs";

test("a message is written on as a file: its fields are offered, what is wrong is marked, and the lens above sends it", async () => {
  const example = copyExample();
  const workbench = await openWorkbench({
    folder: example.folder,
    install: [extension],
    env: { AIRSSYS_START_PROGRAM: "1" },
    settings: { "remote.autoForwardPorts": false, "debug.internalConsoleOptions": "neverOpen" },
  });
  const { page } = workbench;
  const lens = (text) => page.locator(".codelens-decoration", { hasText: text }).first();
  const editor = page.locator(".editor-instance").first();
  try {
    await workbench.openView("Airssys", "Supervision");
    await workbench.treeRow("Supervision", "ledger").waitFor();
    await workbench.fromMenu("Supervision", "ledger", "Send Message to Actor…");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "append" }).first().click();
    await page.locator(".quick-input-title", { hasText: "(2/2)" }).waitFor();
    await page.locator(".quick-input-titlebar .codicon-edit").click();
    await editor.locator(".view-line", { hasText: "append" }).waitFor();
    await lens("Send to ledger").waitFor();
    await editor.locator(".view-line", { hasText: "append" }).click();
    await page.keyboard.press("End");
    await page.keyboard.type('"wrong": 1,');
    await lens("wrong is no field of this message.").waitFor();
    await editor.locator(".squiggly-warning, .squiggly-error").first().waitFor();
    for (let n = 0; n < '"wrong": 1,'.length; n++) await page.keyboard.press("Backspace");
    await page.keyboard.press("Control+Space");
    const offered = page.locator(".suggest-widget .monaco-list-row").first();
    await offered.waitFor();
    await page.keyboard.press("Escape");
    await lens("Send to ledger").click();
    const result = page.locator(".quick-input-title", { hasText: /^ledger / });
    await result.waitFor();
    assert.match((await result.textContent()) ?? "", /^ledger (replied|crashed)/);
  } finally {
    await workbench.close();
    example.remove();
  }
});
