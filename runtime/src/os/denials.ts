/** What an actor was asked and denied: a number and the last one. Costs nothing while nothing is denied. */
import type { Clock } from "../values/clock.ts";
import type { DenialFacts } from "../values/os-facts.ts";
import { AccessDeniedError } from "./os-errors.ts";

export class Denials {
  #count = 0;
  #last: { readonly error: AccessDeniedError; readonly at: number } | undefined;

  /** Notes what an operation failed with, if that is a denial. */
  note(error: unknown, clock: Clock): void {
    if (!(error instanceof AccessDeniedError)) return;
    this.#count++;
    this.#last = { error, at: clock.now() };
  }

  /** In words; `undefined` when nothing was denied. */
  get facts(): DenialFacts | undefined {
    if (this.#last === undefined) return undefined;
    const { at, error } = this.#last;
    const { operation, target, reason, hint, grant } = error;
    return { count: this.#count, last: { at, operation, target, reason, hint, grant } };
  }
}
