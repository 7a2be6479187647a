/** What an actor was sent or has answered, as plain data that fits into a frame, whatever it was. */
import { types } from "node:util";
import { Cell } from "../actor/cell.ts";
import { clip, safeText } from "../values/safe-text.ts";
import { PAYLOAD_LIMITS } from "./protocol-limits.ts";
import { isProxied } from "./proxied.ts";
import { Redaction } from "./redaction.ts";

const NOTHING_HIDDEN = new Redaction([]);

/** A value for people to look at. `isCut`: it had more than the limits allow. */
export interface Payload {
  readonly value: unknown;
  readonly isCut: boolean;
}

/** How much of a value is told: so many levels, entries of each list and object, and characters in all. */
export interface PayloadLimits {
  readonly depth: number;
  readonly items: number;
  readonly characters: number;
}

/**
 * Calls nothing of the program: no getter, no `toJSON`, no trap of a proxy. Never throws.
 *
 * | value | data |
 * |---|---|
 * | text, a finite number, `true`, `false`, `null` | itself; long text is cut |
 * | another primitive, a function, an error, bytes, a ref | text in parentheses: `(12n)`, `(undefined)`, `(RangeError: …)`, `(Uint8Array of 12 bytes)`, `(ActorRef(bank/tom))` |
 * | a date | its text |
 * | a list, a set | a list |
 * | a map | a list of pairs |
 * | any other object | its own fields that are enumerable; getters as `(getter)`, hidden ones as `(hidden)` |
 * | a proxy, and what derives from one | `(Proxy)` |
 * | what is in itself, too deep, or cannot be read | `(again)`, `(deeper)`, `(cannot be read)` |
 */
export function payloadOf(
  value: unknown,
  limits: PayloadLimits = PAYLOAD_LIMITS,
  redaction: Redaction = NOTHING_HIDDEN,
): Payload {
  const reading = new Reading(limits, redaction);
  return { value: reading.read(value, 0), isCut: reading.isCut };
}

class Reading {
  isCut = false;
  readonly #limits: PayloadLimits;
  readonly #redaction: Redaction;
  #left: number;
  readonly #above = new Set<object>();

  constructor(limits: PayloadLimits, redaction: Redaction) {
    this.#limits = limits;
    this.#redaction = redaction;
    this.#left = limits.characters;
  }

  read(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "boolean":
        return this.#spend(value, 5);
      case "number":
        return Number.isFinite(value) ? this.#spend(value, 20) : this.#words(String(value));
      case "object":
        return value === null ? this.#spend(null, 4) : this.#object(value, depth);
      default:
        return this.#words(safeText(value, 200));
    }
  }

  #object(value: object, depth: number): unknown {
    if (this.#above.has(value)) return this.#words("again");
    if (depth >= this.#limits.depth) {
      this.isCut = true;
      return this.#words("deeper");
    }
    this.#above.add(value);
    try {
      return this.#parts(value, depth + 1);
    } catch {
      return this.#words("cannot be read");
    } finally {
      this.#above.delete(value);
    }
  }

  #parts(value: object, depth: number): unknown {
    if (isProxied(value)) return this.#words("Proxy");
    if (value instanceof Hidden) return this.#words("hidden");
    if (value instanceof Cell) return this.#words(String(value));
    if (types.isNativeError(value)) return this.#words(clip(errorText(value), 2_000));
    const bytes = byteLengthOf(value);
    if (bytes !== undefined) return this.#words(`${className(value) ?? "bytes"} of ${bytes} bytes`);
    if (types.isDate(value)) return this.#text(String(Date.prototype.toJSON.call(value)));
    if (types.isMap(value)) return this.#list(this.#pairs(value), depth);
    if (types.isSet(value)) return this.#list(Set.prototype.values.call(value), depth);
    return Array.isArray(value) ? this.#array(value, depth) : this.#fields(value, depth);
  }

  *#pairs(map: Map<unknown, unknown>): Iterable<readonly unknown[]> {
    const entries = Map.prototype.entries.call(map) as IterableIterator<[unknown, unknown]>;
    for (const [key, value] of entries)
      yield [key, typeof key === "string" && this.#redaction.hides(key) ? new Hidden() : value];
  }

  #list(values: Iterable<unknown>, depth: number): unknown[] {
    const read: unknown[] = [];
    for (const each of values) {
      if (!this.#hasRoom(read.length)) break;
      read.push(this.read(each, depth));
    }
    return read;
  }

  #array(list: readonly unknown[], depth: number): unknown[] {
    const read: unknown[] = [];
    for (let at = 0; at < list.length && this.#hasRoom(read.length); at++) read.push(this.#field(list, at, depth));
    return read;
  }

  #fields(value: object, depth: number): unknown {
    const read: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    let count = 0;
    for (const name of Object.keys(value)) {
      if (!this.#hasRoom(count++)) break;
      this.#left -= name.length;
      // The name may be that of a setter on every object.
      Object.defineProperty(read, clip(name, 500), {
        value: this.#field(value, name, depth),
        enumerable: true,
        configurable: true,
      });
    }
    return read;
  }

  #field(value: object, name: PropertyKey, depth: number): unknown {
    if (typeof name === "string" && this.#redaction.hides(name)) return this.#words("hidden");
    const field = Object.getOwnPropertyDescriptor(value, name);
    return field !== undefined && "value" in field
      ? this.read(field.value, depth)
      : this.#words(field === undefined ? "nothing" : "getter");
  }

  #hasRoom(count: number): boolean {
    if (count < this.#limits.items && this.#left > 0) return true;
    this.isCut = true;
    return false;
  }

  #text(text: string): string {
    if (text.length > this.#left) this.isCut = true;
    return this.#spend(text.length > this.#left ? clip(text, Math.max(0, this.#left)) : text, text.length);
  }

  #words(text: string): string {
    return this.#spend(`(${text})`, text.length);
  }

  #spend<T>(value: T, characters: number): T {
    this.#left -= characters;
    return value;
  }
}

/** Stands for the value of a hidden entry. */
class Hidden {}

/** A field of the value, or of what it derives from, if it is one that holds a value: no getter is called. Not for proxies. */
function dataIn(value: object, name: PropertyKey): unknown {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const field = Object.getOwnPropertyDescriptor(at, name);
    if (field !== undefined) return "value" in field ? (field.value as unknown) : undefined;
  }
  return undefined;
}

function errorText(error: Error): string {
  const [name, message] = [dataIn(error, "name"), dataIn(error, "message")];
  return `${typeof name === "string" ? name : "Error"}: ${typeof message === "string" ? message : "(no message)"}`;
}

function className(value: object): string | undefined {
  const type = dataIn(value, "constructor");
  const name = typeof type === "function" && !types.isProxy(type) ? dataIn(type, "name") : undefined;
  return typeof name === "string" && name !== "" ? clip(name, 200) : undefined;
}

const lengthGetters = [Object.getPrototypeOf(Uint8Array.prototype) as object, DataView.prototype].map(
  (prototype) => Object.getOwnPropertyDescriptor(prototype, "byteLength")?.get,
);
const bufferGetter = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")?.get;

/** Bytes of an array of bytes, or of what shows one; `undefined` for anything else. */
function byteLengthOf(value: object): number | undefined {
  const [ofTypedArray, ofDataView] = lengthGetters;
  if (types.isTypedArray(value)) return ofTypedArray?.call(value) as number | undefined;
  if (types.isDataView(value)) return ofDataView?.call(value) as number | undefined;
  return types.isArrayBuffer(value) ? (bufferGetter?.call(value) as number | undefined) : undefined;
}
