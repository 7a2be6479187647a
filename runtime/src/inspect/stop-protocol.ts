/** The protocol's words about stops: which messages to stop at, what became of that, and why a program stopped. */

import type { SourceLocation } from "./source-location.ts";

/** Which messages to stop at, when their turn begins. What is not named is any. */
export interface MessageStop {
  readonly id: string;
  readonly messageType?: string;
  /** Of who handles it; `*` stands for one part. */
  readonly path?: string;
  /** Class name, of the class itself or of one that it extends, or the name given to `defineActor`, of who handles it. */
  readonly definition?: string;
  /** Path of who sent it; `*` stands for one part. */
  readonly sender?: string;
  /** An expression over `message`, `sender`, `actor` (paths) and `incarnation`. */
  readonly condition?: string;
  /** Tells this in the debugger's console instead of stopping; with expressions in braces. */
  readonly log?: string;
  /** Only the match of that number, from 1. */
  readonly hits?: number;
}

/**
 * - `armed`: it can be hit. `at`: where what handles it begins, as the program runs it; absent in the reply to `arm` and where nobody
 *   knows. It comes, as does every change, in a frame `armed`, never while the program is paused
 * - `noHandler`: nobody lives who handles that; it is armed when somebody does. `text`: why, where somebody lives who could
 * - `badCondition`: its condition or text cannot be read, or has thrown; `text` says how
 */
export interface Armed {
  readonly id: string;
  readonly state: "armed" | "noHandler" | "badCondition";
  readonly text?: string;
  readonly at?: SourceLocation;
}

export type StopReason = "message" | "step" | "deadLetter" | "escalation" | "mailbox";

/** The message sent last. */
export interface LastSent {
  readonly seq: number;
  /** Path of the recipient. */
  readonly path: string;
  readonly type: string;
  /** Key of the recipient. */
  readonly key: string;
}
