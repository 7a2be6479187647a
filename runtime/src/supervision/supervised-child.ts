/** A child as its supervisor keeps it: its spec, and what has become of it. */

import type { Cell } from "../actor/cell.ts";
import type { CellSpec } from "../actor/cell-spec.ts";
import { type Backoff, backoffDelayMs, resolveBackoff } from "../spec/backoff.ts";
import type { RestartType, Shutdown } from "../spec/child-spec.ts";
import type { Start } from "../values/actor.ts";
import type { MailboxSpec } from "../values/mailbox-spec.ts";
import type { Random } from "../values/random.ts";
import type { ChildPolicy } from "./child-policy.ts";
import type { ChildInfo, FullChildSpec } from "./supervisor-request.ts";

/** The restarts of a child with a back-off. */
interface Attempts {
  count: number;
  /** When it began to live, on the clock's monotonic scale; `Infinity` once that life is over. */
  startedAtMs: number;
}

export class SupervisedChild implements CellSpec {
  /** The id in its spec; that of the template for an instance. */
  readonly specId: string;
  readonly policy: ChildPolicy;
  /** `undefined` once a temporary child runs: it is never started again, and what its start function holds is let go. */
  start: Start<unknown> | undefined;
  /** Its place in the tree; made with it. */
  cell!: Cell;
  /** - `down`: not started, or ended and kept. - `restarting`: its last start failed, or waits. */
  status: "down" | "running" | "restarting" = "down";
  /** The incarnation that runs; 0 while none does. An exit signal of another one is old news. */
  liveIncarnation = 0;
  private attempts: Attempts | undefined = undefined;

  constructor(specId: string, policy: ChildPolicy, start: Start<unknown>) {
    this.specId = specId;
    this.policy = policy;
    this.start = start;
  }

  /** Its part of the path; `undefined` for an instance of a template, which is numbered. */
  get id(): string | undefined {
    return this.policy.isInstance ? undefined : this.specId;
  }

  get name(): string | undefined {
    return this.policy.name;
  }

  get mailbox(): MailboxSpec | undefined {
    return this.policy.mailbox;
  }

  get shutdown(): Shutdown {
    return this.policy.shutdown;
  }

  get restart(): RestartType {
    return this.policy.restart;
  }

  get isRunning(): boolean {
    return this.status === "running";
  }

  /** Notes that it runs since `nowMs` (monotonic). */
  begun(nowMs: number): void {
    this.status = "running";
    this.liveIncarnation = this.cell.incarnation;
    if (this.policy.backoff !== undefined) {
      this.attempts ??= { count: 0, startedAtMs: nowMs };
      this.attempts.startedAtMs = nowMs;
    }
    if (this.restart === "temporary") this.start = undefined;
  }

  /** Milliseconds to wait before the next attempt to restart it; 0 without back-off. */
  restartDelayMs(nowMs: number, random: Random): number {
    if (this.policy.backoff === undefined) return 0;
    const backoff: Backoff = resolveBackoff(this.policy.backoff);
    this.attempts ??= { count: 0, startedAtMs: 0 };
    if (nowMs - this.attempts.startedAtMs >= backoff.resetAfterMs) this.attempts.count = 0;
    this.attempts.startedAtMs = Number.POSITIVE_INFINITY;
    return backoffDelayMs(backoff, ++this.attempts.count, random);
  }

  get info(): ChildInfo {
    const ref = this.isRunning ? this.cell.asRef : this.status === "restarting" ? "restarting" : undefined;
    return { id: this.id, ref, type: this.policy.type };
  }

  get fullSpec(): FullChildSpec {
    const { specId: id, start } = this;
    const { restart, shutdown, significant, type, mailbox, name, backoff, startTimeoutMs } = this.policy;
    return { id, start, restart, shutdown, significant, type, mailbox, name, backoff, startTimeoutMs };
  }
}
