/** Writes reports to standard error, for people: each crash once, and of its stack what the user wrote. */
import { isFields, isList, readField, readList, UNREADABLE } from "../values/fields.ts";
import { errorParts, safeText } from "../values/safe-text.ts";
import { userFrames } from "./user-frames.ts";

/** Errors of one chain of causes that are told. */
const MOST = 16;

/** What is told by the headline and the frames. */
const TOLD_APART: ReadonlySet<PropertyKey> = new Set(["name", "message", "stack", "cause", "errors"]);

/** Errors whose frames have been written. */
const told = new WeakSet<object>();

/**
 * Writes one report as text, in one call: the line, then what it does not say of the error. Of a stack it writes the frames of the
 * program, not those of the runtime and of Node, unless there are no others and no cause. The frames of an error that it has written before, since
 * a supervisor gave up because of it, are not written again.
 */
export function consoleLogger(line: string, error?: unknown): void {
  console.error([`[airssys] ${line}`, ...(error === undefined ? [] : describeChain(line, error))].join("\n"));
}

function describeChain(line: string, first: unknown): readonly string[] {
  const lines: string[] = [];
  const chain: { readonly value: unknown; readonly title: string }[] = [{ value: first, title: "" }];
  const seen = new Set<unknown>();
  for (const { value, title } of chain) {
    if (seen.has(value) || seen.size >= MOST) continue;
    seen.add(value);
    lines.push(...describe(line, value, title));
    if (errorParts(value) === undefined || hasBeenTold(value)) continue;
    chain.push(...causes(value as object));
  }
  for (const value of seen) if (typeof value === "object" && value !== null) told.add(value);
  return lines;
}

/** The headline, unless the report says it; the fields an error has beyond those of every error; its frames. */
function describe(line: string, value: unknown, title: string): readonly string[] {
  const parts = errorParts(value);
  const text = safeText(value);
  const headline = title === "" && line.includes(text) ? [] : [`  ${title}${text}`];
  if (parts === undefined) return headline;
  if (hasBeenTold(value)) return title === "" ? headline : [`  ${title}${text} (its stack is above)`];
  return [
    ...headline,
    ...facts(line, value as object),
    ...userFrames(parts.stack, causes(value as object).length > 0).map((frame) => `    ${frame}`),
  ];
}

function facts(line: string, error: object): readonly string[] {
  const more = Object.fromEntries(
    keysOf(error)
      .filter((key) => !TOLD_APART.has(key))
      .map((key) => [key, readField(error, key)] as const)
      .filter(
        ([, value]) => value !== UNREADABLE && typeof value !== "function" && !line.includes(`[${safeText(value)}]`),
      ),
  );
  return Object.keys(more).length === 0 ? [] : [`    ${safeText(more)}`];
}

function keysOf(error: object): readonly string[] {
  try {
    return Object.keys(error);
  } catch {
    return [];
  }
}

function causes(error: object): readonly { readonly value: unknown; readonly title: string }[] {
  const cause = readField(error, "cause");
  const errors = readField(error, "errors");
  const several = isList(errors) ? readList(errors, MOST) : UNREADABLE;
  return [
    ...(cause === undefined || cause === UNREADABLE ? [] : [{ value: cause, title: "caused by " }]),
    ...(several !== UNREADABLE ? several.map((value) => ({ value, title: "one of its errors: " })) : []),
  ];
}

function hasBeenTold(value: unknown): boolean {
  return isFields(value) && told.has(value);
}
