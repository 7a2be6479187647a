/** A recorded value as the view Messages shows the payload of a message that was just sent: JSON, with words in parentheses. Pure. */
import type { RecordedFields, RecordedValue, Tagged } from "airssys-rt/recording";

/** Levels that are shown: a recording holds fewer, but anybody may have written the file. */
const DEEPEST = 50;

/**
 * | recorded | shown |
 * |---|---|
 * | what JSON has a word for, dates and addresses | itself |
 * | numbers beyond JSON, `bigint`, symbols, functions, errors, bytes, refs | text in parentheses: `(12n)`, `(RangeError: …)`, `(ActorRef(bank/tom))` |
 * | lists and sets, maps | a list, a list of pairs |
 * | objects | their fields |
 * | what was hidden, cut or not read | `(hidden)`, `(deeper)`, `(3 more)` and so on |
 */
export function recordedPayload(value: RecordedValue): string {
  return JSON.stringify(shown(value, 0));
}

function shown(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) return "(deeper)";
  if (Array.isArray(value)) return value.map((item) => shown(item, depth + 1));
  if (Object.hasOwn(value, "$")) return tagged(value as Tagged, depth + 1);
  return fieldsOf(Object.entries(value) as unknown as RecordedFields, undefined, depth + 1);
}

/** The file may be anybody's: what has not the parts it should have is shown as it stands. */
function tagged(value: Tagged, depth: number): unknown {
  switch (value.$) {
    case "undefined":
    case "again":
    case "deeper":
    case "hidden":
    case "getter":
      return `(${value.$})`;
    case "hole":
      return "(nothing)";
    case "unreadable":
      return "(cannot be read)";
    case "date":
    case "url":
      return value.is;
    case "number":
      return `(${value.is})`;
    case "bigint":
      return `(${value.is}n)`;
    case "symbol":
      return `(Symbol(${value.is}))`;
    case "regexp":
      return `(/${value.source}/${value.flags})`;
    case "function":
      return `(function ${value.name})`;
    case "text":
      return `${value.starts}…`;
    case "list":
    case "set":
      return Array.isArray(value.items)
        ? [...value.items.map((item) => shown(item, depth)), ...rest(value.more)]
        : value;
    case "map":
      return Array.isArray(value.entries)
        ? [...value.entries.map((pair) => shown(pair, depth)), ...rest(value.more)]
        : value;
    case "object":
      return Array.isArray(value.fields) ? fieldsOf(value.fields, value.more, depth) : value;
    case "error":
      return `(${value.name}: ${value.message})`;
    case "bytes":
      return `(${value.class} of ${value.length} bytes)`;
    case "ref":
      return `(ActorRef(${value.actor}))`;
    default:
      return value;
  }
}

function fieldsOf(fields: RecordedFields, more: number | undefined, depth: number): unknown {
  const read: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of fields) read[name] = shown(value, depth);
  for (const left of rest(more)) read["…"] = left;
  return read;
}

function rest(more: number | undefined): readonly string[] {
  return more === undefined ? [] : [`(${more} more)`];
}
