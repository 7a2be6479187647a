/** Talking to a supervisor about its children: OTP's `supervisor` functions. */

import { Cell, cellOf } from "../actor/cell.ts";
import type { AnyChildSpec, ChildSpec, SupervisorSpec } from "../spec/child-spec.ts";
import type { AnyStart, Start, StartArgs, StartedBy } from "../values/actor.ts";
import { ActorStoppedError, InvalidArgumentError, NotStartedError, SupervisorRequestError } from "../values/errors.ts";
import { isInstance } from "../values/instance.ts";
import type { ActorRef, AnyActorRef } from "../values/ref.ts";
import { describeValue } from "../values/safe-text.ts";
import { idIn } from "./administration.ts";
import { Supervisor } from "./supervisor.ts";
import type { ChildCounts, ChildInfo, ChildName, FullChildSpec, SupervisorRequest } from "./supervisor-request.ts";

/** A request waits as long as the supervisor is busy with a start or a shutdown: each of those has its own limit. */
const REQUEST_TIMEOUT_MS = 2_147_483_647;

/**
 * Adds a child and starts it.
 *
 * @returns its ref; `undefined` when its start function said `IGNORE` (the spec is then kept, unless it is temporary).
 * @throws {InvalidSpecError} as a rejection, with every fault of the spec.
 * @throws {SupervisorRequestError} as a rejection: `already_started`, `already_present`, `simple_one_for_one`, `noproc`.
 * @throws {NameTakenError} as a rejection, when an actor that was spawned has the id.
 * @throws {StartError} as a rejection, when it does not start; nothing is recorded then.
 * @see OTP `supervisor:start_child/2`
 */
export function startChild<M>(supervisor: AnyActorRef, spec: ChildSpec<M>): Promise<ActorRef<M> | undefined> {
  return request(supervisor, { type: "startChild", spec: spec as AnyChildSpec }) as Promise<ActorRef<M> | undefined>;
}

/**
 * Starts one more instance of the template of a `simple_one_for_one` supervisor.
 *
 * @typeParam S what the template starts, `typeof startWorker` or `Start<WorkerMessage, [id: string]>`: it says which arguments there are
 * and what the instance accepts. Without it there are none, and the instance can be sent nothing.
 * @param args what its start function gets.
 * @throws {StartError} as a rejection, when it does not start.
 * @throws {SupervisorRequestError} as a rejection: `not_found` when the supervisor has no template, `noproc`.
 * @example
 * const startWorker = (file: string) => new Worker(file);
 * const worker = await startInstance<typeof startWorker>(pool, "a.png");
 */
export function startInstance<S extends AnyStart = Start<never>>(
  supervisor: AnyActorRef,
  ...args: StartArgs<S>
): Promise<ActorRef<StartedBy<S>> | undefined> {
  return request(supervisor, { type: "startInstance", args }) as Promise<ActorRef<StartedBy<S>> | undefined>;
}

/**
 * Ends a child and keeps its spec (not of a temporary child, nor of an instance). Ending one that is down is no error.
 *
 * @throws {SupervisorRequestError} as a rejection: `not_found`, `simple_one_for_one` (an id, where a ref is needed), `noproc`.
 */
export async function terminateChild(supervisor: AnyActorRef, child: ChildName): Promise<void> {
  await request(supervisor, { type: "terminateChild", child });
}

/**
 * Starts a child that is down again.
 *
 * @throws {SupervisorRequestError} as a rejection: `running`, `restarting`, `not_found`, `simple_one_for_one`, `noproc`.
 * @throws {StartError} as a rejection; the spec stays.
 */
export function restartChild(supervisor: AnyActorRef, id: string): Promise<AnyActorRef | undefined> {
  return request(supervisor, { type: "restartChild", child: id }) as Promise<AnyActorRef | undefined>;
}

/**
 * Forgets a child that is down.
 *
 * @throws {SupervisorRequestError} as a rejection: `running`, `restarting`, `not_found`, `simple_one_for_one`, `noproc`.
 */
export async function deleteChild(supervisor: AnyActorRef, id: string): Promise<void> {
  await request(supervisor, { type: "deleteChild", child: id });
}

/** The children, newest first. @throws {SupervisorRequestError} as a rejection: `noproc`. */
export function whichChildren(supervisor: AnyActorRef): Promise<readonly ChildInfo[]> {
  return request(supervisor, { type: "whichChildren" }) as Promise<readonly ChildInfo[]>;
}

/** How many children there are. @throws {SupervisorRequestError} as a rejection: `noproc`. */
export function countChildren(supervisor: AnyActorRef): Promise<ChildCounts> {
  return request(supervisor, { type: "countChildren" }) as Promise<ChildCounts>;
}

/** The spec of a child with every default. @throws {SupervisorRequestError} as a rejection: `not_found`, `noproc`. */
export function getChildSpec(supervisor: AnyActorRef, child: ChildName): Promise<FullChildSpec> {
  return request(supervisor, { type: "getChildSpec", child }) as Promise<FullChildSpec>;
}

/**
 * Changes the flags and child specs of a running supervisor. New flags count from now on, for the restarts of the period that has
 * begun too; specs of children that are there take effect at their next restart; new children are added and not started; none is
 * ended. Their order is that of the new spec, and those it does not name come last. A supervisor that is itself restarted begins again
 * with the spec it was defined with.
 *
 * @throws {InvalidSpecError} as a rejection; nothing was changed.
 * @throws {NameTakenError} as a rejection, when a new child has the id of an actor that was spawned; nothing was changed.
 * @throws {SupervisorRequestError} as a rejection: `simple_one_for_one` (it would begin or cease to be one), `noproc`.
 * @see OTP `supervisor:code_change/3`
 */
export async function updateSpec(supervisor: AnyActorRef, spec: SupervisorSpec): Promise<void> {
  await request(supervisor, { type: "updateSpec", spec });
}

async function request(supervisor: AnyActorRef, message: SupervisorRequest): Promise<unknown> {
  const cell = cellOf(supervisor);
  const child = childOf(message);
  if (!cell.isSupervisor || (cell.behavior !== undefined && !(cell.behavior instanceof Supervisor))) {
    if (cell.isAlive) throw new InvalidArgumentError(message.type, [`${cell.id} is not a supervisor`]);
  }
  try {
    return await cell.ask(message, { timeoutMs: REQUEST_TIMEOUT_MS });
  } catch (error) {
    const isAbsent = isInstance(error, ActorStoppedError) || isInstance(error, NotStartedError);
    if (isAbsent && error.actor === cell.id && !cell.isAlive)
      throw new SupervisorRequestError(cell.id, child, "noproc");
    throw error;
  }
}

/** Whom a request is about. */
function childOf(message: SupervisorRequest): string | undefined {
  if ("child" in message) return nameOf(message.type, message.child);
  return message.type === "startChild" ? idIn(message.spec) : undefined;
}

function nameOf(request: string, child: ChildName): string {
  if (typeof child === "string") return child;
  if (isInstance(child, Cell)) return child.id;
  throw new InvalidArgumentError(request, [`a child is named by its id or its ref, not by ${describeValue(child)}`]);
}
