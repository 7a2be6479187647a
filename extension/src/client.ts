/** The language client: starts the server that comes with the extension, and again when it ends, with a limit. */
import path from "node:path";
import {
  ACTORS_AT_REQUEST,
  type ActorMessages,
  type ActorsAt,
  ASK_PLACES_REQUEST,
  type AskPlaces,
  BREAK_ON_MESSAGE_COMMAND,
  MESSAGES_REQUEST,
  PROGRAM_ERRORS_REQUEST,
  PROGRAM_REQUEST,
  PROGRAMS_REQUEST,
  type ProgramErrors,
  type ProgramList,
  type ProgramReport,
  SELECT_COMMAND,
  type ServerStatus,
  SHOW_PLACES_COMMAND,
  STATUS_NOTIFICATION,
  SUPERVISION_TREE_CHANGED,
  SUPERVISION_TREE_REQUEST,
  type SupervisionTree,
  TESTS_CHANGED,
  TESTS_REQUEST,
  type TestList,
} from "airssys-language-server/protocol";
import * as vscode from "vscode";
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  type Location,
  type Position,
  type Range,
  RevealOutputChannelOn,
  type ServerOptions,
  State,
  TransportKind,
} from "vscode-languageclient/node";
import type { ActorQuestions, SourceLens } from "./actor-questions.ts";
import type { ProgramQuestions } from "./debug/questions.ts";
import { speakAsEditor } from "./editor-language.ts";
import type { Log } from "./log.ts";
import type { LiveLens } from "./messages/live-lens.ts";
import { tell } from "./notice.ts";
import { RestartLimit } from "./restart-limit.ts";
import { say } from "./sentence.ts";
import type { TestQuestions } from "./testing/test-questions.ts";
import type { Sources } from "./tree/sources.ts";

/** The server's entry, below the folder of the extension. */
const SERVER_MODULE = "dist/server/main.js";

const LANGUAGES = ["typescript", "typescriptreact", "javascript", "javascriptreact"];
const DOCUMENTS = LANGUAGES.map((language) => ({ scheme: "file", language }));

/** Who asks the server, once it is there. */
export interface Askers {
  readonly sources: Sources;
  readonly programs: ProgramQuestions;
  readonly actors: ActorQuestions;
  readonly lenses: LiveLens;
  readonly tests: TestQuestions;
}

export class LanguageService implements vscode.Disposable {
  readonly #log: Log;
  readonly #askers: Askers;
  readonly #status: vscode.LanguageStatusItem;
  readonly #limit = new RestartLimit(5, 180_000);
  readonly #client: LanguageClient;
  readonly #commands: readonly vscode.Disposable[];

  constructor(log: Log, askers: Askers, extensionPath: string) {
    speakAsEditor();
    this.#log = log;
    this.#askers = askers;
    this.#status = statusItem();
    this.#client = new LanguageClient("airssys", "Airssys", serverOptions(extensionPath), this.#options());
    this.#commands = [
      askers.lenses.onDidChange(() => this.#redrawLenses()),
      vscode.commands.registerCommand(SHOW_PLACES_COMMAND, this.#peek, this),
      vscode.commands.registerCommand(SELECT_COMMAND, this.#select, this),
    ];
    this.#client.onDidChangeState(({ newState }) => this.#follow(newState));
    this.#client.onNotification(SUPERVISION_TREE_CHANGED, () => askers.sources.expire());
    this.#client.onNotification(TESTS_CHANGED, () => askers.tests.expire());
    this.#client.onNotification(STATUS_NOTIFICATION, (status: ServerStatus) => this.#show(status));
  }

  get isRunning(): boolean {
    return this.#client.state === State.Running;
  }

  async start(): Promise<void> {
    this.#show({ state: "loading", text: say("starting") });
    try {
      await this.#client.start();
    } catch (error) {
      this.#log.error(`the language server did not start: ${error instanceof Error ? error.message : String(error)}`);
      this.#show({ state: "failed", text: say("did not start") });
    }
  }

  /** A person asks for it: however often it ended before. */
  async restart(): Promise<void> {
    this.#limit.reset();
    this.#log.info("restarts the language server");
    if (this.#client.needsStart()) return this.start();
    await this.#client.restart();
  }

  async stop(): Promise<void> {
    this.#disconnect();
    if (this.#client.needsStop()) await this.#client.stop(2_000).catch(() => undefined);
  }

  dispose(): void {
    this.#status.dispose();
    for (const command of this.#commands) command.dispose();
    void this.stop();
  }

  #options(): LanguageClientOptions {
    return {
      documentSelector: DOCUMENTS,
      outputChannel: this.#log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      diagnosticCollectionName: "airssys",
      // Asked again at each start: trust may have been given meanwhile.
      initializationOptions: () => ({
        commands: [SHOW_PLACES_COMMAND, SELECT_COMMAND, BREAK_ON_MESSAGE_COMMAND],
        notifications: [STATUS_NOTIFICATION, SUPERVISION_TREE_CHANGED, TESTS_CHANGED],
        isTrusted: vscode.workspace.isTrusted,
      }),
      errorHandler: this.#errorHandler(),
      middleware: {
        provideCodeLenses: async (document, token, next) => {
          const lenses = await next(document, token);
          return lenses && this.#askers.lenses.extend(document.uri, lenses);
        },
      },
    };
  }

  /** Asks for the lenses of all files that are seen. */
  #redrawLenses(): void {
    if (!this.isRunning) return;
    const feature = this.#client.getFeature("textDocument/codeLens");
    for (const { document } of vscode.window.visibleTextEditors)
      feature.getProvider(document)?.onDidChangeCodeLensEmitter.fire();
  }

  /** What code lenses call: shows places in a peek view. */
  async #peek(uri: string, position: Position, locations: Location[]): Promise<void> {
    const { asUri, asPosition, asLocation } = this.#client.protocol2CodeConverter;
    const places = locations.map((location) => asLocation(location));
    await vscode.commands.executeCommand("editor.action.showReferences", asUri(uri), asPosition(position), places);
  }

  /** What a fix calls once it is applied: the next thing typed goes there. */
  #select(uri: string, range: Range): void {
    const { asUri, asRange } = this.#client.protocol2CodeConverter;
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.toString() !== asUri(uri).toString()) return;
    const place = asRange(range);
    editor.selection = new vscode.Selection(place.start, place.end);
    editor.revealRange(place);
  }

  #errorHandler(): ErrorHandler {
    return {
      error: (error) => {
        this.#log.error(`the connection to the language server failed: ${error.message}`);
        return { action: ErrorAction.Continue, handled: true };
      },
      closed: () => this.#closed(),
    };
  }

  #closed(): CloseHandlerResult {
    const restarts = this.#limit.count(Date.now());
    if (restarts !== undefined) {
      this.#log.warn(
        `the language server ended unexpectedly and is started again (${restarts} of ${this.#limit.max} times in 3 minutes)`,
      );
      this.#show({ state: "loading", text: say("ended unexpectedly, starting again") });
      tell(say("the language server ended unexpectedly and is started again"));
      return { action: CloseAction.Restart, handled: true };
    }
    this.#log.error(
      `the language server ended more than ${this.#limit.max} times in 3 minutes and is not started again`,
    );
    this.#show({ state: "failed", text: say("ended too often") });
    void this.#tellItIsDown();
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  async #tellItIsDown(): Promise<void> {
    const text = say("Airssys: the language server ended too often. Messages and supervision specs are not checked.");
    const [startAgain, showLog] = [say("Start Again"), say("Show Log")];
    const choice = await vscode.window.showErrorMessage(text, startAgain, showLog);
    if (choice === startAgain) await this.restart();
    if (choice === showLog) this.#log.show();
  }

  #follow(state: State): void {
    if (state === State.Running) {
      this.#limit.started(Date.now());
      this.#log.info("the language server is running");
      this.#show({ state: "ready", text: say("ready") });
      this.#connect();
    } else if (state === State.Stopped) this.#disconnect();
  }

  #disconnect(): void {
    const { sources, programs, actors, tests } = this.#askers;
    for (const asker of [sources, programs, actors, tests]) asker.connect(undefined);
  }

  #connect(): void {
    const client = this.#client;
    const { sources, programs, actors, tests } = this.#askers;
    tests.connect(() => client.sendRequest<TestList>(TESTS_REQUEST));
    sources.connect(() => client.sendRequest<SupervisionTree>(SUPERVISION_TREE_REQUEST));
    actors.connect({
      messages: (name, uri) => client.sendRequest<ActorMessages | null>(MESSAGES_REQUEST, { name, uri }),
      askPlaces: (name, uri, message) => client.sendRequest<AskPlaces>(ASK_PLACES_REQUEST, { name, uri, message }),
      lenses: (uri) =>
        client.sendRequest<readonly SourceLens[] | null>("textDocument/codeLens", { textDocument: { uri } }),
      actorsAt: (uri, position) => client.sendRequest<ActorsAt>(ACTORS_AT_REQUEST, { uri, position }),
    });
    programs.connect({
      program: (uri) => client.sendRequest<ProgramReport | null>(PROGRAM_REQUEST, { uri }),
      programs: () => client.sendRequest<ProgramList>(PROGRAMS_REQUEST),
      errors: (uri) => client.sendRequest<ProgramErrors>(PROGRAM_ERRORS_REQUEST, { uri }),
    });
  }

  /** What could not be checked is said for each package, and stands out: silence there means nothing. */
  #show({ state, text, unread = [] }: ServerStatus): void {
    if (state === "failed") this.#askers.programs.giveUp();
    const { Error: failed, Warning: incomplete, Information: well } = vscode.LanguageStatusSeverity;
    this.#status.busy = state === "loading";
    this.#status.text = `Airssys: ${text}`;
    this.#status.detail = unread
      .map((one) => `${vscode.workspace.asRelativePath(vscode.Uri.parse(one.uri))}: ${one.text}`)
      .join("; ");
    this.#status.severity = state === "failed" ? failed : unread.length > 0 ? incomplete : well;
  }
}

function statusItem(): vscode.LanguageStatusItem {
  const item = vscode.languages.createLanguageStatusItem("airssys.server", DOCUMENTS);
  item.name = say("Airssys Language Server");
  item.command = { command: "airssys.restartServer", title: say("Restart") };
  return item;
}

function serverOptions(extensionPath: string): ServerOptions {
  const module = path.join(extensionPath, ...SERVER_MODULE.split("/"));
  return {
    run: { module, transport: TransportKind.ipc },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ["--nolazy", "--inspect=6010"] } },
  };
}
