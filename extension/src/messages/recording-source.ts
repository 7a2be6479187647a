/** A recording as the view Messages asks for it. */
import type { RecordingShown } from "./page-protocol.ts";

export interface RecordingSource {
  readonly shown: RecordingShown;
  /** The number of the message that is selected; -1 for none. */
  selected: number;
  /** Frames begin with the first one again. */
  rewind(): void;
  /** The next frame as JSON; `undefined` after the last one. */
  frame(): Promise<string | undefined>;
  /** What was in a message; `undefined` where that is not known. */
  valueOf(seq: number): Promise<string | undefined>;
  /** What the actor of that key is defined as. */
  definitionOf(key: string): string | undefined;
  /** Whether it is not shown any more. */
  isLeft: boolean;
  leave(): void;
}
