// The view Messages in the window: what is drawn of very many messages, how fast, and by which keys it is read.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { openWorkbench } from "../../workbench/drive.mjs";
import { extension, hostTests } from "../../workbench/paths.mjs";
import { makeProgramWorkspace } from "../../workbench/program-workspace.mjs";

/** Milliseconds between two frames that a person sees as fluid. */
const FRAME_MS = 1_000 / 30;
const KEPT = 100_000;

describe("the view Messages", () => {
  const workspace = makeProgramWorkspace(path.join(path.dirname(hostTests), "chatty-program.mjs"));
  /** @type {import("../../workbench/drive.mjs").Workbench} */
  let workbench;
  /** @type {import("playwright-core").FrameLocator} */
  let frame;

  before(async () => {
    workbench = await openWorkbench({
      folder: workspace.folder,
      install: [extension],
      env: { AIRSSYS_START_PROGRAM: "1", CHATTY_ROUNDS: "40" },
      settings: {
        "remote.autoForwardPorts": false,
        // It would come to the front when the program starts.
        "debug.internalConsoleOptions": "neverOpen",
        "airssys.breakOnCrash": false,
      },
      viewport: { width: 1300, height: 900 },
    });
    await workbench.openView("Airssys", "Supervision");
    await workbench.waitForTree("Supervision", (rows) => rows.length > 1);
    await workbench.palette("Airssys: Show Messages");
    frame = workbench.webview();
    try {
      await frame.locator(".follow").waitFor({ timeout: 30_000 });
    } catch (error) {
      if (process.env.AIRSSYS_TEST_SCREENSHOT) await workbench.screenshot(process.env.AIRSSYS_TEST_SCREENSHOT);
      throw error;
    }
    await workbench.palette("View: Toggle Maximized Panel");
  });
  after(async () => {
    await workbench?.close();
    workspace.remove();
  });

  const shown = async () => Number((await frame.locator(".count").textContent()).replace(/\D/g, ""));
  const until = async (what, condition, timeoutMs = 60_000) => {
    for (const end = Date.now() + timeoutMs; !(await condition()); await workbench.page.waitForTimeout(100))
      if (Date.now() > end) throw new Error(`after ${timeoutMs} ms still not: ${what}`);
  };

  test("a hundred thousand messages are followed, and scrolled through, without a frame that is felt", async () => {
    await until("all rows are there", async () => (await shown()) >= KEPT);
    const measured = await frame.locator(".scroll").evaluate(async (scroll) => {
      /** Milliseconds between frames, of each third. */
      const measure = async (act) => {
        const parts = [];
        for (let part = 0; part < 3; part++) {
          const gaps = [];
          let last = await new Promise(requestAnimationFrame);
          for (let count = 0; count < 40; count++) {
            act(count);
            const now = await new Promise(requestAnimationFrame);
            gaps.push(now - last);
            last = now;
          }
          gaps.sort((one, other) => one - other);
          parts.push(gaps[Math.floor(gaps.length / 2)]);
        }
        return Math.min(...parts);
      };
      const following = await measure(() => {});
      const height = scroll.scrollHeight;
      scroll.dispatchEvent(new WheelEvent("wheel"));
      const scrolling = await measure((count) => {
        scroll.dispatchEvent(new WheelEvent("wheel"));
        scroll.scrollTop = ((count * 7919) % 100) * (height / 100);
      });
      return { following, scrolling };
    });
    console.log(`median frame: following ${measured.following} ms, scrolling ${measured.scrolling} ms`);
    assert.ok(measured.following <= FRAME_MS, JSON.stringify(measured));
    assert.ok(measured.scrolling <= FRAME_MS, JSON.stringify(measured));
  });

  test("who scrolls is left where they are, is told how much is new, and follows again with End", async () => {
    await frame.locator(".follow.frozen").waitFor();
    const scroll = frame.locator(".scroll");
    await scroll.focus();
    await scroll.press("Home");
    const before = await scroll.evaluate((element) => element.scrollTop);
    await until("something new has come", async () => /[1-9]/.test(await frame.locator(".follow").textContent()));
    assert.ok((await scroll.evaluate((element) => element.scrollTop)) <= before);
    assert.match(await frame.locator(".frozen-at").textContent(), /^Frozen at \d\d:\d\d:\d\d$/);

    await scroll.press("End");
    await frame.locator(".follow:not(.frozen)").waitFor();
    await until("it stands at the end", () =>
      scroll.evaluate((element) => element.scrollTop + element.clientHeight >= element.scrollHeight - 30),
    );
  });

  test("crashed messages are found, and one tells its error, its payload without what is hidden, and its chain", async () => {
    await frame.locator(".chip", { hasText: "Crashed" }).click();
    const scroll = frame.locator(".scroll");
    await scroll.focus();
    await scroll.press("Home");
    const details = frame.locator(".details");
    await details.getByText("RangeError: no number begins with 9").first().waitFor();
    await details.locator("button", { hasText: "Show Values" }).click();
    await details.getByText("What was in it is not known.").waitFor();

    await frame.locator(".search input").fill("type:errand");
    await frame.locator(".chip", { hasText: "All" }).click();
    await until(
      "some have come since",
      async () => Number(/(\d+) new/.exec(await frame.locator(".follow").textContent())?.[1]) > 100,
    );
    await scroll.focus();
    await scroll.press("End");
    await frame.locator(".follow:not(.frozen)").waitFor();
    await scroll.press("PageUp");
    await details.getByText("errand").first().waitFor();
    await details.locator(".payload").waitFor();
    assert.match(await details.locator(".payload").textContent(), /"password": "\(hidden\)"/);
    assert.ok((await details.locator(".causes li").count()) > 1);
    await details.locator("button", { hasText: "Only This Chain" }).click();
    await until("some are lit", async () => /^\d+ lit of /.test(await frame.locator(".count").textContent()));
    await frame.locator(".chip", { hasText: "Only this chain" }).click();
  });

  test("where nothing matches the filter, that is said, nothing is drawn over it, and the filter is cleared there", async () => {
    // What is missing between messages matches whatever is typed, but no outcome.
    await frame.locator(".chip", { hasText: "Crashed" }).click();
    await frame.locator(".search input").fill("type:nonesuch");
    await frame.locator(".empty", { hasText: "Nothing matches the filter." }).waitFor();
    assert.equal(await frame.locator(".view canvas").isVisible(), false);
    await frame.locator(".empty button").click();
    await frame.locator(".view canvas").waitFor();
    assert.equal(await frame.locator(".search input").inputValue(), "");
  });

  test("as a table it has rows and cells that are read aloud, and the row that is selected is told", async () => {
    const scroll = frame.locator(".scroll");
    await scroll.focus();
    await scroll.press("t");
    await until("it is a table", async () => (await scroll.getAttribute("role")) === "table");
    await until("all rows are counted", async () => Number(await scroll.getAttribute("aria-rowcount")) > 1_000);
    // At the top, rows go while new ones come.
    await scroll.press("End");
    await frame.locator(".follow:not(.frozen)").waitFor();
    await scroll.press("PageUp");
    await scroll.press("ArrowDown");
    const selected = frame.locator(".row.selected");
    await selected.waitFor();
    assert.ok(Number(await selected.getAttribute("aria-rowindex")) > 1_000);
    assert.equal(await scroll.getAttribute("aria-activedescendant"), await selected.getAttribute("id"));
    assert.match(await selected.getAttribute("aria-label"), /^\w+, from [\w-]+ to worker-\d, /);
    assert.equal(await selected.locator("[role=cell]").count(), 7);
    await scroll.press("Escape");
    await scroll.press("t");
    await until("it is no table any more", async () => (await scroll.getAttribute("role")) === null);
  });

  test("what is missing and what ends is said, and nothing is stale when the program is killed", async () => {
    const scroll = frame.locator(".scroll");
    await scroll.press("End");
    await workbench.page.keyboard.press("Shift+F5");
    await until(
      "the program is gone",
      async () =>
        !(await workbench.treeRows("Supervision")).some(
          (row) => row.label === "worker-0" && /msg/.test(row.description),
        ),
    );
    const before = await frame.locator(".count").textContent();
    await workbench.page.waitForTimeout(1_000);
    assert.equal(await frame.locator(".count").textContent(), before);
    assert.equal(await frame.locator(".empty").isVisible(), false, "what was told stays");
  });
});
