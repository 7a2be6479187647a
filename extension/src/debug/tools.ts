/** Finds in a project what it runs TypeScript with. Knows no editor. */
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Loader, Tools } from "./way.ts";

/** What is known of the program whose tools are looked for. */
export interface Sought {
  readonly program: string;
  /** Where a build puts it. */
  readonly built?: string | undefined;
  /** Its sources. */
  readonly files: readonly string[];
}

export function findTools({ program, built, files }: Sought): Tools {
  const folder = path.dirname(program);
  const installed = (inside: string): string | undefined => findAbove(folder, path.join("node_modules", inside));
  const build = built === undefined ? undefined : buildAt(program, built, files);
  const archive = findAbove(folder, ".pnp.cjs");
  if (archive !== undefined) return { ...archived(folder, path.dirname(archive)), build };
  const tsx = installed("tsx/dist/loader.mjs");
  const swcModule = installed("@swc-node/register/esm/esm-register.mjs");
  const swcScript = installed("@swc-node/register/index.js") ?? installed("@swc-node/register/lib/index.js");
  const tsNode = installed("ts-node/package.json");
  return {
    ...(tsx === undefined ? {} : { tsx: both(["--import", url(tsx)]) }),
    ...(swcModule === undefined || swcScript === undefined
      ? {}
      : { swc: { module: ["--import", url(swcModule)], script: ["--require", swcScript] } }),
    ...(tsNode === undefined ? {} : { tsNode: tsNodeIn(path.dirname(tsNode)) }),
    build,
    bun: bunIn(installed),
  };
}

/** What Node is told for packages that Yarn keeps in archives; nothing elsewhere. */
export function archiveArguments(program: string): readonly string[] {
  const archive = findAbove(path.dirname(program), ".pnp.cjs");
  if (archive === undefined) return [];
  const loader = path.join(path.dirname(archive), ".pnp.loader.mjs");
  return ["--require", archive, ...(existsSync(loader) ? ["--experimental-loader", url(loader)] : [])];
}

/** The folder with the `package.json` a file belongs to. */
export function packageFolderOf(file: string): string | undefined {
  const found = findAbove(path.dirname(file), "package.json");
  return found === undefined ? undefined : path.dirname(found);
}

/** Whether Node takes a file for a module. */
export function isModule(program: string): boolean {
  if (/\.m[jt]s$/.test(program)) return true;
  if (/\.c[jt]s$/.test(program)) return false;
  const folder = packageFolderOf(program);
  return folder !== undefined && readManifest(folder)["type"] === "module";
}

/** What `package.json` says; nothing when it cannot be read. */
export function readManifest(folder: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // being written, or no JSON: npm will say so
  }
}

export function findAbove(folder: string, wanted: string): string | undefined {
  const found = path.join(folder, wanted);
  if (existsSync(found)) return found;
  const above = path.dirname(folder);
  return above === folder ? undefined : findAbove(above, wanted);
}

/** Packages in archives are reached by name, from the packages that list them. */
function archived(folder: string, root: string): Tools {
  const listed = new Set<string>();
  for (let at = folder; at.startsWith(root); at = path.dirname(at)) {
    const { dependencies, devDependencies } = readManifest(at);
    for (const names of [dependencies, devDependencies]) for (const name of Object.keys(names ?? {})) listed.add(name);
    if (at === root) break;
  }
  return {
    ...(listed.has("tsx") ? { tsx: both(["--import", "tsx"]) } : {}),
    ...(listed.has("@swc-node/register")
      ? {
          swc: {
            module: ["--import", "@swc-node/register/esm-register"],
            script: ["--require", "@swc-node/register"],
          },
        }
      : {}),
    ...(listed.has("ts-node")
      ? {
          tsNode: {
            module: ["--loader", "ts-node/esm/transpile-only"],
            script: ["--require", "ts-node/register/transpile-only"],
          },
        }
      : {}),
  };
}

/** Types are checked before the run: it only has to take them away. */
function tsNodeIn(folder: string): Loader {
  return {
    module: ["--loader", url(path.join(folder, "esm", "transpile-only.mjs"))],
    script: ["--require", path.join(folder, "register", "transpile-only.js")],
  };
}

/** Other files are built beside the program's, from the folder on in which its path is no more that of its source. */
function buildAt(program: string, built: string, files: readonly string[]): Tools["build"] {
  const map = `${built}.map`;
  if (!existsSync(built) || !existsSync(map)) return undefined;
  const builtAt = statSync(built).mtimeMs;
  const isStale = files.some((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > builtAt);
  let [from, to] = [path.dirname(program), path.dirname(built)];
  while (path.basename(from) === path.basename(to) && from !== to) [from, to] = [path.dirname(from), path.dirname(to)];
  return { program: built, outFiles: [`${to.replaceAll("\\", "/")}/**/*.{js,mjs,cjs}`], isStale };
}

function bunIn(installed: (inside: string) => string | undefined): string | undefined {
  return installed(path.join(".bin", process.platform === "win32" ? "bun.exe" : "bun"));
}

function both(args: readonly string[]): Loader {
  return { module: args, script: args };
}

function url(file: string): string {
  return pathToFileURL(file).href;
}
