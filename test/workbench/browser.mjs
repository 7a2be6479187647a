// Opens a headless Chromium on a workbench of the stand-in. Nothing outside this machine is reached from it.
import { ensureChromium } from "./chromium.mjs";

/**
 * @param {{ viewport?: { width: number, height: number }, scale?: number, language?: string }} [options] `scale`: pixels per CSS pixel;
 *   `language`: what extensions speak, such as `de`, as if its language pack were installed; VS Code's own words stay English
 * @returns {Promise<{ browser: import("playwright-core").Browser, page: import("playwright-core").Page }>}
 */
export async function openBrowser({ viewport = { width: 1400, height: 900 }, scale = 1, language } = {}) {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    headless: true,
    // Playwright would exit the process before the server is stopped.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"], // containers have none of these
      ...["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
  const context = await browser.newContext({
    viewport,
    deviceScaleFactor: scale,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  if (language)
    await page.addInitScript((chosen) => {
      globalThis._VSCODE_NLS_LANGUAGE = chosen;
    }, language);
  const isElsewhere = (url) => url.hostname !== "127.0.0.1" && !/^(data|blob):/.test(url.protocol);
  await page.route(isElsewhere, (route) => route.abort());
  // The page asks for a worker which only code-server's own front end has.
  await page.route("**/_static/out/browser/serviceWorker.js", (route) =>
    route.fulfill({ contentType: "application/javascript", body: "" }),
  );
  return { browser, page };
}

/**
 * Waits until the workbench stands.
 *
 * @param {import("playwright-core").Page} page
 * @param {number} [timeoutMs]
 */
export async function workbenchReady(page, timeoutMs = 90_000) {
  await page.waitForSelector(".monaco-workbench .part.statusbar .statusbar-item", { timeout: timeoutMs });
}
