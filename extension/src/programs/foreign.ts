/** Tells the user's own files from those of packages, the runtime's among them. Knows no editor. */
import { readFileSync } from "node:fs";
import path from "node:path";

/** Whether a file belongs to an installed package, or to the runtime wherever that lies. */
export function isForeign(file: string): boolean {
  return /[\\/]node_modules[\\/]/.test(file) || isRuntime(path.dirname(file));
}

/** The nearest `package.json` with a name decides; a link to the runtime leads out of `node_modules`. */
function isRuntime(folder: string): boolean {
  const name = nameIn(path.join(folder, "package.json"));
  if (name !== undefined) return name === "airssys-rt";
  const above = path.dirname(folder);
  return above !== folder && isRuntime(above);
}

function nameIn(manifest: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly name?: unknown };
    return typeof name === "string" ? name : undefined;
  } catch {
    // There is none, or none that can be read: the one above is asked.
    return undefined;
  }
}
