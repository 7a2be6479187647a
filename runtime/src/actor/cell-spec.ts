/** What a cell must know to live: shared by all that are started alike. Plain data. */

import type { Shutdown } from "../spec/child-spec.ts";
import { DEFAULT_WORKER_SHUTDOWN, type RestartType } from "../spec/child-spec.ts";
import type { Start } from "../values/actor.ts";
import type { MailboxSpec } from "../values/mailbox-spec.ts";

export interface CellSpec {
  /** Child id; `undefined`: its number makes one. */
  readonly id: string | undefined;
  /** Name it takes in the registry when it starts. */
  readonly name: string | undefined;
  readonly mailbox: MailboxSpec | undefined;
  readonly shutdown: Shutdown;
  /** `undefined` when no supervisor decides about it: it is gone when it ends. */
  readonly restart: RestartType | undefined;
  /** What each incarnation begins with, where there can be more than one. */
  readonly start: Start<unknown> | undefined;
}

/** The spec of actors that are spawned without options. */
export const PLAIN_SPEC: CellSpec = Object.freeze({
  id: undefined,
  name: undefined,
  mailbox: undefined,
  shutdown: DEFAULT_WORKER_SHUTDOWN,
  restart: undefined,
  start: undefined,
});
