/** Which values are not told to anybody, by their names. Pure. */

export class Redaction {
  readonly #words: readonly string[];

  /** @param words a name that holds one of them, in whatever case, hides its value. Empty words hide nothing. */
  constructor(words: readonly string[]) {
    this.#words = words.filter((word) => word !== "").map((word) => word.toLowerCase());
  }

  hides(name: string): boolean {
    if (this.#words.length === 0) return false;
    const lower = name.toLowerCase();
    return this.#words.some((word) => lower.includes(word));
  }
}
