/** Promises that reject while nobody listens: laid at the door of the actor whose they are. */
import { currentOwner, inMicrotask } from "./async-scope.ts";
import type { Environment } from "./environment.ts";
import { Incarnation } from "./incarnation.ts";

/** Something that can crash for a promise it started. */
interface Culprit {
  crashByRejection(cause: unknown): void;
}

const environments = new Set<Environment>();
/** The moment in which tracking began: what rejects in it was left behind by turns before. */
let isBeginning = false;

/**
 * While at least one system runs, an unhandled rejection becomes
 *
 * | whose promise | what happens |
 * |---|---|
 * | a running incarnation's | that actor crashes, in `rejection` |
 * | an ended incarnation's | an event `lostRejection` |
 * | unknown, for the first time, and others of the same moment | an event `lostRejection`; from now on every turn is tracked |
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
  const all = [...environments];
  if (!isBeginning && all.every((env) => env.tracksAll)) throw cause;
  for (const env of all) env.tracksAll = true;
  isBeginning = true;
  inMicrotask(() => {
    isBeginning = false;
  });
  all[0]?.publish({ type: "lostRejection", actor: undefined, cause });
}
