// The extension as users get it.
import fs from "node:fs";
import path from "node:path";
import { extension } from "./paths.mjs";

/** @returns {string} the newest .vsix in the folder of the extension */
export function packagedExtension() {
  const [newest] = fs
    .readdirSync(extension)
    .filter((name) => name.endsWith(".vsix"))
    .map((name) => path.join(extension, name))
    .sort((one, other) => fs.statSync(other).mtimeMs - fs.statSync(one).mtimeMs);
  if (!newest) throw new Error("there is no .vsix in extension/: run npm run package first");
  return newest;
}
