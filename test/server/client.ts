/** A client of the language server that is no editor: `vscode-jsonrpc` over the pipes of the process. Waits for events, never for time. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type { ServerStatus } from "../../server/src/protocol.ts";
import { MINI_LIB, MINI_RUNTIME } from "./mini-lib.ts";

export const MAIN: string = path.join(import.meta.dirname, "../../server/src/main.ts");

export interface LspDiagnostic {
  readonly range: {
    readonly start: { line: number; character: number };
    readonly end: { line: number; character: number };
  };
  readonly code: string;
  readonly message: string;
  readonly source: string;
  readonly severity: number;
}

export interface Session {
  readonly connection: MessageConnection;
  readonly process: ChildProcess;
  readonly statuses: readonly ServerStatus[];
  readonly logs: readonly string[];
  /** Methods of the requests the server made. */
  readonly asked: readonly string[];
  /** What the server said it can do. */
  readonly serverCapabilities: Readonly<Record<string, unknown>>;
  uri(file: string): string;
  open(file: string, text: string): void;
  change(file: string, text: string): void;
  close(file: string): void;
  /** Resolves when diagnostics of the file have been pushed that fit, now or later. */
  diagnostics(
    file: string,
    fit?: (diagnostics: readonly LspDiagnostic[]) => boolean,
  ): Promise<readonly LspDiagnostic[]>;
  /** Is told of everything that is pushed from now on. */
  onDiagnostics(listener: (uri: string, diagnostics: readonly LspDiagnostic[]) => void): void;
  status(fit: (status: ServerStatus) => boolean): Promise<ServerStatus>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A folder with the files, the runtime's typings and no library, removed at the end. */
export function makeWorkspace(files: Readonly<Record<string, string>>): {
  readonly folder: string;
  [Symbol.dispose](): void;
} {
  const folder = mkdtempSync(path.join(tmpdir(), "airssys-session-"));
  const all: Record<string, string> = {
    "tsconfig.json":
      '{ "compilerOptions": { "noLib": true, "strict": true, "target": "es2023", "module": "esnext", "moduleResolution": "bundler", "types": ["mini"] } }',
    "node_modules/@types/mini/index.d.ts": MINI_LIB,
    "node_modules/airssys-rt/package.json": '{ "name": "airssys-rt", "types": "index.d.ts" }',
    "node_modules/airssys-rt/index.d.ts": MINI_RUNTIME,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * @param capabilities of the client; default: only what the oldest clients can.
 * @param main what is started; default: the sources.
 * @param listen is given the connection before anything is said.
 */
export async function startSession(
  folder: string,
  capabilities: object = {},
  options: { readonly initializationOptions?: object; readonly [member: string]: unknown } = {},
  main: string = MAIN,
  listen: (connection: MessageConnection) => void = () => {},
): Promise<Session> {
  const server = spawn(process.execPath, [main, "--stdio"], { stdio: ["pipe", "pipe", "pipe"] });
  if (server.stdout === null || server.stdin === null) throw new Error("no pipes");
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const session = new PipedSession(folder, server, connection);
  listen(connection);
  connection.listen();
  const { capabilities: offered } = await connection.sendRequest<{ capabilities: Record<string, unknown> }>(
    "initialize",
    {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "workspace" }],
      capabilities,
      ...options,
      initializationOptions: {
        notifications: ["airssys/status", "airssys/supervisionTreeChanged", "airssys/testsChanged"],
        ...options.initializationOptions,
      },
    },
  );
  session.serverCapabilities = offered;
  await connection.sendNotification("initialized", {});
  return session;
}

class PipedSession implements Session {
  readonly connection: MessageConnection;
  readonly process: ChildProcess;
  readonly statuses: ServerStatus[] = [];
  readonly logs: string[] = [];
  readonly asked: string[] = [];
  serverCapabilities: Readonly<Record<string, unknown>> = {};
  readonly #folder: string;
  readonly #latest = new Map<string, readonly LspDiagnostic[]>();
  readonly #listeners: ((uri: string, diagnostics: readonly LspDiagnostic[]) => void)[] = [];
  readonly #waiting = new Set<() => void>();
  #version = 1;

  constructor(folder: string, server: ChildProcess, connection: MessageConnection) {
    this.#folder = folder;
    this.process = server;
    this.connection = connection;
    connection.onNotification(
      "textDocument/publishDiagnostics",
      ({ uri, diagnostics }: { uri: string; diagnostics: LspDiagnostic[] }) => {
        this.#latest.set(uri, diagnostics);
        for (const listener of this.#listeners) listener(uri, diagnostics);
        this.#wake();
      },
    );
    connection.onNotification("airssys/status", (status: ServerStatus) => {
      this.statuses.push(status);
      this.#wake();
    });
    connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.logs.push(message);
      this.#wake();
    });
    connection.onRequest((method) => {
      this.asked.push(method);
      return null;
    });
  }

  uri(file: string): string {
    return pathToFileURL(path.join(this.#folder, file)).href;
  }

  open(file: string, text: string): void {
    const textDocument = { uri: this.uri(file), languageId: "typescript", version: this.#version++, text };
    void this.connection.sendNotification("textDocument/didOpen", { textDocument });
  }

  change(file: string, text: string): void {
    const textDocument = { uri: this.uri(file), version: this.#version++ };
    void this.connection.sendNotification("textDocument/didChange", { textDocument, contentChanges: [{ text }] });
  }

  close(file: string): void {
    void this.connection.sendNotification("textDocument/didClose", { textDocument: { uri: this.uri(file) } });
  }

  async diagnostics(
    file: string,
    isFit: (diagnostics: readonly LspDiagnostic[]) => boolean = (all) => all.length > 0,
  ): Promise<readonly LspDiagnostic[]> {
    const uri = this.uri(file);
    await this.#until(() => this.#latest.has(uri) && isFit(this.#latest.get(uri) ?? []), `diagnostics of ${file}`);
    return this.#latest.get(uri) ?? [];
  }

  onDiagnostics(listener: (uri: string, diagnostics: readonly LspDiagnostic[]) => void): void {
    this.#listeners.push(listener);
  }

  async status(fit: (status: ServerStatus) => boolean): Promise<ServerStatus> {
    await this.#until(() => this.statuses.some(fit), "status");
    const found = this.statuses.find(fit);
    if (found === undefined) throw new Error("no status");
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended =
      this.process.exitCode === null && this.process.signalCode === null ? once(this.process, "exit") : undefined;
    if (ended !== undefined) {
      await this.connection.sendRequest("shutdown").catch(() => undefined);
      await this.connection.sendNotification("exit").catch(() => undefined);
    }
    await ended;
    this.connection.dispose();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  #until(condition: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      this.process.once("exit", () => reject(new Error(`the server ended before there was any ${what}`)));
      look();
    });
  }
}
