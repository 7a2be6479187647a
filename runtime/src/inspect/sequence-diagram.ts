/** Messages as a sequence diagram in Mermaid's words, of a program that runs as of a recording. Pure. */
import { MESSAGE_OUTCOMES } from "./message-protocol.ts";

/** Messages of one diagram: more would be a picture that nobody reads, and that Mermaid takes seconds for. */
export const MERMAID_LIMIT = 200;

const TEXT_LIMIT = 120;
/** By what has become of a message: handled; crashed, with a cross; anything else has not been handled, or not yet. */
const ARROWS: readonly string[] = Object.assign([], {
  [MESSAGE_OUTCOMES.handled]: "->>",
  [MESSAGE_OUTCOMES.crashed]: "-x",
});
const UNHANDLED = "-)";

/** Whoever takes part is drawn in the order in which they are first named. What they and messages are called is text to Mermaid, whatever it is. */
export class SequenceDiagram<Key> {
  readonly #labelOf: (who: Key) => string;
  readonly #ids = new Map<Key, string>();
  readonly #lines: string[] = [];

  constructor(labelOf: (who: Key) => string) {
    this.#labelOf = labelOf;
  }

  /** @param outcome one of {@link MESSAGE_OUTCOMES} @param note what is said of it in parentheses; empty: nothing */
  message(from: Key, to: Key, type: string, outcome: number, note: string): void {
    const said = note === "" ? type : `${type} (${note})`;
    this.#lines.push(`  ${this.#id(from)}${ARROWS[outcome] ?? UNHANDLED}${this.#id(to)}: ${plain(said)}`);
  }

  reply(from: Key, to: Key, type: string): void {
    this.#lines.push(`  ${this.#id(from)}-->>${this.#id(to)}: ${plain(type)}`);
  }

  /** Something that has happened to somebody. */
  note(over: Key, text: string): void {
    this.#lines.push(`  Note over ${this.#id(over)}: ${plain(text)}`);
  }

  get text(): string {
    const heads = [...this.#ids].map(([who, id]) => `  participant ${id} as ${plain(this.#labelOf(who))}`);
    return ["sequenceDiagram", ...heads, ...this.#lines, ""].join("\n");
  }

  #id(who: Key): string {
    const known = this.#ids.get(who) ?? `p${this.#ids.size + 1}`;
    this.#ids.set(who, known);
    return known;
  }
}

/** What could mean something to Mermaid, as its entity codes, which do not. */
function plain(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return [...line]
    .slice(0, TEXT_LIMIT)
    .join("")
    .replace(/[^\p{L}\p{N}_ /.,~@$()[\]✕↻…-]/gu, (letter) => `#${letter.codePointAt(0)};`);
}
