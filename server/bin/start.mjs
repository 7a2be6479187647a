// Starts what the build has made. These files are committed, so that `npm ci` can link to them before there is a build.
import { existsSync } from "node:fs";

/**
 * Runs an entry of the bundle, or says what to do when there is none yet.
 *
 * @param {"cli" | "main"} entry
 */
export async function start(entry) {
  const bundle = new URL(`../dist/${entry}.js`, import.meta.url);
  if (existsSync(bundle)) await import(bundle.href);
  else {
    process.stderr.write("airssys is not built yet: run `npm run build` in the root of the repository\n");
    process.exitCode = 2;
  }
}
