/** The door `airssys-rt/recording`: files `*.airssys`, what was sent in a program and what became of it. Pure, but for unpacking. */

export { Redaction } from "../inspect/redaction.ts";
export { MERMAID_LIMIT } from "../inspect/sequence-diagram.ts";
export { type Mermaid, mermaidOf } from "./mermaid.ts";
export { chainOf, messageFilter, OUTSIDE } from "./message-filter.ts";
export { readRecording } from "./read-recording.ts";
export { ENV_RECORD, ENV_RECORD_VALUES, ENV_REDACT } from "./record-environment.ts";
export { type RecordedLife, recordedLives } from "./recorded-life.ts";
export {
  type RecordedFields,
  type RecordedValue,
  type RecordingOptions,
  type RefReader,
  recordValue,
  type Tagged,
  VALUE_LIMITS,
} from "./recorded-value.ts";
export {
  READ_LIMITS,
  type Readings,
  type RecordedActor,
  type RecordedEvent,
  type RecordedGap,
  type RecordedMessage,
  Recording,
  type RecordingNote,
} from "./recording.ts";
export { NotARecordingError, type RecordingFault } from "./recording-errors.ts";
export {
  ANSWERS,
  type AnswerState,
  BLOCK_ROWS,
  lineText,
  type MessageRow,
  OUTCOMES,
  type Outcome,
  parseHead,
  parseLine,
  RECORDING_FORMAT,
  type RecordingHead,
  type RecordingLine,
  SEQ_SPAN,
  type Started,
} from "./recording-line.ts";
export { type RefMaker, type Revived, reviveValue } from "./revived-value.ts";
