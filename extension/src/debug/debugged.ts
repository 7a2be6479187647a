/** A program under a debugger of this window: what can be asked of both. Knows no editor. */
import { STOPPED_HERE } from "airssys-rt/inspect";
import type { Conversation } from "../inspect/debugger-link.ts";
import type { Session } from "../inspect/session.ts";
import type { ExceptionFilters } from "./exception-filters.ts";
import { withCrashes } from "./exception-filters.ts";

interface DapFrame {
  readonly presentationHint?: string;
  readonly source?: { readonly path?: string; readonly presentationHint?: string };
}

/** Asks the debug adapter. */
export type AskAdapter = (command: string, args: object) => Promise<unknown>;

/** Milliseconds a step to the next line may take. */
const STEP_LIMIT_MS = 10_000;
/** Milliseconds in which both channels have told of one stop. */
const BOTH_TOLD_MS = 1_000;

export class Debugged {
  readonly conversation: Conversation;
  readonly #ask: AskAdapter;
  #threadId = 0;
  #isStopped = false;
  #filters: ExceptionFilters = { filters: [] };
  #sentFilters: ExceptionFilters | undefined;
  #inActor: string | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(conversation: Conversation, ask: AskAdapter, filters: ExceptionFilters) {
    this.conversation = conversation;
    this.#ask = ask;
    this.#filters = filters;
  }

  get session(): Session {
    return this.conversation.session;
  }

  /** It has stopped. */
  stopped(threadId: number): void {
    this.#threadId = threadId;
    this.#isStopped = true;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** It goes on. */
  resumed(): void {
    this.#isStopped = false;
  }

  /**
   * What it stopped for lies in the runtime: shows who caused it, if a function of the user's is on the stack. Both channels tell of the
   * stop, and either may be first.
   *
   * @param shown called when it stands there, if it had to go on for that.
   */
  showCause(shown: () => void): void {
    if (this.#isStopped) void this.#stepOut(shown);
    else this.onNextStop(() => void this.#stepOut(shown));
  }

  async #stepOut(shown: () => void): Promise<void> {
    const frames = await this.frames();
    const isOwn = ({ source }: DapFrame): boolean =>
      source?.presentationHint !== "deemphasize" && source?.path !== undefined && !source.path.endsWith(STOPPED_HERE);
    // What lies behind a label is no caller: it is where that came from, some time ago.
    const earlier = frames.findIndex(({ presentationHint }) => presentationHint === "label");
    const callers = earlier < 0 ? frames : frames.slice(0, earlier);
    if (!callers.some((frame) => isOwn(frame))) return;
    this.onNextStop(shown);
    await this.resume("stepOut");
  }

  /** Calls back once it has stopped again. */
  onNextStop(callback: () => void): void {
    this.#waiting.push(callback);
  }

  async resume(command: "continue" | "next" | "stepOut"): Promise<void> {
    await this.#ask(command, { threadId: this.#threadId });
  }

  /** Steps over the line. @returns whether it stopped again in time. */
  async stepOver(): Promise<boolean> {
    const stop = this.#nextStop(STEP_LIMIT_MS);
    await this.resume("next");
    return stop;
  }

  /** The innermost frames of the stop. */
  async frames(): Promise<readonly DapFrame[]> {
    const answer = await this.#ask("stackTrace", { threadId: this.#threadId, startFrame: 0, levels: 60 });
    return (answer as { readonly stackFrames: [] }).stackFrames;
  }

  /** What the debugger's other channel says of this stop: it may come a little later. */
  async pause(): Promise<unknown> {
    for (const end = Date.now() + BOTH_TOLD_MS; Date.now() < end; ) {
      const pause = this.conversation.lastPause();
      if (pause !== undefined) return pause;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return undefined;
  }

  /** VS Code has told the debugger at which exceptions to stop. Ours come after it, and add to it. */
  async userFilters(filters: ExceptionFilters): Promise<void> {
    if (filters === this.#sentFilters || JSON.stringify(filters) === JSON.stringify(this.#sentFilters)) return;
    this.#filters = filters;
    await this.#sendFilters();
  }

  /** @param inActor the condition under which an uncaught exception is a crash; `undefined`: only the user's filters. */
  async stopAtCrashes(inActor: string | undefined): Promise<void> {
    if (inActor === this.#inActor) return;
    this.#inActor = inActor;
    await this.#sendFilters();
  }

  async #sendFilters(): Promise<void> {
    if (this.#inActor === undefined && this.#sentFilters === undefined) return;
    const wanted = this.#inActor === undefined ? this.#filters : withCrashes(this.#filters, this.#inActor);
    this.#sentFilters = this.#inActor === undefined ? undefined : wanted;
    await this.#ask("setExceptionBreakpoints", wanted);
  }

  #nextStop(limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), limitMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
}
