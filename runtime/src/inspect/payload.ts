/** What an actor has answered, as plain data that fits into a frame, whatever it was. */
import { Cell } from "../actor/cell.ts";
import { isInstance } from "../values/instance.ts";
import { classOf, clip, errorParts, safeText } from "../values/safe-text.ts";
import { PAYLOAD_LIMITS } from "./protocol-limits.ts";

/** A value for people to look at. `isCut`: it had more than {@link PAYLOAD_LIMITS} allow. */
export interface Payload {
  readonly value: unknown;
  readonly isCut: boolean;
}

/**
 * Calls no getter and no `toJSON`. Never throws.
 *
 * | value | data |
 * |---|---|
 * | text, a finite number, `true`, `false`, `null` | itself; long text is cut |
 * | another primitive, a function, an error, bytes, a ref | text in parentheses: `(12n)`, `(undefined)`, `(RangeError: …)`, `(Uint8Array of 12 bytes)`, `(ActorRef(bank/tom))` |
 * | a date | its text |
 * | a list, a set | a list |
 * | a map | a list of pairs |
 * | any other object | its own fields that are enumerable; getters as `(getter)` |
 * | what is in itself, too deep, or cannot be read | `(again)`, `(deeper)`, `(cannot be read)` |
 */
export function payloadOf(value: unknown): Payload {
  const reading = new Reading();
  return { value: reading.read(value, 0), isCut: reading.isCut };
}

class Reading {
  isCut = false;
  #left: number = PAYLOAD_LIMITS.characters;
  readonly #above = new Set<object>();

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
    if (depth >= PAYLOAD_LIMITS.depth) {
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
    if (isInstance(value, Cell)) return this.#words(String(value));
    const error = errorParts(value);
    if (error !== undefined) return this.#words(clip(`${error.name}: ${error.message}`, 2_000));
    if (ArrayBuffer.isView(value)) return this.#words(`${classOf(value) ?? "bytes"} of ${value.byteLength} bytes`);
    if (value instanceof ArrayBuffer) return this.#words(`ArrayBuffer of ${value.byteLength} bytes`);
    if (value instanceof Date) return this.#text(String(Date.prototype.toJSON.call(value)));
    if (value instanceof Map) return this.#list(Map.prototype.entries.call(value), depth);
    if (value instanceof Set) return this.#list(Set.prototype.values.call(value), depth);
    return Array.isArray(value) ? this.#array(value, depth) : this.#fields(value, depth);
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
    const field = Object.getOwnPropertyDescriptor(value, name);
    return field !== undefined && "value" in field
      ? this.read(field.value, depth)
      : this.#words(field === undefined ? "nothing" : "getter");
  }

  #hasRoom(count: number): boolean {
    if (count < PAYLOAD_LIMITS.items && this.#left > 0) return true;
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
