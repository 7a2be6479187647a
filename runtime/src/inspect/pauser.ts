/** Stops the program for the debugger that is attached to it: in a function, or here. Does nothing that the program could notice. */
import { STOPPED_HERE } from "./protocol.ts";

interface Inspector {
  url(): string | undefined;
  readonly console: { log(text: string): void };
  readonly Session: new () => InspectorSession;
}

interface InspectorSession {
  connect(): void;
  disconnect(): void;
  post(method: string, params?: object, callback?: (error: unknown, result: never) => void): void;
}

/** Where the runtime's files lie, as it runs; none when it was bundled with the program. */
const OWN_FOLDER = /^(.*\/(?:dist|src)\/)inspect\/pauser\.[jt]s$/.exec(import.meta.url)?.[1];
const OWN_PATTERNS = OWN_FOLDER === undefined ? [] : [`^${OWN_FOLDER.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}`];

/** Where a function waits for the session to take it. */
const ARGUMENT = Symbol.for("airssys.inspect.argument");

/** Found at once, also while the program is paused, when nothing that is waited for would come. */
function inspectorOf(): Inspector | undefined {
  try {
    return process.getBuiltinModule?.("node:inspector") as unknown as Inspector | undefined;
  } catch {
    return undefined; // a Node that was built without it, or does not permit it
  }
}

/** Whether a debugger is attached, or could be. */
export function canPause(): boolean {
  try {
    return inspectorOf()?.url() !== undefined;
  } catch {
    return false;
  }
}

/** Says something to the debugger alone: the program's own output stays as it is. */
export function tellDebugger(text: string): void {
  inspectorOf()?.console.log(text);
}

export class Pauser {
  #session: InspectorSession | undefined;
  #breakpoint: string | undefined;

  /** The next call of that function is stopped in its first line, until {@link release}. @returns whether it can be. */
  breakIn(called: unknown): boolean {
    this.release();
    if (typeof called !== "function") return false;
    const holder = globalThis as unknown as Record<symbol, unknown>;
    holder[ARGUMENT] = called;
    try {
      const expression = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(ARGUMENT))})]`;
      const found = this.#post<{ result: { objectId?: string } }>("Runtime.evaluate", { expression });
      const objectId = found?.result.objectId;
      const set = this.#post<{ breakpointId: string }>("Debugger.setBreakpointOnFunctionCall", { objectId });
      this.#breakpoint = set?.breakpointId;
      if (objectId !== undefined) this.#post("Runtime.releaseObject", { objectId });
      return set !== undefined;
    } finally {
      delete holder[ARGUMENT];
    }
  }

  release(): void {
    if (this.#breakpoint === undefined) return;
    const breakpointId = this.#breakpoint;
    this.#breakpoint = undefined;
    this.#post("Debugger.removeBreakpoint", { breakpointId });
  }

  /** Stops here, in a function whose arguments say why. Below it on the stack is the runtime, and then who caused it, if anybody did. */
  pauseHere(why: string, facts: object): void {
    stoppedHere ??= stopping();
    stoppedHere?.(why, facts);
  }

  /** Everything it has set is gone. */
  close(): void {
    this.release();
    this.#session?.disconnect();
    this.#session = undefined;
  }

  /** Answered at once: the session is of this very thread. @returns `undefined` when it was refused. */
  #post<T>(method: string, params: object): T | undefined {
    const session = this.#open();
    let answer: T | undefined;
    session?.post(method, params, (error, result) => {
      if (error === null) answer = result as T;
    });
    return answer;
  }

  #open(): InspectorSession | undefined {
    if (this.#session !== undefined) return this.#session;
    const inspector = inspectorOf();
    if (inspector === undefined) return undefined;
    this.#session = new inspector.Session();
    this.#session.connect();
    this.#session.post("Debugger.enable");
    // What every debugger of the process passes over is passed over: this session must not be the one that looks.
    this.#session.post("Debugger.setBlackboxPatterns", { patterns: ["^node:", ...OWN_PATTERNS] });
    return this.#session;
  }
}

let stoppedHere: ((why: string, facts: object) => void) | undefined;

/** A function of its own script: debuggers pass over what lies beside the runtime's files. `undefined` where code from text is forbidden. */
function stopping(): typeof stoppedHere {
  const source = `return function stoppedHere(why, facts) {\n  debugger;\n};\n//# sourceURL=${STOPPED_HERE}`;
  try {
    return new Function(source)() as typeof stoppedHere;
  } catch {
    return undefined;
  }
}
