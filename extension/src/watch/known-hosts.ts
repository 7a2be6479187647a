/** Machines that the user has agreed to watch programs on: asked once for each, over all windows. Knows no editor. */

const KEY = "airssys.watchedHosts";

/** What all windows remember. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

export class KnownHosts {
  readonly #memory: Memory;
  readonly #ask: (host: string) => Promise<boolean>;
  /** Questions that stand, so that none is put twice at once. */
  readonly #asked = new Map<string, Promise<boolean>>();

  /** @param ask puts the question: whether to connect to that host */
  constructor(memory: Memory, ask: (host: string) => Promise<boolean>) {
    this.#memory = memory;
    this.#ask = ask;
  }

  /** @param host as the user wrote it; capitals make no other one of it */
  async mayReach(host: string): Promise<boolean> {
    const name = host.toLowerCase();
    if (this.#known.includes(name)) return true;
    const standing = this.#asked.get(name);
    if (standing !== undefined) return standing;
    const asked = this.#askFor(host, name).finally(() => this.#asked.delete(name));
    this.#asked.set(name, asked);
    return asked;
  }

  async #askFor(host: string, name: string): Promise<boolean> {
    if (!(await this.#ask(host))) return false;
    // Another window may have remembered one while this one asked.
    await this.#memory.update(KEY, [...new Set([...this.#known, name])]);
    return true;
  }

  /** What is remembered could have been written by anybody. */
  get #known(): readonly string[] {
    const known = this.#memory.get(KEY);
    return Array.isArray(known) ? known.filter((one) => typeof one === "string").map((one) => one.toLowerCase()) : [];
  }
}
