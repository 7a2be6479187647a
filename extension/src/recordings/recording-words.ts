/** What is said of a recording in one line: of what it is, when, how long, and what of it is missing. Pure. */
import type { RecordingHead, RecordingNote } from "airssys-rt/recording";
import { counted, number, say } from "../sentence.ts";
import { duration, seenText } from "../text.ts";
import type { RecordingSummary } from "./recording-protocol.ts";

/** What is missing comes before what is usual. */
export function summaryLine({ head, messages, spanMs, notes, leftOut }: RecordingSummary): string {
  const name = head.program.split(/[\\/]/).at(-1) ?? "";
  return seenText(
    [
      name === "" ? say("Recording") : say("Recording of {0}", name),
      ...beganText(head),
      ...(spanMs < 1 ? [] : [duration(spanMs)]),
      counted(messages, "{0} message", "{0} messages"),
      ...notes.map(noteText),
      ...(leftOut > 0 ? [say("the first {0} are not shown", number(leftOut))] : []),
      ...(head.payloads === "types" ? [say("types only")] : []),
    ].join(" · "),
  );
}

/** When it began, where the file says so. */
export function beganText({ startedAt }: RecordingHead): readonly string[] {
  const began = new Date(startedAt);
  return startedAt === 0 || Number.isNaN(began.getTime()) ? [] : [began.toLocaleString()];
}

/** What of a recording is not as its program wished. */
export function noteText(note: RecordingNote): string {
  switch (note.kind) {
    case "truncated":
      return say("it ended without a last word, or is still written: a last quarter of a second may be missing");
    case "damaged":
      return say("the file is damaged: what comes before that place is shown");
    case "newer":
      return say("written by a newer version: what is known of it is shown");
    case "faulty":
      return counted(note.lines, "{0} line could not be understood", "{0} lines could not be understood");
    case "tooLarge":
      return say("there is more in it than is read");
    case "gap":
      return counted(note.messages, "{0} message was not recorded", "{0} messages were not recorded");
  }
}
