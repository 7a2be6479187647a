/** Frames as no honest side would send them, the same ones for the same seed: mutations of honest ones, and nonsense. */

/** Text of JSON, not values: some of it cannot be made by writing a value. */
const ATOMS: readonly string[] = [
  ...["null", "true", "false", "0", "-0", "-1", "1.5", "1e21", "1e999", "-1e999", "9007199254740993", "[]", "{}"],
  ...[
    '""',
    '"x"',
    '"\\u0000"',
    '"\\ud800"',
    '"__proto__"',
    '"constructor"',
    '"…"',
    '"2"',
    '"NaN"',
    `"${"x".repeat(5_000)}"`,
  ],
  '{"toString":1,"valueOf":1}',
  '{"__proto__":null,"type":"kill"}',
  '{"toJSON":1,"then":1,"length":-1}',
  "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
  `[${"0,".repeat(300)}0]`,
  `${"[".repeat(2_000)}${"]".repeat(2_000)}`,
];
const NONSENSE: readonly string[] = [
  "",
  " ",
  "}{",
  "nul",
  "\u0000",
  "[",
  '"',
  '{"type":',
  "\ufeff{}",
  "GET / HTTP/1.1",
  '{"a":1,}',
];

export class HostileFrames {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A number from 0, below `bound`. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** One frame: a tenth as it was, most with something else in one or more places, some broken as text. */
  next(honest: object): string {
    const kind = this.below(20);
    if (kind === 0) return this.pick(NONSENSE);
    if (kind === 1) return this.pick(ATOMS);
    if (kind <= 3) return JSON.stringify(honest);
    const marks: string[] = [];
    let frame: unknown = honest;
    for (let times = 1 + this.below(3); times > 0; times--) frame = this.#change(frame, marks);
    let text = JSON.stringify(frame) ?? "";
    for (const [index, atom] of marks.entries()) text = text.replaceAll(JSON.stringify(`\u0001${index}`), () => atom);
    return kind === 4 ? this.#breakText(text) : text;
  }

  /** Puts a mark in one place of a value, far down as often as at the top. */
  #change(value: unknown, marks: string[]): unknown {
    const isLeaf = typeof value !== "object" || value === null || Object.keys(value).length === 0;
    if (isLeaf || this.below(4) === 0) return this.#mark(marks);
    const key = this.pick(Object.keys(value));
    if (Array.isArray(value))
      return value.map((each, index) => (String(index) === key ? this.#change(each, marks) : each));
    const fields = { ...value } as Record<string, unknown>;
    const how = this.below(8);
    if (how === 0) delete fields[key];
    else if (how === 1) fields[this.pick(["type", "id", "key", "__proto__x", "value", "more"])] = this.#mark(marks);
    else fields[key] = this.below(2) === 0 ? this.#mark(marks) : this.#change(fields[key], marks);
    return fields;
  }

  #mark(marks: string[]): string {
    return `\u0001${marks.push(this.pick(ATOMS)) - 1}`;
  }

  #breakText(text: string): string {
    const at = this.below(text.length + 1);
    switch (this.below(3)) {
      case 0:
        return text.slice(0, at);
      case 1:
        return text.slice(0, at) + this.pick(["\u0000", '"', "}", "\\", "\ud800", ","]) + text.slice(at);
      default:
        return text.slice(0, at) + String.fromCharCode(this.below(0x80)) + text.slice(at + 1);
    }
  }
}

/** How many: the short form, unless `npm run fuzz` says how long. */
export const FRAMES: number = Number(process.env["AIRSSYS_FUZZ_FRAMES"] ?? 20_000);
