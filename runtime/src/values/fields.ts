/** Options and specs as somebody gave them: read once, whatever they do when they are read. Leaf. */

export type Fields = Readonly<Record<string, unknown>>;

/** Stands for what threw when it was read: no option takes it. */
export const UNREADABLE: unique symbol = Symbol("unreadable");

/** Own fields that are looked at: who gives more has not written them. */
const MOST = 1_000;

/** A longer list is none that somebody has written. */
const LONGEST = 1_000_000;

/** Whether a value is an object with fields, and no list. Never throws. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !isList(value);
}

/** Whether a value is a list. Never throws: a revoked proxy is none. */
export function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** One field, or {@link UNREADABLE}. Never throws. */
export function readField(value: object, key: PropertyKey): unknown {
  try {
    return (value as Record<PropertyKey, unknown>)[key];
  } catch {
    return UNREADABLE;
  }
}

/**
 * A plain copy of somebody's options: their own fields, and the known ones wherever they come from. What is checked is then what is
 * used. Never throws.
 * @returns `undefined` for an object that does not even say which fields it has.
 */
export function readFields<T extends object>(value: T, known: readonly string[]): T | undefined {
  try {
    const keys = new Set([...known, ...Object.keys(value).slice(0, MOST)]);
    const entries = [...keys].map((key) => [key, readField(value, key)] as const);
    return Object.fromEntries(entries.filter(([, field]) => field !== undefined)) as T;
  } catch {
    return undefined;
  }
}

/** A plain copy of a list; what cannot be read of it is {@link UNREADABLE}. Never throws. */
export function readList(list: readonly unknown[], longest: number = LONGEST): readonly unknown[] | typeof UNREADABLE {
  const length = readField(list, "length");
  if (typeof length !== "number" || length > longest) return UNREADABLE;
  return Array.from({ length }, (_, at) => readField(list, at));
}

/** Longer lists, and what is nested deeper, nobody has written by hand. */
const LONGEST_WRITTEN = 10_000;
const DEEPEST_WRITTEN = 10;

/**
 * A copy of what somebody wrote as plain objects and lists, as deep as they go: each field is read once, and what is used is what was
 * checked. Anything else stays itself; what cannot be read, is too long or too deep is {@link UNREADABLE}. Never throws.
 */
export function readDeeply(value: unknown, deepest: number = DEEPEST_WRITTEN): unknown {
  if (typeof value !== "object" || value === null) return value;
  try {
    const isGivenList = Array.isArray(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (!isGivenList && prototype !== Object.prototype && prototype !== null) return value;
    if (deepest === 0) return UNREADABLE;
    if (isGivenList) {
      const list = readList(value, LONGEST_WRITTEN);
      return list === UNREADABLE ? UNREADABLE : list.map((one) => readDeeply(one, deepest - 1));
    }
    const keys = Object.keys(value).slice(0, MOST);
    return Object.fromEntries(keys.map((key) => [key, readDeeply(readField(value, key), deepest - 1)]));
  } catch {
    return UNREADABLE;
  }
}
