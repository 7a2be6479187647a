/** Which code of ours is running, to the byte: what other code made of the same files may be something else. */
import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { VERSION } from "./version.ts";

/** Written beside the bundles by what makes them. */
const BUILD_FILE = "build.txt";

/** @param folder where our code lies: the bundles, or the sources themselves. */
export function buildIn(folder: string): string {
  const file = path.join(folder, BUILD_FILE);
  return `${VERSION} ${existsSync(file) ? readFileSync(file, "utf8") : stateOfSources(folder)}`;
}

function stateOfSources(folder: string): string {
  const states = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .toSorted()
    .map((name) => {
      const { size, mtimeMs } = statSync(path.join(folder, name));
      return [name, size, mtimeMs];
    });
  return hash("sha256", JSON.stringify(states), "hex");
}
