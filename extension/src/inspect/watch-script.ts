/** What is evaluated in a program that is watched. Pure. */
import { HOOK_KEY, type Watch } from "airssys-rt/inspect";

const HOOK = `globalThis[Symbol.for(${JSON.stringify(HOOK_KEY)})]`;
/** When our connection is gone: Node falls over when both happen at once. */
const CLOSE_INSPECTOR = 'setTimeout(() => process.getBuiltinModule("node:inspector").close(), 250).unref()';

/** How the answer to {@link begin} begins when the runtime was asked; what it has against it follows. */
export const BEGUN = "watched:";

/** Begins a watch: one evaluation, so that nothing happens in a process that is not meant. Else the value says what was found. */
export function begin(
  binding: string,
  { pid, hasOpenedInspector }: { readonly pid?: number; readonly hasOpenedInspector: boolean },
): string {
  const watch: Watch = { binding, ...(hasOpenedInspector && { hasOpenedInspector }) };
  const isOther = pid === undefined ? "false" : `process.pid !== ${pid}`;
  return `(() => {
    if (${isOther}) return "other";
    const hook = ${HOOK};
    if (hook === undefined) return "noActors";
    return typeof hook.watch === "function" ? "${BEGUN}" + hook.watch(${JSON.stringify(watch)}) : "older";
  })()`;
}

/** Hands over a frame; the value is the answer. */
export function receive(binding: string, frame: string): string {
  return `${HOOK}.receive(${JSON.stringify(frame)}, ${JSON.stringify(binding)})`;
}

/** Undoes what was begun and came to nothing. */
export function forget(binding: string, hasOpenedInspector: boolean): string {
  return `delete globalThis[${JSON.stringify(binding)}]; ${hasOpenedInspector ? CLOSE_INSPECTOR : ""}`;
}
