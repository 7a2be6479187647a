/** A child as its supervisor keeps it: the full spec, and what has become of it. */
import { DEFINITION, type Start } from "./actor.ts";
import { type Backoff, backoffDelayMs, resolveBackoff } from "./backoff.ts";
import type { Cell } from "./cell.ts";
import type { CellSpec } from "./cell-spec.ts";
import {
  type AnyChildSpec,
  DEFAULT_RESTART,
  DEFAULT_START_TIMEOUT_MS,
  DEFAULT_SUPERVISOR_SHUTDOWN,
  DEFAULT_WORKER_SHUTDOWN,
  type RestartType,
  type Shutdown,
} from "./child-spec.ts";
import type { MailboxSpec } from "./mailbox-spec.ts";
import type { Random } from "./random.ts";
import type { ChildInfo, FullChildSpec } from "./supervisor-request.ts";

/** Supervisors are told of exits by signals, which need no room; their requests shall never be refused. */
const SUPERVISOR_MAILBOX: MailboxSpec = { capacity: Number.POSITIVE_INFINITY };

export class SupervisedChild implements CellSpec {
  /** Its part of the path; `undefined` for an instance of a template, which is numbered. */
  readonly id: string | undefined;
  /** The id in its spec; that of the template for an instance. */
  readonly specId: string;
  /** `undefined` once a temporary child runs: it is never started again, and what its start function holds is let go. */
  start: Start<unknown> | undefined;
  readonly restart: RestartType;
  readonly shutdown: Shutdown;
  readonly significant: boolean;
  readonly type: "worker" | "supervisor";
  readonly mailbox: MailboxSpec | undefined;
  readonly name: string | undefined;
  readonly backoff: AnyChildSpec["backoff"];
  readonly startTimeoutMs: number | "infinity";

  /** - `down`: not started, or ended and kept. - `restarting`: its last start failed, or waits. */
  status: "down" | "running" | "restarting" = "down";
  cell: Cell | undefined = undefined;
  /** The incarnation that runs; 0 while none does. An exit signal of another one is old news. */
  liveIncarnation = 0;
  #attempts = 0;
  #startedAtMs = 0;

  constructor(spec: AnyChildSpec, isInstance: boolean) {
    const isSupervisor = isSupervisorStart(spec.start);
    this.id = isInstance ? undefined : spec.id;
    this.specId = spec.id;
    this.start = spec.start as Start<unknown>;
    this.restart = spec.restart ?? DEFAULT_RESTART;
    this.type = spec.type ?? (isSupervisor ? "supervisor" : "worker");
    this.shutdown =
      spec.shutdown ?? (this.type === "supervisor" ? DEFAULT_SUPERVISOR_SHUTDOWN : DEFAULT_WORKER_SHUTDOWN);
    this.significant = spec.significant ?? false;
    this.mailbox = spec.mailbox ?? (isSupervisor ? SUPERVISOR_MAILBOX : undefined);
    this.name = spec.name;
    this.backoff = spec.backoff;
    this.startTimeoutMs = spec.startTimeoutMs ?? (isSupervisor ? "infinity" : DEFAULT_START_TIMEOUT_MS);
  }

  get isRunning(): boolean {
    return this.status === "running";
  }

  /** Notes that it runs since `nowMs` (monotonic). */
  begun(cell: Cell, nowMs: number): void {
    this.cell = cell;
    this.status = "running";
    this.liveIncarnation = cell.incarnation;
    if (this.backoff !== undefined) this.#startedAtMs = nowMs;
    if (this.restart === "temporary") this.start = undefined;
  }

  /** Milliseconds to wait before the next restart; 0 without back-off. */
  restartDelayMs(nowMs: number, random: Random): number {
    if (this.backoff === undefined) return 0;
    const backoff: Backoff = resolveBackoff(this.backoff);
    if (nowMs - this.#startedAtMs >= backoff.resetAfterMs) this.#attempts = 0;
    return backoffDelayMs(backoff, ++this.#attempts, random);
  }

  get info(): ChildInfo {
    const ref = this.isRunning ? this.cell?.asRef : this.status === "restarting" ? "restarting" : undefined;
    return { id: this.id, ref, type: this.type };
  }

  get fullSpec(): FullChildSpec {
    const { specId, start, restart, shutdown, significant, type, mailbox, name, backoff, startTimeoutMs } = this;
    return { id: specId, start, restart, shutdown, significant, type, mailbox, name, backoff, startTimeoutMs };
  }
}

function isSupervisorStart(start: AnyChildSpec["start"]): boolean {
  return typeof start === "object" && start[DEFINITION] === "supervisor";
}
