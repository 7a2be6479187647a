/** All programs in one line. Pure. */
import type { Program } from "../programs.ts";
import { count } from "./words.ts";

export interface Summary {
  readonly actors: number;
  /** Actors that are down. */
  readonly down: number;
  /** Actors that are worth a look. */
  readonly warned: number;
  /** Beside the title of the view. */
  readonly description: string;
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
  return {
    actors,
    down: sum(systems.map(({ trouble }) => trouble.down)),
    warned: sum(systems.map(({ trouble }) => trouble.warned)),
    description: programs.length === 0 ? "" : `${count(actors, "actor")} · ${speed.toLocaleString("en-US")} msg/s`,
    message: messageFor(programs, hasSource),
  };
}

function messageFor(programs: readonly Summed[], hasSource: boolean): string {
  if (programs.length === 0) return hasSource ? "Not running: the tree as the source says it." : "";
  const paused = programs.filter((program) => program.isPaused === true).map(({ title }) => title);
  return paused.length === 0 ? "" : `Paused by the debugger: ${paused.join(", ")}`;
}
