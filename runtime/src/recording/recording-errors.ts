/** Why a file is not read as a recording. */
import { AirssysError } from "../values/errors.ts";
import { text } from "../values/safe-text.ts";

/** `empty`: there is nothing in the file. `cut`: its first line has no end. `foreign`: it begins as something else. */
export type RecordingFault = "empty" | "cut" | "foreign";

const REASONS: Readonly<Record<RecordingFault, string>> = {
  empty: "it is empty",
  cut: "its first line is cut off",
  foreign: "it begins as something else",
};

/** The file does not begin as a recording does. */
export class NotARecordingError extends AirssysError {
  readonly code = "ERR_NOT_A_RECORDING";
  readonly fault: RecordingFault;
  /** In words. */
  readonly reason: string;
  constructor(fault: RecordingFault) {
    super(text`this is no recording: ${REASONS[fault]}`);
    this.fault = fault;
    this.reason = REASONS[fault];
  }
}

/** What is in the place of a file is not replaced by a recording. */
export class NotReplaceableError extends AirssysError {
  readonly code = "ERR_NOT_REPLACED";
  readonly path: string;
  constructor(path: string, reason: string) {
    super(text`${path} ${reason}: it is left as it is`);
    this.path = path;
  }
}
