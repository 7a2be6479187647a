/** Reading what a viewer sends: nothing it says is believed before it was looked at. */
import { safeText } from "../values/safe-text.ts";
import { detailsFault } from "./details-frame.ts";
import { followFault } from "./follow-frame.ts";
import { PROCESS_SIGNALS } from "./process-row.ts";
import { type InspectErrorCode, PROTOCOL_VERSION, type ViewerFrame } from "./protocol.ts";
import { ASK_LIMITS, MAX_FRAME_LENGTH, MIN_FRAME_LIMIT } from "./protocol-limits.ts";
import { recordFault } from "./record-frame.ts";
import { stopFault } from "./stop-frame.ts";

/** What was wrong with a frame, and the request it answers, if that could be read. */
export interface FrameFault {
  readonly code: InspectErrorCode;
  readonly message: string;
  readonly id?: number;
}

const WITH_ID = [
  ...["subscribe", "unsubscribe", "snapshot", "health", "go", "ping", "who", "watchdog"],
  ...["arm", "stopOn", "causes", "follow", "record", "profile"],
];
const WITH_KEY = [
  ...["locate", "crash", "kill", "restart", "stop", "suspend", "resume", "send", "ask", "signal", "output"],
  ...["step", "details"],
];

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

/** Nothing but what is checked here is read by others, the message of `send` and `ask` apart, which is handed on as it is. */
function checkFrame(frame: Readonly<Record<string, unknown>>): ViewerFrame | FrameFault {
  const { type } = frame;
  if (type === "welcome") return checkWelcome(frame);
  if (type === "error") {
    const [code, message] = [safeText(frame["code"], 100), safeText(frame["message"])];
    return { type: "error", code: code as InspectErrorCode, message };
  }
  if (type === "leave") return { type: "leave" };
  return checkRequest(frame);
}

function checkWelcome({ protocol, frameLimit }: Readonly<Record<string, unknown>>): ViewerFrame | FrameFault {
  if (protocol !== PROTOCOL_VERSION) {
    const message = `the program speaks version ${PROTOCOL_VERSION} of the inspection protocol, the viewer ${safeText(protocol, 100)}`;
    return { code: "ERR_PROTOCOL_VERSION", message };
  }
  if (frameLimit === undefined) return { type: "welcome", protocol: PROTOCOL_VERSION };
  if (isNumber(frameLimit) && frameLimit >= MIN_FRAME_LIMIT)
    return { type: "welcome", protocol: PROTOCOL_VERSION, frameLimit };
  return { code: "ERR_BAD_FRAME", message: `frameLimit must be a number of at least ${MIN_FRAME_LIMIT} characters` };
}

function checkRequest(frame: Readonly<Record<string, unknown>>): ViewerFrame | FrameFault {
  const { type, id, key, intervalMs } = frame;
  const answers = isNumber(id) ? { id } : {};
  if (typeof type !== "string" || !(WITH_ID.includes(type) || WITH_KEY.includes(type)))
    return { code: "ERR_BAD_FRAME", message: `unknown frame type ${safeText(type, 40)}`, ...answers };
  if (!isNumber(id)) return { code: "ERR_BAD_FRAME", message: `a ${type} frame needs a numeric id` };
  if (WITH_KEY.includes(type) && typeof key !== "string")
    return { code: "ERR_BAD_FRAME", message: `a ${type} frame needs the key of an actor`, id };
  if (type === "subscribe" && intervalMs !== undefined && typeof intervalMs !== "number")
    return { code: "ERR_BAD_FRAME", message: "intervalMs must be a number of milliseconds", id };
  if (type === "subscribe" && frame["quiet"] !== undefined && typeof frame["quiet"] !== "boolean")
    return { code: "ERR_BAD_FRAME", message: "quiet must be true or false", id };
  if (type === "ask" && frame["timeoutMs"] !== undefined && !isAskLimit(frame["timeoutMs"]))
    return { code: "ERR_BAD_FRAME", message: `timeoutMs must be a number above 0, at most ${ASK_LIMITS.longest}`, id };
  if ((type === "watchdog" || type === "profile") && typeof frame["on"] !== "boolean")
    return { code: "ERR_BAD_FRAME", message: "on must be true or false", id };
  const fault = stopFault(frame) ?? detailsFault(frame) ?? followFault(frame) ?? recordFault(frame);
  if (fault !== undefined) return { code: "ERR_BAD_FRAME", message: fault, id };
  if (type === "signal" || type === "output") return checkProcessRequest(frame, id);
  return frame as unknown as ViewerFrame;
}

function checkProcessRequest(frame: Readonly<Record<string, unknown>>, id: number): ViewerFrame | FrameFault {
  const { type, pid, signal, from } = frame;
  if (!Number.isSafeInteger(pid)) return { code: "ERR_BAD_FRAME", message: `a ${type} frame needs a pid`, id };
  if (type === "signal" && !(PROCESS_SIGNALS as readonly unknown[]).includes(signal))
    return { code: "ERR_BAD_FRAME", message: `signal must be one of ${PROCESS_SIGNALS.join(", ")}`, id };
  if (type === "output" && !isNumber(from))
    return { code: "ERR_BAD_FRAME", message: "from must be a number of characters", id };
  return frame as unknown as ViewerFrame;
}

function isAskLimit(value: unknown): boolean {
  return isNumber(value) && value > 0 && value <= ASK_LIMITS.longest;
}

/** JSON has numbers that are read as infinite, and could not be written again. */
function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
