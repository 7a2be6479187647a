/** What a supervisor can be asked, and what it answers: OTP's `supervisor` functions as messages. Plain data. */
import type {
  AnyChildSpec,
  AutoShutdown,
  BackoffSpec,
  RestartType,
  Shutdown,
  SupervisorSpec,
} from "../spec/child-spec.ts";
import type { MailboxSpec } from "../values/mailbox-spec.ts";
import type { Ask } from "../values/message.ts";
import type { AnyActorRef } from "../values/ref.ts";

/** One row of `whichChildren`. */
export interface ChildInfo {
  /** `undefined` for instances of a `simple_one_for_one` supervisor. */
  readonly id: string | undefined;
  /** `undefined` when it is down; `"restarting"` when its restart has not succeeded yet. */
  readonly ref: AnyActorRef | "restarting" | undefined;
  readonly type: "worker" | "supervisor";
}

/** Answer of `countChildren`: OTP's `count_children`. */
export interface ChildCounts {
  readonly specs: number;
  readonly active: number;
  readonly supervisors: number;
  readonly workers: number;
}

/** A child spec with every default filled in. */
export interface FullChildSpec {
  readonly id: string;
  /** `undefined` of a temporary child that runs: it is never started again. */
  readonly start: AnyChildSpec["start"] | undefined;
  readonly restart: RestartType;
  readonly shutdown: Shutdown;
  readonly significant: boolean;
  readonly type: "worker" | "supervisor";
  readonly mailbox: MailboxSpec | undefined;
  readonly name: string | undefined;
  readonly backoff: BackoffSpec | undefined;
  readonly startTimeoutMs: number | "infinity";
}

/** New flags and children of a running supervisor; see `updateSpec`. */
export type SpecUpdate = SupervisorSpec;

/** A child as requests name it: by id, or by ref under `simple_one_for_one`. */
export type ChildName = string | AnyActorRef;

export type SupervisorRequest =
  | Ask<{ readonly type: "startChild"; readonly spec: AnyChildSpec }, AnyActorRef | undefined>
  | Ask<{ readonly type: "startInstance"; readonly args: readonly unknown[] }, AnyActorRef | undefined>
  | Ask<{ readonly type: "terminateChild"; readonly child: ChildName }, true>
  | Ask<{ readonly type: "restartChild"; readonly child: ChildName }, AnyActorRef | undefined>
  | Ask<{ readonly type: "deleteChild"; readonly child: ChildName }, true>
  | Ask<{ readonly type: "whichChildren" }, readonly ChildInfo[]>
  | Ask<{ readonly type: "countChildren" }, ChildCounts>
  | Ask<{ readonly type: "getChildSpec"; readonly child: ChildName }, FullChildSpec>
  | Ask<{ readonly type: "updateSpec"; readonly spec: SpecUpdate }, true>
  /** Sent by a supervisor to itself: a restart that failed, or that waited, is tried (again). */
  | { readonly type: "retry"; readonly childId: number; readonly isCounted: boolean };

/** Mode and window of a supervisor, for inspection. */
export interface SupervisorStatus {
  readonly strategy: string;
  readonly maxRestarts: number;
  readonly maxRestartPeriodMs: number;
  readonly restartsInWindow: number;
  readonly autoShutdown: AutoShutdown;
}
