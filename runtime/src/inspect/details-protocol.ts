/** The protocol's words about one actor, looked at closely: its state, what waits, whom it is tied to, how it has lived. */

export const DETAILS_PARTS = ["state", "mailbox", "ties", "timers", "lives", "recent", "settings"] as const;

/**
 * - `state`: what the object of its present life holds
 * - `mailbox`: what waits, what was set aside, and what its senders keep until there is room for it
 * - `lives`: how earlier ones ended, while a viewer is subscribed
 * - `recent`: the messages it has handled since this was asked for the first time; noted until nobody has asked for some 20 seconds
 * - `settings`: what it lives under, and who said so
 */
export type DetailsPart = (typeof DETAILS_PARTS)[number];

/** The reply's value is {@link Details}. Nothing of the program is run for it: no getter, no proxy. */
export interface DetailsRequest {
  readonly type: "details";
  readonly id: number;
  readonly key: string;
  readonly parts: readonly DetailsPart[];
  /** Which value of the state to open: the positions that lead to it from the top; none: the state itself. */
  readonly at?: readonly number[];
  /** From which part of that value on; default 0. */
  readonly from?: number;
  /** Values whose names hold one of these words are not told, whatever their case. Default {@link HIDDEN_WORDS}. */
  readonly redact?: readonly string[];
}

/** How much is told at once. What is more is counted. */
export const DETAILS_LIMITS = {
  /** Parts of a value, letters, ties, timers. */
  items: 100,
  /** Positions that lead to a value. */
  depth: 50,
  /** Words to redact by, and characters of each. */
  words: 100,
  /** Characters of one value. */
  value: 2_000,
  /** Characters of all values and names together. */
  characters: 100_000,
  /** Earlier lives that are kept of each actor. */
  lives: 16,
  /** Messages that are kept of an actor that is looked at. */
  recent: 16,
} as const;

/** The first ones of a list, and how many there are. */
export interface Listed<T> {
  readonly total: number;
  readonly items: readonly T[];
}

/** A value in one line. */
export interface ShownValue {
  /** Of a field its name, of an element its index, of a map's value its key. */
  readonly name: string;
  readonly text: string;
  /** It has parts of its own, which can be asked for. */
  readonly isOpen?: true;
  /** It is not told because of its name. */
  readonly isHidden?: true;
}

/**
 * Why the private fields of a value are not among its parts: it has too many other ones, or too much text, which would have to be looked
 * at with them; something beside them would run; Node denies its inspector.
 */
export type PrivateNote = "tooMany" | "tooMuchText" | "wouldRun" | "denied";

export interface StateDetails {
  /** How many parts the value has. */
  readonly total: number;
  /** Position of the first that is told. */
  readonly from: number;
  readonly items: readonly ShownValue[];
  readonly note?: PrivateNote;
}

export interface LetterDetails {
  /** `type` of the message, or of a signal. */
  readonly messageType: string;
  readonly isSignal?: true;
  /** Path of who sent it. */
  readonly sender?: string;
  /** Milliseconds since it was sent. */
  readonly ageMs: number;
  /** The message in one line. */
  readonly text: string;
}

/** A message that its sender keeps until a full mailbox has room. */
export interface RoomWaitDetails extends LetterDetails {
  /** Key of who sent it; absent where no actor did. */
  readonly senderKey?: string;
}

/** - `link`: they end together. - `watches`: it hears of the other's end. - `watchedBy`: the other hears of its end. */
export interface TieDetails {
  readonly kind: "link" | "watches" | "watchedBy";
  readonly key: string;
  readonly path: string;
}

export interface TimerDetails {
  readonly name: string;
  readonly messageType: string;
  /** Milliseconds until it sends; absent when it has sent, and that message is not done with. */
  readonly dueMs?: number;
  /** Absent of one that sends once. */
  readonly periodMs?: number;
}

export interface LifeDetails {
  readonly incarnation: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: "normal" | "shutdown" | "killed" | "noproc" | "crashed" | "gaveUp";
  readonly text: string;
  /** How long it lived, in milliseconds; absent where nobody saw. */
  readonly livedMs?: number;
}

export interface RecentDetails {
  readonly messageType: string;
  readonly seq: number;
  readonly sender?: string;
  /** When its turn began: milliseconds ago. */
  readonly agoMs: number;
  /** For how long it waited, and was handled. */
  readonly waitedMs: number;
  readonly ranMs: number;
  readonly outcome: "handled" | "crashed";
  readonly text: string;
}

/** `spec`: its child spec, or that of its supervisor, says so. `template`: that of which it is an instance. `spawn`: who spawned it. */
export type SettingOrigin = "default" | "template" | "spec" | "spawn";

export interface SettingDetails {
  readonly name: string;
  readonly text: string;
  readonly origin: SettingOrigin;
}

export interface Details {
  readonly incarnation: number;
  /** What it cost the program, in milliseconds: who asks again waits longer the more it was. */
  readonly tookMs: number;
  readonly state?: StateDetails;
  readonly mailbox?: Listed<LetterDetails>;
  readonly setAside?: Listed<LetterDetails>;
  /** Absent while nobody waits. The longest first. */
  readonly roomWaits?: Listed<RoomWaitDetails>;
  readonly ties?: Listed<TieDetails>;
  readonly timers?: Listed<TimerDetails>;
  /** The present life is not among them. `livesMs`: for how long that has lived; absent while there is none. */
  readonly lives?: { readonly livesMs?: number; readonly ends: readonly LifeDetails[] };
  /** The last ones, the newest first. */
  readonly recent?: readonly RecentDetails[];
  readonly settings?: readonly SettingDetails[];
}
