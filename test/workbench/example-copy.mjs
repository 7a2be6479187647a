// A copy of the example workspace for tests, which edit it and write into it.
import fs from "node:fs";
import path from "node:path";
import { cache, example } from "./paths.mjs";
import { isAlive } from "./processes.mjs";

const home = path.join(cache, "workspace");

/** What is not the example itself. `node_modules` is found above, since the copy stays inside this repository. */
const IGNORED = new Set(["node_modules", "dist", "out"]);

/**
 * Copies the example to a fresh folder that is also named `order-desk` and lies as deep below the root of the repository as
 * the original, so that relative paths such as `extends` in its tsconfig.json hold.
 *
 * @returns {{ folder: string, remove: () => void }}
 */
export function copyExample() {
  removeAbandoned();
  const own = `${home}-${process.pid}`;
  const folder = path.join(own, "order-desk");
  fs.cpSync(example, folder, { recursive: true, filter: (source) => !IGNORED.has(path.basename(source)) });
  return { folder, remove: () => fs.rmSync(own, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }) };
}

/** Removes copies of runs that were killed. */
function removeAbandoned() {
  for (const name of fs.existsSync(cache) ? fs.readdirSync(cache) : []) {
    const pid = /^workspace-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) fs.rmSync(path.join(cache, name), { recursive: true, force: true });
  }
}
