/** Values as people see them: in one line, and opened one at a time, without those whose names say that nobody is to see them. Never throws. */
import { clip, safeText } from "../values/safe-text.ts";
import { DETAILS_LIMITS, type ShownValue, type StateDetails } from "./details-protocol.ts";
import type { Redaction } from "./redaction.ts";
import { kindOf, nameOf } from "./value-kind.ts";
import { isOpen, type Part, partAt, partsOf } from "./value-parts.ts";

/** Characters of a name, and of a value within the line of another. */
const NAME = 200;
const INNER = 60;
/** Parts that are said in a line. */
const SAID = 8;
/** Levels that are said in a line. */
const LEVELS = 2;
const HIDDEN = "hidden";
const UNREADABLE = "(cannot be read)";

/** Reads for one answer, which has so much room and no more. */
export class ValueReader {
  readonly #redaction: Redaction;
  #left: number = DETAILS_LIMITS.characters;

  constructor(redaction: Redaction) {
    this.#redaction = redaction;
  }

  get hasRoom(): boolean {
    return this.#left > 0;
  }

  /** Counts what is said elsewhere in the answer. */
  spend(text: string): string {
    this.#left -= text.length;
    return text;
  }

  /**
   * The parts, from one on, of what stands at `path` below `top`.
   *
   * @returns `undefined` when there is no such place any more.
   */
  open(top: unknown, path: readonly number[], from: number): StateDetails | undefined {
    let value = top;
    for (const position of path) {
      const [part] = partsOf(value).read(position, position + 1);
      if (part === undefined || !("value" in part) || this.#hides(part)) return undefined;
      value = part.value;
    }
    const { total, note, read } = partsOf(value);
    const items: ShownValue[] = [];
    for (const part of read(from, from + DETAILS_LIMITS.items)) {
      if (!this.hasRoom) break;
      items.push(this.shown(part));
    }
    return { total, from, items, ...(note === undefined ? {} : { note }) };
  }

  shown(part: Part): ShownValue {
    const name = this.spend(clip(this.#nameOf(part), NAME));
    if (this.#hides(part)) return { name, text: HIDDEN, isHidden: true };
    if (part.words !== undefined) return { name, text: `(${part.words})` };
    const text = this.spend(this.line(part.value));
    return isOpen(part.value) ? { name, text, isOpen: true } : { name, text };
  }

  /** One line about any value: text itself, `Map(42)`, `Order {id: 2, item: "tea"}`, `[1, 2, … 98 more]`. */
  line(value: unknown): string {
    return clip(typeof value === "string" ? value : this.#line(value, 0), DETAILS_LIMITS.value);
  }

  #line(value: unknown, depth: number): string {
    switch (typeof value) {
      case "string":
        return JSON.stringify(clip(value, INNER));
      case "function":
        return `function ${nameOf(value)}`.trimEnd();
      case "object":
        return value === null ? "null" : this.#objectLine(value, depth);
      default:
        return safeText(value, DETAILS_LIMITS.value);
    }
  }

  #objectLine(value: object, depth: number): string {
    try {
      const { name, brief } = kindOf(value);
      if (brief !== undefined) return brief;
      if (Array.isArray(value)) return depth < LEVELS ? this.#listLine(value, depth) : `Array(${value.length})`;
      const before = name === "" ? "" : `${name} `;
      return depth < LEVELS ? `${before}${this.#fieldsLine(value, depth)}` : name || "{…}";
    } catch {
      return UNREADABLE;
    }
  }

  #listLine(list: readonly unknown[], depth: number): string {
    const count = Math.min(SAID, list.length);
    const said = Array.from({ length: count }, (_, at) => this.#inner(partAt(list, String(at)), depth));
    return `[${withRest(said, list.length)}]`;
  }

  #fieldsLine(value: object, depth: number): string {
    const names = Object.keys(value);
    const said = names.slice(0, SAID).map((name) => `${clip(name, INNER)}: ${this.#inner(partAt(value, name), depth)}`);
    return `{${withRest(said, names.length)}}`;
  }

  #inner(part: Part, depth: number): string {
    if (this.#hides(part)) return HIDDEN;
    return part.words === undefined ? this.#line(part.value, depth + 1) : `(${part.words})`;
  }

  #nameOf({ name, key }: Part): string {
    return name ?? (typeof key === "string" ? key : this.#line(key, 1));
  }

  #hides(part: Part): boolean {
    return this.#redaction.hides(this.#nameOf(part));
  }
}

function withRest(said: readonly string[], total: number): string {
  return (total > said.length ? [...said, `… ${total - said.length} more`] : said).join(", ");
}
