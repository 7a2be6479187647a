/** The protocol's events: what happened between two reports. */
import type { CrashInfo, EndInfo } from "./actor-row.ts";
import type { LIST_LIMITS } from "./protocol-limits.ts";

export type InspectEvent =
  | {
      readonly kind: "crashed";
      readonly at: number;
      readonly key: string;
      readonly path: string;
      readonly crash: CrashInfo;
    }
  /** A supervisor restarts a child that has ended, now. `stop`: whom it ends first; `start`: whom it then starts, that child among them. */
  | {
      readonly kind: "restarting";
      readonly at: number;
      /** Of the supervisor. */
      readonly key: string;
      readonly path: string;
      /** Key of the child. */
      readonly failed: string;
      /** The first {@link LIST_LIMITS.plan} keys, as in `start`. */
      readonly stop: readonly string[];
      readonly start: readonly string[];
    }
  | {
      readonly kind: "restarted";
      readonly at: number;
      readonly key: string;
      readonly path: string;
      readonly incarnation: number;
    }
  | {
      readonly kind: "escalated";
      readonly at: number;
      /** Of the supervisor. */
      readonly key: string;
      /** Key of the child whose end was one too many; absent from older runtimes. */
      readonly failed?: string;
      readonly path: string;
      readonly text: string;
    }
  | {
      readonly kind: "deadLetter";
      readonly at: number;
      readonly path: string;
      /** Path of who sent it; absent when nobody is known to have. */
      readonly sender?: string;
      readonly messageType: string;
      readonly reason: string;
    }
  | {
      readonly kind: "mailboxFull";
      readonly at: number;
      readonly key: string;
      readonly path: string;
      readonly capacity: number;
    }
  | {
      readonly kind: "systemStopped";
      readonly at: number;
      readonly system: string;
      readonly text: string;
      /** `normal` and `shutdown` are orderly; absent from older runtimes. */
      readonly reason?: EndInfo["kind"];
      /** Key of the actor with which the end began. */
      readonly cause?: string;
    };
