/** Where the answer to the message that is being handled will be taken: behind the `ask`, in the function that asked. Knows no editor. */

export interface Place {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number;
}

interface Stack {
  readonly description?: string;
  readonly callFrames: readonly {
    readonly functionName: string;
    readonly url: string;
    readonly scriptId: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  }[];
  readonly parent?: Stack;
}

/** Lines of one function that are looked through. */
const LINES = 500;
/** Places behind the question that are tried: which of them comes first, branches decide. */
const PLACES = 12;
/** Where the program keeps which step has stopped it last. */
const LAST = `globalThis[Symbol.for("airssys.inspect.lastReplyStep")]`;

/** Counts up by the clock: a program may outlive the window it was stopped from. */
let lastStep = 0;

/** Who asked, by the causal call stack: the innermost function of the user's behind the message. */
export function askerIn(pause: unknown, isForeign: (url: string) => boolean): Place | undefined {
  const { asyncStackTrace } = (pause ?? {}) as { readonly asyncStackTrace?: Stack };
  for (let stack = asyncStackTrace; stack !== undefined; stack = stack.parent) {
    if (!/^message /.test(stack.description ?? "")) continue;
    return stack.callFrames.find(({ url }) => url !== "" && !isForeign(url));
  }
  return undefined;
}

type Call = (method: string, params: object) => Promise<unknown>;

/**
 * Stops behind the question, once: whoever goes on from there faster than the other places are taken back is not stopped at them.
 *
 * @param condition true in the run of the function that asked, and in no other
 * @returns what takes all that back; `undefined` when there is no place to stop.
 */
export async function breakBehind(
  asker: Place,
  condition: string | undefined,
  call: Call,
): Promise<(() => Promise<void>) | undefined> {
  const { scriptId, lineNumber, columnNumber = 0 } = asker;
  const start = { scriptId, lineNumber, columnNumber };
  const end = { scriptId, lineNumber: lineNumber + LINES, columnNumber: 0 };
  const found = await call("Debugger.getPossibleBreakpoints", { start, end, restrictToFunction: true });
  const { locations } = found as { readonly locations: readonly Place[] };
  const behind = locations.filter((place) => place.lineNumber > lineNumber).slice(0, PLACES);
  const ids: string[] = [];
  lastStep = Math.max(lastStep + 1, Date.now());
  const isFirst = once(lastStep, condition);
  for (const location of behind) {
    const set = await call("Debugger.setBreakpoint", { location, condition: isFirst }).catch(() => undefined); // the user has one there
    if (set !== undefined) ids.push((set as { readonly breakpointId: string }).breakpointId);
  }
  if (behind.length === 0) return undefined;
  return async () => {
    for (const breakpointId of ids) await call("Debugger.removeBreakpoint", { breakpointId }).catch(() => undefined);
  };
}

/** True the first time the condition is, in the words of a debugger's conditions. */
function once(step: number, condition = "true"): string {
  return `(${condition}) && !(${LAST} >= ${step}) && (${LAST} = ${step}) > 0`;
}
