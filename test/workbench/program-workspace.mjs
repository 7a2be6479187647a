// A workspace whose program is one file of this repository.
import fs from "node:fs";
import path from "node:path";
import { cache } from "./paths.mjs";

/**
 * Makes a folder named `order-desk` with that file as its `src/main.mjs`.
 *
 * @param {string} program
 * @returns {{ folder: string, remove: () => void }}
 */
export function makeProgramWorkspace(program) {
  const own = path.join(cache, `looks-${process.pid}`, "order-desk");
  fs.mkdirSync(path.join(own, "src"), { recursive: true });
  fs.copyFileSync(program, path.join(own, "src", "main.mjs"));
  const manifest = { name: "order-desk", private: true, type: "module", dependencies: { "airssys-rt": "*" } };
  fs.writeFileSync(path.join(own, "package.json"), JSON.stringify(manifest));
  return { folder: own, remove: () => fs.rmSync(path.dirname(own), { recursive: true, force: true }) };
}
