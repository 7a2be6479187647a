/** What somebody gave, read once: what is checked is then what is used. */
import { isList, readFields, readList, UNREADABLE } from "../values/fields.ts";

/** No option of this layer is deeper. */
const DEEPEST = 10;

/**
 * A copy of plain objects and lists, as deep as they go. What has a class of its own (a ref, bytes, an expression) is handed on as it is;
 * what cannot be read is a value that no check takes. Never throws.
 */
export function plainCopy(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) return UNREADABLE;
  if (isList(value)) {
    const list = readList(value);
    return list === UNREADABLE ? list : list.map((one) => plainCopy(one, depth + 1));
  }
  const isCopied = hasPlainPrototype(value);
  if (isCopied === false) return value;
  const fields = isCopied && readFields(value, []);
  if (!fields) return UNREADABLE;
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, plainCopy(field, depth + 1)]));
}

/** Whether it is an object of fields and nothing else: a promise or a map would be read as one without any. Never throws. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && hasPlainPrototype(value) === true;
}

/** `undefined` where not even that can be asked. */
function hasPlainPrototype(value: object): boolean | undefined {
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
  } catch {
    return undefined;
  }
}
