/** Turns what the user wrote for type `airssys` into a configuration of VS Code's own JavaScript debugger. Knows no editor. */
import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ProgramNeed, ProgramReport } from "airssys-language-server/protocol";
import { say } from "../sentence.ts";
import { LaunchError, noWay } from "./launch-error.ts";
import { findNode, type NodeExecutable } from "./node.ts";
import { archiveArguments, findAbove, findTools, isModule, packageFolderOf } from "./tools.ts";
import { fillIn, type Place } from "./variables.ts";
import { chooseWay, isTypeScript, type Need } from "./way.ts";

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

export function attachConfiguration(config: Configuration, mark: Mark): Configuration {
  return { ...config, type: "node", ...stepping(config, undefined), [MARKER]: mark };
}

/**
 * @param report what the language server knows of the program; without it the project's tsx is taken where there is one
 * @throws {LaunchError} as a rejection, when the program is missing or cannot run as it is.
 * @throws {NodeMissingError} as a rejection.
 */
export async function launchConfiguration(
  config: Configuration,
  mark: Mark,
  place: Place,
  nodePath: string,
  report?: ProgramReport,
): Promise<Configuration> {
  const program = programOf(config, place);
  const folder = folderOf(config, place, program);
  const base: Configuration = { ...config, type: "node", ...stepping(config, program), [MARKER]: mark };
  if (program === undefined) return base;
  if (!existsSync(program))
    throw new LaunchError(say('The program "{0}" does not exist. Correct "program" in launch.json.', program));
  const home: Configuration = { ...base, cwd: config["cwd"] ?? packageFolderOf(program) ?? path.dirname(program) };
  const own = typeof config["runtimeExecutable"] === "string";
  if (own) return isTypeScript(program) ? { outFiles: [], ...home } : home;
  const node = await findNode(nodePath, folder);
  return { ...home, runtimeExecutable: node.path, ...runBy(config, program, node, mark, report) };
}

/** The file a configuration runs; `undefined` when only VS Code can tell. @throws {LaunchError} */
export function programOf(config: Configuration, place: Place): string | undefined {
  return fileOf(config["program"], place);
}

/** The folder of the program: where its own Node and its packages are looked for. */
function folderOf(config: Configuration, place: Place, program: string | undefined): string {
  const cwd = typeof config["cwd"] === "string" ? fillIn(config["cwd"], place) : undefined;
  return program === undefined ? (cwd ?? place.workspaceFolder ?? ".") : path.dirname(program);
}

function fileOf(program: unknown, place: Place): string | undefined {
  if (program === undefined) return undefined;
  if (typeof program !== "string" || program === "")
    throw new LaunchError(say('"program" must be the path of the file to run.'));
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

/** What is added to a configuration for the way its program is run. */
function runBy(
  config: Configuration,
  program: string,
  node: NodeExecutable,
  mark: Mark,
  report: ProgramReport | undefined,
): Record<string, unknown> {
  const args = argumentsOf(config);
  const archive = archiveArguments(program);
  const conditions = (report?.conditions ?? []).map((name) => `--conditions=${name}`);
  const withArgs = (more: readonly string[]): Record<string, unknown> =>
    more.length === 0 ? {} : { runtimeArgs: [...args, ...more] };
  // Without `outFiles: []` the debugger would replace the program by a built file it finds in the workspace.
  const asItIs = isTypeScript(program) ? { outFiles: config["outFiles"] ?? [] } : {};
  if (args.some((arg) => OWN_LOADER.test(String(arg)))) return { ...asItIs, ...withArgs(archive) };
  const way = chooseWay({
    program,
    needs: report?.needs.map(needOf),
    node: node.version,
    isModule: isModule(program),
    noDebug: mark.noDebug,
    tools: findTools({
      program,
      built: pathOf(report?.built),
      files: report?.files.map((uri) => fileURLToPath(uri)) ?? [],
    }),
  });
  switch (way.by) {
    case "node":
    case "tsx":
    case "swc":
    case "ts-node":
      return { ...asItIs, ...withArgs([...archive, ...conditions, ...way.args]) };
    case "build":
      return { program: way.program, outFiles: config["outFiles"] ?? way.outFiles, ...withArgs(archive) };
    case "bun":
      return { ...asItIs, runtimeExecutable: way.executable };
    case "nothing": {
      // Whoever names the built files builds the program.
      if (config["outFiles"] !== undefined) return withArgs(archive);
      const { major, minor } = node.version;
      throw noWay(program, `${major}.${minor}`, way, packageFolderOf(program) ?? path.dirname(program));
    }
  }
}

/** Arguments by which the user says himself how TypeScript is read. */
const OWN_LOADER = /tsx|ts-node|swc|esbuild|jiti|transform-types|strip-types/;

export function argumentsOf(config: Configuration): readonly string[] {
  const args = config["runtimeArgs"];
  return Array.isArray(args) ? args.map(String) : [];
}

function needOf({ kind, what, at }: ProgramNeed): Need {
  return { kind, what, file: fileURLToPath(at.uri), line: at.range.start.line + 1 };
}

function pathOf(uri: string | undefined): string | undefined {
  return uri === undefined ? undefined : fileURLToPath(uri);
}
