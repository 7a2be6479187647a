/**
 * The exceptions a debugger stops at: the user's own filters, and with *Break on Crash* what actors throw and nobody catches. Pure.
 *
 * | the user's filter for uncaught exceptions | with *Break on Crash* |
 * |---|---|
 * | none | uncaught ones in actors |
 * | on | as it is: it says more |
 * | on a condition | on that, or in actors |
 */

/** Arguments of the request `setExceptionBreakpoints`, as VS Code sends them. */
export interface ExceptionFilters {
  readonly filters: readonly string[];
  readonly filterOptions?: readonly { readonly filterId: string; readonly condition?: string }[];
  readonly [more: string]: unknown;
}

const UNCAUGHT = "uncaught";

/** @param inActor the condition that holds in an actor. */
export function withCrashes(own: ExceptionFilters, inActor: string): ExceptionFilters {
  const { filters, filterOptions = [] } = own;
  const uncaught = filterOptions.find(({ filterId }) => filterId === UNCAUGHT);
  if (filters.includes(UNCAUGHT) || (uncaught !== undefined && !uncaught.condition)) return own;
  const condition = uncaught?.condition === undefined ? inActor : `(${uncaught.condition}) || (${inActor})`;
  const others = filterOptions.filter(({ filterId }) => filterId !== UNCAUGHT);
  return { ...own, filterOptions: [...others, { filterId: UNCAUGHT, condition }] };
}
