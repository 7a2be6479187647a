/** What an actor is told about the end of others. */
import type { ExitReason } from "./exit-reason.ts";
import type { AnyActorRef } from "./ref.ts";

/** One watch of one actor over another, made by `context.monitor`. Independent of every other. */
export interface Monitor {
  readonly monitorId: number;
  readonly ref: AnyActorRef;
}

/**
 * - `exit`: a linked actor ended and this one traps exits (OTP's `{'EXIT', From, Reason}`).
 * - `down`: a monitored actor ended (OTP's `{'DOWN', Ref, process, From, Reason}`); exactly once for each monitor.
 */
export type Signal =
  | { readonly type: "exit"; readonly from: AnyActorRef; readonly incarnation: number; readonly reason: ExitReason }
  | {
      readonly type: "down";
      readonly monitor: Monitor;
      readonly from: AnyActorRef;
      readonly incarnation: number;
      readonly reason: ExitReason;
    };
