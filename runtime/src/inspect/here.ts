/** Whose code runs right now: the actor whose turn it is, or whose continuation. Also asked from within that code, by a debugger. */
import { type Cell, cellOf } from "../actor/cell.ts";
import { Incarnation } from "../actor/incarnation.ts";
import type { Letter } from "../environment/letter.ts";
import { type InspectedSystem, runningSystems } from "../health/systems.ts";
import { currentScope } from "../values/async-scope.ts";

export interface Here {
  readonly system: InspectedSystem;
  readonly cell: Cell;
}

/** A turn that runs comes first; what follows an `await` is no turn, and known by its scope. */
export function whoIsHere(): Here | undefined {
  for (const system of runningSystems()) {
    const { running } = system.env;
    if (running !== undefined) return { system, cell: cellOf(running) };
  }
  const scope = currentScope();
  const owner = scope?.owner ?? scope?.starter;
  if (!(owner instanceof Incarnation)) return undefined;
  const system = systemOf(owner.host.env);
  return system && { system, cell: cellOf(owner.self) };
}

/** The message that is being handled here. */
export function letterHere(): Letter | undefined {
  const letter = whoIsHere()?.cell.letterInHand;
  return letter === undefined || letter.isSignal ? undefined : letter;
}

export function systemOf(env: object): InspectedSystem | undefined {
  return runningSystems().find((system) => system.env === env);
}
