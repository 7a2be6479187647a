/** The protocol's limits: how long a frame, a text, a list and an answer may be, how long a program waits, and what is not told. */

/** Milliseconds a program waits for `go`. */
export const HOLD_LIMIT_MS = 3_000;

/** Characters of one frame, unless the other side says that it takes fewer; longer ones are refused. What is longer is sent in parts. */
export const MAX_FRAME_LENGTH: number = 8 * 1024 * 1024;

/** The least that either side may say of the frames it takes, in characters: the longest row or event fits many times. */
export const MIN_FRAME_LIMIT: number = 1024 * 1024;

/** Characters of what a program says of itself. What is longer is cut, and ends (a path: begins) in `…`. */
export const TEXT_LIMITS = {
  /** Keys of actors and systems. Never cut: the program makes none that is longer. */
  key: 1_000,
  /** Paths of actors. */
  path: 2_000,
  /** Child ids, names, definitions, types of messages, words of the protocol. */
  name: 500,
  /** Sentences: how an actor ended, why something was refused. */
  text: 2_000,
  stack: 20_000,
} as const;

/** Items of a list in one frame. What is more follows in further frames, or is counted. */
export const LIST_LIMITS = {
  /** Rows and keys. */
  rows: 5_000,
  /** Systems; the frame says how many more there are. */
  systems: 200,
  /** Asks of one actor in its row: the oldest. */
  waits: 16,
  /** Processes that one actor runs for others; the row says how many more there are. */
  processes: 50,
  /** Message breakpoints. */
  stops: 500,
  /** Siblings that a supervisor stops, or starts, for one restart. */
  plan: 200,
  /** Events between two reports; a `gap` counts the rest. */
  events: 1_000,
} as const;

/** How long the reply to an `ask` may take, in milliseconds of the machine, whatever clock the system has. */
export const ASK_LIMITS = { default: 5_000, longest: 60_000 } as const;

/** What of a reply is told: so many levels, entries of each list and object, and characters in all. What is more is left out. */
export const PAYLOAD_LIMITS = { depth: 10, items: 200, characters: 100_000 } as const;

/** Values with such names are not told, unless a viewer says otherwise. */
export const HIDDEN_WORDS: readonly string[] = ["password", "token", "secret", "authorization", "cookie"];
