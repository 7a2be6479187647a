/** The language server: LSP on one side, the analysis process on the other. Thin: it answers `initialize` at once and judges nothing. */
import {
  CodeActionKind,
  type Connection,
  DidChangeWatchedFilesNotification,
  DocumentDiagnosticReportKind,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Events, Notices, Requests, ToldEvent } from "../analysis/analysis-calls.ts";
import { AnalysisLink, AnalysisLostError } from "../analysis/analysis-link.ts";
import {
  ACTORS_AT_REQUEST,
  type ActorMessages,
  type ActorsAt,
  ASK_PLACES_REQUEST,
  type AskPlaces,
  MESSAGES_REQUEST,
  PROGRAM_ERRORS_REQUEST,
  PROGRAM_REQUEST,
  PROGRAMS_REQUEST,
  type ProgramErrors,
  type ProgramList,
  type ProgramReport,
  type SourceRange,
  SUPERVISION_TREE_CHANGED,
  SUPERVISION_TREE_REQUEST,
  type SupervisionTree,
  TESTS_CHANGED,
  TESTS_REQUEST,
  type TestList,
} from "../protocol.ts";
import { DISK } from "../source/file-system.ts";
import { pathOfNative, pathOfUri, uriOfPath } from "../source/path-uri.ts";
import { rulePageIn } from "../source/rule-pages.ts";
import { VERSION } from "../source/version.ts";
import { type WatchFolders, watchDisk } from "../source/watch-folders.ts";
import { abilitiesOf, type ClientAbilities, type ClientOptions } from "./client-abilities.ts";
import { type Places, toCodeAction, toLspDiagnostic } from "./lsp-convert.ts";
import { type Cancellation, handleFeatures } from "./server-features.ts";
import { StatusReport } from "./status-report.ts";

const SECTION = "airssys";
/** Editors keep everything back until the last has answered these: while files are being read, nothing is better than late. */
const IMPATIENT: ReadonlySet<keyof Requests> = new Set([
  "hover",
  "completion",
  "definition",
  "implementation",
  "actions",
]);
const PATIENCE_MS = 300;
const WATCHED =
  "**/{*.ts,*.tsx,*.mts,*.cts,*.js,*.jsx,*.mjs,*.cjs,tsconfig*.json,jsconfig*.json,airssys.json,package.json,package-lock.json,npm-shrinkwrap.json,pnpm-lock.yaml,yarn.lock,bun.lock,bun.lockb}";

/** Where the parts of the server lie that are not code of this process. */
export interface ServerFiles {
  /** The module of the analysis process. */
  readonly analysis: string;
  /** Folder with a page for each rule. */
  readonly rulePages: string;
}

/** Serves a client until it says `exit` or goes away. */
export function serve(connection: Connection, files: ServerFiles): void {
  new LanguageServer(connection, files).listen();
}

class LanguageServer {
  readonly #connection: Connection;
  readonly #link: AnalysisLink;
  readonly #places: Places;
  readonly #status: StatusReport;
  readonly #documents = new TextDocuments(TextDocument);
  /** URIs as the client writes them, by path. */
  readonly #uris = new Map<string, string>();
  readonly #folders = new Set<string>();
  #watching: ReturnType<WatchFolders> | undefined;
  /** Files that diagnostics were pushed for and not taken back. */
  readonly #pushed = new Set<string>();
  #isLoading = true;
  #client: ClientAbilities = abilitiesOf({ processId: null, rootUri: null, capabilities: {} });

  constructor(connection: Connection, files: ServerFiles) {
    this.#connection = connection;
    this.#status = new StatusReport(connection, () => this.#client);
    this.#places = {
      pathOf,
      selects: () => this.#client.selects,
      showsRelated: () => this.#client.showsRelatedPlaces,
      uriOf: (path) => this.#uriOf(path),
      pageOf: (rule) => {
        const page = rulePageIn(files.rulePages, rule);
        return page === undefined ? undefined : uriOfPath(page);
      },
    };
    this.#link = new AnalysisLink(files.analysis, {
      event: (name, params) => this.#onEvent(name, params),
      lost: () => this.#takeBackAll(),
    });
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => void this.#initialized());
    connection.onShutdown(() => this.#link.stop());
    connection.onDidChangeConfiguration(({ settings }) => void this.#readSettings(settings));
    connection.onDidChangeWatchedFiles(({ changes }) => {
      const paths = changes.flatMap(({ uri }) => pathOf(uri) ?? []);
      this.#link.notify("filesChanged", { paths });
    });
    this.#handleDocuments();
    this.#handleRequests();
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize(params: InitializeParams): InitializeResult {
    const options = params.initializationOptions as ClientOptions | undefined;
    this.#client = abilitiesOf(params);
    this.#link.notify("keepFacts", { isAllowed: this.#client.trusts });
    this.#link.notify("configure", { settings: options?.settings ?? {} });
    this.#changeFolders({ added: foldersOf(params), removed: [] });
    this.#link.start();
    return {
      serverInfo: { name: "airssys-language-server", version: VERSION },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        codeActionProvider: {
          codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, "source.fixAll.airssys"],
        },
        diagnosticProvider: { identifier: SECTION, interFileDependencies: true, workspaceDiagnostics: false },
        hoverProvider: true,
        definitionProvider: true,
        implementationProvider: true,
        referencesProvider: true,
        renameProvider: this.#client.preparesRename ? { prepareProvider: true } : true,
        documentSymbolProvider: { label: "Airssys" },
        workspaceSymbolProvider: true,
        codeLensProvider: {},
        inlayHintProvider: true,
        callHierarchyProvider: true,
        completionProvider: { triggerCharacters: ["(", '"', "'"] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  }

  async #initialized(): Promise<void> {
    if (this.#client.watchesFiles) {
      const watchers = [{ globPattern: WATCHED }];
      await this.#connection.client
        .register(DidChangeWatchedFilesNotification.type, { watchers })
        .catch(() => undefined);
    }
    if (this.#client.hasFolders) {
      this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        this.#changeFolders({ added: pathsOf(added), removed: pathsOf(removed) });
        void this.#watch();
      });
    }
    void this.#watch();
    await this.#readSettings();
  }

  #changeFolders(change: Notices["folders"]): void {
    for (const path of change.removed) this.#folders.delete(path);
    for (const path of change.added) this.#folders.add(path);
    this.#link.notify("folders", change);
  }

  /** For clients that do not tell of files on the disk: a branch may be switched while an editor is open. */
  async #watch(): Promise<void> {
    if (this.#client.watchesFiles) return;
    const before = this.#watching;
    this.#watching = watchDisk([...this.#folders], (path) => this.#link.notify("filesChanged", { paths: [path] }));
    await before?.then((stop) => stop()).catch(() => undefined);
    await this.#watching.catch((cause: unknown) =>
      this.#connection.console.warn(
        `changes on the disk are not seen: ${cause instanceof Error ? cause.message : String(cause)}`,
      ),
    );
  }

  /** @param sent what a client says that cannot be asked: all its settings, or those of our section. */
  async #readSettings(sent?: unknown): Promise<void> {
    if (!this.#client.hasSettings) {
      const own = ownSettings(sent);
      if (own !== undefined) this.#link.notify("configure", { settings: own });
      return;
    }
    const settings: unknown = await this.#connection.workspace.getConfiguration(SECTION).catch(() => ({}));
    this.#link.notify("configure", { settings: settings ?? {} });
  }

  #handleDocuments(): void {
    this.#documents.onDidOpen(({ document }) => {
      const path = pathOf(document.uri);
      if (path === undefined) return;
      // Findings are shown where the file is, not where a link to it was opened.
      if (pathOfUri(document.uri) === path) this.#uris.set(path, document.uri);
      // From now on the client asks for the diagnostics of this file itself.
      if (this.#client.pullsDiagnostics) this.#push(path, []);
    });
    this.#documents.onDidChangeContent(({ document }) => {
      const path = pathOf(document.uri);
      if (path !== undefined) this.#link.notify("open", { path, text: document.getText(), version: document.version });
    });
    this.#documents.onDidClose(({ document }) => {
      const path = pathOf(document.uri);
      if (path === undefined) return;
      this.#link.notify("close", { path });
      if (this.#client.pullsDiagnostics) void this.#pushNow(path);
    });
  }

  #handleRequests(): void {
    this.#connection.languages.diagnostics.on(async ({ textDocument }, token) => {
      const path = pathOf(textDocument.uri);
      const isTold = !this.#client.pullsDiagnostics;
      const mayBeEarly = isTold || this.#client.refreshesDiagnostics;
      const items = path === undefined ? [] : await this.#ask("diagnostics", { path, isTold, mayBeEarly }, token, []);
      return { kind: DocumentDiagnosticReportKind.Full, items: items.map((one) => toLspDiagnostic(one, this.#places)) };
    });
    this.#connection.onCodeAction(async ({ textDocument, range, context }, token) => {
      const path = pathOf(textDocument.uri);
      const actions = path === undefined ? [] : await this.#ask("actions", { path, range }, token, []);
      const { only } = context;
      return actions.filter(({ kind }) => isWanted(kind, only)).map((one) => toCodeAction(one, this.#places));
    });
    handleFeatures(
      this.#connection,
      this.#places,
      (name, params, token, otherwise) => this.#ask(name, params, token, otherwise),
      () => this.#client,
    );
    const noTree: SupervisionTree = { roots: [], actors: [], complete: false };
    this.#connection.onRequest(SUPERVISION_TREE_REQUEST, (_params: unknown, token) =>
      this.#ask("supervisionTree", {}, token, noTree),
    );
    this.#handleActors();
    this.#handlePrograms();
  }

  #handleActors(): void {
    const connection = this.#connection;
    connection.onRequest(
      MESSAGES_REQUEST,
      async ({ name, uri }: { name: string; uri?: string }, token): Promise<ActorMessages | null> => {
        const path = uri === undefined ? undefined : pathOf(uri);
        const definition = { name, ...(path === undefined ? {} : { path }) };
        return (await this.#ask("messages", definition, token, undefined)) ?? null;
      },
    );
    connection.onRequest(
      ASK_PLACES_REQUEST,
      async ({ name, uri, message }: { name: string; uri?: string; message: string }, token): Promise<AskPlaces> => {
        const path = uri === undefined ? undefined : pathOf(uri);
        const asked = { name, message, ...(path === undefined ? {} : { path }) };
        const places = await this.#ask("askPlaces", asked, token, []);
        return { places: places.map((place) => ({ uri: this.#uriOf(place.path), range: place.range })) };
      },
    );
    connection.onRequest(
      ACTORS_AT_REQUEST,
      async ({ uri, position }: { uri: string; position: SourceRange["start"] }, token): Promise<ActorsAt> => {
        const path = pathOf(uri);
        return path === undefined ? { actors: [] } : this.#ask("actorsAt", { path, position }, token, { actors: [] });
      },
    );
  }

  #handlePrograms(): void {
    const connection = this.#connection;
    connection.onRequest(PROGRAM_REQUEST, async ({ uri }: { uri: string }, token): Promise<ProgramReport | null> => {
      const path = pathOf(uri);
      return (path === undefined ? undefined : await this.#ask("program", { path }, token, undefined)) ?? null;
    });
    connection.onRequest(PROGRAMS_REQUEST, (_params: unknown, token): Promise<ProgramList> => {
      return this.#ask("programs", {}, token, { programs: [] });
    });
    connection.onRequest(TESTS_REQUEST, (_params: unknown, token): Promise<TestList> => {
      return this.#ask("tests", {}, token, { files: [], complete: false });
    });
    connection.onRequest(PROGRAM_ERRORS_REQUEST, ({ uri }: { uri: string }, token): Promise<ProgramErrors> => {
      const path = pathOf(uri);
      return path === undefined
        ? Promise.resolve({ errors: [] })
        : this.#ask("programErrors", { path }, token, { errors: [] });
    });
  }

  /** What the analysis answers; `otherwise` when it is gone or busy: the client asks again. */
  async #ask<K extends keyof Requests>(
    name: K,
    params: Requests[K]["params"],
    token: Cancellation | undefined,
    otherwise: Requests[K]["result"],
  ): Promise<Requests[K]["result"]> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await this.#link.request(name, params, (cancel) => {
        token?.onCancellationRequested(cancel);
        if (this.#isLoading && IMPATIENT.has(name)) timer = setTimeout(cancel, PATIENCE_MS);
      });
    } catch (cause) {
      if (token?.isCancellationRequested === true) throw new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
      if (cause instanceof AnalysisLostError) return otherwise;
      this.#connection.console.error(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
      return otherwise;
    } finally {
      clearTimeout(timer);
    }
  }

  #onEvent<K extends ToldEvent>(name: K, params: Events[K]): void {
    switch (name) {
      case "diagnostics":
        this.#onDiagnostics(params as Events["diagnostics"]);
        return;
      case "status":
        this.#isLoading = (params as Events["status"]).state === "loading";
        this.#status.tell(params as Events["status"]);
        return;
      case "supervisionTreeChanged":
        if (this.#client.notifications.has(SUPERVISION_TREE_CHANGED))
          void this.#connection.sendNotification(SUPERVISION_TREE_CHANGED);
        return;
      case "testsChanged":
        if (this.#client.notifications.has(TESTS_CHANGED)) void this.#connection.sendNotification(TESTS_CHANGED);
        return;
      case "log": {
        const { level, text } = params as Events["log"];
        if (level === "error") this.#connection.console.error(text);
        else if (level === "warning") this.#connection.console.warn(text);
        else this.#connection.console.log(text);
      }
    }
  }

  /** Open files of a client that pulls are its own business; all others are told. */
  #onDiagnostics({ path, version, isFirst, diagnostics }: Events["diagnostics"]): void {
    const open = this.#documents.get(this.#uriOf(path));
    if (open !== undefined && version !== undefined && open.version !== version) return;
    if (this.#client.pullsDiagnostics && open !== undefined) {
      if (this.#client.refreshesDiagnostics && !isFirst) void this.#connection.languages.diagnostics.refresh();
      return;
    }
    this.#push(path, diagnostics, version, isFirst);
  }

  async #pushNow(path: string): Promise<void> {
    this.#push(path, await this.#ask("diagnostics", { path, isTold: false }, undefined, []));
  }

  /** @param isAwaited whether somebody waits to hear that there is nothing: the file was opened. */
  #push(
    path: string,
    diagnostics: Events["diagnostics"]["diagnostics"],
    version?: number,
    isAwaited: boolean = false,
  ): void {
    const wasPushed = this.#pushed.has(path);
    if (diagnostics.length === 0 && !wasPushed && !isAwaited) return;
    this.#pushed.delete(path);
    if (diagnostics.length > 0) this.#pushed.add(path);
    void this.#connection.sendDiagnostics({
      uri: this.#uriOf(path),
      diagnostics: diagnostics.map((one) => toLspDiagnostic(one, this.#places)),
      ...(version === undefined ? {} : { version }),
    });
  }

  #takeBackAll(): void {
    for (const path of [...this.#pushed]) this.#push(path, []);
  }

  #uriOf(path: string): string {
    return this.#uris.get(path) ?? uriOfPath(path);
  }
}

/** A package that `node_modules` links to is where its source is: it may be open there too. */
function pathOf(uri: string): string | undefined {
  const path = pathOfUri(uri);
  return path?.includes("/node_modules/") === true ? DISK.realPath(path) : path;
}

/** From the newest way of saying it to the oldest. */
function foldersOf({ workspaceFolders, rootUri, rootPath }: InitializeParams): readonly string[] {
  if (workspaceFolders != null) return pathsOf(workspaceFolders);
  if (rootUri != null) return pathsOf([{ uri: rootUri }]);
  return rootPath == null ? [] : [pathOfNative(rootPath)];
}

/** Of what a client sends: its section, or ours alone; `undefined` for what speaks of others. */
function ownSettings(sent: unknown): unknown {
  if (typeof sent !== "object" || sent === null) return undefined;
  if (SECTION in sent) return sent[SECTION];
  return "preset" in sent || "rules" in sent || "features" in sent ? sent : undefined;
}

/** An action of the whole file is for those who ask for it: beside a finding it would be one more line in a menu. */
function isWanted(kind: string, only: readonly string[] | undefined): boolean {
  if (only === undefined || only.length === 0) return !kind.startsWith("source.");
  return only.some((wanted) => `${kind}.`.startsWith(wanted === "" ? "" : `${wanted}.`));
}

function pathsOf(folders: readonly { readonly uri: string }[]): readonly string[] {
  return folders.flatMap(({ uri }) => pathOfUri(uri) ?? []);
}
