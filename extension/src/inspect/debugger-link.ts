/** Frames over a debugger: the program's come as calls of a binding, ours go as evaluations. Knows no editor. */
import { BOOT_KEY, type Boot, HOOK_KEY } from "airssys-rt/inspect";
import type { CdpClient } from "./cdp.ts";
import type { Link, Session } from "./session.ts";

/** The global function that takes frames from the program. */
const BINDING = "__airssys_push";

const HOOK = `globalThis[Symbol.for(${JSON.stringify(HOOK_KEY)})]`;

/** Opens a connection to the debugger of one process or thread. */
export type Connect = (onEvent: (method: string, params: unknown) => void, onClose: () => void) => Promise<CdpClient>;

/** A conversation, and the debugger it goes over. */
export interface Conversation {
  readonly session: Session;
  readonly client: CdpClient;
  /** What the debugger said when the program stopped; `undefined` while it runs. */
  lastPause(): unknown;
}

/**
 * Begins a conversation over a debugger's connection: with a program that runs already, or with one that has not loaded the
 * runtime yet and finds the note we leave.
 *
 * @throws {CdpError} as a rejection, when the debugger refuses.
 */
export async function converseByDebugger(connect: Connect, meet: (link: Link) => Session): Promise<Conversation> {
  let session: Session | undefined;
  let pause: unknown;
  const client = await connect(
    (method, params) => {
      const call = params as { readonly name?: unknown; readonly payload?: unknown };
      if (method === "Runtime.bindingCalled" && call.name === BINDING) session?.receive(String(call.payload));
      if (method === "Debugger.paused") pause = params;
      if (method === "Debugger.resumed") pause = undefined;
    },
    () => session?.end(),
  );
  session = meet({ send: (frame) => void deliver(client, frame, () => session), close: () => client.close() });
  await Promise.all([
    client.call("JsDebug.subscribe", { events: ["Runtime.bindingCalled", "Debugger.paused", "Debugger.resumed"] }),
    client.call("Runtime.addBinding", { name: BINDING }),
    client.call("Runtime.evaluate", { expression: boot({ binding: BINDING }), silent: true }),
  ]);
  return { session, client, lastPause: () => pause };
}

/** Reads a member of the program's hook, also while the program is paused. */
export async function readHook(client: CdpClient, member: "lastSent" | "current"): Promise<unknown> {
  const expression = `${HOOK}?.${member}`;
  const reply = await client.call("Runtime.evaluate", { expression, returnByValue: true, silent: true });
  return (reply as { readonly result?: { readonly value?: unknown } }).result?.value;
}

/** True where an actor's code runs, in the words of a debugger's conditions. */
export const IN_ACTOR: string = `${HOOK}?.isInActor`;

/** True where what that actor does for that message goes on, in the words of a debugger's conditions. */
export function handles(actor: string, seq: number): string {
  return `(() => { const now = ${HOOK}?.current; return now?.actor === ${JSON.stringify(actor)} && now.seq === ${seq}; })()`;
}

function boot(boot: Boot): string {
  const note = JSON.stringify(boot);
  return `(() => { const hook = ${HOOK}; if (hook) hook.attach(${note}); else globalThis[Symbol.for(${JSON.stringify(BOOT_KEY)})] = ${note}; })()`;
}

/** The answer is the value of the evaluation, or is pushed later. */
async function deliver(client: CdpClient, frame: string, session: () => Session | undefined): Promise<void> {
  const expression = `${HOOK}.receive(${JSON.stringify(frame)})`;
  try {
    const reply = (await client.call("Runtime.evaluate", { expression, returnByValue: true, silent: true })) as {
      readonly result?: { readonly value?: unknown };
    };
    const answer = reply.result?.value;
    if (typeof answer === "string" && answer !== "") session()?.receive(answer);
  } catch {
    session()?.end(); // the connection is gone, and with it the program
  }
}
