/** What may be wrong with the frames by which a viewer says where to stop. */
import { safeText } from "../values/safe-text.ts";
import { LIST_LIMITS, TEXT_LIMITS } from "./protocol-limits.ts";

type Fields = Readonly<Record<string, unknown>>;

const TEXTS = {
  messageType: TEXT_LIMITS.name,
  path: TEXT_LIMITS.path,
  definition: TEXT_LIMITS.name,
  sender: TEXT_LIMITS.path,
  condition: TEXT_LIMITS.text,
  log: TEXT_LIMITS.text,
} as const;

/** @returns what is wrong, in words; `undefined` for what is right, and for frames of other types. */
export function stopFault(frame: Fields): string | undefined {
  switch (frame["type"]) {
    case "arm":
      return listFault(frame["stops"]);
    case "step":
      return stepFault(frame);
    case "stopOn":
      return stopOnFault(frame);
    case "causes":
      return typeof frame["on"] === "boolean" ? undefined : "on must be true or false";
    default:
      return undefined;
  }
}

function listFault(stops: unknown): string | undefined {
  if (!Array.isArray(stops)) return "stops must be a list";
  if (stops.length > LIST_LIMITS.stops) return `stops must be at most ${LIST_LIMITS.stops}, got ${stops.length}`;
  const ids = new Set<unknown>();
  for (const stop of stops as readonly unknown[]) {
    const fault = typeof stop === "object" && stop !== null ? itemFault(stop as Fields) : "a stop must be an object";
    if (fault !== undefined) return fault;
    ids.add((stop as Fields)["id"]);
  }
  return ids.size === stops.length ? undefined : "each stop needs an id of its own";
}

function itemFault(stop: Fields): string | undefined {
  if (!isText(stop["id"], TEXT_LIMITS.name)) return "each stop needs an id";
  for (const [name, limit] of Object.entries(TEXTS)) {
    const value = stop[name];
    if (value !== undefined && !isText(value, limit)) return `${name} must be a text of at most ${limit} characters`;
  }
  return stop["hits"] === undefined || isCount(stop["hits"]) ? undefined : "hits must be a whole number from 1";
}

function stepFault({ kind, seq }: Fields): string | undefined {
  if (kind !== "receiver" && kind !== "nextMessage")
    return `kind must be receiver or nextMessage, got ${safeText(kind, 40)}`;
  return Number.isSafeInteger(seq) ? undefined : "seq must be the number of a message";
}

function stopOnFault(frame: Fields): string | undefined {
  for (const name of ["crash", "deadLetter", "escalation"])
    if (frame[name] !== undefined && typeof frame[name] !== "boolean") return `${name} must be true or false`;
  const depth = frame["mailboxDepth"];
  return depth === undefined || isCount(depth) ? undefined : "mailboxDepth must be a whole number from 1";
}

function isText(value: unknown, limit: number): boolean {
  return typeof value === "string" && value.length <= limit;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
