/** Debug configurations of type `airssys`: offered, completed and handed to VS Code's own JavaScript debugger. */
import { randomUUID } from "node:crypto";
import path from "node:path";
import { ENV_ENDPOINT, ENV_FREEZE, ENV_REPLAY, ENV_TOKEN, ENV_WATCHDOG } from "airssys-rt/inspect";
import * as vscode from "vscode";
import { register } from "../commands.ts";
import { settings } from "../config.ts";
import { innerPath } from "../inner-path.ts";
import type { Listener, Ticket } from "../inspect/listener.ts";
import type { Log } from "../log.ts";
import { say } from "../sentence.ts";
import { plain } from "../text.ts";
import { registerContext } from "./context.ts";
import { explain } from "./explanation.ts";
import { install } from "./installation.ts";
import {
  argumentsOf,
  attachConfiguration,
  type Configuration,
  launchConfiguration,
  MARKER,
  type Mark,
  programOf,
} from "./launch.ts";
import { LaunchError } from "./launch-error.ts";
import type { Launches } from "./launches.ts";
import { flagsOf, NodeMissingError } from "./node.ts";
import { denied } from "./permissions.ts";
import { flagsToAdd, reveal, runsWithErrors } from "./precheck.ts";
import type { ProgramQuestions } from "./questions.ts";
import { QuestionsBeforeRun } from "./waiting.ts";
import { choiceInWorkspace, programFiles } from "./workspace-programs.ts";

const TYPE = "airssys";

/** What is shared by all launches of this window. */
export interface Launching {
  readonly log: Log;
  readonly listener: Listener;
  readonly questions: ProgramQuestions;
  readonly launches: Launches;
}

/** Registers what VS Code asks for configurations of type `airssys`. */
export function registerDebugging(launching: Launching): vscode.Disposable {
  const { log, launches, questions } = launching;
  const tickets = new Map<string, Ticket>();
  const provider = new LaunchProvider(launching, tickets);
  return vscode.Disposable.from(
    register(log, "airssys.run", (file) => startProgram(file, true)),
    register(log, "airssys.debug", (file) => startProgram(file, false)),
    vscode.debug.registerDebugConfigurationProvider(
      TYPE,
      provider,
      vscode.DebugConfigurationProviderTriggerKind.Initial,
    ),
    vscode.debug.registerDebugConfigurationProvider(
      TYPE,
      new OfferProvider(questions),
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    registerContext(questions),
    vscode.debug.onDidTerminateDebugSession((session) => {
      const mark = markOf(session);
      if (session.parentSession || !mark) return;
      tickets.get(mark.launch)?.end();
      const silence = launches.end(mark.launch);
      // A replay starts no system, on purpose, and not every test does.
      const env = (session.configuration["env"] ?? {}) as Readonly<Record<string, unknown>>;
      const isApart = env[ENV_REPLAY] !== undefined || env["AIRSSYS_TEST_EVENTS"] !== undefined;
      if (silence && !isApart) void explain(silence, log);
    }),
  );
}

/** The mark of the launch a session belongs to, if it is ours. */
export function markOf(session: vscode.DebugSession): Mark | undefined {
  for (let at: vscode.DebugSession | undefined = session; at; at = at.parentSession) {
    const mark = at.configuration[MARKER] as Mark | undefined;
    if (mark) return mark;
  }
  return undefined;
}

/** Offers each actor program of the workspace, without a launch.json. */
class OfferProvider implements vscode.DebugConfigurationProvider {
  readonly #questions: ProgramQuestions;

  constructor(questions: ProgramQuestions) {
    this.#questions = questions;
  }

  async provideDebugConfigurations(folder: vscode.WorkspaceFolder | undefined): Promise<vscode.DebugConfiguration[]> {
    const programs = await programFiles(folder, this.#questions);
    return programs.slice(0, 20).map((program) => configurationFor(program, folder));
  }
}

class LaunchProvider implements vscode.DebugConfigurationProvider {
  readonly #shared: Launching;
  readonly #tickets: Map<string, Ticket>;

  constructor(shared: Launching, tickets: Map<string, Ticket>) {
    this.#shared = shared;
    this.#tickets = tickets;
  }

  provideDebugConfigurations(folder: vscode.WorkspaceFolder | undefined): Promise<vscode.DebugConfiguration[]> {
    return new OfferProvider(this.#shared.questions).provideDebugConfigurations(folder);
  }

  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
    token?: vscode.CancellationToken,
  ): Promise<vscode.DebugConfiguration | undefined> {
    try {
      const questions = new QuestionsBeforeRun(this.#shared.questions);
      this.#shared.questions.expire();
      const complete = await complement(folder, config, questions);
      if (token?.isCancellationRequested) return undefined;
      return complete && (await this.#resolve(folder, complete, questions));
    } catch (error) {
      if (!(error instanceof LaunchError || error instanceof NodeMissingError)) throw error;
      this.#shared.log.error(error.message);
      void tell(error, folder, config);
      return undefined;
    }
  }

  async #resolve(
    folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
    questions: QuestionsBeforeRun,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const mark: Mark = {
      launch: randomUUID(),
      attached: config.request === "attach",
      noDebug: config["noDebug"] === true,
    };
    if (mark.attached) return attachConfiguration(config, mark) as vscode.DebugConfiguration;
    const place = {
      workspaceFolder: folder?.uri.fsPath,
      file: vscode.window.activeTextEditor?.document.uri.fsPath,
      env: process.env,
    };
    const program = programOf(config, place);
    const { nodePath, checkBeforeRun } = settings(folder);
    const uri = program === undefined ? undefined : vscode.Uri.file(program).toString();
    const report = uri === undefined ? undefined : await questions.program(uri);
    if (program !== undefined && uri !== undefined && checkBeforeRun) {
      const found = await questions.errors(uri);
      if (found && !(await runsWithErrors(found, place.workspaceFolder ?? path.dirname(program)))) return undefined;
    }
    const resolved = await launchConfiguration(config, mark, place, nodePath, report);
    const permitted = await permit(resolved, mark);
    if (!permitted) return undefined;
    if (program !== undefined)
      this.#shared.launches.begin(mark.launch, { file: program, startsSystem: report?.startsSystem });
    this.#shared.log.info(
      `starts "${config.name}" on ${String(permitted["runtimeExecutable"] ?? "the Node of the debugger")} ${argumentsOf(permitted).join(" ")}`,
    );
    return this.#withInspection(permitted, mark, folder);
  }

  /** Without a debugger the program connects to our socket; with one, the debugger itself carries the frames. */
  async #withInspection(
    config: Configuration,
    mark: Mark,
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration> {
    const { listener, launches } = this.#shared;
    const ticket = mark.noDebug ? await listener.admit(mark.launch, () => launches.saw(mark.launch)) : undefined;
    if (ticket) this.#tickets.set(mark.launch, ticket);
    // A terminal it runs in would tell it of our socket: it would be shown twice.
    const env = ticket?.env ?? { [ENV_ENDPOINT]: null, [ENV_TOKEN]: null };
    const own = config["env"] as object | undefined;
    return { ...config, env: { ...checks(mark, folder), ...own, ...env } } as vscode.DebugConfiguration;
  }
}

/** What development wants of the runtime: only under the debugger, where nobody measures. What the program itself says counts more. */
function checks({ noDebug }: Mark, folder: vscode.WorkspaceFolder | undefined): Readonly<Record<string, string>> {
  const { freezeMessages, watchdog } = settings(folder);
  if (noDebug) return {};
  return { ...(freezeMessages && { [ENV_FREEZE]: "1" }), ...(watchdog && { [ENV_WATCHDOG]: "1" }) };
}

/** Adds what the user allows for this run. @returns `undefined` when it is not to run. */
async function permit(config: Configuration, mark: Mark): Promise<Configuration | undefined> {
  const args = argumentsOf(config);
  const env = config["env"] as Readonly<Record<string, unknown>> | undefined;
  const nodeOptions = String(env?.["NODE_OPTIONS"] ?? "");
  if (!/--(experimental-)?permission\b/.test(`${args.join(" ")} ${nodeOptions}`)) return config;
  const known = await flagsOf(String(config["runtimeExecutable"] ?? "node"));
  const flags = await flagsToAdd(denied({ args, nodeOptions, known, noDebug: mark.noDebug }), mark.noDebug);
  return flags && (flags.length === 0 ? config : { ...config, runtimeArgs: [...args, ...flags] });
}

/** Says why nothing runs, and offers what makes it run. */
async function tell(
  error: LaunchError | NodeMissingError,
  folder: vscode.WorkspaceFolder | undefined,
  config: vscode.DebugConfiguration,
): Promise<void> {
  if (error instanceof NodeMissingError) {
    await vscode.window.showErrorMessage(plain(error.message));
    return;
  }
  const { remedy, at } = error;
  const installIt = remedy && say("Install {0}", remedy.package);
  const show = at && say("Show Line");
  const buttons = [installIt, show].filter((button) => button !== undefined);
  const text = plain(error.message);
  const choice = await vscode.window.showErrorMessage(text, ...buttons);
  if (choice === undefined) return;
  if (at && choice === show) await reveal(at.file, at.line - 1, 0);
  if (remedy && choice === installIt && (await install(remedy)))
    await vscode.debug.startDebugging(
      folder,
      { ...config, type: TYPE, request: "launch", name: config.name || say("Actors") },
      {
        noDebug: config["noDebug"] === true,
      },
    );
}

/** Fills in what is missing: F5 without a launch.json hands over an empty configuration. */
async function complement(
  folder: vscode.WorkspaceFolder | undefined,
  config: vscode.DebugConfiguration,
  questions: QuestionsBeforeRun,
): Promise<vscode.DebugConfiguration | undefined> {
  if (config.request === "attach" || config["program"] !== undefined || config["runtimeArgs"] !== undefined)
    return config;
  const home = folder ?? vscode.workspace.workspaceFolders?.[0];
  const choice = await choiceInWorkspace(home, questions);
  if (choice.is === "none")
    throw new LaunchError(
      say(
        'No actor program was found: no file of the workspace starts an actor system. Name one as "program" in launch.json, or make one with "Airssys: New Actor Project".',
      ),
    );
  const program = choice.is === "one" ? choice.file : await ask(choice.files, home);
  return program === undefined ? undefined : { ...configurationFor(program, folder), ...withoutEmpty(config), program };
}

async function ask(files: readonly string[], folder: vscode.WorkspaceFolder | undefined): Promise<string | undefined> {
  const items = files.map((file) => ({ label: nameOf(file, folder), file }));
  const placeHolder = say("Which actor program?");
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.file;
}

function configurationFor(program: string, folder: vscode.WorkspaceFolder | undefined): vscode.DebugConfiguration {
  const name = folder && innerPath(folder.uri.fsPath, program);
  return {
    type: TYPE,
    request: "launch",
    name: say("Actors: {0}", name ?? path.basename(program)),
    program: name === undefined ? program : `\${workspaceFolder}/${name}`,
  };
}

/** A path within the folder, else the whole path. */
function nameOf(file: string, folder: vscode.WorkspaceFolder | undefined): string {
  return (folder && innerPath(folder.uri.fsPath, file)) ?? file;
}

function withoutEmpty(config: vscode.DebugConfiguration): Partial<vscode.DebugConfiguration> {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== "" && value !== undefined));
}

/** Starts that program, with these variables in its environment; without one, what the first configuration of type `airssys` names, else the one that is meant. */
export async function startProgram(
  file: vscode.Uri | undefined,
  noDebug: boolean,
  changes: { readonly env?: Readonly<Record<string, string>>; readonly runtimeArgs?: readonly string[] } = {},
): Promise<boolean> {
  const place = file ?? vscode.window.activeTextEditor?.document.uri;
  const folder = (place && vscode.workspace.getWorkspaceFolder(place)) ?? vscode.workspace.workspaceFolders?.[0];
  const config = file
    ? configurationFor(file.fsPath, folder)
    : (configured(folder) ?? { type: TYPE, request: "launch", name: say("Actors") });
  const runtimeArgs = [...(changes.runtimeArgs ?? []), ...((config["runtimeArgs"] as string[] | undefined) ?? [])];
  const env = { ...config["env"], ...changes.env };
  const wished: vscode.DebugConfiguration = {
    ...config,
    ...(changes.env && { env }),
    ...(changes.runtimeArgs && { runtimeArgs }),
  };
  return vscode.debug.startDebugging(folder, wished, { noDebug });
}

function configured(folder: vscode.WorkspaceFolder | undefined): vscode.DebugConfiguration | undefined {
  const all = vscode.workspace.getConfiguration("launch", folder).get<unknown>("configurations");
  const ours = (config: Partial<vscode.DebugConfiguration> | null) =>
    config?.type === TYPE && config.request === "launch";
  return Array.isArray(all) ? (all as vscode.DebugConfiguration[]).find(ours) : undefined;
}
