/** Promises that reject while nobody listens: laid at the door of the actor whose they are. */
import type { Environment } from "../environment/environment.ts";
import { currentScope } from "../values/async-scope.ts";
import { original } from "../values/original.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { Incarnation } from "./incarnation.ts";
import { type Awaited, failures } from "./pending-ask.ts";

/** Taken once: no mock, and no turn of an actor under test, is to keep a system from forgetting itself. */
const setImmediate = original(globalThis.setImmediate);

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

/** Tells another copy of this package in the process whether a promise is that one's business. */
const KNOWS = Symbol.for("airssys.rejections");

type Listener = ((cause: unknown, promise: Promise<unknown>) => void) & {
  readonly [KNOWS]?: (promise: Promise<unknown>) => boolean;
};

const environments = new Set<Environment>();

/**
 * While at least one system runs, an unhandled rejection becomes
 *
 * | whose promise | what happens |
 * |---|---|
 * | a running incarnation's | that actor crashes, in `rejection` |
 * | that of an incarnation that has ended, or ends anyway | an event `lostRejection` |
 * | some actor's, it was not noted whose | an event `lostRejection`; from now on it is noted |
 * | that of whoever asked, from outside of any actor; nobody's | what Node does without us |
 *
 * What turns start that return no promise is not noted at first, because that costs half as much as the turn. It is the same with
 * other listeners as without: they decide over nobody's only.
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

const onUnhandled: Listener = Object.assign(
  (cause: unknown, promise: Promise<unknown>): void => {
    const owner = ownerOf(promise);
    if (owner !== undefined) blame(owner, cause);
    else if (isOurs(promise)) reportLost(cause);
    else if (!isOthers(promise)) throw cause;
  },
  { [KNOWS]: isOurs },
);

function blame({ culprit, hasEnded }: Owner, cause: unknown): void {
  // What a supervisor's children left behind while it started them is not the supervisor's fault.
  if (hasEnded || culprit.isSupervisor || !culprit.crashByRejection(cause))
    culprit.env.publish({ type: "lostRejection", actor: culprit, cause });
}

function reportLost(cause: unknown): void {
  for (const env of environments) env.tracksAll = true;
  const [env] = environments;
  env?.publish({ type: "lostRejection", actor: undefined, cause });
}

/** Whether some actor of this copy has started it. */
function isOurs(promise: Promise<unknown>): boolean {
  const failed = failures.get(promise);
  return failed === undefined ? currentScope() !== undefined : failed.sender !== undefined;
}

/** Whether the program listens itself, or an actor of another copy has started it. */
function isOthers(promise: Promise<unknown>): boolean {
  const others = (process.listeners("unhandledRejection") as Listener[]).filter((listener) => listener !== onUnhandled);
  return others.some(({ [KNOWS]: knows }) => knows === undefined || knows(promise));
}

/** An answer that failed is whoever's who asked; anything else, whoever's continuation rejected it. */
function ownerOf(promise: Promise<unknown>): Owner | undefined {
  const failed = failures.get(promise);
  if (failed !== undefined && failed.senderIncarnation >= 0) return askerOf(failed);
  const life = currentScope()?.culprit;
  if (!(life instanceof Incarnation)) return undefined;
  return { culprit: life.host as unknown as Culprit, hasEnded: life.hasEnded };
}

function askerOf({ sender, senderIncarnation }: Awaited): Owner | undefined {
  const culprit = sender as Culprit | undefined;
  return culprit && { culprit, hasEnded: culprit.hasEnded || culprit.incarnation !== senderIncarnation };
}
