// Drives a workbench of the stand-in as a person does: the palette, views, trees, editors, the debugger. Each step waits for
// what it expects to see and throws when it does not come.
import { openBrowser, workbenchReady } from "./browser.mjs";
import { ensureChromium } from "./chromium.mjs";
import { installStandIn } from "./install.mjs";
import { startServer } from "./server.mjs";

/**
 * @typedef {object} TreeRow
 * @property {string} label
 * @property {string} description the dimmed text behind the label
 * @property {string} spoken what a screen reader says
 * @property {number} level 1 for a root
 * @property {boolean | undefined} expanded undefined for a leaf
 */

/** A workbench with a window on it. */
export class Workbench {
  /**
   * @param {import("./server.mjs").Server} server
   * @param {import("playwright-core").Browser} browser
   * @param {import("playwright-core").Page} page
   */
  constructor(server, browser, page) {
    this.server = server;
    this.browser = browser;
    this.page = page;
  }

  /** Closes the window and ends the server with everything it started. */
  async close() {
    await this.browser.close();
    await this.server.stop();
  }

  /**
   * Runs a command by its title, as shown in the palette ("Airssys: Restart Actor").
   *
   * @param {string} title
   */
  async palette(title) {
    await this.#pick("F1", `>${title}`, title);
  }

  /**
   * Runs a command that goes on to ask for something in the quick input.
   *
   * @param {string} title
   * @returns {Promise<import("playwright-core").Locator>} where it asks
   */
  async ask(title) {
    const input = this.page.locator(".quick-input-widget input").first();
    await this.#take("F1", `>${title.replace(/…$/, "")}`, title);
    await input.waitFor();
    return input;
  }

  /**
   * Opens a file of the workspace by name.
   *
   * @param {string} name
   */
  async openFile(name) {
    await this.#pick("Control+P", name, name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** Opens the quick input, types, takes the first row that holds a text, and waits until the quick input has gone. */
  async #pick(key, text, row) {
    await this.#take(key, text, row, () =>
      this.page.locator(".quick-input-widget").waitFor({ state: "hidden", timeout: 5000 }),
    );
  }

  /**
   * Opens the quick input, types, and takes the first row that holds a text. The quick input closes when something else takes
   * the focus, as views do while a window starts; then it is opened again.
   */
  async #take(key, text, row, taken = (found) => found.waitFor({ state: "hidden", timeout: 5000 })) {
    const input = this.page.locator(".quick-input-widget input").first();
    for (let attempt = 1; ; attempt++) {
      try {
        await this.page.keyboard.press(key);
        await input.waitFor({ timeout: 5000 });
        await input.fill(text, { timeout: 5000 });
        const found = this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: row }).first();
        await found.click({ timeout: 5000 });
        await taken(found);
        return;
      } catch (error) {
        if (attempt === 4) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /**
   * Shows a view container of the activity bar.
   *
   * @param {string} title of the container, such as "Airssys"
   */
  async openContainer(title) {
    const icon = this.page.locator(".activitybar .action-item", {
      has: this.page.locator(`a.action-label[aria-label^="${title}"]`),
    });
    await icon.first().waitFor({ timeout: 60_000 });
    const shown = this.page.locator(".sidebar .composite.title", { hasText: new RegExp(title, "i") });
    // A click on what is shown meanwhile, as by the extension itself, would hide it again.
    for (let attempt = 1; ; attempt++) {
      if ((await icon.first().getAttribute("aria-expanded")) !== "true") await icon.first().click();
      try {
        await shown.waitFor({ timeout: 5_000 });
        return;
      } catch (error) {
        if (attempt === 6) throw error;
      }
    }
  }

  /**
   * The pane of a view in the side bar.
   *
   * @param {string} name such as "Supervision"
   */
  view(name) {
    return this.page.locator(".sidebar .split-view-view, .auxiliarybar .split-view-view").filter({
      has: this.page.locator(`.pane-header[aria-label^="${name}"], .pane-body[aria-label^="${name}"]`),
    });
  }

  /**
   * Shows a view: opens its container, and the view itself when it is folded.
   *
   * @param {string} container
   * @param {string} name
   */
  async openView(container, name) {
    await this.openContainer(container);
    const header = this.view(name).locator(".pane-header").first();
    await header.waitFor({ state: "attached" });
    if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
  }

  /**
   * Reads the rows of a tree view that are on the screen.
   *
   * @param {string} name of the view
   * @returns {Promise<TreeRow[]>}
   */
  treeRows(name) {
    return this.view(name)
      .locator(".monaco-list-row[role=treeitem]")
      .evaluateAll((rows) =>
        rows
          .sort((one, other) => Number(one.getAttribute("data-index")) - Number(other.getAttribute("data-index")))
          .map((row) => ({
            label: row.querySelector(".label-name")?.textContent ?? "",
            description: row.querySelector(".label-description")?.textContent ?? "",
            spoken: row.getAttribute("aria-label") ?? "",
            level: Number(row.getAttribute("aria-level")),
            expanded: row.hasAttribute("aria-expanded") ? row.getAttribute("aria-expanded") === "true" : undefined,
          })),
      );
  }

  /**
   * Waits until the rows of a tree view are as wanted.
   *
   * @param {string} name
   * @param {(rows: TreeRow[]) => boolean} wanted
   * @param {number} [timeoutMs]
   * @returns {Promise<TreeRow[]>} those rows
   * @throws {Error} with the rows that were there instead
   */
  async waitForTree(name, wanted, timeoutMs = 60_000) {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const rows = await this.treeRows(name);
      if (wanted(rows)) return rows;
      if (Date.now() > end)
        throw new Error(`the view ${name} does not show what is expected, but:\n${JSON.stringify(rows, null, 1)}`);
      await this.page.waitForTimeout(100);
    }
  }

  /**
   * @param {string} name of the view
   * @param {string} label of the row
   */
  treeRow(name, label) {
    return this.view(name)
      .locator(".monaco-list-row[role=treeitem]")
      .filter({
        has: this.page.locator(".label-name", { hasText: new RegExp(`^${RegExp.escape?.(label) ?? label}$`) }),
      })
      .first();
  }

  /**
   * Takes an item of the menu of a row.
   *
   * @param {string} name of the view
   * @param {string} row its label
   * @param {string} item
   */
  async fromMenu(name, row, item) {
    await this.treeRow(name, row).click({ button: "right" });
    // A click that comes with the menu is taken for the one that opened it.
    await this.page.waitForTimeout(700);
    await this.page.locator(".monaco-menu .action-item").filter({ hasText: item }).first().click();
    await this.page.waitForTimeout(300);
  }

  /** Unfolds every row of a tree view that can be unfolded, from the top down. */
  async expandTree(name) {
    for (let round = 0; round < 50; round++) {
      const folded = (await this.treeRows(name)).find((row) => row.expanded === false);
      if (!folded) return;
      await this.treeRow(name, folded.label).locator(".monaco-tl-twistie").click();
      await this.page.waitForTimeout(150);
    }
  }

  /**
   * The toast with a text. Needs a server without `development`.
   *
   * @param {string | RegExp} text
   */
  toast(text) {
    return this.page.locator(".notification-toast", { hasText: text }).first();
  }

  /** Removes every toast. */
  async clearToasts() {
    await this.palette("Notifications: Clear All Notifications");
  }

  /** Hides the panel below the editors (terminal, debug console) if it is there. */
  async hidePanel() {
    if (await this.page.locator(".part.panel").isVisible()) await this.palette("View: Hide Panel");
  }

  /**
   * The modal dialog that is open. Needs a server without `development`.
   */
  dialog() {
    return this.page.locator(".monaco-dialog-box");
  }

  /**
   * The document inside a webview.
   */
  webview() {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  }

  /**
   * Sets a breakpoint with a click beside the line that holds a text, in the editor that is open.
   *
   * @param {string} text
   */
  async setBreakpoint(text) {
    const line = this.page.locator(".editor-instance .view-line", { hasText: text }).first();
    await line.waitFor();
    const box = await line.boundingBox();
    const margin = await this.page.locator(".editor-instance .monaco-editor .margin").first().boundingBox();
    await this.page.mouse.click(margin.x + 12, box.y + box.height / 2);
    await this.page.locator(".codicon-debug-breakpoint").first().waitFor();
  }

  /** Waits until the debugger has stopped somewhere. */
  async waitForStop(timeoutMs = 30_000) {
    await this.page
      .locator(".debug-top-stack-frame-line, .codicon-debug-stackframe")
      .first()
      .waitFor({ timeout: timeoutMs });
  }

  /** Ends the debug session, or the program that runs without debugging. */
  async stopDebugging() {
    await this.page.keyboard.press("Shift+F5");
    await this.page.locator(".debug-toolbar").waitFor({ state: "hidden" });
  }

  /**
   * Makes the side bar so wide, as a person does: by its edge.
   *
   * @param {number} width in pixels
   */
  async resizeSideBar(width) {
    const bar = await this.page.locator(".part.sidebar").boundingBox();
    const edge = bar.x + bar.width;
    await this.page.mouse.move(edge, bar.y + 300);
    await this.page.mouse.down();
    await this.page.mouse.move(bar.x + width + 20, bar.y + 300, { steps: 5 });
    await this.page.mouse.move(bar.x + width, bar.y + 300, { steps: 5 });
    await this.page.mouse.up();
    await this.page.mouse.move(edge + 300, bar.y + 500);
  }

  /** @param {string} file a .png */
  async screenshot(file) {
    await this.page.screenshot({ path: file });
  }
}

/**
 * Starts a server and opens a window on it.
 *
 * @param {import("./server.mjs").ServerOptions & Parameters<typeof openBrowser>[0] & { payload?: [string, string][] }} options
 * @returns {Promise<Workbench>}
 */
export async function openWorkbench({ viewport, scale, language, payload, ...options }) {
  await ensureChromium();
  await installStandIn();
  const server = await startServer(options);
  let browser;
  try {
    let page;
    ({ browser, page } = await openBrowser({ viewport, scale, language }));
    await page.goto(server.url(payload), { waitUntil: "domcontentloaded" });
    await workbenchReady(page);
    return new Workbench(server, browser, page);
  } catch (error) {
    await browser?.close();
    await server.stop();
    throw error;
  }
}
