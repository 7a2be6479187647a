/** Promises that reject while nobody listens: laid at the door of the actor whose they are. */
import { currentOwner } from "./async-scope.ts";
import type { Environment } from "./environment.ts";
import { Incarnation } from "./incarnation.ts";

/** Something that can crash for a promise it started. */
interface Culprit {
  crashByRejection(cause: unknown): void;
}

const environments = new Set<Environment>();

/**
 * While at least one system runs, an unhandled rejection becomes
 *
 * | whose promise | what happens |
 * |---|---|
 * | a running incarnation's | that actor crashes, in `rejection` |
 * | an ended incarnation's | an event `lostRejection` |
 * | unknown, for the first time | an event `lostRejection`; from now on every turn is tracked |
 * | nobody's: unknown although all is tracked | what Node does without us: an uncaught exception |
 *
 * Turns of synchronous handlers are not tracked at first, because tracking costs some twenty nanoseconds each.
 */
export function guardRejections(env: Environment): () => void {
  if (environments.size === 0) process.on("unhandledRejection", onUnhandled);
  environments.add(env);
  return () => {
    environments.delete(env);
    if (environments.size === 0) process.off("unhandledRejection", onUnhandled);
  };
}

function onUnhandled(cause: unknown): void {
  const owner = currentOwner();
  if (owner instanceof Incarnation) {
    // What a supervisor's children left behind while it started them is not the supervisor's fault.
    if (owner.hasEnded || owner.host.isSupervisor)
      owner.host.env.publish({ type: "lostRejection", actor: owner.host.asRef, cause });
    else (owner.host as unknown as Culprit).crashByRejection(cause);
    return;
  }
  if (process.listenerCount("unhandledRejection") > 1) return;
  const untracked = [...environments].filter((env) => !env.tracksAll);
  if (untracked.length === 0) throw cause;
  for (const env of untracked) env.tracksAll = true;
  untracked[0]?.publish({ type: "lostRejection", actor: undefined, cause });
}
