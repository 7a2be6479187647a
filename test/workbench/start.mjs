#!/usr/bin/env node
// `npm start`: from a fresh clone to a VS Code that shows the example with its supervision tree alive. Uses the VS Code that
// is installed on this machine, or else the embedded one in the browser. Ctrl-C ends everything that this started.
//
//   AIRSSYS_START=embedded | desktop   which VS Code; otherwise decided by what this machine has
//   AIRSSYS_NO_BROWSER=1               prints the address only
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { build, ensureInstalled, requireNode } from "./bootstrap.mjs";
import { findOnPath } from "./chromium.mjs";
import { installStandIn } from "./install.mjs";
import { example, extension, root } from "./paths.mjs";
import { createOwner, endOwned, onTermination, signal } from "./processes.mjs";
import { duration } from "./progress.mjs";
import { startServer } from "./server.mjs";

/** Makes the extension run the example as soon as it is active, with what to read first and where it begins beside it. */
const START_ENVIRONMENT = {
  AIRSSYS_START_PROGRAM: "1",
  AIRSSYS_START_FILES: ["README.md", "src/desk.ts"].join(path.delimiter),
};

/** The example listens on a port, and the browser is on this machine already: nobody has to be told. */
const START_SETTINGS = { "remote.otherPortsAttributes": { onAutoForward: "silent" } };

const startedAt = Date.now();
/** Undoes what was started, last first. */
const undo = [];
let ending;

/** Ends everything that was started, then this program. */
function end(code, reason) {
  ending ??= (async () => {
    if (reason) console.log(`\n${reason}: ending VS Code and the program …`);
    for (const action of undo.reverse()) await action();
    if (reason) console.log("Everything has ended.");
    process.exit(code);
  })();
  return ending;
}

/**
 * Finds the `code` command of a VS Code on this desktop. The one in a terminal of a remote window opens files in that window
 * and knows nothing of extension development, so it does not count.
 *
 * @returns {string | undefined}
 */
function findDesktop() {
  if (process.env.AIRSSYS_START === "embedded") return undefined;
  const hasScreen = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const command = findOnPath("code") ?? findOnPath("code-insiders");
  const isRemote = command !== undefined && /remote-cli|\/mnt\/[a-z]\//.test(fs.realpathSync(command));
  if (command && !isRemote && (hasScreen || process.env.AIRSSYS_START === "desktop")) return command;
  if (process.env.AIRSSYS_START === "desktop")
    throw new Error("there is no `code` command on the PATH that opens a VS Code here");
  return undefined;
}

/** Opens the VS Code of this machine, in a profile of its own: nobody's settings and extensions are touched. */
async function startDesktop(command) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-start-"));
  const owner = createOwner();
  const args = [
    ...["--wait", "--new-window", "--disable-workspace-trust", "--skip-welcome", "--skip-release-notes"],
    ...[`--user-data-dir=${path.join(profile, "user-data")}`, `--extensions-dir=${path.join(profile, "extensions")}`],
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ...[`--extensionDevelopmentPath=${extension}`, example],
  ];
  const env = { ...process.env, ...START_ENVIRONMENT, ...owner.env };
  for (const name of ["ELECTRON_RUN_AS_NODE", "VSCODE_IPC_HOOK_CLI", "NODE_OPTIONS"]) delete env[name];
  const child = spawn(command, args, {
    env,
    stdio: "ignore",
    shell: process.platform === "win32",
    detached: process.platform !== "win32",
  });
  undo.push(async () => {
    // The command only waits for the window; the process behind it has written its id into its profile.
    const main = Number(fs.existsSync(lockFile(profile)) && fs.readFileSync(lockFile(profile), "utf8"));
    if (main > 0) signal(main, "SIGTERM");
    await endOwned(owner.name, 5000);
    if (child.pid) signal(-child.pid, "SIGKILL");
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  });
  child.once("error", (error) => end(1, `${command} could not be started (${error.message})`));
  child.once("exit", (code) => end(code ?? 1, "The window was closed"));
  console.log(
    `\nVS Code opens on ${path.relative(root, example)} (ready after ${elapsed()}).\nPress Ctrl-C to end it and the program.`,
  );
}

const lockFile = (profile) => path.join(profile, "user-data/code.lock");

/** Starts the embedded VS Code on the loopback address, with the extension installed as a person would have it. */
async function startEmbedded() {
  const server = await startServer({
    folder: example,
    install: [extension],
    env: START_ENVIRONMENT,
    settings: START_SETTINGS,
  });
  undo.push(() => server.stop());
  void server.ended.then(({ code, log }) => {
    console.error(log);
    return end(1, `VS Code ended by itself (${code})`);
  });
  const address = server.url();
  console.log(
    `\nVS Code runs on ${path.relative(root, example)} (ready after ${elapsed()}). Open this address in a browser on this machine:\n`,
  );
  console.log(`  ${address}\n`);
  console.log(
    "The address holds a secret token that is good for this run only.\nPress Ctrl-C to end VS Code and the program.",
  );
  openInBrowser(address);
}

/** Opens the default browser where there is a screen; the address is printed anyway. */
function openInBrowser(address) {
  if (process.env.AIRSSYS_NO_BROWSER === "1" || process.env.CI) return;
  const hasScreen = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const opener = process.platform === "darwin" ? "open" : hasScreen ? findOnPath("xdg-open") : undefined;
  if (!opener) return;
  const child = spawn(opener, [address], { stdio: "ignore", detached: true });
  child.once("error", () => {});
  child.unref();
}

const elapsed = () => duration(Date.now() - startedAt);

requireNode();
onTermination((reason) => end(reason === "SIGINT" ? 0 : 1, reason === "SIGINT" ? "Ctrl-C" : reason));
try {
  console.log("Airssys");
  const desktop = findDesktop();
  await ensureInstalled();
  await Promise.all([build(), desktop ? undefined : installStandIn()]);
  if (desktop) await startDesktop(desktop);
  else await startEmbedded();
} catch (error) {
  if (!ending) console.error(`\n${error.message}`);
  await end(1);
}
