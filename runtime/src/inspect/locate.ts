/** Where code stands, as V8 knows it: an actor's, or that of functions. */

import type { Cell } from "../actor/cell.ts";
import { FunctionalBehavior } from "../actor/define-actor.ts";
import { DEFINITION } from "../values/actor.ts";
import { TEXT_LIMITS } from "./protocol-limits.ts";
import type { SourceLocation } from "./source-location.ts";

const ARGUMENT = Symbol.for("airssys.inspect.locate");

interface FunctionLocation {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface InternalProperty {
  readonly name: string;
  readonly value?: { readonly value?: FunctionLocation };
}

/** The class of an actor, or the first handler of a functional one. @returns `undefined` when there is no such function. */
export async function locate(cell: Cell): Promise<SourceLocation | undefined> {
  const code = codeOf(cell);
  return code === undefined ? undefined : (await locateFunctions([code]))[0];
}

function codeOf({ behavior, isSupervisor }: Cell): object | undefined {
  if (behavior === undefined || isSupervisor || DEFINITION in behavior) return undefined;
  if (behavior instanceof FunctionalBehavior) return Object.values(behavior.handlers)[0];
  return behavior.constructor;
}

/**
 * Where each of them begins. Looked up in a turn of its own, so never while the program is paused: a session that ends then would let the
 * program go on.
 *
 * @returns `undefined` for what is no function, is Node's own, or has an address that is too long to be told.
 */
export async function locateFunctions(functions: readonly unknown[]): Promise<(SourceLocation | undefined)[]> {
  const { Session } = await import("node:inspector");
  const session = new Session();
  const urls = new Map<string, string>();
  const holder = globalThis as unknown as Record<symbol, unknown>;
  /** Answered at once: the session is of this very thread. @returns `undefined` when it was refused. */
  const post = <T>(method: string, parameters: object = {}): T | undefined => {
    let answer: T | undefined;
    session.post(method, parameters, (error: Error | null, result: unknown) => {
      if (error === null) answer = result as T;
    });
    return answer;
  };
  session.connect();
  try {
    session.on("Debugger.scriptParsed", ({ params }) => urls.set(params.scriptId, params.url));
    post("Debugger.enable");
    const expression = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(ARGUMENT))})]`;
    return functions.map((code) => {
      holder[ARGUMENT] = code;
      const found = post<{ result: { type: string; objectId?: string } }>("Runtime.evaluate", { expression })?.result;
      if (found?.type !== "function" || found.objectId === undefined) return undefined;
      const { objectId } = found;
      const properties = post<{ internalProperties?: readonly InternalProperty[] }>("Runtime.getProperties", {
        objectId,
        ownProperties: true,
      });
      const internalProperties = properties?.internalProperties ?? [];
      const at = internalProperties.find(({ name }) => name === "[[FunctionLocation]]")?.value?.value;
      const file = at === undefined ? undefined : urls.get(at.scriptId);
      return at === undefined || file === undefined || file === "" || file.length > TEXT_LIMITS.path
        ? undefined
        : { file, line: at.lineNumber + 1, column: at.columnNumber + 1 };
    });
  } finally {
    delete holder[ARGUMENT];
    session.disconnect();
  }
}
