/** What a supervisor knows of children that are started alike: their spec with every default, but for id and start. Plain data. */

import {
  type AnyChildSpec,
  DEFAULT_RESTART,
  DEFAULT_START_TIMEOUT_MS,
  DEFAULT_SUPERVISOR_SHUTDOWN,
  DEFAULT_WORKER_SHUTDOWN,
} from "../spec/child-spec.ts";
import { DEFINITION, type Start } from "../values/actor.ts";
import type { MailboxSpec } from "../values/mailbox-spec.ts";
import type { FullChildSpec } from "./supervisor-request.ts";

/** Supervisors are told of exits by signals, which need no room; their requests shall never be refused. */
const SUPERVISOR_MAILBOX: MailboxSpec = { capacity: Number.POSITIVE_INFINITY };

/** Shared by children that differ in nothing else, so that one of a hundred thousand is small. */
export interface ChildPolicy extends Omit<FullChildSpec, "id" | "start"> {
  /** The incarnation of the supervisor, as an identity: what an earlier one left behind is not its own. */
  readonly owner: object;
  /** Of a template: numbered, not named. */
  readonly isInstance: boolean;
  /** Names of the fields that its spec says, with commas: the others are as by default. Empty for an instance, whose template says them. */
  readonly said: string;
}

export function policyOf(spec: AnyChildSpec, owner: object, isInstance: boolean): ChildPolicy {
  const isSupervisor = isSupervisorStart(spec.start);
  const type = spec.type ?? (isSupervisor ? "supervisor" : "worker");
  return {
    owner,
    isInstance,
    said: isInstance ? "" : saidBy(spec),
    restart: spec.restart ?? DEFAULT_RESTART,
    shutdown: spec.shutdown ?? (type === "supervisor" ? DEFAULT_SUPERVISOR_SHUTDOWN : DEFAULT_WORKER_SHUTDOWN),
    significant: spec.significant ?? false,
    type,
    mailbox: spec.mailbox ?? (isSupervisor ? SUPERVISOR_MAILBOX : undefined),
    name: spec.name,
    backoff: spec.backoff,
    startTimeoutMs: spec.startTimeoutMs ?? (isSupervisor ? "infinity" : DEFAULT_START_TIMEOUT_MS),
  };
}

function saidBy(spec: AnyChildSpec): string {
  return Object.keys(spec)
    .filter((name) => spec[name as keyof AnyChildSpec] !== undefined)
    .join();
}

export function isSamePolicy(a: ChildPolicy, b: ChildPolicy): boolean {
  return (Object.keys(a) as (keyof ChildPolicy)[]).every((key) => a[key] === b[key]);
}

function isSupervisorStart(start: Start<unknown> | AnyChildSpec["start"]): boolean {
  return typeof start === "object" && start[DEFINITION] === "supervisor";
}
