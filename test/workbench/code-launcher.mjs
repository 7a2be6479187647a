#!/usr/bin/env node
// Poses as the VS Code executable for runTests() of @vscode/test-electron: runs --extensionTestsPath in the extension host of
// the stand-in, with its workbench in a headless Chromium, and ends with the status of the tests.
//
//   0  run() resolved, and said so itself          5  the browser ended early
//   1  run() rejected                              6  the page of the workbench crashed
//   2  wrong arguments                             7  the workbench never appeared
//   3  an error in this program                    8  the extension host went away before run() had settled
//   4  the server ended early                    124  no result in time     130  stopped by a signal
//
// Environment: AIRSSYS_TEST_TIMEOUT_MS (default 600000), AIRSSYS_TEST_SCREENSHOT (a .png of the end),
// AIRSSYS_TEST_VERBOSE=1 (log of the server and console of the page).
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openBrowser, workbenchReady } from "./browser.mjs";
import { onTermination } from "./processes.mjs";
import { startServer } from "./server.mjs";

const EXIT = {
  launcherError: 3,
  serverEnded: 4,
  browserEnded: 5,
  pageCrashed: 6,
  noWorkbench: 7,
  hostGone: 8,
  timeout: 124,
  stopped: 130,
};

/** What the workbench writes to the console of every run and that says nothing about the tests. */
const NOISE =
  /^(Creating a socket|Resolv(ed|ing) connection token|\[(AgentHost|AccountPolicyGate|reconnection-grace-time|Service Worker|remote-connection)|Updating additional builtin|Timed out waiting for authentication provider|Unable to resolve your shell|Ignoring fetching additional builtin|Creation of workbench contribution|\[DefaultAccount\]|\[chat-)/;

const verbose = process.env.AIRSSYS_TEST_VERBOSE === "1";
const options = parseCommandLine(process.argv.slice(2));
const reports = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-result-"));
const resultFile = path.join(reports, "result.json");
process.on("exit", () => fs.rmSync(reports, { recursive: true, force: true }));

let server;
let browser;
let page;
let ending;

onTermination((reason) => end(EXIT.stopped, `stopped by ${reason}`));
process.on("uncaughtException", (error) => end(EXIT.launcherError, error.stack));
process.on("unhandledRejection", (error) => end(EXIT.launcherError, error?.stack ?? String(error)));
const limitMs = Number(process.env.AIRSSYS_TEST_TIMEOUT_MS ?? 600_000);
setTimeout(() => end(EXIT.timeout, `no result within ${limitMs} ms`), limitMs);

server = await startServer({
  development: true,
  folder: options.folder,
  userDataDir: options.userDataDir,
  extensionsDir: options.extensionsDir,
  env: { AIRSSYS_HOST_TESTS: options.tests, AIRSSYS_HOST_RESULT: resultFile },
  onLog: (text) => verbose && process.stderr.write(text),
});
void server.ended.then(({ code, log }) => end(EXIT.serverEnded, `the VS Code server ended early (${code})\n${log}`));

({ browser, page } = await openBrowser());
browser.once("disconnected", () => end(EXIT.browserEnded, "the browser ended early"));
page.on("crash", () => end(EXIT.pageCrashed, "the page of the workbench crashed"));
if (verbose) page.on("console", (message) => console.error(`[page ${message.type()}] ${message.text().slice(0, 300)}`));

// The workbench calls these two when it runs extension tests in a browser.
await page.exposeFunction("codeAutomationLog", (type, args = []) => {
  if (verbose || !NOISE.test(String(args[0] ?? ""))) (console[type] ?? console.log)(...args);
});
await page.exposeFunction("codeAutomationExit", (code) => {
  const result = readResult();
  // A host that is gone reads as success here, so only the host's own word counts.
  if (!result) void end(EXIT.hostGone, "the extension host went away before the tests reported a result");
  else void end(result.ok ? code : code || 1);
});

await page.goto(server.url(payload()), { waitUntil: "domcontentloaded" });
await workbenchReady(page).catch(() => end(EXIT.noWorkbench, "the workbench did not appear"));

/** Understands the arguments of a VS Code executable that concern a test run; the others are for a desktop only. */
function parseCommandLine(args) {
  const text = { type: "string" };
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    strict: false,
    options: {
      extensionDevelopmentPath: { type: "string", multiple: true },
      extensionTestsPath: text,
      "user-data-dir": text,
      "extensions-dir": text,
      "folder-uri": text,
    },
  });
  if (!values.extensionTestsPath) {
    console.error("code-launcher: --extensionTestsPath is required");
    process.exit(2);
  }
  const folders = values["folder-uri"] ? [decodeURI(values["folder-uri"].replace(/^file:\/\//, ""))] : positionals;
  return {
    extensions: values.extensionDevelopmentPath ?? [],
    tests: fileOf(values.extensionTestsPath),
    userDataDir: values["user-data-dir"],
    extensionsDir: values["extensions-dir"],
    folder: folders.map((name) => path.resolve(name)).find((name) => fs.existsSync(name)),
    withoutOthers: values["disable-extensions"] === true,
  };
}

/** The desktop lets one leave the ending out; here the file is loaded under exactly the name that is given. */
function fileOf(name) {
  return (
    ["", ".js", ".cjs", ".mjs"]
      .map((ending) => name + ending)
      .find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile()) ?? name
  );
}

/** What the page is told through its address. */
function payload() {
  const runner = path.join(import.meta.dirname, "host-runner.cjs");
  return [
    ...options.extensions.map((folder) => ["extensionDevelopmentPath", server.uri(folder)]),
    ["extensionTestsPath", server.uri(runner)],
    ...(options.withoutOthers ? [["disableExtensions", "true"]] : []),
  ];
}

function readResult() {
  try {
    return JSON.parse(fs.readFileSync(resultFile, "utf8"));
  } catch {
    return undefined;
  }
}

/** Ends browser and server, whatever state they are in, and then this program. The first call decides the status. */
function end(code, why) {
  ending ??= (async () => {
    if (why) console.error(`code-launcher: ${why}`);
    if (page && process.env.AIRSSYS_TEST_SCREENSHOT) {
      await page.screenshot({ path: process.env.AIRSSYS_TEST_SCREENSHOT, timeout: 5000 }).catch(() => {});
    }
    await Promise.race([browser?.close().catch(() => {}), new Promise((resolve) => setTimeout(resolve, 5000))]);
    await server?.stop();
    process.exit(code);
  })();
  return ending;
}
