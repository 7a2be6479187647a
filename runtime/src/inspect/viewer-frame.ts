/** Reading what a viewer sends: nothing it says is believed before it was looked at. */
import { type InspectErrorCode, MAX_FRAME_LENGTH, PROTOCOL_VERSION, type ViewerFrame } from "./protocol.ts";

/** What was wrong with a frame, and the request it answers, if that could be read. */
export interface FrameFault {
  readonly code: InspectErrorCode;
  readonly message: string;
  readonly id?: number;
}

const WITH_ID = ["subscribe", "unsubscribe", "snapshot", "health", "go", "ping", "who", "watchdog"];
const WITH_KEY = ["locate", "kill", "restart", "stop", "suspend", "resume", "send"];

/** Reads one frame. Never throws. */
export function readViewerFrame(text: string): ViewerFrame | FrameFault {
  if (text.length > MAX_FRAME_LENGTH)
    return {
      code: "ERR_FRAME_TOO_LONG",
      message: `a frame of ${text.length} characters; at most ${MAX_FRAME_LENGTH} are read`,
    };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { code: "ERR_BAD_FRAME", message: "a frame must be one JSON object" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { code: "ERR_BAD_FRAME", message: "a frame must be one JSON object" };
  return checkFrame(value as Readonly<Record<string, unknown>>);
}

export function isFault(frame: ViewerFrame | FrameFault): frame is FrameFault {
  return !("type" in frame);
}

function checkFrame(frame: Readonly<Record<string, unknown>>): ViewerFrame | FrameFault {
  const { type, id, key, protocol } = frame;
  const answers = typeof id === "number" ? { id } : {};
  if (type === "welcome") {
    if (protocol === PROTOCOL_VERSION) return frame as unknown as ViewerFrame;
    return {
      code: "ERR_PROTOCOL_VERSION",
      message: `the program speaks version ${PROTOCOL_VERSION} of the inspection protocol, the viewer ${String(protocol)}`,
    };
  }
  if (type === "error") return frame as unknown as ViewerFrame;
  const isKnown = typeof type === "string" && (WITH_ID.includes(type) || WITH_KEY.includes(type));
  if (!isKnown)
    return { code: "ERR_BAD_FRAME", message: `unknown frame type ${JSON.stringify(type)?.slice(0, 40)}`, ...answers };
  if (typeof id !== "number") return { code: "ERR_BAD_FRAME", message: `a ${type} frame needs a numeric id` };
  if (WITH_KEY.includes(type) && typeof key !== "string")
    return { code: "ERR_BAD_FRAME", message: `a ${type} frame needs the key of an actor`, id };
  if (type === "subscribe" && frame["intervalMs"] !== undefined && typeof frame["intervalMs"] !== "number")
    return { code: "ERR_BAD_FRAME", message: "intervalMs must be a number of milliseconds", id };
  if (type === "watchdog" && typeof frame["on"] !== "boolean")
    return { code: "ERR_BAD_FRAME", message: "on must be true or false", id };
  return frame as unknown as ViewerFrame;
}
