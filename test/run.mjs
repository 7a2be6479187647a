#!/usr/bin/env node
// `npm test`: every test of the repository, from a fresh clone too. Installs and builds what is missing, runs the unit tests
// on Node 24 and the suites in a real VS Code, and closes with one line that sums them up.
//
//   node test/run.mjs                         everything
//   node test/run.mjs --unit [file …]         only the unit tests, or only these files
//   node test/run.mjs --workbench [--grep x]  only the tests in VS Code, or only those whose title contains x
//   node test/run.mjs --window [--grep x]     only those that look at a window of VS Code as a person does, or only such of them
//   node test/run.mjs --nodes                 only the tests of the runtime, on the other versions of Node it supports
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { fetchNode, OTHER_NODES, testsFor } from "./node-versions.mjs";
import { build, ensureInstalled, requireNode } from "./workbench/bootstrap.mjs";
import { ensureChromium } from "./workbench/chromium.mjs";
import { installStandIn } from "./workbench/install.mjs";
import { node24, root } from "./workbench/paths.mjs";
import { createOwner, endOwned, onTermination, signal } from "./workbench/processes.mjs";
import { duration } from "./workbench/progress.mjs";
import { needsStandIn } from "./workbench/run-tests.mjs";

/**
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/** The mark of everything that this run starts, by which whatever is left at the end is found and ended. */
const owner = createOwner();

/** Folders below test/ that hold no unit tests. */
const NOT_UNIT_TESTS = ["extension/host", "extension/window", "workbench", "bench"];

/** Tests that share one process: they touch nothing outside, and a process for each would warm up the compiler anew. */
const SHARED_PROCESS = "test/server/rules/";

/** @returns {string[]} the unit tests, relative to the root of the repository */
function unitTests() {
  return fs
    .readdirSync(path.join(root, "test"), { recursive: true })
    .map((name) => name.split(path.sep).join("/"))
    .filter((name) => name.endsWith(".test.ts") && !NOT_UNIT_TESTS.some((folder) => name.startsWith(`${folder}/`)))
    .sort()
    .map((name) => `test/${name}`);
}

/**
 * Runs a test program in a process group of its own and reads the counts it leaves behind.
 *
 * @param {(reportFile: string) => string[]} command arguments for Node
 * @param {{ node?: string, cwd?: string, env?: NodeJS.ProcessEnv }} [where] default: Node 24, the root of the repository
 * @returns {Promise<Result>} a program that fails without counting a failure has one
 */
async function runProgram(command, { node = node24(), cwd = root, env = {} } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-tests-"));
  const reportFile = path.join(folder, "report.json");
  const child = spawn(node, command(reportFile), {
    cwd,
    env: { ...process.env, ...owner.env, ...env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` },
    stdio: ["ignore", "inherit", "inherit"],
    detached: process.platform !== "win32",
  });
  running = child;
  const code = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (status, name) => resolve(status ?? name));
  });
  running = undefined;
  signal(-child.pid, "SIGKILL");
  let result = { passed: 0, failed: 0, skipped: 0 };
  try {
    result = JSON.parse(fs.readFileSync(reportFile, "utf8"));
  } catch {
    // it did not come to its end
  }
  fs.rmSync(folder, { recursive: true, force: true });
  if (code !== 0 && result.failed === 0) {
    console.log(`the test program ended with ${code}`);
    return { ...result, failed: 1 };
  }
  return result;
}

/** @type {import("node:child_process").ChildProcess | undefined} */
let running;

/** Arguments of Node's own test runner. */
const testArguments = (reportFile, flags, files) => [
  ...["--test", "--test-reporter=spec", "--test-reporter-destination=stdout", ...flags],
  ...[`--test-reporter=${path.join(root, "test/node-summary.mjs")}`, `--test-reporter-destination=${reportFile}`],
  ...files,
];

/** Node's own test runner leaves one core to itself, which is half of a machine that has two. */
const ON_ALL_CORES = `--test-concurrency=${os.availableParallelism()}`;

/** Runs unit tests with Node's own test runner. */
const runUnitTests = (files, ...flags) => runProgram((reportFile) => testArguments(reportFile, flags, files));

/**
 * What the types of the runtime's tests say is a matter of the compiler, which is the same everywhere; and the suites that run others once
 * more, with somebody looking on, run on the Node of this repository alone, as do thousands of random runs, and the cases in every order.
 */
const runtimeTests = () =>
  unitTests().filter((file) => /^test\/runtime\/(?!types\/|exposed-suites|testing\/random-runs)/.test(file));

/** Runs the tests of the runtime on another version of Node. Where it cannot be had they are skipped, which the summary says. */
async function runOnNode(version) {
  const node = await fetchNode(version);
  if (node === undefined) return { passed: 0, failed: 0, skipped: runtimeTests().length };
  const cwd = await testsFor(version);
  const where = { node, cwd, env: { AIRSSYS_ORDERS: "none" } };
  return runProgram((reportFile) => testArguments(reportFile, [ON_ALL_CORES], runtimeTests()), where);
}

/** Runs the suites inside VS Code. */
const runWorkbenchTests = (grep) =>
  runProgram((reportFile) => [
    "test/workbench/run-tests.mjs",
    `--report=${reportFile}`,
    ...(grep ? [`--grep=${grep}`] : []),
  ]);

/** Prepares a clone for the tests, the independent parts at the same time. */
async function prepare({ workbench }) {
  await ensureInstalled();
  const standIn = async () => {
    await ensureChromium();
    await installStandIn();
  };
  await Promise.all([build(), workbench && needsStandIn() ? standIn() : undefined]);
}

/** Scenarios in the window, which is always that of the stand-in. */
const windowTests = () =>
  fs
    .readdirSync(path.join(root, "test/extension/window"))
    .filter((name) => name.endsWith(".test.mjs"))
    .map((name) => `test/extension/window/${name}`);

/** Runs them one after the other: each has a window and a server of its own. Elsewhere they are skipped, which the summary says. */
async function runWindowTests(grep) {
  if (!needsStandIn()) return { passed: 0, failed: 0, skipped: windowTests().length };
  const chosen = grep ? [`--test-name-pattern=${RegExp.escape(grep)}`] : [];
  return runUnitTests(windowTests(), "--test-concurrency=1", ...chosen);
}

/** Runs suites one after the other. @returns {Promise<[string, Result, number][]>} name, result, milliseconds */
async function runSuites(suites) {
  const results = [];
  for (const [name, run] of suites) {
    console.log(`\n${name}\n`);
    const start = Date.now();
    results.push([name, await run(), Date.now() - start]);
  }
  return results;
}

requireNode();
onTermination(async (reason) => {
  console.error(`${reason}: ending the tests …`);
  if (running?.pid) {
    const ended = new Promise((resolve) => running.once("exit", resolve));
    signal(-running.pid, "SIGINT");
    await Promise.race([ended, delay(12_000)]);
  }
  await endOwned(owner.name, 0);
  process.exit(1);
});

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    unit: { type: "boolean" },
    nodes: { type: "boolean" },
    workbench: { type: "boolean" },
    window: { type: "boolean" },
    grep: { type: "string" },
  },
});
const all = !values.unit && !values.workbench && !values.window && !values.nodes;

const suites = [];
if (all || values.unit) {
  const files = positionals.length > 0 ? positionals : unitTests();
  const [rules, others] = [true, false].map((isShared) =>
    files.filter((file) => file.startsWith(SHARED_PROCESS) === isShared),
  );
  if (others.length > 0) suites.push(["Unit tests", () => runUnitTests(others, ON_ALL_CORES)]);
  if (rules.length > 0) suites.push(["Tests of rules", () => runUnitTests(rules, "--test-isolation=none")]);
}
if (all || values.nodes)
  for (const version of OTHER_NODES) suites.push([`Tests of the runtime on Node ${version}`, () => runOnNode(version)]);
if (all || values.workbench) suites.push(["Tests in VS Code", () => runWorkbenchTests(values.grep)]);
if (all || values.window) suites.push(["Tests in a window of VS Code", () => runWindowTests(values.grep)]);

let results;
try {
  await prepare({ workbench: all || values.workbench || values.window });
  results = await runSuites(suites);
} catch (error) {
  console.error(error.message);
  results = [["Preparation", { passed: 0, failed: 1, skipped: 0 }, 0]];
}
await endOwned(owner.name, 1000);

console.log("");
for (const [name, { passed, failed, skipped }, ms] of results) {
  console.log(`${name}: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""} in ${duration(ms)}`);
}
const sum = (key) => results.reduce((total, [, result]) => total + result[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exit(sum("failed") > 0 || sum("passed") === 0 ? 1 : 0);
