/** Promises that reject while nobody listens: laid at the door of the actor whose they are. */
import { currentOwner, inMicrotask } from "../environment/async-scope.ts";
import type { Environment } from "../environment/environment.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { Incarnation } from "./incarnation.ts";
import { failures } from "./pending-ask.ts";

/** Something that can crash for a promise it started. */
interface Culprit extends AnyActorRef {
  readonly env: Environment;
  readonly hasEnded: boolean;
  readonly isSupervisor: boolean;
  /** @returns false when it ends anyway. */
  crashByRejection(cause: unknown): boolean;
}

/** Whose promise it was. */
interface Owner {
  readonly culprit: Culprit;
  /** The life that left it behind is over. */
  readonly hasEnded: boolean;
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
 * | that of an incarnation that has ended, or ends anyway | an event `lostRejection` |
 * | unknown, for the first time, and others of the same moment | an event `lostRejection`; from now on every turn is tracked |
 * | nobody's: unknown although all is tracked | what Node does without us: an uncaught exception |
 *
 * Turns of synchronous handlers are not tracked at first, because tracking costs some twenty nanoseconds each.
 *
 * @returns what ends it, once Node has told of all that rejected until then: the end of a system fires signals and refuses answers.
 */
export function guardRejections(env: Environment): () => void {
  if (environments.size === 0) process.on("unhandledRejection", onUnhandled);
  environments.add(env);
  return () => {
    setImmediate(() => {
      environments.delete(env);
      if (environments.size === 0) process.off("unhandledRejection", onUnhandled);
    });
  };
}

function onUnhandled(cause: unknown, promise: Promise<unknown>): void {
  const owner = ownerOf(promise);
  if (owner !== undefined) {
    const { culprit, hasEnded } = owner;
    // What a supervisor's children left behind while it started them is not the supervisor's fault.
    if (hasEnded || culprit.isSupervisor || !culprit.crashByRejection(cause))
      culprit.env.publish({ type: "lostRejection", actor: culprit, cause });
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

/** An answer that failed is whoever's who asked; anything else, whoever's continuation rejected it. */
function ownerOf(promise: Promise<unknown>): Owner | undefined {
  const failed = failures.get(promise);
  if (failed !== undefined && failed.senderIncarnation >= 0) {
    const culprit = failed.sender as Culprit | undefined;
    const hasEnded = culprit?.hasEnded === true || culprit?.incarnation !== failed.senderIncarnation;
    return culprit && { culprit, hasEnded };
  }
  const life = currentOwner();
  if (!(life instanceof Incarnation)) return undefined;
  return { culprit: life.host as unknown as Culprit, hasEnded: life.hasEnded };
}
