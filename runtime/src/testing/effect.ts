/** What one actor did, as plain data. */
import type { SpawnOptions, Start } from "../values/actor.ts";
import type { ExitReason } from "../values/exit-reason.ts";
import type { AnyActorRef } from "../values/ref.ts";
import type { EffectRef, RefEffect } from "./effect-ref.ts";

/** One thing an actor did through its context or a ref, in the order it did them. */
export type Effect =
  | RefEffect
  | { readonly type: "replied"; readonly value: unknown }
  | { readonly type: "replyFailed"; readonly error: unknown }
  | { readonly type: "replyDeferred" }
  | {
      readonly type: "spawned";
      readonly ref: EffectRef<unknown>;
      readonly start: Start<unknown>;
      readonly options: SpawnOptions | undefined;
    }
  | {
      readonly type: "timerStarted";
      readonly key: string;
      readonly message: unknown;
      /** Milliseconds. */
      readonly delayMs: number;
      readonly isPeriodic: boolean;
    }
  | { readonly type: "timerCancelled"; readonly key: string }
  | { readonly type: "watched" | "unwatched" | "linked" | "unlinked" | "killed"; readonly ref: AnyActorRef }
  | { readonly type: "exitSent"; readonly ref: AnyActorRef; readonly reason: ExitReason }
  | { readonly type: "trapsExit"; readonly on: boolean }
  | { readonly type: "stashed"; readonly message: unknown }
  | { readonly type: "unstashed"; readonly messages: readonly unknown[] }
  /** It ended: by itself, or because a callback threw. */
  | { readonly type: "stopped"; readonly reason: ExitReason };
