/** What a value consists of, part by part and none of them touched: fields, `#private` ones too, elements, entries. Never throws. */
import { types } from "node:util";
import { bearsMark } from "../values/single-life.ts";
import type { PrivateNote } from "./details-protocol.ts";
import { type PrivateField, privateFieldsOf } from "./private-fields.ts";
import { isRef, isSealed, isTrap, lengthOfBytes, sizeOfMap, sizeOfSet } from "./value-kind.ts";

/** To look for private fields means to look at all of them. */
const MOST_FIELDS = 5_000;
/** Characters of its own texts. */
const MOST_TEXT = 1_000_000;

export interface Part {
  /** Of a field or an element. */
  readonly name?: string;
  /** Of what a map holds, instead of a name. */
  readonly key?: unknown;
  /** Absent where there are {@link words}. */
  readonly value?: unknown;
  /** Why it has no value: `getter`, `nothing`, `cannot be read`. */
  readonly words?: string;
}

export interface Parts {
  readonly total: number;
  /** Why private fields are not among them. */
  readonly note?: PrivateNote;
  /** Those from one position on, before another. */
  read(from: number, to: number): Iterable<Part>;
}

const NO_PARTS: Parts = { total: 0, read: () => [] };

/**
 * | value | parts |
 * |---|---|
 * | an object, an instance of a class | its `#private` fields, then its own enumerable ones |
 * | a list, bytes, a set | its elements |
 * | a map | its values |
 * | a proxy, a ref, a promise, a function, any other | none |
 *
 * An instance of a class that extends a list, a map or a set has its private fields before its elements.
 */
export function partsOf(value: unknown): Parts {
  try {
    if (typeof value !== "object" || value === null || isClosed(value)) return NO_PARTS;
    const own = elementsOf(value) ?? fieldsOf(value);
    return isBuiltIn(value) ? own : withPrivate(value, own);
  } catch {
    return NO_PARTS; // it cannot be read, as its line says
  }
}

/** Whether {@link partsOf} may find any: of an instance of a class that takes a while to know. */
export function isOpen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    return !isClosed(value) && (!isBuiltIn(value) || partsOf(value).total > 0);
  } catch {
    return false;
  }
}

/** What is in it is nobody's to see, or nothing that anybody wrote. */
function isClosed(value: object): boolean {
  return types.isProxy(value) || isRef(value) || isSealed(value);
}

/** Made by the language alone: it has no private fields. */
function isBuiltIn(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || BUILT_IN.has(prototype);
}

const BUILT_IN: ReadonlySet<object> = new Set<object>([
  ...[Object, Array, Map, Set, WeakMap, WeakSet, Date, RegExp, Promise].map(({ prototype }) => prototype as object),
  ...[Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError].map(
    ({ prototype }) => prototype as object,
  ),
  ...[Uint8Array, Uint16Array, Uint32Array, Int8Array, Int16Array, Int32Array, Uint8ClampedArray].map(
    ({ prototype }) => prototype as object,
  ),
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array, ArrayBuffer, SharedArrayBuffer, DataView].map(
    ({ prototype }) => prototype as object,
  ),
  Function.prototype,
]);

function elementsOf(value: object): Parts | undefined {
  if (Array.isArray(value)) return indexed(value, value.length);
  if (types.isTypedArray(value)) return indexed(value, lengthOfBytes(value));
  if (types.isMap(value)) {
    const entries = (): Iterable<[unknown, unknown]> => Map.prototype.entries.call(value);
    return iterated(sizeOfMap(value), entries, ([key, held]) => ({ key, value: held }));
  }
  if (types.isSet(value)) {
    const values = (): Iterable<unknown> => Set.prototype.values.call(value);
    return iterated(sizeOfSet(value), values, (held, at) => ({ name: String(at), value: held }));
  }
  return undefined;
}

function indexed(list: object, total: number): Parts {
  return {
    total,
    *read(from, to) {
      for (let at = from; at < Math.min(to, total); at++) yield partAt(list, String(at));
    },
  };
}

function iterated<T>(total: number, begin: () => Iterable<T>, partOf: (item: T, at: number) => Part): Parts {
  return {
    total,
    *read(from, to) {
      let at = 0;
      for (const item of begin()) {
        if (at >= to) return;
        if (at >= from) yield partOf(item, at);
        at++;
      }
    },
  };
}

function fieldsOf(value: object): Parts {
  const names = Object.keys(value);
  const symbols = Object.getOwnPropertySymbols(value).filter((symbol) =>
    Object.prototype.propertyIsEnumerable.call(value, symbol),
  );
  const keys: readonly PropertyKey[] = symbols.length === 0 ? names : [...names, ...symbols];
  return {
    total: keys.length,
    *read(from, to) {
      for (const key of keys.slice(from, to)) yield partAt(value, key);
    },
  };
}

/** One field or element, without running it. */
export function partAt(value: object, key: PropertyKey): Part {
  const name = String(key);
  try {
    const field = Object.getOwnPropertyDescriptor(value, key);
    if (field === undefined) return { name, words: "nothing" };
    return "value" in field ? { name, value: field.value as unknown } : { name, words: "getter" };
  } catch {
    return { name, words: "cannot be read" };
  }
}

function withPrivate(value: object, own: Parts): Parts {
  const obstacle = obstacleTo(value, own.total);
  if (obstacle !== undefined) return { ...own, note: obstacle };
  const fields = privateFieldsOf(value);
  if (fields === undefined) return { ...own, note: "denied" };
  // The mark of the runtime's is not the program's.
  const theirs = bearsMark(value) ? fields.slice(1) : fields;
  return theirs.length === 0 ? own : joined(theirs, own);
}

/** Why a debugger had better not look at it: it looks at everything, and takes each text along. */
function obstacleTo(value: object, fields: number): PrivateNote | undefined {
  if (fields > MOST_FIELDS) return "tooMany";
  const texts = Object.values(Object.getOwnPropertyDescriptors(value)).reduce(
    (sum, field) => sum + (typeof field.value === "string" ? field.value.length : 0),
    0,
  );
  if (texts > MOST_TEXT) return "tooMuchText";
  return isTrap(value) ? "wouldRun" : undefined;
}

function joined(fields: readonly PrivateField[], own: Parts): Parts {
  const before = fields.length;
  return {
    total: before + own.total,
    *read(from, to) {
      for (const field of fields.slice(from, to)) yield "value" in field ? field : { ...field, words: "getter" };
      if (to > before) yield* own.read(Math.max(0, from - before), to - before);
    },
  };
}
