/** What may be wrong with the frame by which a viewer asks for messages. */
import { safeText } from "../values/safe-text.ts";
import { FOLLOW_LIMITS } from "./message-protocol.ts";
import { TEXT_LIMITS } from "./protocol-limits.ts";

const LEVELS: readonly unknown[] = ["off", "stats", "messages", "payloads"];
const LISTS = { paths: TEXT_LIMITS.path, types: TEXT_LIMITS.name, redact: TEXT_LIMITS.name } as const;

/** @returns what is wrong, in words; `undefined` for what is right, and for frames of other types. */
export function followFault(frame: Readonly<Record<string, unknown>>): string | undefined {
  if (frame["type"] !== "follow") return undefined;
  const { level, perSecond } = frame;
  if (!LEVELS.includes(level)) return `level must be one of ${LEVELS.join(", ")}, got ${safeText(level, 40)}`;
  for (const [name, limit] of Object.entries(LISTS)) {
    const fault = listFault(name, frame[name], limit);
    if (fault !== undefined) return fault;
  }
  const { most } = FOLLOW_LIMITS.perSecond;
  const isRight = perSecond === undefined || (Number.isSafeInteger(perSecond) && isWithin(perSecond as number, most));
  return isRight ? undefined : `perSecond must be a whole number from 1 to ${most}`;
}

function isWithin(count: number, most: number): boolean {
  return count >= 1 && count <= most;
}

function listFault(name: string, list: unknown, limit: number): string | undefined {
  if (list === undefined) return undefined;
  if (!Array.isArray(list) || list.length > FOLLOW_LIMITS.items)
    return `${name} must be a list of at most ${FOLLOW_LIMITS.items} texts`;
  const isRight = list.every((item: unknown) => typeof item === "string" && item !== "" && item.length <= limit);
  return isRight ? undefined : `${name} must be texts of 1 to ${limit} characters`;
}
