/** The protocol's words about messages that are followed: who asks for them, and how they and their times are told. */

/**
 * What is told of messages; each level tells all that the one before does.
 *
 * - `off`: nothing, and nothing is paid for
 * - `stats`: how many there were, and how long they waited and ran, by definition and type: {@link StatsFrame}
 * - `messages`: each message: {@link MessagesFrame}
 * - `payloads`: what is in it, as data for people to read
 */
export type FollowLevel = "off" | "stats" | "messages" | "payloads";

/** Asks to be told of messages from now on, in place of what was asked for before. */
export interface FollowFrame {
  readonly type: "follow";
  readonly id: number;
  readonly level: FollowLevel;
  /** Only those from or to these actors; `*` stands for one part of a path. */
  readonly paths?: readonly string[];
  /** Only these types. */
  readonly types?: readonly string[];
  /** Messages told in a second, at most {@link FOLLOW_LIMITS}; the rest is counted, but for crashes and what reaches nobody. */
  readonly perSecond?: number;
  /** Fields whose names contain one of these are not told in payloads, whatever their case; default {@link HIDDEN_WORDS}. */
  readonly redact?: readonly string[];
}

export const FOLLOW_LIMITS = {
  /** Messages told in a second, unless the viewer says how many, and the most it can say. */
  perSecond: { default: 20_000, most: 100_000 },
  /** Paths, types and names to hide. */
  items: 200,
  /** What of a payload is told: so many levels, entries of each list and object, and characters in all. */
  payload: { depth: 6, items: 50, characters: 4_000 },
  /** Characters of a note. */
  note: 500,
  /** Messages in a second, two seconds on end, above which a program does better without being followed. */
  rate: 500_000,
  /** Share of the heap's limit above which nothing more is kept for a viewer. */
  heap: 0.85,
} as const;

/** Outcomes of a message in its row. */
export const MESSAGE_OUTCOMES = {
  handled: 0,
  crashed: 1,
  /** The mailbox was full. */
  refused: 2,
  /** It reached nobody, or the handler had not finished with it when its actor was ended. A note says why. */
  dropped: 3,
  /** Who asked had given up before there was an answer. */
  late: 4,
  /** It waits, or is being handled. The same row comes once more. */
  open: 5,
} as const;

/** What has become of a question, in the row of its message. */
export const ANSWER_STATES = {
  /** It is no question. */
  none: 0,
  waits: 1,
  answered: 2,
  /** Answered with an error, or with nothing at all. */
  failed: 3,
} as const;

/** `[no, key, path]`; the key is empty for what is only a name. `no` 0 is outside of all actors, and is not told. */
export type ActorEntry = readonly [no: number, key: string, path: string];
export type TypeEntry = readonly [no: number, text: string];

/**
 * One message. A number that is not known is -1.
 *
 * - `seq`: its number in the system of `to`; negative for what was never numbered
 * - `causeSeq`: the message that `from` was handling when it sent this one
 * - `sentMs`: milliseconds since the frame's `origin`, with microseconds
 * - `waitUs`, `runUs`: microseconds from sending to the begin of the turn, and from there to its end
 * - `answerUs`: microseconds from sending to the answer, or to where the asker had none to wait for any more
 */
export type MessageRow = readonly [
  seq: number,
  causeSeq: number,
  from: number,
  to: number,
  type: number,
  sentMs: number,
  waitUs: number,
  runUs: number,
  outcome: number,
  answer: number,
  answerUs: number,
];

/** A life that began in a place where another had ended. `restarts` of at most `maxRestarts` within `periodMs`, of its supervisor. */
export type LifeRow = readonly [
  no: number,
  incarnation: number,
  atMs: number,
  supervisor: string,
  restarts: number,
  maxRestarts: number,
  periodMs: number,
];

/** What is said of one message beyond its row: the error it crashed with, or why it reached nobody. */
export type NoteRow = readonly [seq: number, to: number, text: string];

/** What a message said, as JSON; ends in `…` where there was more. */
export type PayloadRow = readonly [seq: number, to: number, json: string];

/**
 * Messages, in the order in which they were sent. A message that had not ended is told again when it has. `seq` rises by one with each
 * frame of this type.
 */
export interface MessagesFrame {
  readonly type: "messages";
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds since the epoch where the times of the rows begin. */
  readonly origin: number;
  /** Actors not told before. */
  readonly actors: readonly ActorEntry[];
  readonly types: readonly TypeEntry[];
  readonly rows: readonly MessageRow[];
  /** Messages after these that are not told: they were too many. */
  readonly missed: number;
  readonly lives?: readonly LifeRow[];
  readonly notes?: readonly NoteRow[];
  readonly payloads?: readonly PayloadRow[];
}

/** How many buckets times are counted in: the first holds what took less than a microsecond, each other one twice as long as that before. */
export const LATENCY_BUCKETS = 24;

/** All that happened since following began, where that has changed. Times in {@link LATENCY_BUCKETS}. */
export type StatsRow = readonly [
  definition: string,
  messageType: string,
  count: number,
  crashes: number,
  waitBuckets: readonly number[],
  runBuckets: readonly number[],
];

export interface StatsFrame {
  readonly type: "stats";
  readonly seq: number;
  readonly at: number;
  readonly rows: readonly StatsRow[];
}

/** Following has ended by itself: the program had too much to do, or too little room. */
export interface UnfollowedFrame {
  readonly type: "unfollowed";
  readonly reason: "rate" | "heap";
  /** One line. */
  readonly text: string;
}
