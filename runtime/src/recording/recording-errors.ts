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
