/** Where a file lies within a folder. Pure. */
import path from "node:path";

/**
 * `src/main.ts`, with `/` on every platform; `undefined` for what lies outside: also on another drive, and not what lies in a folder whose
 * name begins with two dots.
 *
 * @param paths how paths are written
 */
export function innerPath(folder: string, file: string, paths: typeof path.posix = path): string | undefined {
  const relative = paths.relative(folder, file);
  const isOutside = relative === ".." || relative.startsWith(`..${paths.sep}`) || paths.isAbsolute(relative);
  return isOutside ? undefined : relative.split(paths.sep).join("/");
}
