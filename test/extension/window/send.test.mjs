// A message that is written on as a file, as a person does it: completed, checked, sent.
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
  const editor = page.locator(".editor-instance").first();
  const lens = (text) => editor.locator(".codelens-decoration", { hasText: text }).first();
  const title = (text) => page.locator(".quick-input-title", { hasText: text });
  try {
    await workbench.openView("Airssys", "Supervision");
    await workbench.waitForTree("Supervision", (rows) =>
      rows.some(({ spoken }) => /^inventory, actor, (?!not running)/.test(spoken)),
    );
    await workbench.fromMenu("Supervision", "inventory", "Send Message to Actor…");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "reserve" }).first().click({ timeout: 20_000 });
    await title("(2/2)").waitFor();
    await page.locator(".quick-input-titlebar .codicon-edit").click();
    await lens("Send to inventory").waitFor();

    // Behind the type: what is no field is said above and marked below.
    await editor.locator(".view-line", { hasText: '"reserve"' }).click();
    await page.keyboard.press("End");
    const wrong = '"wrong": 1,';
    await page.keyboard.type(wrong);
    await lens("wrong is no field of this message.").waitFor();
    await editor.locator(".squiggly-warning, .squiggly-error").first().waitFor({ state: "attached" });
    for (let n = 0; n < wrong.length; n++) await page.keyboard.press("Backspace");
    await lens("Send to inventory").waitFor();

    await page.keyboard.press("Control+Space");
    await page.locator(".suggest-widget.visible .monaco-list-row").first().waitFor();
    await page.keyboard.press("Escape");
    if (process.env.LOOK) await workbench.screenshot(`${process.env.LOOK}/send-file.png`);

    await lens("Send to inventory").click();
    await title(/^inventory /).waitFor();
    assert.match((await title(/^inventory /).textContent()) ?? "", /^inventory (replied after|handled|crashed)/);
    if (process.env.LOOK) await workbench.screenshot(`${process.env.LOOK}/send-sent.png`);
  } catch (error) {
    if (process.env.LOOK) await workbench.screenshot(`${process.env.LOOK}/failed.png`);
    throw error;
  } finally {
    await workbench.close();
    example.remove();
  }
});
