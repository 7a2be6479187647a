/** All programs in one line. Pure. */
import type { Program } from "../programs/programs.ts";
import { count } from "../text.ts";

export interface Summary {
  readonly actors: number;
  /** Actors that are down. */
  readonly down: number;
  /** All of it in a few words. */
  readonly text: string;
  /** Above the rows; empty when there is nothing to say. */
  readonly message: string;
}

type Summed = Pick<Program, "tree" | "title"> & Partial<Pick<Program, "isPaused">>;

export function summarize(programs: readonly Summed[], hasSource: boolean): Summary {
  const systems = programs.flatMap(({ tree }) =>
    tree.systems.map((system) => ({ system, trouble: tree.trouble(system.root) })),
  );
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const actors = sum(systems.map(({ system }) => system.health.actors));
  const speed = Math.round(sum(systems.map(({ system }) => system.health.throughput)));
  const restarts = sum(systems.map(({ system }) => system.health.restarts));
  const text = [
    count(actors, "actor"),
    `${speed.toLocaleString("en-US")} msg/s`,
    restarts > 0 ? count(restarts, "restart") : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(" · ");
  return {
    actors,
    down: sum(systems.map(({ trouble }) => trouble.down)),
    text,
    message: messageFor(programs, text, hasSource),
  };
}

function messageFor(programs: readonly Summed[], text: string, hasSource: boolean): string {
  if (programs.length === 0) return hasSource ? "Not running. This is what the source says." : "";
  const paused = programs.filter((program) => program.isPaused === true).map(({ title }) => title);
  return paused.length === 0 ? text : `Paused by the debugger: ${paused.join(", ")}`;
}
