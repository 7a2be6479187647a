/** Runs the tests of one file, with or without the debugger, and hears what they come to. */
import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { settings } from "../config.ts";
import { LaunchError } from "../debug/launch-error.ts";
import { NodeMissingError } from "../debug/node.ts";
import type { ProgramQuestions } from "../debug/questions.ts";
import { say } from "../sentence.ts";
import { ENV_TEST_EVENTS } from "./environment.ts";
import { EventFile } from "./event-file.ts";
import { planOf, type RunPlan } from "./run-plan.ts";
import { RunnerMissingError } from "./runner.ts";
import { readTestEvent, type TestEvent } from "./test-event.ts";
import type { FileRun } from "./test-node.ts";
import { type TestExit, TestProcess } from "./test-process.ts";
import { testSettings } from "./test-settings.ts";

/** Milliseconds between two looks at what tests have told. */
const LOOK_MS = 100;
/** Marks the debug session of a run. */
const MARK = "__airssysTests";

export interface ExecutionShared {
  readonly programs: ProgramQuestions;
  /** The folder with the reporters. */
  readonly reporters: string;
}

export interface Execution {
  readonly run: FileRun;
  readonly env: Readonly<Record<string, string>>;
  /** Under the debugger, in sessions of that run and with that name. */
  readonly debugged?: { readonly testRun: vscode.TestRun; readonly name: string };
  readonly token: vscode.CancellationToken;
  readonly onPlan: (plan: RunPlan) => void;
  readonly onEvent: (event: TestEvent) => void;
  readonly onOutput: (text: string) => void;
}

/** How it ended. `refused`: it did not begin, for this reason. */
export type Ended = TestExit | { readonly refused: string };

export async function execute(execution: Execution, { programs, reporters }: ExecutionShared): Promise<Ended> {
  const { run, token, debugged } = execution;
  const uri = vscode.Uri.parse(run.file.uri);
  const events = new EventFile();
  try {
    const plan = await planOf({
      run,
      reporters,
      commands: testSettings(uri).commands,
      nodePath: settings(uri).nodePath,
      env: { ...execution.env, [ENV_TEST_EVENTS]: events.path },
      isDebugged: debugged !== undefined,
      reportOf: (file) => programs.program(vscode.Uri.file(file).toString()),
    });
    execution.onPlan(plan);
    if (token.isCancellationRequested) return { code: null, signal: null };
    const look = (): void => {
      for (const line of events.take()) {
        const event = readTestEvent(line);
        if (event !== undefined) execution.onEvent(event);
      }
    };
    const timer = setInterval(look, LOOK_MS);
    try {
      return await (debugged === undefined ? runPlain(plan, execution) : runDebugged(plan, uri, debugged, token));
    } finally {
      clearInterval(timer);
      look();
    }
  } catch (error) {
    const isForPeople =
      error instanceof RunnerMissingError || error instanceof LaunchError || error instanceof NodeMissingError;
    if (!isForPeople) throw error;
    return { refused: error.message };
  } finally {
    events.remove();
  }
}

async function runPlain({ command }: RunPlan, { token, onOutput }: Execution): Promise<TestExit> {
  const process = new TestProcess(command, onOutput);
  const cancelling = token.onCancellationRequested(() => process.end());
  const exit = await process.exited;
  cancelling.dispose();
  return exit;
}

/** Until its session has ended, whoever ends it. */
async function runDebugged(
  { launch }: RunPlan,
  uri: vscode.Uri,
  { testRun, name }: NonNullable<Execution["debugged"]>,
  token: vscode.CancellationToken,
): Promise<Ended> {
  const mark = randomUUID();
  const isOurs = ({ parentSession, configuration }: vscode.DebugSession): boolean =>
    parentSession === undefined && configuration[MARK] === mark;
  let session: vscode.DebugSession | undefined;
  const watches: vscode.Disposable[] = [];
  const over = new Promise<void>((resolve) => {
    watches.push(
      vscode.debug.onDidStartDebugSession((started) => {
        if (isOurs(started)) session = started;
      }),
      vscode.debug.onDidTerminateDebugSession((ended) => {
        if (isOurs(ended)) resolve();
      }),
      token.onCancellationRequested(() => void vscode.debug.stopDebugging(session)),
    );
  });
  try {
    const config = { type: "airssys", request: "launch", name, [MARK]: mark, ...launch };
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (!(await vscode.debug.startDebugging(folder, config, { testRun })))
      return { refused: say("The debugger did not start.") };
    await over;
    return { code: 0, signal: null };
  } finally {
    for (const watch of watches) watch.dispose();
  }
}
