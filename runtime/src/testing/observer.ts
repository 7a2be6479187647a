/**
 * Something the test looks at after each turn: what must always hold, or must be seen at some time. Decisions only.
 *
 * | | after a turn | after all runs |
 * |---|---|---|
 * | `always` | fails when it does not hold, or throws | – |
 * | `sometimes` | fails when it throws | fails when it never held |
 *
 * It tells states apart that no message does: turns that could come in any order lead to one state by different ways, and it sees each. So
 * every two turns whose effects it sees depend on one another.
 */
import { InvalidArgumentError } from "../values/errors.ts";
import { isThenable } from "../values/thenable.ts";
import { ViolationError } from "./errors.ts";
import type { Place } from "./place.ts";

/** What the test says that must hold. */
export type Check = () => unknown;

/** What a check reads; `undefined`: perhaps everything. */
export interface Sight {
  /** By the keys of their places. */
  readonly actors: ReadonlySet<string>;
  /** Names of what is shared. */
  readonly shared: ReadonlySet<string>;
}

export class Observer {
  readonly kind: "always" | "sometimes";
  readonly name: string;
  /** What its observations are to the order of turns. */
  readonly thing: number;
  readonly #check: Check;
  readonly #sight: Sight | undefined;
  /** It held once in this run. */
  hasHeld = false;

  constructor(kind: "always" | "sometimes", name: string, check: Check, thing: number, sight: Sight | undefined) {
    this.kind = kind;
    this.name = name;
    this.thing = thing;
    this.#check = check;
    this.#sight = sight;
  }

  seesActor({ key }: Place): boolean {
    return this.#sight === undefined || this.#sight.actors.has(key);
  }

  seesShared(name: string): boolean {
    return this.#sight === undefined || this.#sight.shared.has(name);
  }

  /** Looks once. @param when after what, in words. @returns what is wrong. */
  look(when: string): Error | undefined {
    if (this.kind === "sometimes" && this.hasHeld) return undefined;
    try {
      const holds = this.#check();
      if (isThenable(holds)) return asynchronous(this.kind, holds);
      this.hasHeld ||= holds !== false;
      return holds === false && this.kind === "always" ? new ViolationError(this.kind, this.name, when) : undefined;
    } catch (cause) {
      return new ViolationError(this.kind, this.name, when, cause);
    }
  }
}

/** What it comes to later is nobody's. */
function asynchronous(where: string, later: PromiseLike<unknown>): InvalidArgumentError {
  Promise.resolve(later).catch(() => {});
  return new InvalidArgumentError(where, ["the check must be synchronous: it looks between two turns"]);
}
