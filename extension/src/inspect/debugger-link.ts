/** Frames over a debugger: the program's come as calls of a binding, ours go as evaluations. Knows no editor. */
import { BOOT_KEY, type Boot, HOOK_KEY } from "airssys-rt/inspect";
import type { CdpClient } from "./cdp.ts";
import type { Link, Session } from "./session.ts";

/** The global function that takes frames from the program. */
const BINDING = "__airssys_push";

const HOOK = `globalThis[Symbol.for(${JSON.stringify(HOOK_KEY)})]`;

/** Opens a connection to the debugger of one process or thread. */
export type Connect = (onEvent: (method: string, params: unknown) => void, onClose: () => void) => Promise<CdpClient>;

/**
 * Begins a conversation over a debugger's connection: with a program that runs already, or with one that has not loaded the
 * runtime yet and finds the note we leave.
 *
 * @throws {CdpError} as a rejection, when the debugger refuses.
 */
export async function converseByDebugger(connect: Connect, meet: (link: Link) => Session): Promise<Session> {
  let session: Session | undefined;
  const client = await connect(
    (method, params) => {
      const call = params as { readonly name?: unknown; readonly payload?: unknown };
      if (method === "Runtime.bindingCalled" && call.name === BINDING) session?.receive(String(call.payload));
    },
    () => session?.end(),
  );
  session = meet({ send: (frame) => void deliver(client, frame, () => session), close: () => client.close() });
  await Promise.all([
    client.call("JsDebug.subscribe", { events: ["Runtime.bindingCalled"] }),
    client.call("Runtime.addBinding", { name: BINDING }),
    client.call("Runtime.evaluate", { expression: boot({ binding: BINDING }), silent: true }),
  ]);
  return session;
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
