/** The protocol's events: what happened between two reports. */
import type { CrashInfo, EndInfo } from "./actor-row.ts";

export type InspectEvent =
  | {
      readonly kind: "crashed";
      readonly at: number;
      readonly key: string;
      readonly path: string;
      readonly crash: CrashInfo;
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
      readonly key: string;
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
