/** What the editor and the thread that reads a recording say to each other. Plain data. */
import type { MessageStop } from "airssys-rt/inspect";
import type { RecordingHead, RecordingNote } from "airssys-rt/recording";

/** What the thread is started with. */
export interface ThreadStart {
  readonly file: string;
  readonly locale: string;
  /** Translations of what it says, by the English. */
  readonly sentences: Readonly<Record<string, string>>;
  /** Rows that are shown at most. */
  readonly rows: number;
}

/** What is known of a recording that has been read. */
export interface RecordingSummary {
  readonly head: RecordingHead;
  readonly messages: number;
  /** Milliseconds from its begin to the last that is known of it. */
  readonly spanMs: number;
  readonly notes: readonly RecordingNote[];
  /** Rows that its frames make. */
  readonly rows: number;
  /** Messages at its begin that are not among them. */
  readonly leftOut: number;
  /** Definitions of actors, by their keys. */
  readonly definitions: readonly (readonly [key: string, definition: string])[];
}

/** A message that can be gone to. */
export interface Landing {
  readonly seq: number;
  /** Its answer is meant. */
  readonly isReply: boolean;
  readonly type: string;
  readonly to: string;
}

/** Where a jump leads: nowhere, to one of these, and how many messages could not be judged. */
export interface Landings {
  readonly at: readonly Landing[];
  readonly unjudged: number;
}

/** A life of an actor that handled messages. */
export interface LifeSummary {
  readonly actor: string;
  readonly incarnation: number;
  readonly messages: number;
  /** Number of the message that was asked for, or of the first one. */
  readonly seq: number;
}

export type Jump = "receiver" | "next" | "reply" | "stop";

/** Questions, and what each is answered. */
export interface Answers {
  readonly open: { readonly asks: object; readonly answer: RecordingSummary };
  /** From the first frame on again. */
  readonly rewind: { readonly asks: object; readonly answer: undefined };
  /** The next frame as JSON; `undefined` after the last one. */
  readonly frame: { readonly asks: object; readonly answer: string | undefined };
  /** What was in a message, for people; `undefined` where that is not recorded. */
  readonly value: { readonly asks: { readonly seq: number }; readonly answer: string | undefined };
  readonly jump: {
    /** `seq`: -1 before the first message. */
    readonly asks: { readonly jump: Jump; readonly seq: number; readonly stops: readonly MessageStop[] };
    readonly answer: Landings;
  };
  /** Lives of actors that can be replayed, if their program can; with a message, the one that handled it. */
  readonly lives: { readonly asks: { readonly seq?: number }; readonly answer: readonly LifeSummary[] };
  /** All of it as text, a line for each message. */
  readonly text: { readonly asks: { readonly name: string }; readonly answer: string };
  readonly mermaid: { readonly asks: object; readonly answer: { readonly text: string; readonly leftOut: number } };
}

export type QuestionKind = keyof Answers;

export type ToThread = {
  readonly [K in QuestionKind]: { readonly id: number; readonly kind: K } & Answers[K]["asks"];
}[QuestionKind];

export type FromThread =
  /** Bytes that have been read. */
  | { readonly bytes: number }
  | { readonly id: number; readonly answer: unknown }
  /** In one line. */
  | { readonly id: number; readonly error: string };
