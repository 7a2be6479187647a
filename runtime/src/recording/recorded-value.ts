/** Values of messages as a recording holds them: JSON in which everything that JSON has no word for is an object with a `$`. */
import { HIDDEN_WORDS } from "../inspect/protocol-limits.ts";
import { isProxied } from "../inspect/proxied.ts";
import { Redaction } from "../inspect/redaction.ts";
import { classOf, clip, errorParts } from "../values/safe-text.ts";

/** What of one value is recorded: so many characters in all, and so many levels. What is more is left out, and says so. */
export const VALUE_LIMITS = { characters: 2_000, depth: 6 } as const;

/**
 * Itself: text, a finite number, `true`, `false`, `null`, a list, an object of plain fields. Anything else is a {@link Tagged}, and so is
 * an object that has a field `$`.
 */
export type RecordedValue =
  | string
  | number
  | boolean
  | null
  | readonly RecordedValue[]
  | { readonly [field: string]: RecordedValue }
  | Tagged;

/** `more`: so many items, fields or entries were left out. */
export type Tagged =
  | { readonly $: "undefined" | "hole" | "again" | "deeper" | "hidden" | "getter" | "unreadable" }
  | { readonly $: "number" | "bigint" | "symbol" | "date" | "url"; readonly is: string }
  | { readonly $: "regexp"; readonly source: string; readonly flags: string }
  | { readonly $: "function"; readonly name: string }
  /** A text of `length` characters that begins so. */
  | { readonly $: "text"; readonly starts: string; readonly length: number }
  | { readonly $: "list" | "set"; readonly items: readonly RecordedValue[]; readonly more?: number }
  | {
      readonly $: "map";
      readonly entries: readonly (readonly [RecordedValue, RecordedValue])[];
      readonly more?: number;
    }
  /** `class`: of an object that is more than its fields; empty: one that inherits nothing. */
  | { readonly $: "object"; readonly class?: string; readonly fields: RecordedFields; readonly more?: number }
  | {
      readonly $: "error";
      readonly name: string;
      readonly message: string;
      readonly fields: RecordedFields;
      readonly more?: number;
    }
  /** The first of `length` bytes, or all of them. */
  | { readonly $: "bytes"; readonly class: string; readonly base64: string; readonly length: number }
  | { readonly $: "ref"; readonly actor: string; readonly incarnation: number };

export type RecordedFields = readonly (readonly [string, RecordedValue])[];

/** Who a value stands for, if it is a ref. */
export type RefReader = (value: object) => { readonly actor: string; readonly incarnation: number } | undefined;

export interface RecordingOptions {
  /** Fields that are not recorded; default: those whose names have one of `HIDDEN_WORDS` in them. */
  readonly redaction?: Redaction;
  /** Default: no value is a ref. */
  readonly refOf?: RefReader;
}

/** Calls nothing of the program: no getter, no `toJSON`, no trap of a proxy, which is `unreadable`. Never throws, whatever the value is. */
export function recordValue(value: unknown, options: RecordingOptions = {}): RecordedValue {
  return new Writing(options).value(value, 0);
}

const noRef: RefReader = () => undefined;
const hiddenByDefault = new Redaction(HIDDEN_WORDS);

class Writing {
  readonly #redaction: Redaction;
  readonly #refOf: RefReader;
  #left: number = VALUE_LIMITS.characters;
  readonly #above = new Set<object>();

  constructor({ redaction = hiddenByDefault, refOf = noRef }: RecordingOptions) {
    this.#redaction = redaction;
    this.#refOf = refOf;
  }

  value(value: unknown, depth: number): RecordedValue {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "boolean":
        return this.#spend(value, 5);
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? this.#spend(value, 8)
          : this.#tag({ $: "number", is: Object.is(value, -0) ? "-0" : String(value) });
      case "bigint":
        return this.#bigint(value);
      case "undefined":
        return this.#tag({ $: "undefined" });
      case "symbol":
        return this.#tag({ $: "symbol", is: clip(value.description ?? "", 200) });
      case "function":
        return this.#tag({ $: "function", name: isProxied(value) ? "" : nameOf(value) });
      default:
        return value === null ? this.#spend(null, 4) : this.#object(value as object, depth);
    }
  }

  /** To write down a number of more digits takes seconds. */
  #bigint(value: bigint): RecordedValue {
    const isShort = value < BIGGEST && value > -BIGGEST;
    return this.#tag(isShort ? { $: "bigint", is: String(value) } : { $: "unreadable" });
  }

  #object(value: object, depth: number): RecordedValue {
    if (isProxied(value)) return this.#tag({ $: "unreadable" });
    if (this.#above.has(value)) return this.#tag({ $: "again" });
    this.#above.add(value);
    try {
      return this.#whole(value) ?? (depth < VALUE_LIMITS.depth ? this.#parts(value, depth + 1) : this.#deeper());
    } catch {
      return this.#tag({ $: "unreadable" });
    } finally {
      this.#above.delete(value);
    }
  }

  #deeper(): RecordedValue {
    return this.#tag({ $: "deeper" });
  }

  /** What has no parts to look into. */
  #whole(value: object): RecordedValue | undefined {
    const ref = this.#refOf(value);
    if (ref !== undefined) return this.#tag({ $: "ref", actor: clip(ref.actor, 1_000), incarnation: ref.incarnation });
    if (ArrayBuffer.isView(value)) return this.#bytes(value, value.buffer, value.byteOffset, value.byteLength);
    if (value instanceof ArrayBuffer) return this.#bytes(value, value, 0, value.byteLength);
    if (value instanceof Date) {
      const ms = Date.prototype.getTime.call(value);
      return this.#tag({ $: "date", is: Number.isNaN(ms) ? "never" : Date.prototype.toISOString.call(value) });
    }
    if (value instanceof RegExp) {
      const [, source = "", flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(RegExp.prototype.toString.call(value)) ?? [];
      return source.length > this.#left ? this.#text(source) : this.#tag({ $: "regexp", source, flags });
    }
    if (value instanceof URL) {
      const href = String(Reflect.get(URL.prototype, "href", value));
      return href.length > this.#left ? this.#text(href) : this.#tag({ $: "url", is: href });
    }
    return undefined;
  }

  #bytes(value: object, buffer: ArrayBufferLike, offset: number, length: number): RecordedValue {
    const kept = Math.min(length, Math.max(0, Math.trunc((this.#left * 3) / 4)));
    const base64 = Buffer.from(buffer as ArrayBuffer, offset, kept).toString("base64");
    return this.#tag({ $: "bytes", class: classOf(value) ?? "ArrayBuffer", base64, length });
  }

  #parts(value: object, depth: number): RecordedValue {
    if (Array.isArray(value)) return this.#array(value, depth);
    if (value instanceof Map) return this.#map(value, depth);
    if (value instanceof Set) return this.#set(value, depth);
    const error = errorParts(value);
    if (error !== undefined) {
      const [name, message] = [clip(error.name, 200), clip(error.message, Math.max(0, this.#left))];
      this.#left -= name.length + message.length + 40;
      return { $: "error", name, message, ...this.#fields(value, depth) };
    }
    return this.#ordinary(value, depth);
  }

  #array(list: readonly unknown[], depth: number): RecordedValue {
    const items: RecordedValue[] = [];
    for (let at = 0; at < list.length && this.#hasRoom; at++) items.push(this.#field(list, at, depth));
    return items.length === list.length ? items : { $: "list", items, more: list.length - items.length };
  }

  #set(set: ReadonlySet<unknown>, depth: number): RecordedValue {
    const items: RecordedValue[] = [];
    for (const item of Set.prototype.values.call(set)) {
      if (!this.#hasRoom) break;
      items.push(this.value(item, depth));
    }
    return this.#tag({ $: "set", items, ...left(sizeOf(Set.prototype, set), items.length) });
  }

  #map(map: ReadonlyMap<unknown, unknown>, depth: number): RecordedValue {
    const entries: [RecordedValue, RecordedValue][] = [];
    for (const [key, value] of Map.prototype.entries.call(map) as IterableIterator<[unknown, unknown]>) {
      if (!this.#hasRoom) break;
      const isHidden = typeof key === "string" && this.#redaction.hides(key);
      entries.push([this.value(key, depth), isHidden ? this.#tag({ $: "hidden" }) : this.value(value, depth)]);
    }
    return this.#tag({ $: "map", entries, ...left(sizeOf(Map.prototype, map), entries.length) });
  }

  #ordinary(value: object, depth: number): RecordedValue {
    const prototype: unknown = Object.getPrototypeOf(value);
    const { fields, more } = this.#fields(value, depth);
    if (prototype !== Object.prototype) {
      const name = prototype === null ? "" : (classOf(value) ?? "(a class without a name)");
      return this.#tag({ $: "object", class: name, fields, ...(more === undefined ? {} : { more }) });
    }
    if (more !== undefined || fields.some(([name]) => name === "$"))
      return this.#tag({ $: "object", fields, ...(more === undefined ? {} : { more }) });
    return Object.fromEntries(fields);
  }

  #fields(value: object, depth: number): { readonly fields: RecordedFields; readonly more?: number } {
    const names = Object.keys(value);
    const fields: [string, RecordedValue][] = [];
    for (const name of names) {
      if (name.length > this.#left) break;
      this.#left -= name.length + 4;
      fields.push([name, this.#redaction.hides(name) ? this.#tag({ $: "hidden" }) : this.#field(value, name, depth)]);
    }
    return { fields, ...left(names.length, fields.length) };
  }

  #field(value: object, name: PropertyKey, depth: number): RecordedValue {
    const field = Object.getOwnPropertyDescriptor(value, name);
    if (field === undefined) return this.#tag({ $: "hole" });
    return "value" in field ? this.value(field.value, depth) : this.#tag({ $: "getter" });
  }

  get #hasRoom(): boolean {
    return this.#left > 0;
  }

  #text(text: string): RecordedValue {
    if (text.length <= this.#left) return this.#spend(text, text.length + 3);
    const starts = wholeStart(text, Math.max(0, this.#left));
    return this.#spend({ $: "text", starts, length: text.length }, text.length + 30);
  }

  #tag(tagged: Tagged): Tagged {
    const text = "is" in tagged ? tagged.is : "base64" in tagged ? tagged.base64 : "";
    return this.#spend(tagged, text.length + 16);
  }

  #spend<T>(value: T, characters: number): T {
    this.#left -= characters;
    return value;
  }
}

const BIGGEST = 10n ** 100n;

/** Cuts no character in two. */
function wholeStart(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd8_00 && last <= 0xdb_ff ? limit - 1 : limit);
}

function left(count: number, kept: number): { readonly more?: number } {
  return count > kept ? { more: count - kept } : {};
}

function sizeOf(prototype: object, collection: object): number {
  return Number(Reflect.get(prototype, "size", collection));
}

function nameOf(value: object): string {
  const field = Object.getOwnPropertyDescriptor(value, "name");
  return typeof field?.value === "string" ? clip(field.value, 200) : "";
}
