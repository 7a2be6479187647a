/** The server's end of the analysis process: starts it, starts it again when it ends, and gives it back what it knew. */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism, totalmem } from "node:os";
import type { ServerStatus } from "../protocol.ts";
import type { Events, FromAnalysis, Notices, Requests, ToAnalysis, ToldEvent } from "./analysis-calls.ts";
import { FatalFiles } from "./fatal-files.ts";

/** Ends so close together count: after the first it is started at once, after each further one later than before. */
const ENDS_WITHIN_MS = 180_000;
/** Who was ready for so long does not end because of what it was started with: ends before do not count. */
const STEADY_MS = 10_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

export interface LinkEvents {
  event<K extends ToldEvent>(name: K, params: Events[K]): void;
  /** The process has ended: nothing it said holds any longer. */
  lost(): void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(cause: Error): void;
}

/** The analysis process is gone; it may be back already. */
export class AnalysisLostError extends Error {
  override readonly name = "AnalysisLostError";
}

export class AnalysisLink {
  readonly #module: string;
  readonly #events: LinkEvents;
  readonly #heapMb: number;
  readonly #pending = new Map<number, Pending>();
  readonly #documents = new Map<string, Notices["open"]>();
  readonly #folders = new Set<string>();
  #ends: readonly number[] = [];
  /** When the process that runs was ready for the first time. */
  #readyAt: number | undefined;
  readonly #fatal = new FatalFiles();
  #settings: unknown;
  #keepFacts: Notices["keepFacts"] | undefined;
  #waiting: NodeJS.Timeout | undefined;
  #child: ChildProcess | undefined;
  #nextId = 1;
  #isStopped = false;

  /** @param heapMb megabytes the process may use for its heap; default: by the machine. */
  constructor(module: string, events: LinkEvents, heapMb: number = defaultHeapMb()) {
    this.#module = module;
    this.#events = events;
    this.#heapMb = heapMb;
  }

  /** Process id, for tests and logs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const child = fork(this.#module, [], {
      serialization: "advanced",
      // Most of what the first load makes lives on, and is not worth looking through before there is some of it. An edit of a type leaves
      // a program behind: collected when it is half as much as what lives, not three times, and by one thread, which costs less altogether.
      execArgv: [
        `--max-old-space-size=${this.#heapMb}`,
        "--initial-old-space-size=256",
        "--max-semi-space-size=16",
        "--heap-growing-percent=50",
        "--no-parallel-scavenge",
      ],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child = child;
    this.#readyAt = undefined;
    let lastWords = "";
    child.stderr?.on("data", (chunk: Buffer) => (lastWords = `${lastWords}${chunk}`.slice(-4_000)));
    child.on("message", (message: FromAnalysis) => this.#receive(message));
    child.on("error", (cause) => this.#ended(child, cause.message));
    child.on("exit", (code, signal) => this.#ended(child, reasonOf(code, signal, lastWords, this.#heapMb)));
    this.#tellAll();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#waiting);
    this.#child?.kill();
    this.#fail();
  }

  notify<K extends keyof Notices>(name: K, params: Notices[K]): void {
    this.#remember(name, params);
    this.#send({ kind: "notice", notice: { name, params } as never });
  }

  /** @throws {AnalysisLostError} as a rejection, when the process ends before it answers. */
  request<K extends keyof Requests>(
    name: K,
    params: Requests[K]["params"],
    onCancel?: (cancel: () => void) => void,
  ): Promise<Requests[K]["result"]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#child?.connected !== true) {
        reject(new AnalysisLostError("the analysis is not running"));
        return;
      }
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject });
      onCancel?.(() => this.#cancel(id));
      this.#send({ kind: "request", request: { id, name, params } as never });
    });
  }

  #cancel(id: number): void {
    this.#pending.get(id)?.reject(new AnalysisLostError("cancelled"));
    this.#pending.delete(id);
    this.#send({ kind: "cancel", id });
  }

  #receive(message: FromAnalysis): void {
    if (message.kind === "event") {
      const { name, params } = message.event;
      if (name === "status" && params.state === "ready") this.#readyAt ??= Date.now();
      if (name === "reading") this.#fatal.reading(params.path);
      else this.#events.event(name, params as never);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === "answer") pending?.resolve(message.result);
    else pending?.reject(new Error(message.text));
  }

  #ended(child: ChildProcess, reason: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#fail();
    if (this.#isStopped) return;
    this.#events.lost();
    const now = Date.now();
    const wasSteady = this.#readyAt !== undefined && now - this.#readyAt >= STEADY_MS;
    this.#ends = [...(wasSteady ? [] : this.#ends.filter((at) => now - at < ENDS_WITHIN_MS)), now];
    const recent = this.#ends.length;
    const leftOut = this.#fatal.ended();
    const waitMs = waitAfter(recent);
    const told = `the analysis ${reason}${leftOut === undefined ? "" : ` again while it read ${leftOut}, which is left out now`}`;
    const status: ServerStatus =
      waitMs === 0
        ? { state: "loading", text: `${told} and is started again` }
        : { state: "failed", text: `${told}, ${recent} times in 3 minutes: next start in ${waitMs / 1_000} s` };
    this.#events.event("log", { level: "error", text: status.text });
    this.#events.event("status", status);
    if (waitMs === 0) this.start();
    else this.#waiting = setTimeout(() => this.start(), waitMs);
  }

  #fail(): void {
    for (const pending of this.#pending.values()) pending.reject(new AnalysisLostError("the analysis has ended"));
    this.#pending.clear();
  }

  #remember<K extends keyof Notices>(name: K, params: Notices[K]): void {
    if (name === "open") {
      const document = params as Notices["open"];
      if (this.#child === undefined) this.#fatal.changed([document.path]);
      this.#documents.set(document.path, document);
    } else if (name === "close") this.#documents.delete((params as Notices["close"]).path);
    else if (name === "configure") this.#settings = (params as Notices["configure"]).settings;
    else if (name === "keepFacts") this.#keepFacts = params as Notices["keepFacts"];
    else if (name === "filesChanged" && this.#child === undefined)
      this.#fatal.changed((params as Notices["filesChanged"]).paths);
    else if (name === "folders") {
      const { added, removed } = params as Notices["folders"];
      for (const path of removed) this.#folders.delete(path);
      for (const path of added) this.#folders.add(path);
    }
  }

  /** What a new process must know: what it may keep, settings, folders, open documents, and what not to read. */
  #tellAll(): void {
    const tell = <K extends keyof Notices>(name: K, params: Notices[K]): void =>
      this.#send({ kind: "notice", notice: { name, params } as never });
    if (this.#keepFacts !== undefined) tell("keepFacts", this.#keepFacts);
    if (this.#settings !== undefined) tell("configure", { settings: this.#settings });
    if (this.#folders.size > 0) tell("folders", { added: [...this.#folders], removed: [] });
    for (const document of this.#documents.values()) tell("open", document);
    if (this.#fatal.leftOut.length > 0) tell("leaveOut", { paths: this.#fatal.leftOut });
  }

  #send(message: ToAnalysis): void {
    if (this.#child?.connected === true) this.#child.send(message, () => {});
  }
}

function waitAfter(ends: number): number {
  return ends < 2 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 4 ** (ends - 2));
}

function reasonOf(code: number | null, signal: string | null, lastWords: string, heapMb: number): string {
  if (lastWords.includes("heap out of memory")) return `ran out of memory (its limit is ${heapMb} MB)`;
  const line = lastWords.split("\n").find((one) => /Error/.test(one));
  return `ended unexpectedly (${signal ?? `code ${code}`}${line === undefined ? "" : `, ${line.trim()}`})`;
}

/** A quarter of the memory, between 1 and 4 GB; never more because there are more processors. */
function defaultHeapMb(): number {
  const share = Math.floor(totalmem() / 1024 / 1024 / (availableParallelism() > 1 ? 4 : 6));
  return Math.max(1_024, Math.min(4_096, share));
}
