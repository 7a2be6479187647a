/** Everything observable about a running system, one tagged type each. Plain data with refs in it. */
import type { Envelope } from "./envelope.ts";
import type { RuntimeFaultError } from "./errors.ts";
import type { Crash, ExitReason } from "./exit-reason.ts";
import type { AnyActorRef } from "./ref.ts";

/**
 * Why a message reached nobody.
 *
 * - `stopped`: the actor had ended, or ended with the message in its mailbox
 * - `not_started`: the actor has not started yet, or was never started
 * - `mailbox_full`, `dropped`: refused by a full mailbox; pushed out of it by a newer one
 * - `crashed`: the message its handler crashed on
 * - `late_reply`: a reply to an ask that had given up (the envelope is that of the question)
 * - `ended_turn`: the handler had not finished with it when its actor was ended
 * - `stale_sender`: sent by work that a dead incarnation left behind
 * - `no_recipient`: sent through a router or a pool when nobody was there; the envelope's recipient is only a name
 */
export type DeadLetterReason =
  | "stopped"
  | "not_started"
  | "mailbox_full"
  | "dropped"
  | "crashed"
  | "late_reply"
  | "ended_turn"
  | "stale_sender"
  | "no_recipient";

export interface DeadLetter {
  readonly type: "deadLetter";
  readonly envelope: Envelope;
  readonly reason: DeadLetterReason;
}

export type RuntimeEvent =
  | { readonly type: "started"; readonly actor: AnyActorRef; readonly incarnation: number }
  | { readonly type: "ended"; readonly actor: AnyActorRef; readonly incarnation: number; readonly reason: ExitReason }
  | {
      readonly type: "crashed";
      readonly actor: AnyActorRef;
      readonly incarnation: number;
      readonly reason: Crash;
      /** What was being handled. */
      readonly envelope: Envelope | undefined;
    }
  | {
      /** A supervisor restarts a child that has ended, now: whom it stops for that first, and whom it then starts, in these orders. */
      readonly type: "restarting";
      readonly supervisor: AnyActorRef;
      readonly actor: AnyActorRef;
      readonly stop: readonly AnyActorRef[];
      /** The child that has ended among them. */
      readonly start: readonly AnyActorRef[];
    }
  | {
      readonly type: "restarted";
      readonly actor: AnyActorRef;
      readonly incarnation: number;
      readonly supervisor: AnyActorRef;
      /** How the life before ended. */
      readonly reason: ExitReason;
    }
  | {
      /** A child could not be restarted; the attempt is queued again. */
      readonly type: "restartFailed";
      readonly actor: AnyActorRef;
      readonly supervisor: AnyActorRef;
      readonly cause: unknown;
    }
  | {
      /** A supervisor gave up: more restarts than allowed (OTP's `reached_max_restart_intensity`). */
      readonly type: "escalated";
      readonly supervisor: AnyActorRef;
      readonly actor: AnyActorRef;
      readonly reason: ExitReason;
      readonly restarts: number;
      readonly periodMs: number;
    }
  | {
      /** A child told to end did so for another reason than it was told. */
      readonly type: "shutdownError";
      readonly supervisor: AnyActorRef;
      readonly actor: AnyActorRef;
      readonly reason: ExitReason;
    }
  | { readonly type: "mailboxFull"; readonly actor: AnyActorRef; readonly capacity: number }
  | {
      /** A callback kept the event loop to itself; only with a watchdog. */
      readonly type: "blocked";
      readonly actor: AnyActorRef;
      /** `type` of the message that was handled; `undefined` for a start, a signal or an end. */
      readonly messageType: string | undefined;
      readonly ms: number;
    }
  | { readonly type: "unexpectedMessage"; readonly actor: AnyActorRef; readonly message: unknown }
  /** A promise rejected and nobody handled it; no actor is known to have left it behind, or only one that has ended or ends anyway. */
  | { readonly type: "lostRejection"; readonly actor: AnyActorRef | undefined; readonly cause: unknown }
  /** The runtime itself was at fault, and there was no life to crash for it: the actor had ended, or none was concerned. */
  | { readonly type: "runtimeFault"; readonly actor: AnyActorRef | undefined; readonly error: RuntimeFaultError }
  | { readonly type: "systemStopped"; readonly system: string; readonly reason: ExitReason }
  | DeadLetter;
