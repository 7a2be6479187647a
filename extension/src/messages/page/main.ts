/** The page of the view Messages: takes what programs tell, shows what the reader wants of it, and says what was asked for. */
import { MESSAGE_OUTCOMES } from "airssys-rt/inspect";
import { ENGLISH, number, say, speak } from "../../sentence.ts";
import { chainText, type Pick } from "../filter.ts";
import { groupOf, type Lifeline } from "../lifelines.ts";
import { MERMAID_LIMIT, mermaidOf } from "../mermaid.ts";
import type { FromPage, Head, MessageFacts, ToPage } from "../page-protocol.ts";
import { ViewModel } from "../view-model.ts";
import { clockText, spokenText } from "../words.ts";
import { readColors } from "./colors.ts";
import { Details } from "./details.ts";
import { icon, iconButton, make } from "./dom.ts";
import { type Act, actOf, endsTyping } from "./keys.ts";
import { RowList } from "./lists.ts";
import { Overview } from "./overview.ts";
import { contentWidth, HEADS_HEIGHT, ROW_HEIGHT, type Seen, Sequence } from "./sequence.ts";

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const api = acquireVsCodeApi();

/** Below, lifelines have no room: two lines a message. */
const NARROW_PX = 420;
/** From here on the selected message's details stand beside the rows. */
const WIDE_PX = 760;
/** Milliseconds for which scrolling is what the reader just did. */
const ACTING_MS = 400;
/** Milliseconds between two drawings of the strip that shows all. */
const OVERVIEW_MS = 250;

interface Kept {
  readonly text: string;
  readonly pick: Pick;
  readonly isTable: boolean;
}

type Setup = Extract<ToPage, { readonly type: "setup" }>;

class Page {
  readonly #model: ViewModel;
  readonly #follow = make("button", "follow");
  readonly #frozenAt = make("span", "frozen-at");
  readonly #input = make("input");
  readonly #count = make("span", "count");
  readonly #chips = new Map<Pick | "chain", HTMLButtonElement>();
  readonly #notice = make("div", "notice");
  readonly #main = make("div", "main");
  readonly #scroll = make("div", "scroll");
  readonly #view = make("div", "view");
  readonly #canvas = make("canvas");
  readonly #spacer = make("div", "spacer");
  readonly #empty = make("div", "empty");
  readonly #heard = make("div", "heard");
  readonly #sequence: Sequence;
  readonly #list: RowList;
  readonly #overview: Overview;
  readonly #details: Details;
  readonly #buttons: Record<"sequence" | "table" | "group", HTMLButtonElement>;
  readonly #heads = new Map<string, Readonly<Record<string, Head>>>();
  #isTable: boolean;
  #isDrawn = false;
  #isOverviewFresh = false;
  #isOverviewDue = false;
  #programs = 0;
  #requests = 0;
  /** When the reader last did something that scrolls; positive infinity while a pointer is held down. */
  #actedAtMs = Number.NEGATIVE_INFINITY;

  constructor({ kept, areValuesShown }: Setup) {
    this.#model = new ViewModel(kept);
    const before = (api.getState() ?? {}) as Partial<Kept>;
    this.#isTable = before.isTable === true;
    this.#sequence = new Sequence(this.#canvas, this.#model, readColors(), (line) => this.#headOf(line));
    this.#list = new RowList(this.#model, (place) => this.#select(this.#model.at(place)));
    this.#overview = new Overview(make("canvas", "overview"), this.#model.store);
    this.#details = new Details(this.#model, {
      open: (place) => api.postMessage({ type: "open", place }),
      select: (row) => this.#select(row),
      onlyChain: (row) => this.#onlyChain(row),
      breakOn: (row) => api.postMessage({ type: "break", message: this.#factsOf(row) }),
      showValues: () => api.postMessage({ type: "showValues" }),
      close: () => this.#select(-1),
    });
    this.#details.areValuesShown = areValuesShown;
    this.#buttons = {
      sequence: iconButton("sequence", say("Sequence"), () => this.#show(false)),
      table: iconButton("table", say("Table"), () => this.#show(true)),
      group: iconButton("group", say("Group by Supervisor"), () => this.#group()),
    };
    this.#build();
    this.#listen();
    if (before.text || before.pick) this.#filter(before.text ?? "", before.pick ?? "all");
    this.#model.follow();
    this.#redraw();
  }

  // --- What is told ---

  take(message: ToPage): void {
    switch (message.type) {
      case "frame":
        this.#keepPlace(this.#model.take(message.program, message.frame));
        break;
      case "forget":
        this.#model.store.forget(message.program);
        if (message.hasEnded) this.#keepPlace(this.#model.gap("ended", Date.now()));
        this.#heads.delete(message.program);
        break;
      case "programs":
        this.#programs = message.count;
        break;
      case "resumed":
        this.#keepPlace(this.#model.gap("hidden", Date.now()));
        break;
      case "unfollowed":
        this.#notice.textContent = message.text;
        break;
      case "values":
        this.#details.areValuesShown = message.areShown;
        break;
      case "heads":
        this.#heads.set(message.program, message.heads);
        break;
      case "places":
        if (message.request === this.#requests) this.#details.places = message.places;
        break;
      case "filter":
        this.#input.value = message.text;
        this.#filter(message.text, message.pick ?? "all");
        break;
      case "copy":
        this.#copy();
        break;
      default:
        break;
    }
    this.#redraw();
  }

  // --- What is there ---

  #build(): void {
    const bar = make("div", "bar");
    bar.setAttribute("role", "toolbar");
    this.#follow.type = "button";
    this.#follow.addEventListener("click", () => this.#toggleFollowing());
    const search = make("div", "search");
    this.#input.type = "text";
    this.#input.spellcheck = false;
    this.#input.placeholder = say("Filter: cards, type:charge, from:orders, 9111");
    this.#input.setAttribute("aria-label", say("Filter messages"));
    search.append(icon("filter"), this.#input, this.#count);
    const chips = make("div", "chips");
    for (const pick of ["chain", "all", "crashed", "refused", "lost"] as const) {
      const chip = make("button", "chip");
      chip.type = "button";
      chip.addEventListener("click", () => this.#pick(pick));
      this.#chips.set(pick, chip);
      chips.append(chip);
    }
    const tools = make("div", "tools");
    tools.append(
      this.#buttons.sequence,
      this.#buttons.table,
      this.#buttons.group,
      iconButton("copy", say("Copy as Mermaid"), () => this.#copy()),
      iconButton("clear", say("Clear"), () => this.#clear()),
    );
    bar.append(this.#follow, this.#frozenAt, search, chips, tools);
    this.#notice.setAttribute("role", "status");
    this.#overview.canvas.setAttribute("aria-hidden", "true");
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#scroll.tabIndex = 0;
    this.#view.append(this.#canvas, this.#list.element);
    const sticky = make("div", "sticky");
    sticky.append(this.#view);
    this.#heard.setAttribute("aria-live", "polite");
    this.#scroll.append(sticky, this.#spacer, this.#empty);
    this.#main.append(this.#scroll, this.#details.element);
    document.body.append(bar, this.#notice, this.#overview.canvas, this.#main, this.#heard);
  }

  #listen(): void {
    this.#input.addEventListener("input", () => this.#filter(this.#input.value, this.#model.pick));
    this.#input.addEventListener("keydown", (event) => {
      if (endsTyping(event)) this.#scroll.focus();
    });
    this.#scroll.addEventListener("scroll", () => this.#scrolled());
    for (const act of ["wheel", "touchmove", "keydown"])
      this.#scroll.addEventListener(act, () => this.#acted(performance.now()), { passive: true });
    this.#scroll.addEventListener("pointerdown", () => this.#acted(Number.POSITIVE_INFINITY));
    window.addEventListener("pointerup", () => this.#acted(performance.now()));
    this.#scroll.addEventListener("mousedown", (event) => this.#pressed(event));
    document.addEventListener("keydown", (event) => {
      if (this.#key(event)) event.preventDefault();
    });
    this.#overview.canvas.addEventListener("click", (event) => this.#jump(event.offsetX));
    new ResizeObserver(() => this.#redraw()).observe(document.body);
    new ResizeObserver(() => this.#redraw()).observe(this.#scroll);
    new MutationObserver(() => {
      this.#sequence.colors = readColors();
      this.#redraw();
    }).observe(document.body, { attributes: true });
    window.addEventListener("focus", () => this.#redraw());
    window.addEventListener("blur", () => this.#redraw());
  }

  // --- Where the reader is ---

  get #isNarrow(): boolean {
    return document.body.clientWidth < NARROW_PX;
  }

  /** A table is what a screen reader gets, too. */
  get #isList(): boolean {
    return this.#isTable || this.#isNarrow || document.body.classList.contains("vscode-using-screen-reader");
  }

  get #rowHeight(): number {
    return this.#isList ? this.#list.rowHeight : ROW_HEIGHT;
  }

  get #headHeight(): number {
    return this.#isList ? this.#list.headHeight : HEADS_HEIGHT;
  }

  /** Rows at the top are gone: what is read stays where it is. */
  #keepPlace(gone: number): void {
    if (gone === 0 || this.#model.isFollowing) return;
    this.#scrollTo(Math.max(0, this.#scroll.scrollTop - gone * this.#rowHeight));
  }

  #scrollTo(top: number): void {
    this.#scroll.scrollTop = top;
  }

  /** Also a change of size scrolls, and this page itself: neither is the reader. */
  #scrolled(): void {
    if (performance.now() - this.#actedAtMs < ACTING_MS) this.#model.freeze(Date.now());
    this.#redraw();
  }

  #acted(atMs: number): void {
    this.#actedAtMs = atMs;
  }

  #toggleFollowing(): void {
    if (this.#model.isFollowing) this.#model.freeze(Date.now());
    else this.#followAgain();
    this.#redraw();
  }

  /** What scrolls from now on is this page. */
  #followAgain(): void {
    this.#acted(Number.NEGATIVE_INFINITY);
    this.#model.follow();
    this.#redraw();
  }

  #pressed(event: MouseEvent): void {
    const { top, left } = this.#scroll.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    if (this.#isList || event.button !== 0 || x > this.#scroll.clientWidth || y > this.#scroll.clientHeight) return;
    if (y < HEADS_HEIGHT) {
      this.#openGroup(this.#sequence.lineAt(x, this.#seen()));
      return;
    }
    const place = Math.floor((this.#scroll.scrollTop + y - HEADS_HEIGHT) / ROW_HEIGHT);
    this.#select(this.#model.at(place));
  }

  #openGroup(line: Lifeline | undefined): void {
    const actor = this.#model.store.actors[line?.actors[0] ?? 0];
    const group = actor === undefined ? undefined : groupOf(actor);
    if (group !== undefined && (line?.isGroup === true || this.#model.opened.has(group))) this.#model.open(group);
    this.#redraw();
  }

  #jump(x: number): void {
    const model = this.#model;
    const { store } = model;
    const at = this.#overview.timeAt(x);
    let [low, high] = [0, model.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((store.timeMs[store.slot(model.at(middle))] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    model.freeze(Date.now());
    this.#scrollTo(Math.max(0, low * this.#rowHeight - this.#scroll.clientHeight / 2));
    this.#redraw();
  }

  /** @returns whether the key was this page's. */
  #key(event: KeyboardEvent): boolean {
    const act = actOf(event);
    if (act === "search") {
      this.#input.select();
      return true;
    }
    const { target } = event;
    if (act === undefined || target === this.#input) return false;
    if (target instanceof HTMLButtonElement && act !== "leave") return false;
    return this.#act(act);
  }

  #act(act: Act): boolean {
    const model = this.#model;
    const here = model.selected < 0 ? this.#firstVisible() : model.placeOf(model.selected);
    const step = model.selected < 0 ? 0 : 1;
    const page = Math.max(1, Math.floor((this.#scroll.clientHeight - this.#headHeight) / this.#rowHeight) - 1);
    switch (act) {
      case "down":
        return this.#selectPlace(here + step);
      case "up":
        return this.#selectPlace(here - step);
      case "pageDown":
        return this.#selectPlace(here + page);
      case "pageUp":
        return this.#selectPlace(here - page);
      case "first":
        return this.#selectPlace(0);
      case "cause":
        return this.#along(-1);
      case "effect":
        return this.#along(1);
      case "follow":
        model.selected = -1;
        this.#followAgain();
        return true;
      case "handler":
      case "send": {
        if (model.selected < 0) return false;
        const end = act === "send" ? "sent" : "handled";
        api.postMessage({ type: "goTo", end, message: this.#factsOf(model.selected) });
        return true;
      }
      case "table":
        this.#show(!this.#isTable);
        return true;
      case "leave":
        this.#select(-1);
        this.#scroll.focus();
        return true;
      case "search":
        return false;
    }
  }

  #firstVisible(): number {
    return Math.ceil(this.#scroll.scrollTop / this.#rowHeight);
  }

  #along(by: -1 | 1): boolean {
    const row = this.#model.along(this.#model.selected, by);
    if (row >= 0 && this.#model.isShown(row)) this.#select(row);
    return true;
  }

  #selectPlace(place: number): boolean {
    const { count } = this.#model;
    if (count > 0) this.#select(this.#model.at(Math.max(0, Math.min(count - 1, place))));
    return true;
  }

  #select(row: number): void {
    this.#model.select(row, Date.now());
    this.#details.places = undefined;
    if (row >= 0) {
      this.#reveal(this.#model.placeOf(row));
      this.#heard.textContent = spokenText(this.#model.store, row);
      if (this.#model.store.messageOf(row) >= 0)
        api.postMessage({ type: "find", request: ++this.#requests, message: this.#factsOf(row) });
    }
    this.#redraw();
  }

  #reveal(place: number): void {
    if (!this.#isList) this.#scroll.scrollLeft = this.#sequence.scrollLeftFor(this.#model.at(place), this.#seen());
    const room = this.#scroll.clientHeight - this.#headHeight;
    const [top, bottom] = [place * this.#rowHeight, (place + 1) * this.#rowHeight];
    if (top < this.#scroll.scrollTop) this.#scrollTo(top);
    else if (bottom > this.#scroll.scrollTop + room) this.#scrollTo(bottom - room);
  }

  #factsOf(row: number): MessageFacts {
    const { store } = this.#model;
    const slot = store.slot(row);
    const [from, to] = [store.actors[store.from[slot] ?? 0], store.actors[store.to[slot] ?? 0]];
    return {
      program: to?.program ?? "",
      type: store.types[store.type[slot] ?? 0] ?? "",
      fromKey: from?.key ?? "",
      fromPath: from?.path ?? "",
      toKey: to?.key ?? "",
      toPath: to?.path ?? "",
      hasCrashed: store.outcome[slot] === MESSAGE_OUTCOMES.crashed,
    };
  }

  // --- What is wanted ---

  #filter(text: string, pick: Pick): void {
    const wasFollowing = this.#model.isFollowing;
    this.#input.value = text;
    this.#model.filter(text, pick, Date.now());
    if (wasFollowing && text === "" && pick === "all") this.#model.follow();
    this.#keep();
    this.#redraw();
    this.#resize();
    if (this.#model.selected >= 0) this.#reveal(this.#model.placeOf(this.#model.selected));
    else this.#scrollTo(this.#scroll.scrollHeight);
  }

  #pick(pick: Pick | "chain"): void {
    if (pick === "chain") this.#filter(this.#model.text.replace(/(^|\s)chain:\S*/i, "").trim(), this.#model.pick);
    else this.#filter(this.#model.text, pick);
  }

  #onlyChain(row: number): void {
    const { store } = this.#model;
    const seq = store.seq[store.slot(store.messageOf(row))] ?? -1;
    if (seq >= 0) this.#filter(chainText(seq), "all");
    this.#scroll.focus();
  }

  #show(isTable: boolean): void {
    const place = this.#firstVisible();
    this.#isTable = isTable;
    this.#keep();
    this.#redraw();
    this.#resize();
    if (!this.#model.isFollowing) this.#scrollTo(place * this.#rowHeight);
  }

  #group(): void {
    const isGrouped = this.#model.lines.lines.some((line) => line.isGroup);
    this.#model.opened.clear();
    this.#model.group(!isGrouped);
    this.#redraw();
  }

  #clear(): void {
    this.#model.clear();
    this.#followAgain();
    this.#notice.textContent = "";
    this.#redraw();
  }

  #copy(): void {
    const { store } = this.#model;
    const lit = this.#model.lit;
    const rows = this.#model.rows.filter((row) => lit === undefined || lit.has(row));
    const until = this.#model.isFollowing ? rows.length : Math.max(MERMAID_LIMIT, this.#shownUntil(rows));
    const shown = rows.slice(0, until);
    const text = mermaidOf(store, shown, say("outside"));
    api.postMessage({ type: "copied", text, count: Math.min(MERMAID_LIMIT, shown.length) });
  }

  /** How many of these stand above the end of what is visible. */
  #shownUntil(rows: readonly number[]): number {
    const place = Math.ceil((this.#scroll.scrollTop + this.#scroll.clientHeight) / this.#rowHeight);
    const last = this.#model.at(Math.min(this.#model.count - 1, place));
    return rows.filter((row) => row <= last).length;
  }

  #keep(): void {
    const { text, pick } = this.#model;
    api.setState({ text, pick, isTable: this.#isTable } satisfies Kept);
  }

  // --- Drawing ---

  #redraw(): void {
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    requestAnimationFrame(() => {
      this.#isDrawn = false;
      this.#draw();
    });
  }

  #seen(): Seen {
    const { clientWidth: width, clientHeight: height, scrollTop, scrollLeft } = this.#scroll;
    return { width, height, scrollTop, scrollLeft };
  }

  /** The room that all rows need. */
  #resize(): void {
    this.#list.isNarrow = this.#isNarrow;
    const { count } = this.#model;
    this.#spacer.style.height = `${this.#headHeight + count * this.#rowHeight}px`;
    const width = contentWidth(this.#model.lines.lines.length, this.#scroll.clientWidth);
    this.#spacer.style.width = this.#isList ? "1px" : `${width}px`;
    if (this.#model.isFollowing) this.#scrollTo(this.#scroll.scrollHeight);
  }

  #draw(): void {
    this.#details.draw();
    this.#main.classList.toggle("below", document.body.clientWidth < WIDE_PX);
    this.#resize();
    const seen = this.#seen();
    this.#view.style.width = `${seen.width}px`;
    this.#view.style.height = `${seen.height}px`;
    const isList = this.#isList;
    this.#canvas.hidden = isList;
    this.#list.element.hidden = !isList;
    if (isList) this.#drawList(seen);
    else {
      this.#sequence.draw(seen);
      for (const name of ["role", "aria-rowcount", "aria-activedescendant"]) this.#scroll.removeAttribute(name);
    }
    this.#scroll.setAttribute("aria-label", say("Messages"));
    this.#drawBar();
    this.#drawEmpty();
    this.#drawOverview(seen);
  }

  #drawList(seen: Seen): void {
    const selected = this.#list.draw(seen.height, seen.scrollTop);
    this.#scroll.setAttribute("role", "table");
    this.#scroll.setAttribute("aria-rowcount", String(this.#model.count + 1));
    if (selected === undefined) this.#scroll.removeAttribute("aria-activedescendant");
    else this.#scroll.setAttribute("aria-activedescendant", selected);
  }

  #drawBar(): void {
    const model = this.#model;
    const { store } = model;
    const { frozenAtMs } = model;
    write(this.#follow, model.isFollowing ? say("Following") : say("Follow · {0} new", number(model.news)));
    this.#follow.classList.toggle("frozen", !model.isFollowing);
    write(this.#frozenAt, frozenAtMs === undefined ? "" : say("Frozen at {0}", clockText(frozenAtMs).slice(0, 8)));
    this.#frozenAt.hidden = frozenAtMs === undefined || this.#isNarrow;
    const all = number(store.size);
    if (model.lit !== undefined) write(this.#count, say("{0} lit of {1}", number(model.lit.size), all));
    else write(this.#count, model.isSelective ? say("{0} of {1}", number(model.count), all) : all);
    const counts = {
      crashed: store.counts[MESSAGE_OUTCOMES.crashed] ?? 0,
      refused: store.counts[MESSAGE_OUTCOMES.refused] ?? 0,
      lost: store.counts[MESSAGE_OUTCOMES.dropped] ?? 0,
    };
    this.#drawChip("chain", `${say("Only this chain")} ✕`, model.lit !== undefined, model.lit !== undefined);
    this.#drawChip("all", say("All"), model.pick === "all", true);
    this.#drawChip("crashed", say("Crashed {0}", number(counts.crashed)), model.pick === "crashed", counts.crashed > 0);
    this.#drawChip("refused", say("Refused {0}", number(counts.refused)), model.pick === "refused", counts.refused > 0);
    this.#drawChip("lost", say("Lost {0}", number(counts.lost)), model.pick === "lost", counts.lost > 0);
    this.#notice.hidden = this.#notice.textContent === "";
    this.#buttons.sequence.setAttribute("aria-pressed", String(!this.#isList));
    this.#buttons.table.setAttribute("aria-pressed", String(this.#isList));
    this.#buttons.group.setAttribute("aria-pressed", String(model.lines.lines.some((line) => line.isGroup)));
    for (const button of Object.values(this.#buttons)) button.hidden = this.#isNarrow;
  }

  #drawChip(name: Pick | "chain", text: string, isOn: boolean, isThere: boolean): void {
    const chip = this.#chips.get(name);
    if (chip === undefined) return;
    write(chip, text);
    chip.hidden = !isThere && !isOn;
    chip.setAttribute("aria-pressed", String(isOn));
  }

  #drawEmpty(): void {
    const { count, store } = this.#model;
    this.#empty.hidden = count > 0;
    if (count > 0) {
      this.#empty.replaceChildren();
      return;
    }
    if (this.#empty.dataset["of"] === `${store.size > 0} ${this.#programs > 0}` && this.#empty.childElementCount > 0)
      return;
    this.#empty.dataset["of"] = `${store.size > 0} ${this.#programs > 0}`;
    if (store.size > 0) {
      const clear = make("button", "link", say("Clear filter"));
      clear.type = "button";
      clear.addEventListener("click", () => this.#filter("", "all"));
      this.#empty.replaceChildren(make("span", "warning", say("Nothing matches the filter.")), " ", clear);
      return;
    }
    const hint =
      this.#programs > 0
        ? say("Messages are recorded only while this view is visible.")
        : say("They appear while an actor program runs.");
    this.#empty.replaceChildren(make("strong", "", say("No messages yet.")), make("span", "pale-text", hint));
  }

  #drawOverview(seen: Seen): void {
    this.#overview.canvas.hidden = this.#isNarrow;
    if (this.#isNarrow) return;
    if (this.#isOverviewFresh) {
      this.#isOverviewDue = true;
      return;
    }
    // All that is kept is looked at: not as often as what is visible.
    this.#isOverviewFresh = true;
    setTimeout(() => {
      this.#isOverviewFresh = false;
      if (this.#isOverviewDue) this.#redraw();
      this.#isOverviewDue = false;
    }, OVERVIEW_MS);
    const { store, count } = this.#model;
    const first = Math.min(count - 1, Math.floor(seen.scrollTop / this.#rowHeight));
    const last = Math.min(count - 1, first + Math.floor((seen.height - this.#headHeight) / this.#rowHeight));
    const timeAt = (place: number): number => store.timeMs[store.slot(this.#model.at(place))] ?? 0;
    const span = count === 0 ? undefined : { fromMs: timeAt(first), toMs: timeAt(last) };
    this.#overview.draw(this.#sequence.colors, span);
  }

  #headOf(line: Lifeline): Head | undefined {
    let [queued, restarts] = [0, 0];
    for (const no of line.actors) {
      const actor = this.#model.store.actors[no];
      const head = actor === undefined ? undefined : this.#heads.get(actor.program)?.[actor.key];
      queued += head?.queued ?? 0;
      restarts += head?.restarts ?? 0;
    }
    return queued + restarts > 0 ? { queued, restarts } : undefined;
  }
}

/** Changes nothing that is so already: a screen reader would say it again. */
function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

let page: Page | undefined;

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  if (data.type === "setup") {
    const { sentences, locale } = data;
    speak({ translate: (sentence, facts) => ENGLISH.translate(sentences[sentence] ?? sentence, facts), locale });
    page ??= new Page(data);
  } else page?.take(data);
});
window.addEventListener("error", ({ message }) => api.postMessage({ type: "failed", text: message }));
api.postMessage({ type: "ready" });
