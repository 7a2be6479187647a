// Brings a fresh clone to the point where its programs can run: dependencies installed, everything built.
// Runs before anything is installed, hence on whatever Node is there (20 or newer) and with nothing but Node itself.
import fs from "node:fs";
import path from "node:path";
import { root } from "./paths.mjs";
import { run } from "./processes.mjs";
import { step } from "./progress.mjs";

/** The oldest Node that can run the scripts before the repository's own Node 24 is installed. */
const OLDEST_NODE = [20, 11];

/** Says what to do when the Node at hand is too old to continue with, and ends the process. */
export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(
    `Airssys needs Node ${OLDEST_NODE.join(".")} or newer to start; this is ${process.version} (${process.execPath}).`,
  );
  process.exit(1);
}

/**
 * Lists what `package-lock.json` asks for and `node_modules` does not have in that version. Dates of files say nothing
 * about it after a checkout or a copy, so the contents of the two lock files are compared.
 *
 * @param {string} [folder] the root of the workspaces
 * @returns {string[]} paths such as "node_modules/esbuild"; empty when everything is there
 */
export function missingPackages(folder = root) {
  const wanted = JSON.parse(fs.readFileSync(path.join(folder, "package-lock.json"), "utf8")).packages;
  let installed = {};
  try {
    installed = JSON.parse(fs.readFileSync(path.join(folder, "node_modules/.package-lock.json"), "utf8")).packages;
  } catch {
    // nothing is installed yet, or an installation was interrupted
  }
  const isThere = ([location, entry]) => {
    const found = installed[location];
    if (entry.link) return found?.link === true && fs.existsSync(path.join(folder, location));
    if (!found) return entry.optional === true || entry.peer === true;
    return found.version === entry.version;
  };
  return Object.entries(wanted)
    .filter(([location]) => location.startsWith("node_modules/"))
    .filter((item) => !isThere(item))
    .map(([location]) => location);
}

/** Installs the dependencies with `npm ci` unless they are there. */
export async function ensureInstalled() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const what = fs.existsSync(path.join(root, "node_modules"))
    ? `the packages that changed (${missing.length})`
    : "the packages";
  await step(`Installing ${what} with npm ci`, () => run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root }));
}

/** Builds runtime, language server and extension. What is up to date is left alone by the compiler. */
export async function build() {
  await step("Building runtime, language server and extension", () =>
    run("npm", ["run", "--silent", "build"], { cwd: root }),
  );
}
