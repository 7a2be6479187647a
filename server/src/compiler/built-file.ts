/** Where the compiler writes what it makes of a file. Pure. */
import type { ProjectConfig } from "./project-config.ts";

/** @returns `undefined` when nothing is written anywhere else than beside the sources. */
export function builtFileOf(path: string, { outDir, rootDir, fileNames }: ProjectConfig): string | undefined {
  const root = rootDir ?? commonFolder([...fileNames].filter((one) => !/\.d\.[cm]?ts$/.test(one)));
  if (outDir === undefined || root === undefined || !path.startsWith(`${root}/`)) return undefined;
  const script = path.slice(root.length).replace(/\.([cm]?)tsx?$/, ".$1js");
  return `${outDir}${script}`;
}

/** What the compiler takes for the root when none is named. */
function commonFolder(paths: readonly string[]): string | undefined {
  const [first, ...others] = paths.map((path) => path.split("/").slice(0, -1));
  if (first === undefined) return undefined;
  const end = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (end < 0 ? first : first.slice(0, end)).join("/");
}
