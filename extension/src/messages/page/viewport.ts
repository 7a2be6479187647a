/** The window over the rows: where it stands, and whether the reader or this page itself has moved it. */
import { make } from "./dom.ts";
import type { Seen } from "./sequence.ts";

/** Milliseconds for which scrolling is what the reader just did. */
const ACTING_MS = 400;

export class Viewport {
  readonly element: HTMLElement = make("div", "scroll");
  /** Stays where it is while rows go by. */
  readonly content: HTMLElement = make("div", "view");
  readonly #spacer = make("div", "spacer");
  rowHeight = 1;
  headHeight = 0;
  /** When the reader last did something that scrolls; positive infinity while a pointer is held down. */
  #actedAtMs = Number.NEGATIVE_INFINITY;
  readonly #stop = new AbortController();

  /** @param onScroll whether it was the reader */
  constructor(onScroll: (byReader: boolean) => void) {
    this.element.tabIndex = 0;
    const sticky = make("div", "sticky");
    sticky.append(this.content);
    this.element.append(sticky, this.#spacer);
    // Also a change of size scrolls, and this page itself: neither is the reader.
    this.element.addEventListener("scroll", () => onScroll(performance.now() - this.#actedAtMs < ACTING_MS));
    for (const act of ["wheel", "touchmove", "keydown"])
      this.element.addEventListener(act, () => this.#acted(performance.now()), { passive: true });
    this.element.addEventListener("pointerdown", () => this.#acted(Number.POSITIVE_INFINITY));
    const { signal } = this.#stop;
    window.addEventListener("pointerup", () => this.#acted(performance.now()), { signal });
  }

  dispose(): void {
    this.#stop.abort();
  }

  get seen(): Seen {
    const { clientWidth: width, clientHeight: height, scrollTop, scrollLeft } = this.element;
    return { width, height, scrollTop, scrollLeft };
  }

  get firstVisible(): number {
    return Math.ceil(this.element.scrollTop / this.rowHeight);
  }

  /** Rows that are gone through at once. */
  get page(): number {
    return Math.max(1, Math.floor(this.#room / this.rowHeight) - 1);
  }

  get #room(): number {
    return this.element.clientHeight - this.headHeight;
  }

  /** What scrolls from now on is this page. */
  forgetReader(): void {
    this.#acted(Number.NEGATIVE_INFINITY);
  }

  /** Rows at the top are gone: what is read stays where it is. */
  moveUp(rows: number): void {
    if (rows > 0) this.scrollTo(Math.max(0, this.element.scrollTop - rows * this.rowHeight));
  }

  scrollTo(top: number): void {
    this.element.scrollTop = top;
  }

  /** To the end. */
  scrollDown(): void {
    this.scrollTo(this.element.scrollHeight);
  }

  center(place: number): void {
    this.scrollTo(Math.max(0, place * this.rowHeight - this.element.clientHeight / 2));
  }

  reveal(place: number): void {
    const [top, bottom] = [place * this.rowHeight, (place + 1) * this.rowHeight];
    if (top < this.element.scrollTop) this.scrollTo(top);
    else if (bottom > this.element.scrollTop + this.#room) this.scrollTo(bottom - this.#room);
  }

  /** The room that so many rows need. */
  resize(rows: number, width: string): void {
    this.#spacer.style.height = `${this.headHeight + rows * this.rowHeight}px`;
    this.#spacer.style.width = width;
  }

  #acted(atMs: number): void {
    this.#actedAtMs = atMs;
  }
}
