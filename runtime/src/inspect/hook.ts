/** The hook on `globalThis`: how a debugger or the extension finds the runtime in a program it knows nothing about. */
import { type Cell, cellOf } from "../actor/cell.ts";
import { PendingAsk } from "../actor/pending-ask.ts";
import { runningSystems } from "../health/systems.ts";
import { typeOf } from "../values/errors.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { WATCHING } from "./access.ts";
import { complain } from "./complaint.ts";
import { letterHere, whoIsHere } from "./here.ts";
import { cellByKey } from "./keys.ts";
import { handlerFor } from "./message-stop.ts";
import {
  BOOT_KEY,
  type Boot,
  type Capability,
  ENV_ENDPOINT,
  ENV_TOKEN,
  ENV_WAIT,
  HOOK_KEY,
  type InspectionHook,
  PROTOCOL_VERSION,
  type ProgramFrame,
  type Runner,
} from "./protocol.ts";
import { HOLD_LIMIT_MS, MAX_FRAME_LENGTH } from "./protocol-limits.ts";
import { runner } from "./runner.ts";
import { InspectSession, type Outlet } from "./session.ts";
import type { LastSent } from "./stop-protocol.ts";
import { lastSentMessage } from "./stops.ts";
import { RUNTIME_VERSION } from "./version.ts";
import type { Watch } from "./watch-protocol.ts";
import { Watches } from "./watches.ts";

const CAPABILITIES: readonly Capability[] = [
  "tree",
  "counts",
  "health",
  "locate",
  "hold",
  "kill",
  "restart",
  "stop",
  "suspend",
  "resume",
  "send",
  "ping",
  "who",
  "watchdog",
  "quiet",
  "crash",
  "ask",
  "leave",
  "signal",
  "output",
  "breakpoints",
  "steps",
  "crashStops",
  "causes",
  "recordings",
  "profile",
  "details",
  "messages",
  "stats",
];

type Globals = Record<PropertyKey, unknown>;
const globals = globalThis as unknown as Globals;

/** Frames to the global function a debugger made. It takes text and never blocks. */
class BindingOutlet implements Outlet {
  readonly isCongested = false;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  push(frame: string): void {
    const binding = globals[this.#name];
    if (typeof binding === "function") binding(frame);
  }

  refused(code: string, message: string): void {
    complain(`the debugger refused this program: ${message} (${code})`);
  }
}

class Hook implements InspectionHook {
  readonly protocol = PROTOCOL_VERSION;
  readonly copies: number;
  readonly #watches = new Watches();
  #session: InspectSession | undefined = undefined;
  #isHolding = false;
  #limit: ReturnType<typeof setTimeout> | undefined = undefined;

  /** @param before what stood in its place */
  constructor(before: unknown) {
    this.copies = copiesIn(before) + 1;
  }

  attach(boot: Boot): void {
    this.#session?.close();
    const outlet = new BindingOutlet(boot.binding);
    this.#session = new InspectSession(outlet, () => this.go());
    outlet.push(JSON.stringify(hello(this.copies)));
    if (boot.wait === true) this.hold();
  }

  watch(watch: Watch): string {
    const greeting: ProgramFrame = { ...hello(this.copies), capabilities: WATCHING, watching: true };
    return this.#watches.begin(watch, greeting);
  }

  receive(text: string, binding?: string): string {
    if (binding !== undefined) return this.#watches.receive(String(binding), String(text));
    if (this.#session === undefined)
      return JSON.stringify({ type: "error", code: "ERR_BAD_FRAME", message: "nobody is attached" });
    return this.#session.receive(String(text)) ?? "";
  }

  handlerOf(path: string, messageType: string): unknown {
    const cell = findByPath(path);
    return cell && handlerFor(cell, messageType);
  }

  get current(): InspectionHook["current"] {
    const letter = letterHere();
    if (letter === undefined) return undefined;
    const { recipient, messageId, seq, sender } = letter;
    const type = String(typeOf(letter.message));
    const { origin } = letter;
    const isAsked = origin instanceof PendingAsk && origin.isPending;
    const asker = isAsked ? askerOf(origin) : undefined;
    return { actor: recipient.id, type, messageId, seq, isAsked, ...(sender && { sender: sender.id }), ...asker };
  }

  get message(): unknown {
    return letterHere()?.message;
  }

  get isInActor(): boolean {
    return whoIsHere() !== undefined;
  }

  get lastSent(): LastSent | undefined {
    const last = lastSentMessage();
    return last && { seq: last.seq, path: last.path, type: last.type, key: last.key };
  }

  behaviorOf(key: string): unknown {
    return cellByKey(String(key))?.cell.behavior;
  }

  get runner(): Runner | undefined {
    return runner();
  }

  get lastSentSeq(): number {
    return runningSystems()[0]?.env.lastSeq ?? 0;
  }

  /** Holds every first message until {@link go}, at most {@link HOLD_LIMIT_MS}. */
  hold(): void {
    this.#isHolding = true;
    for (const { env } of runningSystems()) env.scheduler.hold();
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => this.go(), HOLD_LIMIT_MS);
  }

  get isHolding(): boolean {
    return this.#isHolding;
  }

  go(): void {
    clearTimeout(this.#limit);
    this.#isHolding = false;
    for (const { env } of runningSystems()) env.scheduler.release();
  }
}

function hello(copies: number, token?: string): Extract<ProgramFrame, { type: "hello" }> {
  return {
    type: "hello",
    protocol: PROTOCOL_VERSION,
    runtime: RUNTIME_VERSION,
    pid: process.pid,
    node: process.version,
    program: process.argv[1] ?? "",
    capabilities: CAPABILITIES,
    frameLimit: MAX_FRAME_LENGTH,
    ...(copies > 1 ? { copies } : {}),
    ...(token === undefined ? {} : { token }),
  };
}

/** Who waits for the answer, and what it handles meanwhile; nothing when it handles none. */
function askerOf({
  sender,
}: {
  readonly sender: AnyActorRef | undefined;
}): Pick<NonNullable<InspectionHook["current"]>, "asker"> {
  if (sender === undefined) return {};
  const letter = cellOf(sender).letterInHand;
  return letter === undefined || letter.isSignal ? {} : { asker: { actor: sender.id, seq: letter.seq } };
}

function findByPath(path: string): Cell | undefined {
  for (const { env, root } of runningSystems()) {
    if (path === env.systemName) return root;
    if (!path.startsWith(`${env.systemName}/`)) continue;
    const found = root.find(path.slice(env.systemName.length + 1));
    if (found !== undefined) return cellOf(found);
  }
  return undefined;
}

/** Another copy of the package may be of another version. */
function copiesIn(before: unknown): number {
  if (typeof before !== "object" || before === null) return 0;
  const { copies } = before as { readonly copies?: unknown };
  return typeof copies === "number" ? copies : 1;
}

let hook: Hook | undefined;

/**
 * Puts the hook in its place, once, and answers whoever waits for it: a debugger through {@link Boot}, or the extension through the
 * environment. Called when the first system starts. Without either it costs nothing more.
 *
 * @returns whether the first message is to be held.
 */
export function installHook(): boolean {
  if (hook === undefined) {
    const key = Symbol.for(HOOK_KEY);
    hook = new Hook(globals[key]);
    Object.defineProperty(globalThis, key, { value: hook, configurable: true });
    const boot = globals[Symbol.for(BOOT_KEY)] as Boot | undefined;
    if (typeof boot?.binding === "string") hook.attach(boot);
    const endpoint = process.env[ENV_ENDPOINT];
    if (endpoint !== undefined && endpoint !== "") dial(hook, endpoint);
    if (process.env[ENV_WAIT] === "1") hook.hold();
  }
  return hook.isHolding;
}

function dial(hook: Hook, endpoint: string): void {
  const greeting = hello(hook.copies, process.env[ENV_TOKEN]);
  import("./socket.ts")
    .then(({ connectToViewer }) => connectToViewer(endpoint, greeting, () => hook.go()))
    .catch((error: unknown) => complain("could not be begun", error));
}
