/** Where the code of an actor stands, as V8 knows it. */

import type { Cell } from "../actor/cell.ts";
import { FunctionalBehavior } from "../actor/define-actor.ts";
import { DEFINITION } from "../values/actor.ts";
import type { SourceLocation } from "./protocol.ts";

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
  return code === undefined ? undefined : locateFunction(code);
}

function codeOf({ behavior, isSupervisor }: Cell): object | undefined {
  if (behavior === undefined || isSupervisor || DEFINITION in behavior) return undefined;
  if (behavior instanceof FunctionalBehavior) return Object.values(behavior.handlers)[0];
  return behavior.constructor;
}

async function locateFunction(code: object): Promise<SourceLocation | undefined> {
  const { Session } = await import("node:inspector");
  const session = new Session();
  const urls = new Map<string, string>();
  const holder = globalThis as unknown as Record<symbol, unknown>;
  const post = <T>(method: string, parameters: object = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      session.post(method, parameters, (error: Error | null, result: unknown) =>
        error === null ? resolve(result as T) : reject(error),
      );
    });
  session.connect();
  try {
    session.on("Debugger.scriptParsed", ({ params }) => urls.set(params.scriptId, params.url));
    await post("Debugger.enable");
    holder[ARGUMENT] = code;
    const expression = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(ARGUMENT))})]`;
    const { result } = await post<{ result: { objectId: string } }>("Runtime.evaluate", { expression });
    const { internalProperties } = await post<{ internalProperties: readonly InternalProperty[] }>(
      "Runtime.getProperties",
      { objectId: result.objectId, ownProperties: true },
    );
    const at = internalProperties.find(({ name }) => name === "[[FunctionLocation]]")?.value?.value;
    const file = at === undefined ? undefined : urls.get(at.scriptId);
    return at === undefined || file === undefined
      ? undefined
      : { file, line: at.lineNumber + 1, column: at.columnNumber + 1 };
  } finally {
    delete holder[ARGUMENT];
    session.disconnect();
  }
}
