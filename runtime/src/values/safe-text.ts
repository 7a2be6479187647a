/** Text of any value, whatever it does when it is touched: the one way in which a value nobody has checked becomes text. */

import { isList, readList } from "./fields.ts";

/** Longer texts are clipped, and say how long they were. */
const LONGEST = 2_000;
/** Longer pieces are left out of a template: what is put together of them must not outgrow what a text can be. */
const LONGEST_PIECE = 1_000_000;
/** Elements of a list and fields of an object that are printed, and how deep. */
const WIDEST = 20;
const DEEPEST = 3;
/** Printing a number of more digits takes seconds. */
const BIGGEST = 10n ** 100n;

const UNPRINTABLE = "(a value that cannot be printed)";

/**
 * One line about any value, for people. Never throws.
 *
 * | value | text |
 * |---|---|
 * | text | itself |
 * | another primitive | as in code: `5`, `null`, `12n`, `Symbol(x)` |
 * | an error | `Name: message` |
 * | a function, a class | `function name` |
 * | bytes | `Uint8Array(12)` |
 * | anything else | as JSON, no deeper than 3 levels and no wider than 20 fields |
 * | what throws when it is read | `(a value that cannot be printed)`, or that in place of the part |
 *
 * @param limit longest text in characters, default 2,000; a longer one is clipped and says how long it was.
 */
export function safeText(value: unknown, limit: number = LONGEST): string {
  return clip(typeof value === "string" ? value : print(value, 0), limit);
}

/**
 * A template whose values nobody has checked. Never throws. Text in it is neither read nor clipped: the path of an actor 100,000 levels
 * deep shares its pieces with those above it, and to look into it would copy it, once for each level that says something.
 */
export function text(parts: TemplateStringsArray, ...values: readonly unknown[]): string {
  return parts.reduce((sum, part, at) => sum + pieceOf(values[at - 1]) + part);
}

function pieceOf(value: unknown): string {
  if (typeof value !== "string") return safeText(value);
  return value.length <= LONGEST_PIECE ? value : `(a text of ${value.length} characters)`;
}

/** Texts of a list's values, joined; of what is no list its own text. Never throws. */
export function joinText(values: unknown, separator: string): string {
  const list = isList(values) ? readList(values) : values;
  return isList(list) ? list.map((value) => safeText(value)).join(separator) : safeText(list);
}

/** The first `limit` characters of a text; a longer one says how long it was. Cuts no character in two. */
export function clip(text: string, limit: number = LONGEST): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  const end = last >= 0xd8_00 && last <= 0xdb_ff ? limit - 1 : limit;
  return `${text.slice(0, end)}… (${text.length} characters)`;
}

/** What can be said of an error. */
export interface ErrorParts {
  readonly name: string;
  readonly message: string;
  /** As V8 wrote it; `undefined` if there is none or if it cannot be read. Not clipped. */
  readonly stack: string | undefined;
}

/** The parts of an error, each read on its own; `undefined` for what is no error. Never throws. */
export function errorParts(value: unknown): ErrorParts | undefined {
  if (!isError(value)) return undefined;
  return { name: part(value, "name"), message: part(value, "message"), stack: stackOf(value) };
}

/** The message of an error, and of anything else its text. Never throws. */
export function messageOf(cause: unknown): string {
  return isError(cause) ? clip(part(cause, "message")) : safeText(cause);
}

/** Whether a value is an error, of whatever realm. Never throws. */
function isError(value: unknown): value is Error {
  if (typeof value !== "object" || value === null) return false;
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
  } catch {
    return false;
  }
}

/** The name of a value's class; `undefined` if it has none, or none that is text. Never throws. */
export function classOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return nameOf(read(value, "constructor"));
}

/** The name of a function or class; `undefined` if it has none that is text, and for what is neither. Never throws. */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== "function") return undefined;
  const name = read(value, "name");
  return typeof name === "string" && name !== "" ? clip(name, 200) : undefined;
}

/** What a value is, for people, when it is not what was expected. Never throws. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? `an object of class ${classOf(value) ?? "unknown"}` : `a ${typeof value}`;
}

/** One field of anything, or `undefined` where reading it throws. Never throws. */
export function read(value: unknown, key: PropertyKey): unknown {
  try {
    return (value as Record<PropertyKey, unknown>)[key];
  } catch {
    return undefined;
  }
}

function stackOf(error: Error): string | undefined {
  const stack = read(error, "stack");
  return typeof stack === "string" && stack !== "" ? stack : undefined;
}

function part(error: Error, key: "name" | "message"): string {
  try {
    const value: unknown = error[key];
    return typeof value === "string" ? value : value === undefined ? "" : safeText(value);
  } catch {
    return `(a ${key} that cannot be read)`;
  }
}

function print(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(clip(value, 200));
    case "bigint":
      return value < BIGGEST && value > -BIGGEST ? `${value}n` : "(a bigint of more than 100 digits)";
    case "function":
      return `function ${nameOf(value) ?? "without a name"}`;
    case "object":
      return value === null ? "null" : printGuarded(value, depth);
    default:
      return String(value);
  }
}

function printGuarded(value: object, depth: number): string {
  try {
    return printObject(value, depth);
  } catch {
    return UNPRINTABLE;
  }
}

function printObject(value: object, depth: number): string {
  if (isError(value)) return printError(value, depth);
  if (ArrayBuffer.isView(value)) return `${classOf(value) ?? "bytes"}(${value.byteLength})`;
  if (depth === DEEPEST) return "…";
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return print(toJSON.call(value, ""), depth + 1);
  return Array.isArray(value) ? printList(value, depth) : printFields(value, depth);
}

function printError(error: Error, depth: number): string {
  const name = clip(part(error, "name"), 200);
  const message = part(error, "message");
  return depth === 0 ? `${name}: ${message}` : JSON.stringify(`${name}: ${clip(message, 200)}`);
}

function printList(list: readonly unknown[], depth: number): string {
  const shown = Array.from({ length: Math.min(list.length, WIDEST) }, (_, at) => printField(list, at, depth));
  return `[${joined(shown, list.length)}]`;
}

function printFields(value: object, depth: number): string {
  const keys = Object.keys(value);
  const shown = keys
    .slice(0, WIDEST)
    .map((key) => `${JSON.stringify(clip(key, 200))}:${printField(value, key, depth)}`);
  return `{${joined(shown, keys.length)}}`;
}

function printField(value: object, key: PropertyKey, depth: number): string {
  try {
    return print((value as Record<PropertyKey, unknown>)[key], depth + 1);
  } catch {
    return UNPRINTABLE;
  }
}

function joined(shown: readonly string[], count: number): string {
  return (count > shown.length ? [...shown, `… ${count - shown.length} more`] : shown).join(",");
}
