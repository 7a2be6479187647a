/** Which runner runs the tests of a file, and how it is called. Pure, but for the question what is installed. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { TestRunner } from "airssys-language-server/protocol";
import { say } from "../sentence.ts";

export type RunnerName = Exclude<TestRunner, "global">;

/** What is asked of the project. */
export interface Project {
  /** The path of a file below `node_modules`, in the folder of the test or above it. */
  readonly installed: (inside: string) => string | undefined;
  /** Names of the packages that its manifest lists. */
  readonly packages: readonly string[];
}

/** Nothing runs these tests; the message says what to do. */
export class RunnerMissingError extends Error {
  override readonly name = "RunnerMissingError";
}

const SCRIPTS: Readonly<Record<Exclude<RunnerName, "node">, string>> = {
  vitest: "vitest/vitest.mjs",
  mocha: "mocha/bin/mocha.js",
};

export interface FoundRunner {
  readonly name: RunnerName;
  /** Of a runner that is a package, its script. */
  readonly script?: string | undefined;
  /** What the settings say is called instead. */
  readonly own?: readonly string[] | undefined;
}

/**
 * | the tests are of    | runner                                                                  |
 * | ------------------- | ----------------------------------------------------------------------- |
 * | a runner by import  | that one: the setting's command, else what is installed                 |
 * | nobody by import    | Vitest or Mocha: the one that the manifest lists, else what is installed |
 *
 * @throws {RunnerMissingError}
 */
export function findRunner(
  wanted: TestRunner,
  { installed, packages }: Project,
  commands: Readonly<Record<string, readonly string[]>>,
): FoundRunner {
  const names: readonly RunnerName[] =
    wanted !== "global"
      ? [wanted]
      : (["vitest", "mocha"] as const).toSorted(
          (one, other) => Number(packages.includes(other)) - Number(packages.includes(one)),
        );
  for (const name of names) {
    const own = commands[name];
    if (own !== undefined && own.length > 0) return { name, own };
    if (name === "node") return { name };
    const script = installed(SCRIPTS[name]);
    if (script !== undefined) return { name, script };
  }
  throw new RunnerMissingError(
    wanted === "global"
      ? say(
          'Nothing runs these tests: they import no runner, and neither Vitest nor Mocha is installed. Install one, or name a command in the setting "{0}".',
          "airssys.tests.command",
        )
      : say(
          '{0} is not installed where these tests are: install it with "{1}", or name a command in the setting "{2}".',
          wanted === "vitest" ? "Vitest" : "Mocha",
          `npm install --save-dev ${wanted}`,
          "airssys.tests.command",
        ),
  );
}

export interface TestCall {
  readonly file: string;
  /** See `namePattern`. */
  readonly pattern: string | undefined;
  /** The file that tells us of results. */
  readonly reporter: string;
  /** Somebody looks at it step by step. */
  readonly isDebugged: boolean;
}

/** Arguments after the script of the runner; for Node, those before the file. */
export function runnerArguments({ name }: FoundRunner, { file, pattern, reporter, isDebugged }: TestCall): string[] {
  switch (name) {
    case "node":
      return [
        ...patternArguments(name, pattern),
        ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
        ...[`--test-reporter=${pathToFileURL(reporter).href}`, "--test-reporter-destination=stderr"],
      ];
    case "vitest":
      return [
        ...["run", slashed(file)],
        ...patternArguments(name, pattern),
        ...["--reporter=default", `--reporter=${reporter}`],
        // No time passes for whoever looks.
        ...(isDebugged ? ["--no-file-parallelism", "--test-timeout=0", "--hook-timeout=0"] : []),
      ];
    case "mocha":
      return [
        ...[...patternArguments(name, pattern), "--reporter", reporter],
        ...(isDebugged ? ["--no-timeouts"] : []),
        file,
      ];
  }
}

/** What a person types for the same: without our reporter, from the folder of the package. */
export function plainCommand({ name, own }: FoundRunner, file: string, pattern: string | undefined): readonly string[] {
  const start = own ?? { node: ["node", "--test"], vitest: ["npx", "vitest", "run"], mocha: ["npx", "mocha"] }[name];
  return [...start, ...patternArguments(name, pattern), file];
}

function patternArguments(name: RunnerName, pattern: string | undefined): readonly string[] {
  if (pattern === undefined) return [];
  return { node: [`--test-name-pattern=${pattern}`], vitest: ["-t", pattern], mocha: ["--grep", pattern] }[name];
}

/** Vitest looks for a part of a path with `/`. */
function slashed(file: string): string {
  return path.sep === "\\" ? file.replaceAll("\\", "/") : file;
}
