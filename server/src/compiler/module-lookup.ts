/** Where an import leads when a program runs, and what Node would need to get there. */
import { builtinModules } from "node:module";
import { ts } from "ts-morph";
import type { NeedKind } from "../facts/program-module.ts";
import type { FileSystem } from "../source/file-system.ts";
import type { ProjectConfig } from "./project-config.ts";
import { tsOptionsOf } from "./ts-options.ts";

export interface Found {
  readonly path: string;
  /** Why Node itself does not get there. */
  readonly need?: NeedKind;
  /** Its name leads to a package of the workspace. */
  readonly isPackage?: boolean;
}

const TYPED: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
  ".jsx": [".tsx"],
};
const ENDINGS = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx"];
const BUILTIN = new Set(builtinModules);

export class ModuleLookup {
  readonly #files: FileSystem;
  readonly #options: ts.CompilerOptions;
  readonly #host: ts.ModuleResolutionHost;
  readonly #cache: ts.ModuleResolutionCache;
  readonly #found = new Map<string, Found | undefined>();
  readonly #typeCache: ts.ModuleResolutionCache;

  constructor(files: FileSystem, config: ProjectConfig) {
    this.#files = files;
    this.#options = tsOptionsOf(config);
    this.#cache = ts.createModuleResolutionCache(config.directory, (path) => path, this.#options);
    this.#typeCache = ts.createModuleResolutionCache(config.directory, (path) => path, this.#options);
    this.#host = {
      fileExists: (path) => files.isFile(path),
      readFile: (path) => files.read(path),
      directoryExists: (path) => files.isDirectory(path),
      realpath: (path) => files.realPath(path),
    };
  }

  /** The file that is loaded; `undefined` for Node's own modules and for what is not there. */
  find(specifier: string, from: string): Found | undefined {
    if (specifier.startsWith("node:") || BUILTIN.has(specifier)) return undefined;
    const key = `${parentOf(from)}\n${specifier}`;
    if (!this.#found.has(key)) this.#found.set(key, this.#look(specifier, from));
    return this.#found.get(key);
  }

  #look(specifier: string, from: string): Found | undefined {
    return /^\.{0,2}\//.test(specifier) || specifier === "." || specifier === ".."
      ? this.#relative(specifier, from)
      : this.#named(specifier, from);
  }

  /** What Node takes a file for; `undefined` where nothing says it, and Node looks at its syntax. */
  formatOf(path: string): "module" | "commonjs" | undefined {
    if (/\.m[jt]s$/.test(path)) return "module";
    if (/\.c[jt]s$/.test(path)) return "commonjs";
    const type = this.#manifestAbove(path)?.["type"];
    return type === "module" || type === "commonjs" ? type : undefined;
  }

  /** The declarations of a package, for what its names stand for. */
  declarationsOf(specifier: string, from: string): string | undefined {
    return ts.resolveModuleName(specifier, from, this.#options, this.#host, this.#typeCache, undefined).resolvedModule
      ?.resolvedFileName;
  }

  #relative(specifier: string, from: string): Found | undefined {
    const wanted = specifier.startsWith("/") ? specifier : join(parentOf(from), specifier);
    if (this.#files.isFile(wanted)) return { path: wanted };
    const ending = /\.[cm]?jsx?$/.exec(wanted)?.[0] ?? "";
    for (const typed of TYPED[ending] ?? []) {
      const path = `${wanted.slice(0, -ending.length)}${typed}`;
      if (this.#files.isFile(path)) return { path, need: "js-specifier" };
    }
    for (const base of [wanted, `${wanted}/index`]) {
      const path = ENDINGS.map((one) => `${base}${one}`).find((one) => this.#files.isFile(one));
      // A script that requires scripts may leave the ending out.
      if (path !== undefined)
        return isTypeScript(path) || isTypeScript(from) ? { path, need: "no-extension" } : { path };
    }
    return undefined;
  }

  #named(specifier: string, from: string): Found | undefined {
    // Without declarations the compiler finds what runs; it has the option, and does not declare it.
    const options: ts.CompilerOptions = { ...this.#options, allowJs: true, ["noDtsResolution"]: true };
    const resolved = ts.resolveModuleName(specifier, from, options, this.#host, this.#cache).resolvedModule;
    if (resolved === undefined) return this.#unbuilt(specifier, from);
    const path = this.#files.realPath(this.#built(resolved.resolvedFileName));
    if (path.includes("/node_modules/")) return isTypeScript(path) ? { path, need: "package" } : { path };
    if (specifier.startsWith("#")) return this.#private(specifier, path, from);
    const isPackage = this.#isPackage(specifier, from) && this.#unbuilt(specifier, from) === undefined;
    return isPackage ? { path, isPackage } : { path, need: "path-alias" };
  }

  /** A package that is linked from the workspace and names only files that are still to be made. */
  #unbuilt(specifier: string, from: string): Found | undefined {
    const folder = this.#packageFolder(packageOf(specifier), from);
    const real = folder && this.#files.realPath(folder);
    if (real === undefined || real.includes("/node_modules/")) return undefined;
    const path = `${real}/package.json`;
    const { exports, main } = this.#manifestAbove(path) ?? {};
    // What stands for many files may be there.
    const named = [...filesIn(exports ?? main)].filter((file) => !file.includes("*"));
    const isThere = (file: string): boolean =>
      ["", ".js", "/index.js"].some((ending) => this.#files.isFile(`${join(real, file)}${ending}`));
    return named.length > 0 && !named.some(isThere) ? { path, need: "unbuilt" } : undefined;
  }

  #packageFolder(name: string, from: string): string | undefined {
    for (let folder = parentOf(from); ; folder = parentOf(folder)) {
      const wanted = `${folder}/node_modules/${name}`;
      if (this.#files.isDirectory(wanted)) return wanted;
      if (folder === "") return undefined;
    }
  }

  /** The compiler prefers the source beside a script; Node takes what the package names. */
  #built(path: string): string {
    const script = path.replace(/\.([cm]?)tsx?$/, ".$1js");
    return this.#files.isFile(script) ? script : path;
  }

  /** `#db` is what package.json says, and that may be a script that only a build makes. */
  #private(specifier: string, path: string, from: string): Found {
    const named = entryOf(this.#manifestAbove(from)?.["imports"], specifier);
    const namesSource = [...filesIn(named)].some(isTypeScript);
    return isTypeScript(path) && !namesSource ? { path, need: "js-specifier" } : { path };
  }

  /** Where packages are kept in archives, a package is what a manifest lists: without them the compiler finds only what is a path. */
  #isPackage(specifier: string, from: string): boolean {
    const wanted = packageOf(specifier);
    const manifest = this.#manifestAbove(from);
    if (manifest?.["name"] === wanted) return true;
    for (let folder = parentOf(from); ; folder = parentOf(folder)) {
      if (this.#files.isDirectory(`${folder}/node_modules/${wanted}`)) return true;
      if (this.#files.isFile(`${folder}/.pnp.cjs`)) return lists(manifest, wanted);
      if (folder === "") return false;
    }
  }

  #manifestAbove(from: string): Readonly<Record<string, unknown>> | undefined {
    for (let folder = parentOf(from); folder !== ""; folder = parentOf(folder)) {
      const text = this.#files.read(`${folder}/package.json`);
      if (text === undefined) continue;
      const { config } = ts.parseConfigFileTextToJson("package.json", text);
      return (config ?? {}) as Readonly<Record<string, unknown>>;
    }
    return undefined;
  }
}

function packageOf(specifier: string): string {
  const [scope = "", name = ""] = specifier.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

/** What `imports` says of a name: the entry for itself, else the longest pattern that it fits. */
function entryOf(imports: unknown, specifier: string): unknown {
  const entries = Object.entries(Object(imports) as Readonly<Record<string, unknown>>);
  const fits = (key: string): boolean => {
    const [before = "", after] = key.split("*");
    return after === undefined ? key === specifier : specifier.startsWith(before) && specifier.endsWith(after);
  };
  const found = entries.filter(([key]) => fits(key)).sort(([one], [other]) => other.length - one.length);
  return (found.find(([key]) => key === specifier) ?? found[0])?.[1];
}

/** Files that run which an entry of a manifest names. */
function* filesIn(named: unknown): Iterable<string> {
  if (typeof named === "string") {
    if (!/\.d\.[cm]?ts$|\.json$/.test(named)) yield named;
  } else if (typeof named === "object" && named !== null) for (const one of Object.values(named)) yield* filesIn(one);
}

function lists(manifest: Readonly<Record<string, unknown>> | undefined, name: string): boolean {
  return ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"].some((kind) =>
    Object.hasOwn(Object(manifest?.[kind]), name),
  );
}

export function isTypeScript(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function join(folder: string, relative: string): string {
  const parts = folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
