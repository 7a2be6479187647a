/** A debugger for tests: runs a program under the inspector of its Node, and stops where it stops. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { BOOT_KEY, HOOK_KEY, type ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";

export interface Paused {
  readonly reason: string;
  readonly data?: { readonly description?: string };
  readonly callFrames: readonly { readonly functionName: string; readonly location: { readonly scriptId: string } }[];
  readonly asyncStackTrace?: AsyncStack;
}

interface AsyncStack {
  readonly description?: string;
  readonly callFrames: readonly { readonly functionName: string; readonly url: string }[];
  readonly parent?: AsyncStack;
}

const HOOK = `globalThis[Symbol.for(${JSON.stringify(HOOK_KEY)})]`;

export class Debugger {
  readonly output: string[] = [];
  readonly frames: ProgramFrame[] = [];
  readonly pauses: Paused[] = [];
  readonly console: string[] = [];
  /** What is done at each stop before the program goes on. */
  onPause: (paused: Paused) => Promise<void> | void = () => {};
  readonly #child: ChildProcess;
  #socket!: WebSocket;
  #id = 0;
  readonly #scripts = new Map<string, string>();
  readonly #calls = new Map<number, (result: never) => void>();
  readonly hasEnded: Promise<void>;

  private constructor(program: string, args: readonly string[], flags: readonly string[]) {
    const file = fileURLToPath(new URL(program, import.meta.url));
    this.#child = spawn(process.execPath, ["--inspect=127.0.0.1:0", ...flags, file, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_OPTIONS: "", NODE_V8_COVERAGE: "" },
    });
    this.hasEnded = new Promise((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.stdout?.on("data", (data: Buffer) => this.output.push(...String(data).trim().split("\n")));
  }

  /** Runs a program beside this file; the runtime is skipped, as in an editor. */
  static async run(program: string, args: readonly string[] = [], flags: readonly string[] = []): Promise<Debugger> {
    const debug = new Debugger(program, args, flags);
    const url = await new Promise<string>((resolve) => {
      let said = "";
      debug.#child.stderr?.on("data", (data: Buffer) => {
        said += String(data);
        const found = /ws:\S+/.exec(said)?.[0];
        if (found !== undefined) resolve(found);
      });
    });
    await debug.#connect(url);
    return debug;
  }

  async #connect(url: string): Promise<void> {
    this.#socket = new WebSocket(url);
    await new Promise((resolve) => this.#socket.addEventListener("open", resolve));
    this.#socket.addEventListener("message", ({ data }) => void this.#take(JSON.parse(String(data))));
    await this.call("Runtime.enable");
    await this.call("Debugger.enable");
    await this.call("Debugger.setAsyncCallStackDepth", { maxDepth: 32 });
    await this.call("Debugger.setBlackboxPatterns", { patterns: ["/runtime/src/", "^node:"] });
    await this.call("Runtime.addBinding", { name: "pushFrame" });
    await this.evaluate(
      `globalThis[Symbol.for(${JSON.stringify(BOOT_KEY)})] = { binding: "pushFrame" }; ${HOOK}?.attach({ binding: "pushFrame" })`,
    );
  }

  async #take(message: { id?: number; result?: never; method?: string; params?: never }): Promise<void> {
    if (message.id !== undefined) this.#calls.get(message.id)?.(message.result as never);
    const { method, params } = message as { method?: string; params: never };
    if (method === "Runtime.bindingCalled")
      this.frames.push(JSON.parse((params as { payload: string }).payload) as ProgramFrame);
    if (method === "Runtime.consoleAPICalled")
      this.console.push(String((params as { args: { value?: unknown }[] }).args[0]?.value));
    if (method === "Debugger.scriptParsed") {
      const { scriptId, url } = params as { scriptId: string; url: string };
      this.#scripts.set(scriptId, url);
    }
    if (method !== "Debugger.paused") return;
    this.pauses.push(params as Paused);
    await this.onPause(params as Paused);
    await this.call("Debugger.resume");
  }

  call<T>(method: string, params: object = {}): Promise<T> {
    const id = ++this.#id;
    return new Promise((resolve) => {
      this.#calls.set(id, resolve as (result: never) => void);
      if (this.#socket.readyState !== WebSocket.OPEN) resolve(undefined as T);
      else this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  async evaluate<T>(expression: string): Promise<T> {
    const answer = await this.call<{ result?: { value?: T } }>("Runtime.evaluate", { expression, returnByValue: true });
    return answer?.result?.value as T;
  }

  /** Says something to the program's hook. @returns the answer. */
  async say(frame: object): Promise<ProgramFrame & { readonly ok?: boolean; readonly value?: never }> {
    return JSON.parse(await this.evaluate<string>(`${HOOK}.receive(${JSON.stringify(JSON.stringify(frame))})`));
  }

  hook<T>(member: string): Promise<T> {
    return this.evaluate<T>(`${HOOK}.${member}`);
  }

  /** Waits until the program has said that. */
  async said(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.#child.exitCode !== null)
        throw new Error(`it ended with ${this.#child.exitCode}: ${this.output.join("; ")}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** How it ended; it has to by itself. */
  async exitCode(): Promise<number | null> {
    await this.hasEnded;
    return this.#child.exitCode;
  }

  /** Waits for a frame of the program's. */
  async told<F extends ProgramFrame>(is: (frame: ProgramFrame) => frame is F): Promise<F> {
    for (;;) {
      const found = this.frames.find(is);
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null) throw new Error(`it ended with ${this.#child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** The debugger is gone, and has told nobody. */
  drop(): void {
    this.#socket.close();
  }

  end(): void {
    this.#socket.close();
    this.#child.kill("SIGKILL");
  }

  /** The innermost function on the stack that is the program's own. */
  ownFrame({ callFrames }: Paused): string {
    const own = callFrames.find(({ location }) => {
      const url = this.#scripts.get(location.scriptId) ?? "";
      return !url.startsWith("node:") && !url.includes("/runtime/src/");
    });
    return own?.functionName ?? "none";
  }

  /** The functions on the stack, then those before, with what leads to them. */
  static stackOf({ callFrames, asyncStackTrace }: Paused): string[] {
    const names = callFrames.map(({ functionName }) => functionName);
    for (let at = asyncStackTrace; at !== undefined; at = at.parent)
      names.push(`[${at.description}]`, ...at.callFrames.map(({ functionName }) => functionName));
    return names;
  }
}
