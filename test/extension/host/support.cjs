// What the suites share: the extension's API, the programs it shows, and waiting for what is to come.
"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const vscode = require("vscode");

/** The debug sessions that run. */
const sessions = new Set();
vscode.debug.onDidStartDebugSession((session) => sessions.add(session.id));
vscode.debug.onDidTerminateDebugSession((session) => sessions.delete(session.id));

/** @returns the API of the extension, with its view on the screen */
async function open() {
  const extension = vscode.extensions.getExtension("airssys.airssys");
  assert.ok(extension, "the extension is not there");
  const api = await extension.activate();
  await vscode.commands.executeCommand("airssys.supervision.focus");
  await until("the view is visible", () => api.view.isVisible);
  return api;
}

/**
 * Waits for a condition.
 *
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} condition
 * @returns {Promise<NonNullable<T>>} what it gave
 */
async function until(what, condition, timeoutMs = 20_000) {
  for (const end = Date.now() + timeoutMs; ; ) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`after ${timeoutMs} ms still not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** @returns {vscode.WorkspaceFolder} the example */
function workspace() {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  return folder;
}

/** A file of the example. */
function file(relative) {
  return vscode.Uri.joinPath(workspace().uri, relative);
}

/** Starts a program; more of the configuration in `change`. */
async function start(change = {}, options = {}) {
  const config = {
    type: "airssys",
    request: "launch",
    name: "test",
    program: file("src/main.ts").fsPath,
    env: { ORDER_DESK_PORT: "0" },
  };
  assert.equal(await vscode.debug.startDebugging(workspace(), { ...config, ...change }, options), true);
}

/** Starts the program of this folder that makes trees and mistakes no real one makes. */
async function startFake(args = [], options = { noDebug: true }) {
  await start({ name: "fake", program: path.join(__dirname, "fake-program.mjs"), args }, options);
}

/** Ends every program, and waits until the view is empty. */
async function stopAll(api) {
  await vscode.debug.stopDebugging();
  await until("all programs are gone", () => api.programs.all.length === 0);
  await until("all sessions are gone", () => sessions.size === 0);
}

/** Whether everything in a tree has started: a system shows from its first actor on. */
const hasStarted = (tree) => tree.size > 1 && [...tree.rows].every((one) => one.state !== "starting");

/** The only program, once its whole tree is there. */
function program(api, isWhole = hasStarted) {
  return until("the program is shown", () => {
    const [only] = api.programs.all;
    return only && isWhole(only.tree) ? only : undefined;
  });
}

/** @returns the row of an actor, by its path. */
function row({ tree }, wanted) {
  return [...tree.rows].find(({ path: each }) => each === wanted);
}

/** What the view shows: one line per row, indented as in the tree. */
function lines(view, node, depth = 0) {
  return view.getChildren(node).flatMap((child) => {
    const { label, description } = view.getTreeItem(child);
    return [`${"  ".repeat(depth)}${label} | ${description}`, ...lines(view, child, depth + 1)];
  });
}

module.exports = { open, until, workspace, file, start, startFake, stopAll, program, row, lines };
