/** The protocol's words for a CPU profile of the program, grouped by who used the time. */

/** Milliseconds a profile takes at most; then it ends by itself, and is still there for who asks. */
export const PROFILE_LIMIT_MS = 60_000;
/** Rows of a profile, those with the most time; the rest is added up. */
export const PROFILE_ROWS = 500;

/** Begins (`on`) a profile, or ends it: the reply's value is then a {@link ProfileReport}. Refused where Node has no inspector. */
export interface ProfileFrame {
  readonly type: "profile";
  readonly id: number;
  readonly on: boolean;
}

/** The time of one actor for one type of message. */
export interface ProfileRow {
  readonly key: string;
  readonly path: string;
  readonly definition: string;
  /** Absent for what followed an `await` where the frames do not say of which message. */
  readonly messageType?: string;
  /** Milliseconds on the processor. */
  readonly ms: number;
  /** Turns that began meanwhile. */
  readonly turns: number;
  /** The function of the program that used most of it; lines and columns from 1. */
  readonly hot?: { readonly name: string; readonly file: string; readonly line: number; readonly column: number };
}

export interface ProfileReport {
  /** Milliseconds it took. */
  readonly ms: number;
  /** Those in which the program was idle. */
  readonly idleMs: number;
  /** Those of no actor, or of rows that were too many. */
  readonly otherMs: number;
  readonly rows: readonly ProfileRow[];
  /** Turns were too many to note all of them: what is missing is in `otherMs`. */
  readonly isCut?: true;
  /** V8's profile as JSON, as a `.cpuprofile` holds it; absent where it does not fit into a frame. */
  readonly profile?: string;
}
