/** `airssys recording show` and `mermaid`: the messages of a recording, for people, for programs and as a diagram. */
import { createReadStream } from "node:fs";
import {
  MERMAID_LIMIT,
  mermaidOf,
  messageFilter,
  NotARecordingError,
  type RecordedMessage,
  type Recording,
  readRecording,
} from "airssys-rt/recording";
import { headText, messageText, noteText } from "./recording-words.ts";

export interface ShowOptions {
  readonly action: "show" | "mermaid";
  readonly file: string;
  /** Words of the Messages view's filter. */
  readonly filter: string;
  /** Number of the message to begin at. */
  readonly from?: number;
  readonly limit?: number;
  readonly asJson: boolean;
}

interface Output {
  write(text: string): unknown;
}

/** Messages that are shown unless somebody says how many. */
const SHOWN = 1_000;

/** @returns the exit code: 0 for a whole recording, 1 for one of which what there is was shown, 2 for what cannot be read or asked. */
export async function showRecording(options: ShowOptions, out: Output, err: Output): Promise<number> {
  const recording = await read(options.file);
  if (typeof recording === "string") return refuse(`${options.file}: ${recording}`, err);
  const holds = messageFilter(recording, options.filter);
  if (typeof holds === "string") return refuse(holds, err);
  const start = options.from === undefined ? 0 : recording.indexOf(options.from);
  if (start < 0) return refuse(`there is no message ${options.from} in ${options.file}`, err);
  const shown: RecordedMessage[] = [];
  const limit = options.limit ?? (options.action === "mermaid" ? MERMAID_LIMIT : SHOWN);
  let left = 0;
  for (let index = start; index < recording.length; index++) {
    const message = recording.at(index);
    if (!holds(message)) continue;
    if (shown.length < limit) shown.push(message);
    else left++;
  }
  if (options.action === "mermaid") {
    const { text, leftOut } = mermaidOf(shown);
    left += leftOut;
    out.write(text);
  } else if (options.asJson) writeJson(recording, shown, left, out);
  else writeLines(recording, shown, out);
  if (left > 0)
    err.write(`${left} more ${left === 1 ? "message is" : "messages are"} not shown: see --from, --limit\n`);
  const notes = recording.notes.filter(({ kind }) => kind !== "gap" || !options.asJson);
  for (const note of notes) err.write(`${options.file}: ${noteText(note)}\n`);
  return recording.notes.some(({ kind }) => kind !== "gap") ? 1 : 0;
}

function refuse(text: string, err: Output): 2 {
  err.write(`airssys: ${text}\n`);
  return 2;
}

/** @returns why it cannot be read, as text. */
async function read(file: string): Promise<Recording | string> {
  try {
    return await readRecording(createReadStream(file));
  } catch (error) {
    if (error instanceof NotARecordingError) return error.message;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return "there is no such file";
    if (code === "EISDIR") return "this is a folder";
    if (code === "EACCES") return "you may not read it";
    throw error;
  }
}

function writeLines(recording: Recording, shown: readonly RecordedMessage[], out: Output): void {
  out.write(`${headText(recording)}\n`);
  for (const message of shown)
    out.write(`${messageText(message, recording.valueOf(message.seq), recording.noteOf(message.seq))}\n`);
}

/** One document, written message by message. */
function writeJson(recording: Recording, shown: readonly RecordedMessage[], left: number, out: Output): void {
  const { head, length, notes, schedule } = recording;
  const whole = JSON.stringify({ version: 1, head, messages: length, notes, schedule, notShown: left }, undefined, 2);
  out.write(`${whole.slice(0, -2)},\n  "shown": [`);
  for (const [at, message] of shown.entries()) {
    const { seq, cause, from, to, ...rest } = message;
    const value = recording.valueOf(seq);
    const reply = recording.replyTo(seq);
    const note = recording.noteOf(seq);
    const row = {
      seq,
      cause: cause < 0 ? null : cause,
      from: from?.path ?? null,
      to: to.path,
      ...rest,
      note,
      value,
      reply,
    };
    out.write(`${at === 0 ? "" : ","}\n    ${JSON.stringify(row)}`);
  }
  out.write(shown.length === 0 ? "]\n}\n" : "\n  ]\n}\n");
}
