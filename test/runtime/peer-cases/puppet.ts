/** An actor that does what it is told, for cases that need nothing but a context. */
import type { ActorContext, ActorRef, Ask, RuntimeEvent, Signal, Start } from "airssys-rt";
import { actor, type Callbacks } from "../guarantees/actors.ts";
import type { Stage } from "../otp/fixtures.ts";

export type Told =
  | { readonly type: "run"; readonly run: (context: ActorContext<Told>) => unknown }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "crash" }
  | Ask<{ readonly type: "question"; readonly n?: number }, unknown>;

export const note = (text: string): Told => ({ type: "note", text });
export const CRASH: Told = { type: "crash" };
export const QUESTION = { type: "question" } as const;

/** Runs what it is sent, crashes when told to, and hands everything else to `handle`. */
export function puppet(
  handle: (message: Told, context: ActorContext<Told>) => unknown = () => undefined,
  callbacks: Callbacks<Told> = {},
): Start<Told> {
  return actor<Told>((message, context) => {
    if (message.type === "run") return message.run(context);
    if (message.type === "crash") throw new Error("told to crash");
    return handle(message, context);
  }, callbacks);
}

/** A puppet that traps exits and keeps the signals it gets. */
export function watcher(): { readonly signals: Signal[]; readonly start: Start<Told> } {
  const signals: Signal[] = [];
  const start = puppet(undefined, {
    preStart: (context) => context.trapExit(true),
    handleSignal: (signal) => void signals.push(signal),
  });
  return { signals, start };
}

/** Has something done in a turn of a puppet's. @returns what it gave back; rejects with what it threw. */
export function inTurn<T>(ref: ActorRef<Told>, act: (context: ActorContext<Told>) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const run = (context: ActorContext<Told>): void => {
      try {
        resolve(act(context));
      } catch (error) {
        reject(error);
      }
    };
    if (!ref.tell({ type: "run", run })) reject(new Error(`${ref.id} takes no message`));
  });
}

/** What came to nothing, as `text of the note or type: reason`. */
export function lost(stage: Stage): string[] {
  return stage.eventsOf("deadLetter").map(({ envelope, reason }) => {
    const message = envelope.message as Told;
    return `${message.type === "note" ? message.text : message.type}: ${reason}`;
  });
}

/** How each life of an actor ended. */
export function deaths(stage: Stage, ref: unknown): string[] {
  const isEnd = (event: RuntimeEvent): event is Extract<RuntimeEvent, { readonly type: "ended" }> =>
    event.type === "ended" && event.actor === ref;
  return stage.events.filter(isEnd).map(({ reason }) => reason.kind);
}

/** The code of what a promise rejects with, or what it is fulfilled with. */
export function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => (error as { readonly code?: unknown }).code ?? error);
}
