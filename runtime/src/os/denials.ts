/** What an actor was asked and denied: a number and the last one. Costs nothing while nothing is denied. */
import type { Clock } from "../values/clock.ts";
import type { DenialFacts } from "../values/os-facts.ts";
import type { ProcessRequest } from "./launch.ts";
import { neededGrant } from "./needed-grant.ts";
import { AccessDeniedError } from "./os-errors.ts";
import type { SecurityContext } from "./security-context.ts";

export class Denials {
  #count = 0;
  #last:
    | { readonly error: AccessDeniedError; readonly at: number; readonly asked: ProcessRequest | undefined }
    | undefined;

  /**
   * Notes what an operation failed with, if that is a denial.
   *
   * @param asked the process that was to be started, if one was.
   */
  note(error: unknown, clock: Clock, asked?: ProcessRequest): void {
    if (!(error instanceof AccessDeniedError)) return;
    this.#count++;
    this.#last = { error, at: clock.now(), asked };
  }

  /** In words; `undefined` when nothing was denied. */
  facts({ grants }: SecurityContext): DenialFacts | undefined {
    if (this.#last === undefined) return undefined;
    const { at, error, asked } = this.#last;
    const { operation, target, reason, hint } = error;
    const grant = neededGrant(grants, error, asked);
    return { count: this.#count, last: { at, operation, target, reason, hint, grant } };
  }
}
