/** What may be wrong with the frame by which a viewer looks at one actor closely. */
import { safeText } from "../values/safe-text.ts";
import { DETAILS_LIMITS, DETAILS_PARTS } from "./details-protocol.ts";

/** @returns what is wrong, in words; `undefined` for what is right, and for frames of other types. */
export function detailsFault(frame: Readonly<Record<string, unknown>>): string | undefined {
  const { type, parts, at, from, redact } = frame;
  if (type !== "details") return undefined;
  if (!isListOf(parts, DETAILS_PARTS.length, (part) => (DETAILS_PARTS as readonly unknown[]).includes(part)))
    return `parts must be a list of ${DETAILS_PARTS.join(", ")}, got ${safeText(parts, 80)}`;
  if (at !== undefined && !isListOf(at, DETAILS_LIMITS.depth, isPosition))
    return `at must be a list of at most ${DETAILS_LIMITS.depth} positions`;
  if (from !== undefined && !isPosition(from)) return "from must be a whole number from 0";
  if (redact !== undefined && !isListOf(redact, DETAILS_LIMITS.words, isWord))
    return `redact must be a list of at most ${DETAILS_LIMITS.words} words`;
  return undefined;
}

function isListOf(value: unknown, longest: number, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= longest && value.every(isItem);
}

function isPosition(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isWord(value: unknown): boolean {
  return typeof value === "string" && value.length <= DETAILS_LIMITS.words;
}
