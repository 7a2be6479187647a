/** Who owns time and chance where code runs: the test system whose actor it belongs to, if it belongs to one. */
import { type Cell, cellOf } from "../actor/cell.ts";
import type { Environment } from "../environment/environment.ts";
import { type Callback, type CallbackName, type Instrument, surround } from "../environment/instrument.ts";
import type { Actor } from "../values/actor.ts";
import { currentTurn, inTurnOf } from "../values/async-scope.ts";
import type { Clock } from "../values/clock.ts";
import { readField } from "../values/fields.ts";
import type { Random } from "../values/random.ts";

/** Time and chance of the actors of one test system. */
export interface Owner {
  readonly clock: Clock;
  readonly random: Random;
  /** They read those of the machine all the same. */
  readonly isReal: boolean;
  /** Calls back without time passing, once nobody is ready. @returns what takes it back. */
  soon(callback: () => void): () => void;
  /** Hears what of the machine is read, by its name. */
  reads(name: string): void;
}

const owners = new Map<Environment, Owner>();
const CALLBACKS: readonly CallbackName[] = ["preStart", "handleMessage", "handleSignal", "postStop"];

/**
 * For `ActorSystemOptions.instrument`: from now on the code of its actors is known by its owner, also what goes on after an `await` and what
 * a handler has left behind.
 *
 * @param begin hears of the system before the first of its actors starts.
 */
export function ownActors(owner: Owner, begin: (env: Environment) => void): Instrument {
  return (behavior, actor) => {
    const cell = cellOf(actor);
    if (cell.parent === undefined && !owners.has(cell.env)) {
      owners.set(cell.env, owner);
      begin(cell.env);
    }
    for (const name of CALLBACKS)
      if (typeof readField(behavior, name) === "function")
        surround(behavior, name, (its) => tagged(its as Callback, cell));
  };
}

/** The actors of that system are nobody's from now on. */
export function disown(env: Environment): void {
  owners.delete(env);
}

function tagged(callback: Callback, cell: Cell): Callback {
  return function (this: Actor<unknown>, ...args: never[]): unknown {
    return inTurnOf(cell, callback, this, ...args);
  };
}

/** Whose code runs right now; `undefined` for that of the test, and of whoever is in no test system. */
export function ownerHere(): Owner | undefined {
  for (const [env, owner] of owners) if (env.running !== undefined) return owner;
  const cell = currentTurn() as Cell | undefined;
  return cell === undefined ? undefined : owners.get(cell.env);
}
