/** The rows that are visible as a table, or two lines each where it is narrow: elements of their own, a few, used again and again. */
import { say } from "../../sentence.ts";
import { spanText } from "../../text.ts";
import { KIND } from "../store.ts";
import type { ViewModel } from "../view-model.ts";
import { actorName, outcomeText, shortClock, signOf, spokenText, toneOf, typeName, wayText } from "../words.ts";
import { make } from "./dom.ts";

const TABLE_ROW = 22;
const TWO_LINES = 38;
const TABLE_HEAD = 26;
/** What is higher, a browser does not scroll through. */
const HIGHEST = 33_000_000;

/** Lists that were made: ids of their rows are their own. */
let lists = 0;

type Cell = "time" | "from" | "to" | "type" | "waited" | "ran" | "outcome";
const CELLS: readonly Cell[] = ["time", "from", "to", "type", "waited", "ran", "outcome"];

export class RowList {
  readonly element: HTMLElement;
  readonly #model: ViewModel;
  readonly #body: HTMLElement;
  readonly #head: HTMLElement;
  readonly #pool: HTMLElement[] = [];
  readonly #onClick: (place: number) => void;
  readonly #id = ++lists;
  isNarrow = false;

  constructor(model: ViewModel, onClick: (place: number) => void) {
    this.#model = model;
    this.#onClick = onClick;
    this.element = make("div", "list");
    this.#head = make("div", "list-head");
    this.#body = make("div", "list-body");
    this.#head.setAttribute("role", "row");
    const titles: Record<Cell, string> = {
      time: say("Time"),
      from: say("From"),
      to: say("To"),
      type: say("Type"),
      waited: say("Waited"),
      ran: say("Ran"),
      outcome: say("Outcome"),
    };
    for (const cell of CELLS) {
      const title = make("div", `cell ${cell}`, titles[cell]);
      title.setAttribute("role", "columnheader");
      this.#head.append(title);
    }
    this.#body.setAttribute("role", "rowgroup");
    this.element.append(this.#head, this.#body);
  }

  get rowHeight(): number {
    const wanted = this.isNarrow ? TWO_LINES : TABLE_ROW;
    return Math.min(wanted, Math.floor(HIGHEST / Math.max(1, this.#model.count)));
  }

  get headHeight(): number {
    return this.isNarrow ? 0 : TABLE_HEAD;
  }

  /** @returns the id of the selected row's element, if it is among them. */
  draw(height: number, scrollTop: number): string | undefined {
    const { rowHeight, headHeight } = this;
    const model = this.#model;
    this.element.classList.toggle("narrow", this.isNarrow);
    this.#head.hidden = this.isNarrow;
    const first = Math.floor(scrollTop / rowHeight);
    const count = Math.max(0, Math.min(model.count - first, Math.ceil((height - headHeight) / rowHeight) + 1));
    while (this.#pool.length < count) this.#pool.push(this.#makeRow(this.#pool.length));
    let selected: string | undefined;
    let beforeMs: number | undefined;
    for (const [at, element] of this.#pool.entries()) {
      element.hidden = at >= count;
      if (at >= count) continue;
      const row = model.at(first + at);
      element.style.transform = `translateY(${at * rowHeight - (scrollTop % rowHeight)}px)`;
      this.#fill(element, row, first + at, beforeMs);
      beforeMs = model.store.timeMs[model.store.slot(row)];
      if (row === model.selected) selected = element.id;
    }
    return selected;
  }

  #makeRow(at: number): HTMLElement {
    const row = make("div", "row");
    row.id = `row-${this.#id}-${at}`;
    row.setAttribute("role", "row");
    row.append(make("span", "sign"));
    for (const cell of CELLS) {
      const element = make("div", `cell ${cell}`);
      element.setAttribute("role", "cell");
      row.append(element);
    }
    row.addEventListener("click", () => this.#onClick(Number(row.dataset["place"])));
    this.#body.append(row);
    return row;
  }

  #fill(element: HTMLElement, row: number, place: number, beforeMs: number | undefined): void {
    const { store, lit, selected } = this.#model;
    const slot = store.slot(row);
    const kind = store.kind[slot];
    const isGap = kind === KIND.gap;
    const isReply = kind === KIND.reply;
    element.dataset["place"] = String(place);
    element.className = `row ${toneOf(store, row)}${isGap ? " gap" : ""}${place % 2 === 1 ? " odd" : ""}`;
    element.classList.toggle("selected", row === selected);
    element.classList.toggle("pale", lit !== undefined && !lit.has(row));
    element.setAttribute("aria-rowindex", String(place + 2));
    element.setAttribute("aria-selected", String(row === selected));
    element.setAttribute("aria-label", spokenText(store, row));
    const [from, to] = [actorName(store, store.from[slot] ?? 0), actorName(store, store.to[slot] ?? 0)];
    const outcome = outcomeText(store, row);
    const way = wayText(store, row);
    // Of a gap, the first line says it.
    const stands = isGap || toneOf(store, row) === "calm" ? "" : outcome;
    const texts: Record<Cell, string> = {
      time: shortClock(store.timeMs[slot] ?? 0, this.isNarrow ? store.timeMs[slot] : beforeMs),
      from: this.#fromText(isGap || kind === KIND.life, isReply, from, to, way, stands),
      to: isGap ? "" : isReply ? from : to,
      type: isGap ? (this.isNarrow ? outcome : "") : kind === KIND.life ? say("restart") : typeName(store, row),
      waited: kind === KIND.message ? spanText(store.waitUs[slot] ?? -1) : "",
      ran: kind === KIND.message ? spanText(store.runUs[slot] ?? -1) : "",
      outcome: outcome,
    };
    const [sign, ...cells] = element.children;
    if (sign) sign.textContent = signOf(store, row);
    for (const [at, cell] of CELLS.entries()) {
      const target = cells[at];
      if (target && target.textContent !== texts[cell]) target.textContent = texts[cell];
    }
  }

  /** In two lines, the second one says the way and what stands out. */
  #fromText(isAlone: boolean, isReply: boolean, from: string, to: string, way: string, outcome: string): string {
    if (this.isNarrow) return [way, outcome].filter((part) => part !== "").join(" · ");
    if (isAlone) return "";
    return isReply ? to : from;
  }
}
