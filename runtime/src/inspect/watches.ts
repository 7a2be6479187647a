/** The viewers that only watch this program, each through a debugger's connection of its own; when one is gone, so is all that was for it. */
import { complain } from "./complaint.ts";
import type { Boot, ProgramFrame } from "./protocol.ts";
import { InspectSession, type Outlet } from "./session.ts";
import { type ByeFrame, WATCH_LIMITS, type Watch } from "./watch-protocol.ts";

const LOOK_MS = 1_000;
/**
 * Milliseconds until the inspector is closed. Node falls over when it closes it from within what a debugger says, as the leave of a viewer
 * is, or while a connection is just being closed from the other side.
 */
const CLOSING_MS = 250;

const globals = globalThis as unknown as Record<string, unknown>;

/** One viewer. Over a debugger nobody tells the program that it has gone: it is gone when it says so, or says nothing for long. */
class Watcher implements Outlet {
  readonly #binding: string;
  readonly #session = new InspectSession(this, () => {}, "watching");
  readonly #onEnd: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #silentLooks = 0;
  #untaken = 0;
  #hasEnded = false;

  constructor(binding: string, onEnd: () => void) {
    this.#binding = binding;
    this.#onEnd = onEnd;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** It takes no more before it has said something. */
  get isCongested(): boolean {
    return this.#untaken > WATCH_LIMITS.untaken;
  }

  push(frame: string): void {
    const binding = globals[this.#binding];
    if (typeof binding !== "function") return;
    this.#untaken += frame.length;
    binding(frame);
  }

  receive(text: string): string {
    this.#silentLooks = 0;
    this.#untaken = 0;
    return this.#session.receive(text) ?? "";
  }

  refused(): void {
    this.#end();
  }

  left(): void {
    this.#end();
  }

  bye(reason: ByeFrame["reason"]): void {
    this.push(bye(reason));
  }

  /** Counted by looks, not by the clock: they do not pass while the whole machine sleeps. */
  #look(): void {
    if (++this.#silentLooks < WATCH_LIMITS.silentSeconds) return;
    this.bye("silence");
    this.#session.close();
    this.#end();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearInterval(this.#timer);
    delete globals[this.#binding];
    this.#onEnd();
  }
}

export class Watches {
  readonly #watchers = new Map<string, Watcher>();
  #hasOpenedInspector = false;
  readonly #onExit = (): void => this.#exit();

  /** Begins one. @returns nothing, or why not, as a frame. */
  begin({ binding, hasOpenedInspector }: Watch, hello: ProgramFrame): string {
    const refusal = this.#refusalOf(binding);
    if (refusal !== undefined)
      return JSON.stringify({ type: "error", code: "ERR_ACTION_FAILED", message: refusal } satisfies ProgramFrame);
    if (this.#watchers.size === 0) process.on("exit", this.#onExit);
    const watcher = new Watcher(binding, () => this.#forget(binding));
    this.#watchers.set(binding, watcher);
    this.#hasOpenedInspector ||= hasOpenedInspector === true;
    watcher.push(JSON.stringify(hello));
    return "";
  }

  /** Takes a frame of one. Who is not known any more is told so. */
  receive(binding: string, text: string): string {
    return this.#watchers.get(binding)?.receive(text) ?? bye("silence");
  }

  #refusalOf(binding: Boot["binding"]): string | undefined {
    if (typeof binding !== "string" || typeof globals[binding] !== "function")
      return "there is no function that would take frames";
    if (this.#watchers.has(binding)) return "this function takes the frames of another viewer";
    const { watches } = WATCH_LIMITS;
    return this.#watchers.size >= watches ? `${watches} viewers watch this program already` : undefined;
  }

  #forget(binding: string): void {
    this.#watchers.delete(binding);
    if (this.#watchers.size > 0) return;
    process.off("exit", this.#onExit);
    if (this.#hasOpenedInspector) setTimeout(() => this.#closeInspector(), CLOSING_MS).unref();
  }

  #closeInspector(): void {
    if (!this.#hasOpenedInspector || this.#watchers.size > 0) return;
    this.#hasOpenedInspector = false;
    closeInspector();
  }

  /**
   * Node does not end while a debugger's connection is open. Viewers are told, and are gone at once; for one that has no time the
   * program does not wait: it closes its inspector itself.
   */
  #exit(): void {
    const watchers = [...this.#watchers.values()];
    for (const watcher of watchers) watcher.bye("exit");
    // What they say arrives within this loop, as it does in any that does not turn.
    const untilMs = performance.now() + WATCH_LIMITS.exitMs;
    while (watchers.some(({ hasEnded }) => !hasEnded) && performance.now() < untilMs);
    if (watchers.some(({ hasEnded }) => !hasEnded)) closeInspector();
  }
}

function closeInspector(): void {
  try {
    (process.getBuiltinModule?.("node:inspector") as { close(): void } | undefined)?.close();
  } catch (error) {
    complain("the inspector could not be closed", error);
  }
}

function bye(reason: ByeFrame["reason"]): string {
  return JSON.stringify({ type: "bye", reason } satisfies ProgramFrame);
}
