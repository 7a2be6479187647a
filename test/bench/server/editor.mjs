/** An editor that measures: talks LSP to a server and knows the processor time and memory of its processes (Linux). */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";

const MAIN = path.join(import.meta.dirname, "../../../server/dist/main.js");

export class Editor {
  #folder;
  #server;
  #connection;
  #version = 1;
  #open = new Set();
  /** Latest pushed diagnostics by file name. */
  #pushed = new Map();
  #waiting = new Set();
  statuses = [];

  /**
   * @param {string} folder the workspace
   * @param {{ main?: string, settings?: object }} [server] its module and what it is told when it asks for settings; default: ours
   */
  constructor(folder, { main = MAIN, settings = {} } = {}) {
    this.#folder = folder;
    this.#server = spawn(process.execPath, [main, "--stdio"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    this.#connection = createMessageConnection(
      new StreamMessageReader(this.#server.stdout),
      new StreamMessageWriter(this.#server.stdin),
    );
    this.#connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => {
      this.#pushed.set(uri, diagnostics);
      this.#wake();
    });
    this.#connection.onNotification("airssys/status", (status) => {
      this.statuses.push({ ...status, at: performance.now() });
      this.#wake();
    });
    this.#connection.onRequest("workspace/configuration", ({ items }) => items.map(() => settings));
    this.#connection.onRequest(() => null);
    this.#connection.listen();
  }

  /** @returns milliseconds until the answer. */
  async initialize() {
    const start = performance.now();
    await this.#connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: this.uri(""),
      workspaceFolders: [{ uri: this.uri(""), name: "workspace" }],
      capabilities: { textDocument: { diagnostic: {} } },
      initializationOptions: { notifications: ["airssys/status"] },
    });
    const took = performance.now() - start;
    await this.#connection.sendNotification("initialized", {});
    return took;
  }

  uri(file) {
    return pathToFileURL(path.join(this.#folder, file)).href;
  }

  /** Shows a text, as an editor does when a file is opened and at every change. */
  show(file, text) {
    const uri = this.uri(file);
    const version = this.#version++;
    const isNew = !this.#open.has(file);
    this.#open.add(file);
    return isNew
      ? this.notify("textDocument/didOpen", { textDocument: { uri, languageId: "typescript", version, text } })
      : this.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  notify(method, params) {
    return this.#connection.sendNotification(method, params);
  }

  /** @param token cancels the request */
  request(method, params, ...token) {
    return this.#connection.sendRequest(method, params, ...token);
  }

  /** Diagnostics of an open file, when they are those of its newest text. */
  async diagnostics(file) {
    const { items } = await this.request("textDocument/diagnostic", { textDocument: { uri: this.uri(file) } });
    return items;
  }

  /** Resolves when what was pushed for a file that is not open fits. */
  pushed(file, fits) {
    const uri = this.uri(file);
    return this.until(() => fits(this.#pushed.get(uri) ?? []));
  }

  until(condition) {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Processor milliseconds of the server and its analysis, all threads, since they were started. */
  cpuMs() {
    return this.#pids().reduce((sum, pid) => sum + threadsOf(pid).reduce((all, ns) => all + ns, 0) / 1e6, 0);
  }

  /** Resident megabytes: the server and its analysis; `peak` is the analysis's highest. */
  memoryMb() {
    const [server, analysis] = this.#pids().map((pid) => readFileSync(`/proc/${pid}/status`, "utf8"));
    return {
      server: megabytes(server, "VmRSS"),
      analysis: megabytes(analysis, "VmRSS"),
      peak: megabytes(analysis, "VmHWM"),
    };
  }

  async close() {
    const ended = new Promise((resolve) => this.#server.once("exit", resolve));
    await this.request("shutdown");
    await this.notify("exit");
    await ended;
    this.#connection.dispose();
  }

  #pids() {
    const { pid } = this.#server;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return [pid, ...(children === "" ? [] : children.split(" ").map(Number))];
  }

  #wake() {
    for (const look of [...this.#waiting]) look();
  }
}

function threadsOf(pid) {
  return readdirSync(`/proc/${pid}/task`).map((task) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]),
  );
}

function megabytes(status, name) {
  return Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
}
