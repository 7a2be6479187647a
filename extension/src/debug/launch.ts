/** Turns what the user wrote for type `airssys` into a configuration of VS Code's own JavaScript debugger. Knows no editor. */
import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { findNode, type NodeExecutable } from "./node.ts";
import { fillIn, type Place } from "./variables.ts";
import { typeStripping } from "./version.ts";

/** A debug configuration, as `launch.json` holds it. */
export interface Configuration {
  readonly type: string;
  readonly name: string;
  readonly request: string;
  readonly [key: string]: unknown;
}

/** Kept in the resolved configuration, so that its sessions are known as ours. */
export const MARKER = "__airssys";

export interface Mark {
  /** Names the launch, for {@link Configuration}s without a debugger. */
  readonly launch: string;
  readonly attached: boolean;
  /** The program connects to our socket: the debugger is not asked for its frames. */
  readonly noDebug: boolean;
}

/** The configuration cannot be run; the message says what to do. */
export class LaunchError extends Error {
  override readonly name = "LaunchError";
}

export function attachConfiguration(config: Configuration, mark: Mark): Configuration {
  return { ...config, type: "node", ...stepping(config, undefined), [MARKER]: mark };
}

/**
 * @throws {LaunchError} as a rejection, when the program is missing or cannot run as it is.
 * @throws {NodeMissingError} as a rejection.
 */
export async function launchConfiguration(
  config: Configuration,
  mark: Mark,
  place: Place,
  nodePath: string,
): Promise<Configuration> {
  const program = fileOf(config["program"], place);
  const folder = folderOf(config, place, program);
  const base: Configuration = { ...config, type: "node", ...stepping(config, program), [MARKER]: mark };
  if (program === undefined) return base;
  if (!existsSync(program))
    throw new LaunchError(`The program "${program}" does not exist. Correct "program" in launch.json.`);
  const own = typeof config["runtimeExecutable"] === "string";
  if (own) return isTypeScript(program) ? { outFiles: [], ...base } : base;
  const node = await findNode(nodePath, folder);
  return {
    ...base,
    runtimeExecutable: node.path,
    ...(isTypeScript(program) ? runTypeScript(config, program, node) : {}),
  };
}

/** The folder of the program: where its own Node and its packages are looked for. */
function folderOf(config: Configuration, place: Place, program: string | undefined): string {
  const cwd = typeof config["cwd"] === "string" ? fillIn(config["cwd"], place) : undefined;
  return program === undefined ? (cwd ?? place.workspaceFolder ?? ".") : path.dirname(program);
}

function fileOf(program: unknown, place: Place): string | undefined {
  if (program === undefined) return undefined;
  if (typeof program !== "string" || program === "")
    throw new LaunchError('"program" must be the path of the file to run.');
  const filled = fillIn(program, place);
  return filled === undefined ? undefined : path.resolve(place.workspaceFolder ?? ".", filled);
}

/** Steps stay in the user's code: the runtime and Node itself are stepped over. */
function stepping(config: Configuration, program: string | undefined): Record<string, unknown> {
  const skipped = ["<node_internals>/**", "**/node_modules/airssys-rt/**"];
  const runtime = program === undefined ? undefined : runtimeFolder(path.dirname(program));
  if (runtime !== undefined) skipped.push(`${runtime}/dist/**`, `${runtime}/src/**`);
  const own = Array.isArray(config["skipFiles"]) ? (config["skipFiles"] as unknown[]) : [];
  return {
    skipFiles: [...own, ...skipped],
    smartStep: config["smartStep"] ?? true,
    showAsyncStacks: config["showAsyncStacks"] ?? true,
  };
}

/** Where the runtime really is, when a link stands for it. */
function runtimeFolder(folder: string): string | undefined {
  const found = findAbove(folder, path.join("node_modules", "airssys-rt"));
  return found === undefined ? undefined : realpathSync(found).replaceAll("\\", "/");
}

function isTypeScript(program: string): boolean {
  return /\.[mc]?tsx?$/.test(program);
}

/**
 * | Node | project | how |
 * |---|---|---|
 * | 22.18, 23.6 or newer | | by itself |
 * | 22.6 or newer | | with its flag |
 * | older, or a `.tsx` file | has `tsx` | by `tsx` |
 * | older | has a build with source maps | the debugger runs the built file |
 */
function runTypeScript(config: Configuration, program: string, node: NodeExecutable): Record<string, unknown> {
  const args = Array.isArray(config["runtimeArgs"]) ? (config["runtimeArgs"] as unknown[]) : [];
  const stripping = program.endsWith("x") ? "none" : typeStripping(node.version);
  // Without `outFiles: []` the debugger would replace the program by a built file it finds in the workspace.
  if (stripping === "default") return { outFiles: config["outFiles"] ?? [] };
  if (stripping === "flag")
    return { outFiles: config["outFiles"] ?? [], runtimeArgs: [...args, "--experimental-strip-types"] };
  const tsx = findAbove(path.dirname(program), path.join("node_modules", "tsx", "dist", "loader.mjs"));
  if (tsx !== undefined)
    return { outFiles: config["outFiles"] ?? [], runtimeArgs: [...args, "--import", pathToFileURL(tsx).href] };
  if (config["outFiles"] !== undefined) return {};
  throw new LaunchError(
    `Node ${node.version.major}.${node.version.minor} cannot run "${path.basename(program)}" as it is. Use Node 22.18 or newer, add "tsx" to the project, or build it and name the built files in "outFiles".`,
  );
}

function findAbove(folder: string, wanted: string): string | undefined {
  const found = path.join(folder, wanted);
  if (existsSync(found)) return found;
  const above = path.dirname(folder);
  return above === folder ? undefined : findAbove(above, wanted);
}
