/**
 * Frames over an inspector's domain Runtime alone: what is watched cannot be paused, and nothing is left in it. What comes is data of unknown
 * origin: it is bounded and checked. Knows no editor.
 */
import { randomBytes } from "node:crypto";
import { say } from "../sentence.ts";
import { CdpClient, CdpError } from "./cdp.ts";
import type { Link, Session } from "./session.ts";
import { inTime, WatchError } from "./watch-error.ts";
import { BEGUN, begin, forget, receive } from "./watch-script.ts";

/** Milliseconds a program may take for each question of the beginning. */
const ANSWER_MS = 5_000;
/** A program that keeps to the protocol tells far less in a second. */
const MOST_FRAMES = 1_000;
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** Whom to watch, and how. */
export interface Watched {
  /** For people. */
  readonly name: string;
  readonly url: string;
  /** Of the process that is meant; absent where it is not known. */
  readonly pid?: number;
  /** We have opened its inspector: it is closed at the end. */
  readonly hasOpenedInspector: boolean;
}

/** What the program says at first: nothing when it is watched now. */
type Beginning =
  | { readonly is: "watched" }
  | { readonly is: "other" | "noActors" | "older" }
  | { readonly is: "refused"; readonly text: string };

/** Begins sessions, and knows why one was refused. */
export interface Host {
  meet(link: Link): Session;
  whyRefused(): string | undefined;
}

/** @throws {WatchError} as a rejection; nothing of the attempt is left in the program then. */
export async function converseByWatching(watched: Watched, host: Host): Promise<Session> {
  const binding = `__airssys_watch_${randomBytes(9).toString("hex")}`;
  const flow = new Flow();
  let session: Session | undefined;
  let hasBegun = false;
  const onEvent = (method: string, params: unknown): void => {
    const call = params as { readonly name?: unknown; readonly payload?: unknown } | undefined;
    if (method !== "Runtime.bindingCalled" || call?.name !== binding) return;
    const frame = String(call.payload);
    if (flow.hasRoom(frame.length)) session?.receive(frame);
    else session?.refuse("ERR_BAD_FRAME", say("it tells far more than it was asked for"));
  };
  const client = await connect(watched, onEvent, () => session?.end());
  try {
    session = host.meet({
      send: (frame) => void deliver(client, binding, frame, () => session),
      // What was refused at once is undone by the same connection.
      close: () => hasBegun && client.close(),
    });
    await ask(watched, client.call("Runtime.addBinding", { name: binding }));
    const beginning = readBeginning(await evaluate(watched, client, begin(binding, watched)));
    if (beginning.is !== "watched") throw faultOf(watched, beginning);
    if (!session.isLive) throw faultOf(watched, { is: "refused", text: host.whyRefused() ?? "" });
    hasBegun = true;
    return session;
  } catch (error) {
    await undo(watched, client, binding);
    session?.end();
    throw error instanceof WatchError ? error : unreachable(watched);
  }
}

/** Counts what comes, by the second. */
class Flow {
  #sinceMs = 0;
  #frames = 0;
  #characters = 0;

  hasRoom(length: number): boolean {
    const now = performance.now();
    if (now - this.#sinceMs > 1_000) {
      this.#sinceMs = now;
      this.#frames = this.#characters = 0;
    }
    this.#characters += length;
    return ++this.#frames <= MOST_FRAMES && this.#characters <= MOST_CHARACTERS;
  }
}

async function connect(
  watched: Watched,
  onEvent: (method: string, params: unknown) => void,
  onClose: () => void,
): Promise<CdpClient> {
  try {
    return await ask(watched, CdpClient.connect(watched.url, onEvent, onClose));
  } catch (error) {
    throw error instanceof WatchError ? error : unreachable(watched);
  }
}

function ask<T>({ name }: Watched, answer: Promise<T>): Promise<T> {
  return inTime(answer, ANSWER_MS, name);
}

/** @returns the value; `undefined` also when it was thrown at. */
async function evaluate(watched: Watched, client: CdpClient, expression: string): Promise<unknown> {
  const reply = await ask(watched, client.call("Runtime.evaluate", { expression, returnByValue: true, silent: true }));
  return (reply as { readonly result?: { readonly value?: unknown } } | undefined)?.result?.value;
}

function readBeginning(value: unknown): Beginning {
  if (value === "other" || value === "noActors" || value === "older") return { is: value };
  if (typeof value !== "string" || !value.startsWith(BEGUN)) return { is: "refused", text: "" };
  const refusal = value.slice(BEGUN.length);
  return refusal === "" ? { is: "watched" } : { is: "refused", text: refusalIn(refusal) };
}

function refusalIn(frame: string): string {
  try {
    const { message } = JSON.parse(frame) as { readonly message?: unknown };
    return typeof message === "string" ? message.slice(0, 200) : "";
  } catch {
    return "";
  }
}

function faultOf({ name }: Watched, beginning: Exclude<Beginning, { readonly is: "watched" }>): WatchError {
  switch (beginning.is) {
    case "other":
      return new WatchError("inspectorTaken", say("The inspector there is of another program than {0}.", name));
    case "noActors":
      return new WatchError(
        "noActors",
        say("No actor system runs in {0}: it does not use airssys-rt, or has started no system yet.", name),
      );
    case "older":
      return new WatchError(
        "older",
        say(
          "The airssys-rt in {0} is older than this extension, and cannot be watched. Update it, or attach the debugger.",
          name,
        ),
      );
    case "refused":
      return new WatchError(
        "refused",
        say("{0} does not let itself be watched: {1}.", name, beginning.text || say("it says nothing")),
      );
  }
}

function unreachable({ name }: Watched): WatchError {
  return new WatchError("noAnswer", say("The connection to the inspector of {0} broke.", name));
}

/** Nothing of us stays, as far as the program can still be reached. */
async function undo(watched: Watched, client: CdpClient, binding: string): Promise<void> {
  await evaluate(watched, client, forget(binding, watched.hasOpenedInspector)).catch(() => undefined); // it is gone, and so is all of us
  client.close();
}

/** The answer is the value of the evaluation, or is pushed later. */
async function deliver(
  client: CdpClient,
  binding: string,
  frame: string,
  session: () => Session | undefined,
): Promise<void> {
  try {
    const expression = receive(binding, frame);
    const reply = await client.call("Runtime.evaluate", { expression, returnByValue: true, silent: true });
    const answer = (reply as { readonly result?: { readonly value?: unknown } } | undefined)?.result?.value;
    if (typeof answer === "string") {
      if (answer !== "") session()?.receive(answer);
    } else session()?.end({ code: "ERR_BAD_FRAME", message: say("its runtime answers no more") });
  } catch (error) {
    if (!(error instanceof CdpError)) throw error;
    session()?.end(); // the connection is gone, and with it the program
  }
}
