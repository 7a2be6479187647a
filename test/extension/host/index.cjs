// Loaded by VS Code inside the extension host: runs every suite of this folder with Mocha (describe/it).
//
//   AIRSSYS_TEST_GREP    only tests whose full title contains this text
//   AIRSSYS_TEST_REPORT  a file that gets {"passed","failed","skipped"} for the summary of `npm test`
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const Mocha = require("mocha");
const vscode = require("vscode");

exports.run = async () => {
  const mocha = new Mocha({
    ui: "bdd",
    timeout: 60_000,
    // VS Code and its debugger are many processes: what fails once and not again is said, and passes.
    retries: 1,
    slow: 5000,
    color: false,
    forbidOnly: process.env.CI === "true",
  });
  if (process.env.AIRSSYS_TEST_GREP) mocha.fgrep(process.env.AIRSSYS_TEST_GREP);
  const suites = fs.readdirSync(__dirname).filter((name) => /\.test\.(cjs|mjs)$/.test(name));
  for (const name of suites.sort()) mocha.addFile(path.join(__dirname, name));
  await mocha.loadFilesAsync();

  // Most suites want to see what comes of a crash; that of stops switches it on.
  const settings = vscode.workspace.getConfiguration();
  await settings.update("airssys.breakOnCrash", false, vscode.ConfigurationTarget.Global);
  // A stop of the debugger puts Run and Debug in the place of our views, sooner or later: a view that is hidden asks for nothing.
  await settings.update("debug.openDebug", "neverOpen", vscode.ConfigurationTarget.Global);
  await settings.update("debug.internalConsoleOptions", "neverOpen", vscode.ConfigurationTarget.Global);
  const stats = await new Promise((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats));
    runner.on("retry", (one, error) => console.log(`    again, after it failed: ${one.fullTitle()}: ${error.message}`));
  });
  const report = { passed: stats.passes, failed: stats.failures, skipped: stats.pending };
  if (process.env.AIRSSYS_TEST_REPORT) fs.writeFileSync(process.env.AIRSSYS_TEST_REPORT, JSON.stringify(report));
  if (report.failed > 0) throw new Error(`${report.failed} tests failed`);
  if (report.passed === 0) throw new Error("no test ran");
};
