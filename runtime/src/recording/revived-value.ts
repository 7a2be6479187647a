/** Values made again from a recording, as far as that is possible: what is not says so. */
import type { RecordedFields, RecordedValue, Tagged } from "./recorded-value.ts";

export interface Revived {
  readonly value: unknown;
  /** What is not as it was, in words: `a function`, `an object of class Order`. Empty: the value is the one that was recorded. */
  readonly losses: readonly string[];
}

/** Who stands for a recorded ref; without one a ref is its path. */
export type RefMaker = (actor: string, incarnation: number) => unknown;

/** Levels that are looked into: a recording holds fewer, but anybody may have written the file. */
const DEEPEST = 100;

/** @param recorded as {@link recordValue} made it, or as anybody did: what makes no sense is a loss. Never throws. */
export function reviveValue(recorded: unknown, refOf: RefMaker = (actor) => actor): Revived {
  const reviving = new Reviving(refOf);
  return { value: reviving.value(recorded, 0), losses: [...reviving.losses] };
}

type Constructed = new (buffer: ArrayBuffer) => unknown;

const VIEWS: Readonly<Record<string, Constructed>> = {
  ...{ Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array },
  ...{ Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView },
};

class Reviving {
  readonly losses: Set<string> = new Set();
  readonly #refOf: RefMaker;

  constructor(refOf: RefMaker) {
    this.#refOf = refOf;
  }

  value(recorded: unknown, depth: number): unknown {
    if (typeof recorded !== "object" || recorded === null) return recorded;
    if (depth > DEEPEST) return this.#lose("something deeper");
    if (Array.isArray(recorded)) return this.#list(recorded, depth + 1);
    if (Object.hasOwn(recorded, "$")) return this.#tagged(recorded as Tagged, depth + 1);
    return this.#fill({}, Object.entries(recorded), depth + 1);
  }

  #tagged(tagged: Tagged, depth: number): unknown {
    try {
      return this.#known(tagged, depth);
    } catch {
      return this.#lose("something that the recording does not say rightly");
    }
  }

  #known(tagged: Tagged, depth: number): unknown {
    switch (tagged.$) {
      case "undefined":
        return undefined;
      case "number":
        return Number(tagged.is);
      case "bigint":
        return BigInt(tagged.is);
      case "date":
        return new Date(tagged.is === "never" ? Number.NaN : tagged.is);
      case "url":
        return new URL(tagged.is);
      case "regexp":
        return new RegExp(tagged.source, tagged.flags);
      case "symbol":
        this.#lose("a symbol");
        return Symbol(tagged.is);
      case "ref":
        return this.#refOf(String(tagged.actor), Number(tagged.incarnation));
      case "text":
        this.#lose("a text that was cut");
        return tagged.starts;
      case "list":
        this.#more(tagged);
        return this.#list(tagged.items, depth);
      case "set":
        this.#more(tagged);
        return new Set(tagged.items.map((item) => this.value(item, depth)));
      case "map":
        this.#more(tagged);
        return new Map(tagged.entries.map(([key, value]) => [this.value(key, depth), this.value(value, depth)]));
      case "object":
        return this.#object(tagged, depth);
      case "error":
        return this.#error(tagged, depth);
      case "bytes":
        return this.#bytes(tagged);
      case "hole":
        return undefined;
      case "function":
        return this.#lose("a function");
      case "again":
        return this.#lose("an object that is in itself");
      case "deeper":
        return this.#lose("what was deeper");
      case "hidden":
        return this.#lose("a hidden field");
      case "getter":
        return this.#lose("a getter");
      case "unreadable":
        return this.#lose("a value that could not be read");
      default:
        return this.#lose("something that a newer version has recorded");
    }
  }

  #lose(what: string): undefined {
    this.losses.add(what);
    return undefined;
  }

  #more({ more }: { readonly more?: number }): void {
    if (more !== undefined) this.#lose("a part that was left out");
  }

  #list(items: readonly unknown[], depth: number): unknown[] {
    const list: unknown[] = [];
    list.length = items.length;
    for (const [at, item] of items.entries()) if (!isHole(item)) list[at] = this.value(item, depth);
    return list;
  }

  #object(tagged: Extract<Tagged, { readonly $: "object" }>, depth: number): object {
    this.#more(tagged);
    const { class: name } = tagged;
    if (name !== undefined && name !== "") this.#lose(`an object of class ${String(name)}`);
    return this.#fill(name === "" ? (Object.create(null) as object) : {}, tagged.fields, depth);
  }

  #error(tagged: Extract<Tagged, { readonly $: "error" }>, depth: number): Error {
    this.#more(tagged);
    const error = new Error(String(tagged.message));
    if (error.name !== tagged.name) {
      this.#lose(`an error of class ${String(tagged.name)}`);
      Object.defineProperty(error, "name", { value: String(tagged.name), configurable: true, writable: true });
    }
    return this.#fill(error, tagged.fields, depth);
  }

  #bytes({ base64, class: name, length }: Extract<Tagged, { readonly $: "bytes" }>): unknown {
    const bytes = Buffer.from(base64, "base64");
    if (bytes.byteLength !== length) return this.#lose("bytes that were cut");
    if (name === "Buffer") return bytes;
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    if (name === "ArrayBuffer") return buffer;
    const View = Object.hasOwn(VIEWS, name) ? VIEWS[name] : undefined;
    return View === undefined ? this.#lose(`an object of class ${String(name)}`) : new View(buffer);
  }

  /** A field may be called `__proto__`. */
  #fill<T extends object>(into: T, fields: RecordedFields | readonly (readonly [string, unknown])[], depth: number): T {
    for (const [name, recorded] of fields as readonly (readonly [string, RecordedValue])[])
      Object.defineProperty(into, name, {
        value: this.value(recorded, depth),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return into;
  }
}

function isHole(item: unknown): boolean {
  return typeof item === "object" && item !== null && (item as Partial<Tagged>).$ === "hole";
}
