// Where things are in this repository. Knows no process and touches no file but to look whether it exists.
import fs from "node:fs";
import path from "node:path";

/** The root of the repository. */
export const root = path.resolve(import.meta.dirname, "../..");

/** The folder of everything that is made on demand and never committed. */
export const cache = path.join(root, ".cache");

/** The folder of the extension: what vsce packages and `--extensionDevelopmentPath` names. */
export const extension = path.join(root, "extension");

/** The example workspace that a person sees first. */
export const example = path.join(root, "runtime/examples/order-desk");

/** The Mocha loader that runs inside the extension host. */
export const hostTests = path.join(root, "test/extension/host/index.cjs");

/**
 * The Node 24 of this repository (the dev dependency `node`), which everything that is ours runs on.
 *
 * @returns {string} its path; the running Node while nothing is installed, or where npm skipped install scripts
 */
export function node24() {
  const binary = path.join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
  return fs.existsSync(binary) ? binary : process.execPath;
}
