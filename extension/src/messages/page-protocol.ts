/** What the view Messages and its page say to each other. Plain data. */
import type { MessagesFrame } from "airssys-rt/inspect";
import type { Pick } from "./filter.ts";

/** Something of an actor that stands under its name. */
export interface Head {
  readonly queued: number;
  readonly restarts: number;
}

/** A place in the source. */
export interface Place {
  /** `orders.ts:159` */
  readonly text: string;
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

/** Which message is meant: its type and who has to do with it. */
export interface MessageFacts {
  /** The run that told of it. */
  readonly program: string;
  readonly type: string;
  readonly fromKey: string;
  readonly fromPath: string;
  readonly toKey: string;
  readonly toPath: string;
  readonly hasCrashed: boolean;
}

export interface Places {
  readonly sent: readonly Place[];
  readonly handled: Place | undefined;
  readonly threw: Place | undefined;
}

/** A recording that is shown in the place of what programs tell. */
export interface RecordingShown {
  /** Stands for the program in frames. */
  readonly run: string;
  /** What it is of, and what is missing. */
  readonly line: string;
  /** Rows that its frames make. */
  readonly rows: number;
  readonly hasValues: boolean;
}

export type ToPage =
  /** First of all. `sentences`: translations of what the page says, by the English. */
  | {
      readonly type: "setup";
      readonly locale: string;
      readonly sentences: Readonly<Record<string, string>>;
      readonly kept: number;
      readonly areValuesShown: boolean;
    }
  | { readonly type: "frame"; readonly program: string; readonly frame: MessagesFrame }
  /** The numbers of that program begin anew. */
  | { readonly type: "forget"; readonly program: string; readonly hasEnded: boolean }
  /** How many programs are told of. */
  | { readonly type: "programs"; readonly count: number }
  | { readonly type: "unfollowed"; readonly text: string }
  /** The view is seen again. */
  | { readonly type: "resumed" }
  | { readonly type: "values"; readonly areShown: boolean }
  | { readonly type: "heads"; readonly program: string; readonly heads: Readonly<Record<string, Head>> }
  | { readonly type: "places"; readonly request: number; readonly places: Places }
  | { readonly type: "filter"; readonly text: string; readonly pick?: Pick }
  /** Copies what is shown. */
  | { readonly type: "copy" }
  /** A recording is shown from now on; its frames follow, one for each time that one was taken. */
  | { readonly type: "recording"; readonly recording: RecordingShown }
  /** A frame of it as JSON; without one there are no more. */
  | { readonly type: "recorded"; readonly run: string; readonly frame?: string }
  /** What was in a message of it, if that is known. */
  | { readonly type: "value"; readonly run: string; readonly seq: number; readonly json?: string }
  | { readonly type: "select"; readonly run: string; readonly seq: number; readonly isReply: boolean }
  /** Programs are shown again. */
  | { readonly type: "live" };

export type FromPage =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly text: string }
  /** The keyboard is the page's, or no more: VS Code does not say so of pages. */
  | { readonly type: "focus"; readonly isHere: boolean }
  | { readonly type: "find"; readonly request: number; readonly message: MessageFacts }
  | { readonly type: "open"; readonly place: Place }
  | { readonly type: "goTo"; readonly end: "sent" | "handled"; readonly message: MessageFacts }
  | { readonly type: "break"; readonly message: MessageFacts }
  | { readonly type: "copied"; readonly text: string; readonly count: number }
  | { readonly type: "showValues" }
  /** A frame of the recording was taken. */
  | { readonly type: "taken"; readonly run: string }
  /** A message of the recording, or none (-1), is selected. */
  | { readonly type: "selected"; readonly run: string; readonly seq: number }
  | { readonly type: "value"; readonly run: string; readonly seq: number }
  | { readonly type: "replay" }
  /** The program is to run. */
  | { readonly type: "debug" }
  /** Programs are wanted again. */
  | { readonly type: "leave" };
