/** Debug configurations of type `airssys`: offered, completed and handed to VS Code's own JavaScript debugger. */
import { randomUUID } from "node:crypto";
import path from "node:path";
import * as vscode from "vscode";
import { register } from "../commands.ts";
import { settings } from "../config.ts";
import type { Listener, Ticket } from "../inspect/listener.ts";
import type { Log } from "../log.ts";
import { plain } from "../text.ts";
import { registerContext } from "./context.ts";
import {
  attachConfiguration,
  type Configuration,
  LaunchError,
  launchConfiguration,
  MARKER,
  type Mark,
} from "./launch.ts";
import { NodeMissingError } from "./node.ts";
import { programsOf } from "./workspace-programs.ts";

const TYPE = "airssys";

/** Registers what VS Code asks for configurations of type `airssys`. */
export function registerDebugging(log: Log, listener: Listener): vscode.Disposable {
  const tickets = new Map<string, Ticket>();
  const provider = new LaunchProvider(log, listener, tickets);
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
      new OfferProvider(),
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    registerContext(),
    vscode.debug.onDidTerminateDebugSession((session) => {
      if (!session.parentSession) tickets.get(markOf(session)?.launch ?? "")?.end();
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
  async provideDebugConfigurations(
    folder: vscode.WorkspaceFolder | undefined,
    token?: vscode.CancellationToken,
  ): Promise<vscode.DebugConfiguration[]> {
    const programs = await programsOf(folder, token);
    return programs.slice(0, 20).map((program) => configurationFor(program, folder));
  }
}

class LaunchProvider implements vscode.DebugConfigurationProvider {
  readonly #log: Log;
  readonly #listener: Listener;
  readonly #tickets: Map<string, Ticket>;

  constructor(log: Log, listener: Listener, tickets: Map<string, Ticket>) {
    this.#log = log;
    this.#listener = listener;
    this.#tickets = tickets;
  }

  provideDebugConfigurations(folder: vscode.WorkspaceFolder | undefined): Promise<vscode.DebugConfiguration[]> {
    return new OfferProvider().provideDebugConfigurations(folder);
  }

  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
    token?: vscode.CancellationToken,
  ): Promise<vscode.DebugConfiguration | undefined> {
    try {
      const complete = await complement(folder, config, token);
      if (token?.isCancellationRequested) return undefined;
      return complete && (await this.#resolve(folder, complete));
    } catch (error) {
      if (!(error instanceof LaunchError || error instanceof NodeMissingError)) throw error;
      this.#log.error(error.message);
      void vscode.window.showErrorMessage(plain(error.message), { modal: false });
      return undefined;
    }
  }

  async #resolve(
    folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration> {
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
    const resolved = await launchConfiguration(config, mark, place, settings(folder).nodePath);
    this.#log.info(`starts "${config.name}" on ${String(resolved["runtimeExecutable"] ?? "the Node of the debugger")}`);
    return this.#withInspection(resolved, mark);
  }

  /** Without a debugger the program connects to our socket; with one, the debugger itself carries the frames. */
  async #withInspection(config: Configuration, mark: Mark): Promise<vscode.DebugConfiguration> {
    if (!mark.noDebug) return config as vscode.DebugConfiguration;
    const ticket = await this.#listener.admit();
    this.#tickets.set(mark.launch, ticket);
    return { ...config, env: { ...(config["env"] as object | undefined), ...ticket.env } } as vscode.DebugConfiguration;
  }
}

/** Fills in what is missing: F5 without a launch.json hands over an empty configuration. */
async function complement(
  folder: vscode.WorkspaceFolder | undefined,
  config: vscode.DebugConfiguration,
  token?: vscode.CancellationToken,
): Promise<vscode.DebugConfiguration | undefined> {
  if (config.request === "attach" || config["program"] !== undefined || config["runtimeArgs"] !== undefined)
    return config;
  const [program] = await programsOf(folder, token);
  if (program) return { ...configurationFor(program, folder), ...withoutEmpty(config), program: program.fsPath };
  throw new LaunchError(
    'No actor program was found: no file of the workspace calls "ActorSystem.start". Name one as "program" in launch.json, or make one with "Airssys: New Actor Project".',
  );
}

function configurationFor(program: vscode.Uri, folder: vscode.WorkspaceFolder | undefined): vscode.DebugConfiguration {
  const relative = folder
    ? path.relative(folder.uri.fsPath, program.fsPath).split(path.sep).join("/")
    : path.basename(program.fsPath);
  return {
    type: TYPE,
    request: "launch",
    name: `Actors: ${relative}`,
    program: folder && !relative.startsWith("..") ? `\${workspaceFolder}/${relative}` : program.fsPath,
  };
}

function withoutEmpty(config: vscode.DebugConfiguration): Partial<vscode.DebugConfiguration> {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== "" && value !== undefined));
}

/** Starts that program; without one, what the first configuration of type `airssys` names, else the likeliest of the workspace. */
export async function startProgram(file: vscode.Uri | undefined, noDebug: boolean): Promise<boolean> {
  const folder = file ? vscode.workspace.getWorkspaceFolder(file) : vscode.workspace.workspaceFolders?.[0];
  const config = file
    ? configurationFor(file, folder)
    : (configured(folder) ?? { type: TYPE, request: "launch", name: "Actors" });
  return vscode.debug.startDebugging(folder, config, { noDebug });
}

function configured(folder: vscode.WorkspaceFolder | undefined): vscode.DebugConfiguration | undefined {
  const all = vscode.workspace.getConfiguration("launch", folder).get<unknown>("configurations");
  const ours = (config: Partial<vscode.DebugConfiguration> | null) =>
    config?.type === TYPE && config.request === "launch";
  return Array.isArray(all) ? (all as vscode.DebugConfiguration[]).find(ours) : undefined;
}
