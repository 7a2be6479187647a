/** Loads a page, and loads it anew while it does not say that it is there. Knows no editor. */

/** Milliseconds that a page may take the first time; each time after that, twice as long. */
export const FIRST_LOAD_MS = 10_000;
/** Times that it is loaded. */
export const MOST_LOADS = 3;

export interface PageLoadParts {
  /** Begins to load it, whatever there is of it. */
  readonly load: () => void;
  /** It has not come, and is loaded again; or, after the last time, it is given up. */
  readonly missed: (afterMs: number, isLast: boolean) => void;
}

/**
 * What a page is made of is fetched by the window, which may lose it while it is itself being loaded: then nothing of the page runs, and
 * nobody says so. Time counts only while somebody looks: a page that nobody sees may not be loaded yet.
 */
export class PageLoad {
  readonly #parts: PageLoadParts;
  #times = 0;
  #isReady = false;
  #isSeen: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: PageLoadParts, isSeen: boolean) {
    this.#parts = parts;
    this.#isSeen = isSeen;
    this.#load();
  }

  /** The page has said that it is there. */
  get isReady(): boolean {
    return this.#isReady;
  }

  heard(): void {
    this.#isReady = true;
    this.#wait();
  }

  /** Somebody looks, or no longer does. */
  attend(isSeen: boolean): void {
    if (isSeen === this.#isSeen) return;
    this.#isSeen = isSeen;
    this.#wait();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #load(): void {
    this.#times++;
    this.#parts.load();
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#isReady || !this.#isSeen || this.#times > MOST_LOADS) return;
    const ms = FIRST_LOAD_MS * 2 ** (this.#times - 1);
    this.#timer = setTimeout(() => this.#miss(ms), ms);
  }

  #miss(ms: number): void {
    const isLast = this.#times === MOST_LOADS;
    this.#parts.missed(ms, isLast);
    if (isLast) this.#times++;
    else this.#load();
  }
}
