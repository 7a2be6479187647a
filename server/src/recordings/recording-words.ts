/** What the command line says of a recording and of its messages. What a program has called something is shown, and does nothing. */
import type { RecordedMessage, RecordedValue, Recording, RecordingNote } from "airssys-rt/recording";

/** Characters of a value in a line. */
const VALUE_WIDTH = 120;

export function headText({ head, length }: Recording): string {
  const { program, runtime, startedAt, node, payloads } = head;
  const began = new Date(startedAt);
  const when = Number.isNaN(began.getTime()) ? "" : `, ${began.toISOString()}`;
  const values = payloads === "types" ? ", types only" : "";
  return `${visible(program)}${when}, airssys-rt ${visible(runtime)}, Node ${visible(node)}: ${count(length, "message")}${values}`;
}

/** `12:00:00.012  #3  shop/orders → shop/packer  pack  crashed: RangeError: no ribbon left  waited 1.2 ms, ran 30 µs, caused by #1  {"type":"pack"}` */
export function messageText(
  message: RecordedMessage,
  value: RecordedValue | undefined,
  note: string | undefined,
): string {
  const { seq, cause, from, to, type, sentAt, waitUs, runUs, outcome } = message;
  const sent = new Date(sentAt);
  const at = Number.isNaN(sent.getTime()) ? "(no time)   " : sent.toISOString().slice(11, 23);
  const times = [
    ...(outcome === "handled" || outcome === "crashed" ? [`waited ${span(waitUs)}`, `ran ${span(runUs)}`] : []),
    ...(cause < 0 ? [] : [`caused by #${cause}`]),
  ];
  const parts = [
    at,
    `#${seq}`,
    `${visible(from?.path ?? "outside")} → ${visible(to.path)}`,
    visible(type) || "(no type)",
    ...(outcome === "handled" ? [] : [note === undefined ? outcome : `${outcome}: ${visible(note)}`]),
    ...(times.length === 0 ? [] : [times.join(", ")]),
    ...(value === undefined ? [] : [visible(cut(JSON.stringify(value)))]),
  ];
  return parts.join("  ");
}

export function noteText(note: RecordingNote): string {
  switch (note.kind) {
    case "truncated":
      return "the end is missing: the program was killed, or still runs. What it did in its last quarter of a second may not be here";
    case "damaged":
      return "the file is damaged: what comes before that place is shown";
    case "newer":
      return `it was written by a newer version (format ${note.format}): what is known of it is shown`;
    case "faulty":
      return `${count(note.lines, "line")} could not be understood`;
    case "tooLarge":
      return "there is more in it than is read";
    case "gap":
      return `${count(note.messages, "message")} of the run ${note.messages === 1 ? "is" : "are"} not in it`;
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function span(us: number): string {
  if (us < 1_000) return `${us} µs`;
  if (us < 1_000_000) return `${rounded(us / 1_000)} ms`;
  return `${rounded(us / 1_000_000)} s`;
}

function rounded(number: number): string {
  return String(Number(number.toPrecision(3)));
}

function cut(text: string): string {
  return text.length <= VALUE_WIDTH ? text : `${text.slice(0, VALUE_WIDTH)}…`;
}

/** Without what moves a terminal's cursor, or turns text around. */
function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
