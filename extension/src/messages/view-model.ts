/** What the reader sees of the rows, and where: nothing moves unless the reader moves it. Knows no page. */
import type { MessagesFrame } from "airssys-rt/inspect";
import { ancestry } from "./chain.ts";
import { Filter, litRows, type Pick, readFilter } from "./filter.ts";
import { areGrouped, arrange, type Lifelines, partakers } from "./lifelines.ts";
import { type GapReason, KIND, MessageStore } from "./store.ts";

/** Rows that went by after which lines of who is not there any more are taken away. */
const TIDY_EVERY = 20_000;

export class ViewModel {
  readonly store: MessageStore;
  /** Numbers of the rows that are shown, from {@link #first} on. */
  #rows: number[] = [];
  #first = 0;
  #filter: Filter;
  #lit: ReadonlySet<number> | undefined;
  #lines: Lifelines | undefined;
  #partakers = new Set<number>();
  #sinceTidied = 0;
  readonly opened: Set<string> = new Set();
  isGrouped: boolean | undefined;
  text = "";
  pick: Pick = "all";
  /** The row that is selected; -1 for none. */
  selected = -1;
  /** When the reader began to read at leisure; `undefined` while following. */
  frozenAtMs: number | undefined;
  /** Rows that have come since. */
  news = 0;

  /** @param missing what it means that a frame has less than there was */
  constructor(kept: number, missing?: GapReason) {
    this.store = new MessageStore(kept, missing);
    this.#filter = new Filter(this.store, readFilter(""), "all");
  }

  get isFollowing(): boolean {
    return this.frozenAtMs === undefined;
  }

  get count(): number {
    return this.#rows.length - this.#first;
  }

  /** The number of the row at that place, from the top; -1 for none. */
  at(place: number): number {
    return this.#rows[this.#first + place] ?? -1;
  }

  /** The place of a row, or of the next one below that is shown. */
  placeOf(row: number): number {
    let [low, high] = [this.#first, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle] ?? 0) < row) low = middle + 1;
      else high = middle;
    }
    return low - this.#first;
  }

  /** The place of the first row that is shown of that time or later. */
  placeAt(timeMs: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.store.timeMs[this.store.slot(this.at(middle))] ?? 0) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  isShown(row: number): boolean {
    return row >= 0 && this.at(this.placeOf(row)) === row;
  }

  get rows(): readonly number[] {
    return this.#rows.slice(this.#first);
  }

  get isSelective(): boolean {
    return this.#filter.isSelective;
  }

  /** Rows of the chain that was asked for; `undefined`: all are lit. */
  get lit(): ReadonlySet<number> | undefined {
    return this.#lit;
  }

  get lines(): Lifelines {
    this.#lines ??= arrange(this.store, this.#partakers, this.isGrouped, this.opened);
    return this.#lines;
  }

  /** @returns how many rows at the top have gone: who reads scrolls up by so many, and sees what was seen. */
  take(program: string, frame: MessagesFrame): number {
    const before = this.store.end;
    this.store.apply(program, frame);
    if (this.#filter.wanted.chain !== undefined) this.#lit = litRows(this.store, this.#filter.wanted);
    return this.#append(before);
  }

  gap(reason: GapReason, atMs: number): number {
    if (this.store.size === 0) return 0;
    const before = this.store.end;
    this.store.gap(reason, 0, atMs);
    return this.#append(before);
  }

  /** @param atMs when the reader did that: from now on nothing moves */
  filter(text: string, pick: Pick, atMs: number): void {
    this.text = text;
    this.pick = pick;
    this.freeze(atMs);
    this.#filter = new Filter(this.store, readFilter(text), pick);
    this.#lit = litRows(this.store, this.#filter.wanted);
    this.#choose();
  }

  select(row: number, atMs: number): void {
    this.selected = row;
    if (row >= 0) this.freeze(atMs);
  }

  freeze(atMs: number): void {
    if (!this.isFollowing) return;
    this.frozenAtMs = atMs;
    this.news = 0;
  }

  follow(): void {
    this.frozenAtMs = undefined;
    this.news = 0;
  }

  clear(): void {
    this.store.clear();
    this.selected = -1;
    this.#choose();
    this.follow();
  }

  open(group: string): void {
    if (this.opened.has(group)) this.opened.delete(group);
    else this.opened.add(group);
    this.#lines = undefined;
  }

  group(isGrouped: boolean | undefined): void {
    this.isGrouped = isGrouped;
    this.#lines = undefined;
  }

  /** The message before or after in the chain of a row: what it was sent for, or the first that was sent for it. -1: none. */
  along(row: number, by: -1 | 1): number {
    const message = this.store.messageOf(row);
    if (message < 0) return -1;
    if (by < 0) return this.store.causeOf(message);
    for (let at = message + 1; at < this.store.end; at++)
      if (this.store.kind[this.store.slot(at)] === KIND.message && this.store.causeOf(at) === message) return at;
    return -1;
  }

  /** What led to the message of a row, the first one first. */
  ancestry(row: number): number[] {
    const message = this.store.messageOf(row);
    return message < 0 ? [] : ancestry(this.store, message);
  }

  #append(from: number): number {
    const before = this.#rows.length;
    for (let row = Math.max(from, this.store.begin); row < this.store.end; row++)
      if (this.#filter.shows(row)) {
        this.#rows.push(row);
        this.#meet(row);
      }
    if (!this.isFollowing) this.news += this.#rows.length - before;
    const firstBefore = this.#first;
    while (this.#first < this.#rows.length && (this.#rows[this.#first] ?? 0) < this.store.begin) this.#first++;
    const gone = this.#first - firstBefore;
    if (this.#first > this.store.capacity) {
      this.#rows = this.#rows.slice(this.#first);
      this.#first = 0;
    }
    if (this.selected >= 0 && !this.store.has(this.selected)) this.selected = -1;
    this.#sinceTidied += gone;
    if (this.#sinceTidied > TIDY_EVERY) this.#tidy();
    return gone;
  }

  #meet(row: number): void {
    for (const no of partakers(this.store, [row])) {
      if (this.#partakers.has(no)) continue;
      this.#partakers.add(no);
      // Of many that come all the time, all would be arranged anew for each drawing.
      if (this.#lines?.isGrouped === areGrouped(this.#partakers.size, this.isGrouped)) this.#lines.add(no);
      else this.#lines = undefined;
    }
  }

  #tidy(): void {
    this.#partakers = partakers(this.store, this.rows);
    this.#lines = undefined;
    this.#sinceTidied = 0;
  }

  #choose(): void {
    this.#rows = [];
    this.#first = 0;
    for (let row = this.store.begin; row < this.store.end; row++) if (this.#filter.shows(row)) this.#rows.push(row);
    this.#tidy();
  }
}
