/** How the tests of one file are run: which program with which arguments, where, and in which environment. Knows no editor. */
import path from "node:path";
import type { ProgramReport } from "airssys-language-server/protocol";
import { argumentsOf, launchConfiguration } from "../debug/launch.ts";
import { findNode } from "../debug/node.ts";
import { findAbove, packageFolderOf, readManifest } from "../debug/tools.ts";
import { environmentOf } from "./environment.ts";
import { namePattern } from "./name-pattern.ts";
import { type FoundRunner, findRunner, plainCommand, type RunnerName, runnerArguments } from "./runner.ts";
import { type FileRun, pathOf, type TestNode } from "./test-node.ts";
import type { TestCommand } from "./test-process.ts";

export interface PlanQuestion {
  readonly run: FileRun;
  readonly commands: Readonly<Record<string, readonly string[]>>;
  readonly nodePath: string;
  /** The folder with the reporters. */
  readonly reporters: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isDebugged: boolean;
  /** What the language server knows of a file. */
  readonly reportOf: (file: string) => Promise<ProgramReport | undefined>;
}

export interface RunPlan {
  readonly command: TestCommand;
  readonly folder: string;
  /** One of the tests alone, for a terminal. */
  readonly plainFor: (test: TestNode) => readonly string[];
  /** For the debugger: of a file that Node runs, the rest is found as F5 does. */
  readonly launch: Readonly<Record<string, unknown>>;
}

const REPORTERS: Readonly<Record<RunnerName, string>> = {
  node: "node-reporter.mjs",
  vitest: "vitest-reporter.mjs",
  mocha: "mocha-reporter.cjs",
};

/** @throws {RunnerMissingError} @throws {LaunchError} @throws {NodeMissingError} as a rejection */
export async function planOf(question: PlanQuestion): Promise<RunPlan> {
  const { run, commands, nodePath, reporters, env, isDebugged } = question;
  const file = pathOf(run.file.uri);
  const folder = packageFolderOf(file) ?? path.dirname(file);
  const manifest = readManifest(folder);
  const packages = ["dependencies", "devDependencies"].flatMap((key) => Object.keys(manifest[key] ?? {}));
  const installed = (inside: string): string | undefined =>
    findAbove(path.dirname(file), path.join("node_modules", ...inside.split("/")));
  const runner = findRunner(run.file.runner, { installed, packages }, commands);
  const pattern = namePattern(run.chosen);
  const reporter = path.join(reporters, REPORTERS[runner.name]);
  const args = runnerArguments(runner, { file, pattern, reporter, isDebugged });
  const plainFor = (test: TestNode): readonly string[] =>
    plainCommand(runner, path.relative(folder, file), namePattern([test]));
  const launch = { cwd: folder, env };
  const whole = { cwd: folder, env: environmentOf(process.env, env) };
  if (runner.own !== undefined) {
    const [command = "", ...first] = runner.own;
    const all = [...first, ...args, ...(runner.name === "node" ? [file] : [])];
    return {
      command: { ...whole, command, args: all },
      folder,
      plainFor,
      launch: { ...launch, runtimeExecutable: command, runtimeArgs: all },
    };
  }
  if (runner.name === "node") {
    const command = await byNode(file, args, question);
    return {
      command: { ...whole, ...command },
      folder,
      plainFor,
      launch: { ...launch, program: file, runtimeArgs: args },
    };
  }
  const node = await findNode(nodePath, path.dirname(file));
  const all = [scriptOf(runner), ...args];
  return {
    command: { ...whole, command: node.path, args: all },
    folder,
    plainFor,
    launch: { ...launch, runtimeExecutable: node.path, runtimeArgs: all },
  };
}

function scriptOf({ script }: FoundRunner): string {
  return script ?? "";
}

/** Node by the same rule as F5: with what the project reads TypeScript with. */
async function byNode(
  file: string,
  args: readonly string[],
  { nodePath, reportOf }: PlanQuestion,
): Promise<Pick<TestCommand, "command" | "args">> {
  const config = { type: "airssys", name: "tests", request: "launch", program: file, runtimeArgs: [...args] };
  const mark = { launch: "tests", attached: false, noDebug: false };
  const place = { workspaceFolder: undefined, file: undefined, env: process.env };
  const resolved = await launchConfiguration(config, mark, place, nodePath, await reportOf(file));
  return {
    command: String(resolved["runtimeExecutable"]),
    args: [...argumentsOf(resolved), String(resolved["program"])],
  };
}
