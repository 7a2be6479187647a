/** The thread that reads a recording, keeps it, and answers what the editor asks of it: nobody else waits for that. */
import fs from "node:fs";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { mermaidOf, NotARecordingError, type Recording, readRecording, recordedLives } from "airssys-rt/recording";
import { ENGLISH, say, speak } from "../sentence.ts";
import { RecordedConditions } from "./recorded-condition.ts";
import { payloadOf, RecordedFrames } from "./recorded-frames.ts";
import { jump } from "./recorded-jumps.ts";
import { recordedText } from "./recorded-text.ts";
import type { FromThread, LifeSummary, RecordingSummary, ThreadStart, ToThread } from "./recording-protocol.ts";

/** Actors whose definitions are told. */
const DEFINITIONS = 100_000;
/** Bytes after which it is told how far it has been read. */
const TOLD_EVERY = 1_000_000;

const { file, locale, sentences, rows } = workerData as ThreadStart;
speak({ translate: (sentence, facts) => ENGLISH.translate(sentences[sentence] ?? sentence, facts), locale });
const port = parentPort as MessagePort;

function tell(message: FromThread): void {
  port.postMessage(message);
}

async function* parts(): AsyncGenerator<Uint8Array> {
  let [read, told] = [0, 0];
  for await (const part of fs.createReadStream(file)) {
    read += (part as Uint8Array).length;
    if (read - told > TOLD_EVERY) {
      told = read;
      tell({ bytes: read });
    }
    yield part as Uint8Array;
  }
}

const conditions = new RecordedConditions();
const recordingRead = readRecording(parts());
// Whoever asks is told.
recordingRead.catch(() => {});
let frames: RecordedFrames | undefined;

function summaryOf(recording: Recording): RecordingSummary {
  const { rows: shown, leftOut } = new RecordedFrames(recording, rows);
  const { head, length, notes, actors } = recording;
  const last = length === 0 ? head.startedAt : recording.at(length - 1).sentAt;
  const lastEvent = recording.events.at(-1)?.event.at ?? 0;
  const definitions = actors.slice(-DEFINITIONS).map(({ key, definition }) => [key, definition] as const);
  const spanMs = Math.max(0, Math.max(last, lastEvent) - head.startedAt);
  return { head, messages: length, spanMs, notes, rows: shown, leftOut, definitions };
}

async function answer(question: ToThread): Promise<unknown> {
  const recording = await recordingRead;
  switch (question.kind) {
    case "open":
      return summaryOf(recording);
    case "rewind":
      frames = new RecordedFrames(recording, rows);
      return undefined;
    case "frame": {
      const frame = frames?.next();
      return frame && JSON.stringify(frame);
    }
    case "value":
      return payloadOf(recording, question.seq);
    case "jump":
      return jump(recording, question.jump, question.seq, question.stops, conditions.judge);
    case "lives":
      return livesOf(recording, question.seq);
    case "text":
      return recordedText(recording, question.name);
    case "mermaid":
      return mermaidOf([...recording]);
  }
}

function livesOf(recording: Recording, wanted: number | undefined): readonly LifeSummary[] {
  return recordedLives(recording).flatMap(({ actor, incarnation, messages }) => {
    const message = wanted === undefined ? messages[0] : messages.find(({ seq }) => seq === wanted);
    return message === undefined ? [] : [{ actor, incarnation, messages: messages.length, seq: message.seq }];
  });
}

/** Why, for people. */
function reasonOf(error: unknown): string {
  if (error instanceof NotARecordingError) return REFUSALS[error.fault]();
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return say("There is no such file any more.");
  if (code === "EACCES" || code === "EPERM") return say("You may not read this file.");
  if (code === "EISDIR") return say("This is a folder.");
  return message;
}

const REFUSALS: Readonly<Record<NotARecordingError["fault"], () => string>> = {
  empty: () => say("This file is empty: no recording has begun in it."),
  cut: () => say("This file is cut off before the first line of a recording ends."),
  foreign: () => say("This file is no recording of Airssys."),
};

port.on("message", (question: ToThread) => {
  answer(question).then(
    (answered) => tell({ id: question.id, answer: answered }),
    (error: unknown) => tell({ id: question.id, error: reasonOf(error) }),
  );
});
