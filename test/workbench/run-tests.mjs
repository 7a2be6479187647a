#!/usr/bin/env node
// Runs the suites of test/extension/host in a real VS Code, by the same runTests() everywhere: in VS Code itself where it can
// be downloaded and shown, in the stand-in otherwise.
//
//   VSCODE_TEST_EXECUTABLE     a VS Code to use; nothing is downloaded then
//   AIRSSYS_TEST_STANDIN       1: always the stand-in; 0: never
//   AIRSSYS_TEST_GREP          only tests whose title contains this text
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureChromium } from "./chromium.mjs";
import { copyExample } from "./example-copy.mjs";
import { installStandIn, VSCODE_VERSION } from "./install.mjs";
import { extension, hostTests, root } from "./paths.mjs";
import { isProgram, onTermination } from "./processes.mjs";

/** Whether the stand-in is known to be the only way, before anything is downloaded. */
export function needsStandIn() {
  if (process.env.VSCODE_TEST_EXECUTABLE) return false;
  if (process.env.AIRSSYS_TEST_STANDIN) return process.env.AIRSSYS_TEST_STANDIN === "1";
  return process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
}

/** @returns {Promise<string>} the executable that poses as VS Code, ready to be started */
async function standIn() {
  await ensureChromium();
  await installStandIn();
  return path.join(import.meta.dirname, "code-launcher.mjs");
}

/** @returns {Promise<string>} the executable to run the tests in */
async function findVSCode() {
  if (process.env.VSCODE_TEST_EXECUTABLE) return process.env.VSCODE_TEST_EXECUTABLE;
  if (needsStandIn()) return standIn();
  const { downloadAndUnzipVSCode } = await import("@vscode/test-electron");
  try {
    return await downloadAndUnzipVSCode({ version: VSCODE_VERSION, cachePath: path.join(root, ".vscode-test") });
  } catch (error) {
    if (process.env.AIRSSYS_TEST_STANDIN === "0") throw error;
    console.log(`VS Code could not be downloaded (${error.message}); its stand-in is used instead.`);
    return standIn();
  }
}

/**
 * Runs the suites.
 *
 * @param {{ grep?: string }} [options]
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>} an end without a report counts as one failure
 */
export async function runHostTests({ grep = process.env.AIRSSYS_TEST_GREP } = {}) {
  const { runTests } = await import("@vscode/test-electron");
  const vscodeExecutablePath = await findVSCode();
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-host-tests-"));
  const reportFile = path.join(temporary, "report.json");
  const workspace = copyExample();
  let ended = true;
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: extension,
      extensionTestsPath: hostTests,
      extensionTestsEnv: { AIRSSYS_TEST_REPORT: reportFile, ...(grep ? { AIRSSYS_TEST_GREP: grep } : {}) },
      launchArgs: [
        workspace.folder,
        "--disable-extensions",
        `--user-data-dir=${path.join(temporary, "user-data")}`,
        `--extensions-dir=${path.join(temporary, "extensions")}`,
      ],
    });
  } catch (error) {
    console.error(error.message);
    ended = false;
  } finally {
    workspace.remove();
  }
  let report = { passed: 0, failed: 0, skipped: 0 };
  try {
    report = JSON.parse(fs.readFileSync(reportFile, "utf8"));
  } catch {
    // the suites did not come to their end: counted below
  }
  fs.rmSync(temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  return { ...report, failed: report.failed || (ended ? 0 : 1) };
}

if (isProgram(import.meta.url)) {
  // runTests() itself ends VS Code on SIGINT, and on nothing else.
  onTermination((reason) => {
    if (reason !== "SIGINT") process.emit("SIGINT");
    setTimeout(() => process.exit(1), 12_000);
  });
  const { values } = parseArgs({ options: { grep: { type: "string" }, report: { type: "string" } } });
  const result = await runHostTests(values);
  if (values.report) fs.writeFileSync(values.report, JSON.stringify(result));
  else console.log(`${result.passed} passed, ${result.failed} failed`);
  process.exit(result.failed > 0 || result.passed === 0 ? 1 : 0);
}
