/** The language server: LSP on one side, the analysis process on the other. Thin: it answers `initialize` at once and judges nothing. */
import { existsSync } from "node:fs";
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
import type { Events, Requests } from "./analysis-calls.ts";
import { AnalysisLink, AnalysisLostError } from "./analysis-link.ts";
import { type Places, toCodeAction, toLspDiagnostic } from "./lsp-convert.ts";
import { pathOfUri, uriOfPath } from "./path-uri.ts";
import {
  SHOW_PLACES_COMMAND,
  STATUS_NOTIFICATION,
  SUPERVISION_TREE_CHANGED,
  SUPERVISION_TREE_REQUEST,
  type SupervisionTree,
} from "./protocol.ts";
import { type Cancellation, handleFeatures } from "./server-features.ts";

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
const WATCHED = "**/{*.ts,*.tsx,*.mts,*.cts,*.js,*.jsx,*.mjs,*.cjs,tsconfig*.json,jsconfig*.json,package.json}";

/** What a client may give besides the LSP's own. */
interface ClientOptions {
  /** As in its section `airssys`, for clients that cannot be asked for it. */
  readonly settings?: unknown;
  /** Commands of the client that the server may name. */
  readonly commands?: readonly string[];
}

interface Client {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly watchesFiles: boolean;
  readonly hasSettings: boolean;
  readonly hasFolders: boolean;
  readonly showsPlaces: boolean;
}

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
  readonly #documents = new TextDocuments(TextDocument);
  /** URIs as the client writes them, by path. */
  readonly #uris = new Map<string, string>();
  /** Files that diagnostics were pushed for and not taken back. */
  readonly #pushed = new Set<string>();
  #isLoading = true;
  #client: Client = {
    pullsDiagnostics: false,
    refreshesDiagnostics: false,
    watchesFiles: false,
    hasSettings: false,
    hasFolders: false,
    showsPlaces: false,
  };

  constructor(connection: Connection, files: ServerFiles) {
    this.#connection = connection;
    this.#places = { uriOf: (path) => this.#uriOf(path), pageOf: (rule) => pageIn(files.rulePages, rule) };
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
    connection.onDidChangeConfiguration(() => void this.#readSettings());
    connection.onDidChangeWatchedFiles(({ changes }) => {
      const paths = changes.flatMap(({ uri }) => pathOfUri(uri) ?? []);
      this.#link.notify("filesChanged", { paths });
    });
    this.#handleDocuments();
    this.#handleRequests();
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize(params: InitializeParams): InitializeResult {
    const { workspace, textDocument } = params.capabilities;
    const options = params.initializationOptions as ClientOptions | undefined;
    this.#client = {
      pullsDiagnostics: textDocument?.diagnostic !== undefined,
      refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
      watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
      hasSettings: workspace?.configuration === true,
      hasFolders: workspace?.workspaceFolders === true,
      showsPlaces: options?.commands?.includes(SHOW_PLACES_COMMAND) === true,
    };
    this.#link.notify("configure", { settings: options?.settings ?? {} });
    this.#link.notify("folders", { added: foldersOf(params), removed: [] });
    this.#link.start();
    return {
      serverInfo: { name: "airssys-language-server" },
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
        renameProvider: { prepareProvider: true },
        documentSymbolProvider: { label: "Airssys" },
        workspaceSymbolProvider: true,
        codeLensProvider: {},
        inlayHintProvider: true,
        callHierarchyProvider: true,
        completionProvider: { triggerCharacters: ["("] },
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
        const paths = (folders: readonly { uri: string }[]): string[] =>
          folders.flatMap(({ uri }) => pathOfUri(uri) ?? []);
        this.#link.notify("folders", { added: paths(added), removed: paths(removed) });
      });
    }
    await this.#readSettings();
  }

  async #readSettings(): Promise<void> {
    if (!this.#client.hasSettings) return;
    const settings: unknown = await this.#connection.workspace.getConfiguration(SECTION).catch(() => ({}));
    this.#link.notify("configure", { settings: settings ?? {} });
  }

  #handleDocuments(): void {
    this.#documents.onDidOpen(({ document }) => {
      const path = pathOfUri(document.uri);
      if (path === undefined) return;
      this.#uris.set(path, document.uri);
      // From now on the client asks for the diagnostics of this file itself.
      if (this.#client.pullsDiagnostics) this.#push(path, []);
    });
    this.#documents.onDidChangeContent(({ document }) => {
      const path = pathOfUri(document.uri);
      if (path !== undefined) this.#link.notify("open", { path, text: document.getText(), version: document.version });
    });
    this.#documents.onDidClose(({ document }) => {
      const path = pathOfUri(document.uri);
      if (path === undefined) return;
      this.#link.notify("close", { path });
      if (this.#client.pullsDiagnostics) void this.#pushNow(path);
    });
  }

  #handleRequests(): void {
    this.#connection.languages.diagnostics.on(async ({ textDocument }, token) => {
      const path = pathOfUri(textDocument.uri);
      const items = path === undefined ? [] : await this.#ask("diagnostics", { path }, token, []);
      return { kind: DocumentDiagnosticReportKind.Full, items: items.map((one) => toLspDiagnostic(one, this.#places)) };
    });
    this.#connection.onCodeAction(async ({ textDocument, range, context }, token) => {
      const path = pathOfUri(textDocument.uri);
      const actions = path === undefined ? [] : await this.#ask("actions", { path, range }, token, []);
      const { only } = context;
      return actions
        .filter(
          ({ kind }) => only === undefined || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`)),
        )
        .map((one) => toCodeAction(one, this.#places));
    });
    handleFeatures(
      this.#connection,
      this.#places,
      (name, params, token, otherwise) => this.#ask(name, params, token, otherwise),
      () => this.#client.showsPlaces,
    );
    const noTree: SupervisionTree = { roots: [], actors: [], complete: false };
    this.#connection.onRequest(SUPERVISION_TREE_REQUEST, (_params: unknown, token) =>
      this.#ask("supervisionTree", {}, token, noTree),
    );
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

  #onEvent<K extends keyof Events>(name: K, params: Events[K]): void {
    switch (name) {
      case "diagnostics":
        this.#onDiagnostics(params as Events["diagnostics"]);
        return;
      case "status":
        this.#isLoading = (params as Events["status"]).state === "loading";
        void this.#connection.sendNotification(STATUS_NOTIFICATION, params);
        return;
      case "supervisionTreeChanged":
        void this.#connection.sendNotification(SUPERVISION_TREE_CHANGED);
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
  #onDiagnostics({ path, version, diagnostics }: Events["diagnostics"]): void {
    const open = this.#documents.get(this.#uriOf(path));
    if (open !== undefined && version !== undefined && open.version !== version) return;
    if (this.#client.pullsDiagnostics && open !== undefined) {
      if (this.#client.refreshesDiagnostics) void this.#connection.languages.diagnostics.refresh();
      return;
    }
    this.#push(path, diagnostics, version);
  }

  async #pushNow(path: string): Promise<void> {
    this.#push(path, await this.#ask("diagnostics", { path }, undefined, []));
  }

  #push(path: string, diagnostics: Events["diagnostics"]["diagnostics"], version?: number): void {
    if (diagnostics.length === 0 && !this.#pushed.delete(path)) return;
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

function foldersOf(params: InitializeParams): readonly string[] {
  const uris = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri === null ? [] : [params.rootUri]);
  return uris.flatMap((uri) => pathOfUri(uri ?? "") ?? []);
}

function pageIn(folder: string, rule: string): string | undefined {
  const path = `${folder}/${rule}.md`;
  return existsSync(path) ? uriOfPath(path.replaceAll("\\", "/")) : undefined;
}
