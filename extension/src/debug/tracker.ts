/** Watches the sessions of the JavaScript debugger that run our programs, and begins a conversation with each process. */
import * as vscode from "vscode";
import { settings } from "../config.ts";
import { CdpClient, CdpError } from "../inspect/cdp.ts";
import { converseByDebugger } from "../inspect/debugger-link.ts";
import type { Session } from "../inspect/session.ts";
import type { Origin } from "../inspect/welcome.ts";
import type { Log } from "../log.ts";
import type { Programs } from "../programs/programs.ts";
import type { Arming } from "./arming.ts";
import { Debugged } from "./debugged.ts";
import type { ExceptionFilters } from "./exception-filters.ts";
import type { Mark } from "./launch.ts";
import type { Launches } from "./launches.ts";
import { markOf } from "./provider.ts";

/** Milliseconds the debugger may take to open its proxy: asked too early it never answers. */
const PROXY_LIMIT_MS = 5_000;

interface ProxyAddress {
  readonly host: string;
  readonly port: number;
  readonly path?: string;
}

interface DapMessage {
  readonly type?: string;
  readonly event?: string;
  readonly command?: string;
  readonly success?: boolean;
  readonly arguments?: unknown;
  readonly body?: { readonly output?: unknown; readonly threadId?: number };
}

/** What the JavaScript debugger writes when a process ends with another code than 0; it has no event for that. */
const EXITED = /^Process exited with code (\d+)\s*$/;

const RESUMING: readonly unknown[] = ["continue", "next", "stepIn", "stepOut", "reverseContinue", "restartFrame"];

export function registerTracker(log: Log, programs: Programs, launches: Launches, arming: Arming): vscode.Disposable {
  return vscode.debug.registerDebugAdapterTrackerFactory("*", {
    createDebugAdapterTracker: (session) => {
      const mark = markOf(session) ?? inTerminal(session);
      if (!mark) return undefined;
      // The root session of the JavaScript debugger has no process; each of its children has one.
      return !mark.noDebug && session.parentSession
        ? new ProcessTracker(session, mark, { log, programs, launches, arming })
        : new EndTracker(mark, launches);
    },
  });
}

/** A process that was started in a JavaScript debug terminal. */
function inTerminal(session: vscode.DebugSession): Mark | undefined {
  let root = session;
  while (root.parentSession) root = root.parentSession;
  const isOurs = root.configuration.type === "node-terminal" && settings().showTerminalPrograms;
  return isOurs && session !== root ? { launch: "terminal", attached: false, noDebug: false } : undefined;
}

/** Sees whether the user ends a launch, or it ends by itself. */
class EndTracker implements vscode.DebugAdapterTracker {
  readonly #mark: Mark;
  readonly #launches: Launches;
  #hasEnded = false;

  constructor(mark: Mark, launches: Launches) {
    this.#mark = mark;
    this.#launches = launches;
  }

  onWillReceiveMessage({ command }: DapMessage): void {
    // VS Code takes its leave of every session, also of one that has ended.
    if (!this.#hasEnded && (command === "disconnect" || command === "terminate"))
      this.#launches.stopped(this.#mark.launch);
  }

  onDidSendMessage({ event, body }: DapMessage): void {
    if (event === "terminated") this.#hasEnded = true;
    const [, code] = (event === "output" && EXITED.exec(String(body?.output ?? ""))) || [];
    if (code !== undefined) this.#launches.exited(this.#mark.launch, Number(code));
  }
}

interface Shared {
  readonly log: Log;
  readonly programs: Programs;
  readonly launches: Launches;
  readonly arming: Arming;
}

class ProcessTracker implements vscode.DebugAdapterTracker {
  readonly #debugSession: vscode.DebugSession;
  readonly #mark: Mark;
  readonly #log: Log;
  readonly #programs: Programs;
  readonly #launches: Launches;
  readonly #arming: Arming;
  #filters: ExceptionFilters = { filters: [] };
  #debugged: Debugged | undefined;
  #session: Session | undefined;
  #hasEnded = false;
  #isPaused = false;

  constructor(debugSession: vscode.DebugSession, mark: Mark, { log, programs, launches, arming }: Shared) {
    this.#debugSession = debugSession;
    this.#mark = mark;
    this.#log = log;
    this.#programs = programs;
    this.#launches = launches;
    this.#arming = arming;
  }

  /** What VS Code says of exceptions is the user's: it is kept, and added to. */
  onWillReceiveMessage({ command, arguments: said }: DapMessage): void {
    if (command !== "setExceptionBreakpoints") return;
    this.#filters = said as ExceptionFilters;
    // The debugger takes them in the order in which they come.
    queueMicrotask(
      () => void this.#debugged?.userFilters(this.#filters).catch((error) => this.#log.warn(String(error))),
    );
  }

  onDidSendMessage(message: DapMessage): void {
    if (message.event === "initialized") void this.#begin();
    else if (message.event === "stopped") this.#stop(message.body?.threadId ?? 0);
    else if (message.event === "continued" || isResumed(message)) this.#setPaused(false);
    else if (message.event === "terminated") this.#end();
  }

  onWillStopSession(): void {
    this.#end();
  }

  onExit(): void {
    this.#end();
  }

  async #begin(): Promise<void> {
    try {
      const proxy = await withinLimit(this.#debugSession.customRequest("requestCDPProxy") as Promise<ProxyAddress>);
      const url = `ws://${proxy.host}:${proxy.port}${proxy.path ?? ""}`;
      const conversation = await converseByDebugger(
        (onEvent, onClose) => CdpClient.connect(url, onEvent, onClose),
        (link) =>
          this.#programs.meet({
            link,
            admit: () => this.#admit(),
            pause: () => this.#pause(),
          }),
      );
      const { session } = conversation;
      if (this.#hasEnded) return session.end();
      this.#session?.end();
      this.#session = session;
      this.#programs.setPaused(session, this.#isPaused);
      const ask = (command: string, args: object) => Promise.resolve(this.#debugSession.customRequest(command, args));
      this.#debugged = new Debugged(conversation, ask, this.#filters);
      this.#arming.meet(this.#debugged);
    } catch (error) {
      if (this.#hasEnded) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.error(`the actors of "${this.#debugSession.name}" cannot be shown: ${reason}`);
    }
  }

  #admit(): Origin {
    this.#launches.saw(this.#mark.launch);
    return this.#mark.attached ? "attached" : "debugging";
  }

  #stop(threadId: number): void {
    this.#setPaused(true);
    this.#debugged?.stopped(threadId);
  }

  #setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (!isPaused) this.#debugged?.resumed();
    if (this.#session) this.#programs.setPaused(this.#session, isPaused);
  }

  /** A thread that does not answer stops for the debugger all the same. */
  async #pause(): Promise<void> {
    const { threads } = (await this.#debugSession.customRequest("threads")) as { readonly threads: { id: number }[] };
    await this.#debugSession.customRequest("pause", { threadId: threads[0]?.id ?? 0 });
  }

  /** The debugger knows first that a program has ended; what the program said last comes by its own channel, and may come later. */
  #end(): void {
    this.#hasEnded = true;
    if (this.#debugged) this.#arming.leave(this.#debugged);
    this.#session?.expectEnd();
  }
}

function isResumed({ type, command, success }: DapMessage): boolean {
  return type === "response" && success === true && RESUMING.includes(command);
}

function withinLimit<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new CdpError(`the debugger did not answer within ${PROXY_LIMIT_MS} ms`)),
      PROXY_LIMIT_MS,
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
