/** The protocol's rows: what a program says of an actor and of a system in a snapshot and in a delta. */
import type { DenialInfo, ProcessInfo } from "./process-row.ts";
import type { LIST_LIMITS } from "./protocol-limits.ts";

/**
 * - `starting`: its start function or `preStart` runs
 * - `idle`: nothing to do
 * - `ready`: has messages and waits for its turn
 * - `busy`: a synchronous handler runs now
 * - `waiting`: an asynchronous handler has not finished
 * - `suspended`: takes no message until resumed
 * - `restarting`: ended; its next incarnation has not started (a start that fails, or a back-off)
 * - `stopping`: `postStop` runs, or children are still ending
 * - `stopped`: ended; its spec is kept and it can be restarted
 */
export type ActorState =
  | "starting"
  | "idle"
  | "ready"
  | "busy"
  | "waiting"
  | "suspended"
  | "restarting"
  | "stopping"
  | "stopped";

export interface CrashInfo {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly incarnation: number;
  /** Which callback: `init`, `receive`, `signal`, `terminate`, `timer`, `rejection`, `exit`. */
  readonly where: string;
  /** One line. */
  readonly text: string;
  /** Only in the reply to `crash`, and in the last words of a system. */
  readonly stack?: string;
  /** `type` of the message that was being handled. */
  readonly messageType?: string;
}

/** How a life ended; `gaveUp`: a supervisor that was to restart more often than it may. */
export interface EndInfo {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly incarnation: number;
  readonly kind: "normal" | "shutdown" | "killed" | "noproc" | "crashed" | "gaveUp";
  /** One line. */
  readonly text: string;
}

export interface SupervisorInfo {
  readonly strategy: string;
  readonly maxRestarts: number;
  readonly maxRestartPeriodMs: number;
  readonly restartsInWindow: number;
  readonly autoShutdown: string;
}

export interface ActorRow {
  /** Identifies the place in the tree within this program, for every incarnation: no other actor, of whichever system, ever has it. */
  readonly key: string;
  /** Key of the parent; absent for the top of a system. */
  readonly parent?: string;
  /** Position among its siblings: start order. */
  readonly order: number;
  /** Child id: the last part of the path. */
  readonly id: string;
  /** Such as `order-desk/payments/card`. */
  readonly path: string;
  /** Registered name. */
  readonly name?: string;
  readonly kind: "actor" | "supervisor";
  /** Class name, or the name given to `defineActor` or `supervisor`. */
  readonly definition: string;
  readonly state: ActorState;
  readonly incarnation: number;
  /** `permanent`, `transient`, `temporary`; absent where nobody supervises. */
  readonly restart?: string;
  /** How its supervisor tells it to end, where that is not the default: 5000 ms for an actor, `infinity` for a supervisor. */
  readonly shutdown?: "brutal_kill" | "infinity" | number;
  /** It was added at run time: its supervisor's spec does not list it. */
  readonly dynamic?: true;
  /** Its end by itself may end its supervisor, as that one's `autoShutdown` says. */
  readonly significant?: true;
  /** Restarts since the program began. */
  readonly restarts: number;
  readonly mailbox: {
    readonly depth: number /** `null`: unbounded. */;
    readonly capacity: number | null;
    readonly overflow: string;
    /** Milliseconds for which the oldest message waits; absent when none does. */
    readonly oldestMs?: number;
  };
  /** Messages handled since the program began. */
  readonly handled: number;
  /** Messages handled per second, averaged over some reports; 0 when less than one. */
  readonly rate: number;
  /** What this actor has asked or sent and waits for; the first {@link LIST_LIMITS.waits}. */
  readonly waitsFor?: readonly {
    /** Of the actor that is waited for. */
    readonly key?: string;
    readonly path: string;
    /** `ask`: for its reply, also when absent. `room`: for room in its full mailbox. */
    readonly kind?: "ask" | "room";
    readonly messageType: string;
    readonly sinceMs: number;
  }[];
  readonly lastCrash?: CrashInfo;
  /** How its last life ended, whatever has come since. Known of ends that a viewer was there for. */
  readonly lastEnd?: EndInfo;
  /** The message whose turn has not ended. `sinceMs`: for so long at least. */
  readonly handling?: { readonly messageType: string; readonly seq: number; readonly sinceMs: number };
  /** Messages its full mailbox refused or dropped, since a viewer looks. */
  readonly refused?: number;
  /** Messages it has set aside. */
  readonly setAside?: number;
  /** Asks it was sent and has not answered. */
  readonly owes?: number;
  /** Messages it sent that reached nobody, since a viewer looks. */
  readonly deadLetters?: number;
  /** Children that started below it per second, averaged; absent when less than one. */
  readonly births?: number;
  /** It has left the tree: one of the last {@link LEFT_KEPT} children of its parent that failed and were not to be restarted, or all
   * of a system that stops. */
  readonly left?: true;
  /** Children that failed and were not to be restarted, those still shown included. */
  readonly leftChildren?: number;
  readonly supervisor?: SupervisorInfo;
  /** The OS process that this actor stands for, as it is or was last. */
  readonly process?: ProcessInfo;
  /** OS processes that it runs for others, which no actor stands for; the first {@link LIST_LIMITS.processes}. */
  readonly runs?: readonly ProcessInfo[];
  readonly runsLeftOut?: number;
  readonly denials?: DenialInfo;
}

/** Failed children that a parent keeps in sight. */
export const LEFT_KEPT = 5;

export interface SystemRow {
  /** Identifies the system within this program; a later one of the same name has another. */
  readonly id: string;
  readonly name: string;
  /** Key of the top actor. */
  readonly root: string;
  readonly health: HealthReport;
  /** It has stopped, and this is its last report. `cause`: key of the actor with which it began; `crash`: that actor's, with its stack. */
  readonly end?: EndInfo & { readonly cause?: string; readonly crash?: CrashInfo };
}

export interface HealthReport {
  readonly status: "up" | "degraded" | "down";
  readonly actors: number;
  readonly supervisors: number;
  /** Messages per second over the last report interval. */
  readonly throughput: number;
  readonly restarts: number;
  readonly deadLetters: number;
  /** Milliseconds by which the event loop is late. */
  readonly loopDelayMs: number;
  readonly timestamp: number;
}

/** The value of a reply to `snapshot`. */
export interface Tree {
  readonly systems: readonly SystemRow[];
  readonly systemsLeftOut?: number;
  readonly actors: readonly ActorRow[];
}
