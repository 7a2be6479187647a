/** Takes one run of a program to its end, and says what it came to. */
import { type Cell, cellOf } from "../actor/cell.ts";
import type { CrashPoint } from "./crash-plan.ts";
import type { Run } from "./run.ts";
import { RunWatch } from "./run-watch.ts";
import { describeWaits, labelOf, messageName } from "./waits.ts";
import { World } from "./world.ts";

export type Program = (world: World) => Promise<void>;

export interface Outcome {
  readonly run: Run;
  /** What it failed with. */
  readonly failure: { readonly cause: unknown } | undefined;
  readonly warnings: readonly string[];
  readonly lastTurns: readonly string[];
  /** What was to be seen at some time, by its name, and whether it was. */
  readonly sights: ReadonlyMap<string, boolean>;
  /** At the moment of the failure, actor by actor, what waits and for what. */
  readonly waits: readonly string[];
  /** What went wrong before the end. */
  readonly troubles: readonly string[];
}

export async function takeRun(run: Run, program: Program, crashes: readonly CrashPoint[]): Promise<Outcome> {
  const world = new World(run, crashes);
  const watch = new RunWatch(run, world);
  let failure: Outcome["failure"];
  try {
    await watch.until(wholeOf(world, program));
  } catch (cause) {
    // What fails because of it is none of the program's.
    failure = { cause: run.violation ?? cause };
  }
  // What must hold does so in the program, not while its systems stop.
  const sights = new Map(
    run.observers
      .splice(0)
      .filter(({ kind }) => kind === "sometimes")
      .map(({ name, hasHeld }) => [name, hasHeld]),
  );
  const { lastTurns } = world;
  const roots = world.systems.map(({ system }) => cellOf(system.root));
  const waits = roots.flatMap(describeWaits);
  const troubles = [...run.troubles];
  const warnings = leftBehind(run, roots);
  // What failed is told; that it could not be cleaned up after that is not.
  await world.end().catch((cause: unknown) => {
    failure ??= { cause };
  });
  if (run.sharesMessages && !run.hasShared)
    run.obstacles.add("messages that are not frozen, and no shared object is declared");
  return { run, failure, sights, warnings, lastTurns, waits, troubles };
}

async function wholeOf(world: World, program: Program): Promise<void> {
  await program(world);
  await world.conclude();
}

/** What a program leaves behind that mostly means a mistake of it, in words. */
function leftBehind(run: Run, roots: readonly Cell[]): readonly string[] {
  const aside = roots
    .flatMap((root) => root.family as readonly Cell[])
    .filter(({ setAside }) => setAside > 0)
    .map(
      (cell) =>
        `${labelOf(cell)} has still set aside ${cell.kept.stash.map(({ message }) => messageName(message)).join(", ")}`,
    );
  return [...aside, ...run.owed, ...(run.looksAtDeadLetters ? [] : new Set(run.untaken))];
}
