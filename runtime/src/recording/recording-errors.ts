/** Why a file is not read as a recording. */
import { AirssysError } from "../values/errors.ts";
import { text } from "../values/safe-text.ts";

/** The file does not begin as a recording does. `reason`: in words. */
export class NotARecordingError extends AirssysError {
  readonly code = "ERR_NOT_A_RECORDING";
  readonly reason: string;
  constructor(reason: string) {
    super(text`this is no recording: ${reason}`);
    this.reason = reason;
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
