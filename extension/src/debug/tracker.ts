/** Watches the sessions of the JavaScript debugger that run our programs, and begins a conversation with each process. */
import * as vscode from "vscode";
import { settings } from "../config.ts";
import { CdpClient, CdpError } from "../inspect/cdp.ts";
import { converseByDebugger } from "../inspect/debugger-link.ts";
import type { Session } from "../inspect/session.ts";
import type { Origin } from "../inspect/welcome.ts";
import type { Log } from "../log.ts";
import type { Programs } from "../programs/programs.ts";
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
  readonly body?: { readonly output?: unknown };
}

/** What the JavaScript debugger writes when a process ends with another code than 0; it has no event for that. */
const EXITED = /^Process exited with code (\d+)\s*$/;

const RESUMING: readonly unknown[] = ["continue", "next", "stepIn", "stepOut", "reverseContinue", "restartFrame"];

export function registerTracker(log: Log, programs: Programs, launches: Launches): vscode.Disposable {
  return vscode.debug.registerDebugAdapterTrackerFactory("*", {
    createDebugAdapterTracker: (session) => {
      const mark = markOf(session) ?? inTerminal(session);
      if (!mark) return undefined;
      // The root session of the JavaScript debugger has no process; each of its children has one.
      return !mark.noDebug && session.parentSession
        ? new ProcessTracker(session, mark, log, programs, launches)
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

class ProcessTracker implements vscode.DebugAdapterTracker {
  readonly #debugSession: vscode.DebugSession;
  readonly #mark: Mark;
  readonly #log: Log;
  readonly #programs: Programs;
  readonly #launches: Launches;
  #session: Session | undefined;
  #hasEnded = false;
  #isPaused = false;

  constructor(debugSession: vscode.DebugSession, mark: Mark, log: Log, programs: Programs, launches: Launches) {
    this.#debugSession = debugSession;
    this.#mark = mark;
    this.#log = log;
    this.#programs = programs;
    this.#launches = launches;
  }

  onDidSendMessage(message: DapMessage): void {
    if (message.event === "initialized") void this.#begin();
    else if (message.event === "stopped") this.#setPaused(true);
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
      const session = await converseByDebugger(
        (onEvent, onClose) => CdpClient.connect(url, onEvent, onClose),
        (link) =>
          this.#programs.meet({
            link,
            admit: () => this.#admit(),
            pause: () => this.#pause(),
          }),
      );
      if (this.#hasEnded) return session.end();
      this.#session?.end();
      this.#session = session;
      this.#programs.setPaused(session, this.#isPaused);
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

  #setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
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
