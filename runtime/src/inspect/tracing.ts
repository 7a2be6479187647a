/** Who hears of messages, over all systems of the process: breakpoints, causes. While nobody does, no system tells of any. */
import type { Letter } from "../environment/letter.ts";
import type { Task, Trace } from "../environment/trace.ts";
import { type InspectedSystem, observeSystems } from "../health/systems.ts";
import type { AnyActorRef } from "../values/ref.ts";

/** What several hear. A handler runs in what the last one says that says anything. */
class Fanout implements Trace {
  readonly #listeners: readonly Trace[];

  constructor(listeners: readonly Trace[]) {
    this.#listeners = listeners;
  }

  sent(letter: Letter): void {
    for (const listener of this.#listeners) listener.sent(letter);
  }

  begins(letter: Letter): Task | undefined {
    let task: Task | undefined;
    for (const listener of this.#listeners) task = listener.begins(letter) ?? task;
    return task;
  }

  returned(letter: Letter): void {
    for (const listener of this.#listeners) listener.returned(letter);
  }

  ended(letter: Letter, hasCrashed: boolean): void {
    for (const listener of this.#listeners) listener.ended(letter, hasCrashed);
  }

  replied(letter: Letter, value: unknown): void {
    for (const listener of this.#listeners) listener.replied?.(letter, value);
  }

  found(name: string, ref: AnyActorRef | undefined): void {
    for (const listener of this.#listeners) listener.found?.(name, ref);
  }
}

let listeners: readonly Trace[] = [];
let stopObserving: (() => void) | undefined;

/**
 * Hears of every message of every system, those that are still to start included.
 *
 * @returns what ends it.
 */
export function listen(listener: Trace): () => void {
  change([...listeners, listener]);
  return () => change(listeners.filter((other) => other !== listener));
}

function change(to: readonly Trace[]): void {
  listeners = to;
  stopObserving?.();
  const trace = to.length > 1 ? new Fanout(to) : to[0];
  const watch = ({ env }: InspectedSystem): void => {
    env.trace = trace;
  };
  const end = observeSystems((system, isRunning) => {
    if (isRunning) watch(system);
  });
  if (trace === undefined) end();
  stopObserving = trace === undefined ? undefined : end;
}
