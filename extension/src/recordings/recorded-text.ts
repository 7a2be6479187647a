/** A recording as text: a line for each message, in columns, so that it can be read and searched with the editor's own means. Pure. */
import type { RecordedMessage, Recording } from "airssys-rt/recording";
import { counted, number, say } from "../sentence.ts";
import { duration, seenText } from "../text.ts";
import { beganText, noteText } from "./recording-words.ts";

/** Messages that are shown: of a longer recording the last. */
const SHOWN = 100_000;
/** Characters of a value, and of an error, in its line. */
const VALUE_WIDTH = 200;

/** @param name of its file */
export function recordedText(recording: Recording, name: string): string {
  const first = Math.max(0, recording.length - SHOWN);
  const lines = headLines(recording, name, first);
  for (let index = first; index < recording.length; index++) lines.push(messageLine(recording, recording.at(index)));
  return `${lines.join("\n")}\n`;
}

function headLines({ head, length, notes }: Recording, name: string, leftOut: number): string[] {
  const when = beganText(head).join("");
  return [
    seenLine(say("{0}: {1}, {2}, airssys-rt {3}, Node {4}", name, head.program, when, head.runtime, head.node)),
    [
      counted(length, "{0} message", "{0} messages"),
      ...(head.payloads === "types" ? [say("types only")] : []),
      ...(leftOut > 0 ? [say("the first {0} are not shown", number(leftOut))] : []),
      ...notes.map(noteText),
    ].join(" · "),
    "",
  ];
}

function messageLine(recording: Recording, message: RecordedMessage): string {
  const { seq, cause, from, to, type, sentAt, waitUs, runUs, outcome } = message;
  const sent = new Date(sentAt);
  const at = Number.isNaN(sent.getTime()) ? "--:--:--.---" : sent.toISOString().slice(11, 23);
  const value = recording.valueOf(seq);
  const note = recording.noteOf(seq);
  const times = runUs < 0 ? "" : `${span(waitUs)} + ${span(runUs)}`;
  return seenLine(
    [
      at,
      `#${seq}`.padEnd(7),
      `${from?.path ?? say("outside")} → ${to.path}`.padEnd(40),
      (type || say("(no type)")).padEnd(16),
      OUTCOMES[outcome]().padEnd(8),
      times.padEnd(18),
      (cause < 0 ? "" : `← #${cause}`).padEnd(9),
      note === undefined ? "" : cut(note),
      value === undefined ? "" : cut(JSON.stringify(value)),
    ]
      .join("  ")
      .trimEnd(),
  );
}

const OUTCOMES: { readonly [O in RecordedMessage["outcome"]]: () => string } = {
  handled: () => "",
  crashed: () => say("crashed"),
  refused: () => say("refused"),
  dropped: () => say("dropped"),
  late: () => say("late"),
  open: () => say("open"),
};

function span(us: number): string {
  return us < 1_000 ? say("{0} µs", us) : duration(us < 10_000 ? Math.round(us / 100) / 10 : us / 1_000);
}

function cut(text: string): string {
  return text.length <= VALUE_WIDTH ? text : `${text.slice(0, VALUE_WIDTH)}…`;
}

/** One line, whatever a program has called something. */
function seenLine(text: string): string {
  return seenText(text.replace(/[\n\r\t\u0085\u2028\u2029]/g, " "));
}
