/** Rows of messages, as somebody reads them: those that programs tell, or those of a recording. */
import { MERMAID_LIMIT, MESSAGE_OUTCOMES } from "airssys-rt/inspect";
import { say } from "../../sentence.ts";
import { chainText, type Pick } from "../filter.ts";
import { groupOf, type Lifeline } from "../lifelines.ts";
import { mermaidOf } from "../mermaid.ts";
import type { FromPage, Head, MessageFacts, RecordingShown, ToPage } from "../page-protocol.ts";
import { KIND } from "../store.ts";
import { ViewModel } from "../view-model.ts";
import { spokenText } from "../words.ts";
import { readColors } from "./colors.ts";
import { Details } from "./details.ts";
import { make } from "./dom.ts";
import { type Emptiness, EmptyNote } from "./empty-note.ts";
import { type Act, actOf } from "./keys.ts";
import { RowList } from "./lists.ts";
import { Notice } from "./notice.ts";
import { Overview } from "./overview.ts";
import { contentWidth, HEADS_HEIGHT, ROW_HEIGHT, type Seen, Sequence } from "./sequence.ts";
import { ToolBar } from "./tool-bar.ts";
import { Viewport } from "./viewport.ts";

/** Below, lifelines have no room: two lines a message. */
const NARROW_PX = 420;
/** From here on the selected message's details stand beside the rows. */
const WIDE_PX = 760;

/** What is remembered of the page from one time to the next. */
export interface Memory {
  recall(): unknown;
  keep(kept: Kept): void;
}

interface Kept {
  readonly text: string;
  readonly pick: Pick;
  readonly isTable: boolean;
}

export interface PageParts {
  /** Rows that are kept. */
  readonly kept: number;
  readonly areValuesShown: boolean;
  readonly post: (message: FromPage) => void;
  readonly memory: Memory;
  /** Whose rows they are, if not of programs. */
  readonly recording?: RecordingShown;
}

export class MessagesPage {
  readonly element: HTMLElement = make("div", "page");
  readonly #post: (message: FromPage) => void;
  readonly #memory: Memory;
  readonly #recording: RecordingShown | undefined;
  readonly #model: ViewModel;
  readonly #notice = new Notice();
  readonly #main = make("div", "main");
  readonly #canvas = make("canvas");
  readonly #heard = make("div", "heard");
  readonly #bar: ToolBar;
  readonly #viewport: Viewport;
  readonly #empty: EmptyNote;
  readonly #sequence: Sequence;
  readonly #list: RowList;
  readonly #overview: Overview;
  readonly #details: Details;
  readonly #heads = new Map<string, Readonly<Record<string, Head>>>();
  /** Of all actors of a line, until something is told of one. */
  #headSums = new WeakMap<Lifeline, Head>();
  readonly #observers: readonly { disconnect(): void }[];
  readonly #stop = new AbortController();
  #isTable: boolean;
  #isDrawn = false;
  #isComing: boolean;
  #programs = 0;
  #requests = 0;

  constructor({ kept, areValuesShown, post, memory, recording }: PageParts) {
    this.#post = post;
    this.#memory = memory;
    this.#recording = recording;
    this.#isComing = recording !== undefined;
    const model = new ViewModel(kept, recording && "unrecorded");
    this.#model = model;
    const before = (memory.recall() ?? {}) as Partial<Kept>;
    this.#isTable = before.isTable === true;
    this.#bar = new ToolBar(model, this.#barActions(), recording !== undefined);
    this.#viewport = new Viewport((byReader) => {
      if (byReader) model.freeze(Date.now());
      this.redraw();
    });
    this.#empty = new EmptyNote({ clearFilter: () => this.#filter("", "all"), debug: () => post({ type: "debug" }) });
    this.#sequence = new Sequence(this.#canvas, model, readColors(), (line) => this.#headOf(line));
    this.#list = new RowList(model, (place) => this.#select(model.at(place)));
    this.#overview = new Overview(make("canvas", "overview"), model.store, () => this.redraw());
    this.#details = this.#makeDetails(areValuesShown);
    this.#build();
    this.#observers = this.#listen();
    if (recording !== undefined) {
      this.#notice.showRecording(recording.line, () => post({ type: "leave" }));
      // Who reads begins at the begin.
      model.freeze(0);
    } else {
      if (before.text || before.pick) this.#filter(before.text ?? "", before.pick ?? "all");
      model.follow();
    }
    this.redraw();
  }

  /** Of the recording. */
  get run(): string | undefined {
    return this.#recording?.run;
  }

  focus(): void {
    this.#viewport.element.focus();
  }

  remove(): void {
    this.#stop.abort();
    this.#viewport.dispose();
    for (const observer of this.#observers) observer.disconnect();
    this.element.remove();
  }

  // --- What is told ---

  take(message: ToPage): void {
    switch (message.type) {
      case "frame":
        this.#keepPlace(this.#model.take(message.program, message.frame));
        break;
      case "recorded":
        this.#takeRecorded(message.run, message.frame);
        break;
      case "forget":
        this.#model.store.forget(message.program);
        if (message.hasEnded) this.#keepPlace(this.#model.gap("ended", Date.now()));
        this.#tellHeads(message.program, {});
        break;
      case "programs":
        this.#programs = message.count;
        break;
      case "resumed":
        this.#keepPlace(this.#model.gap("hidden", Date.now()));
        break;
      case "unfollowed":
        this.#notice.text = message.text;
        break;
      case "values":
        this.#details.areValuesShown = message.areShown;
        break;
      case "heads":
        this.#tellHeads(message.program, message.heads);
        break;
      case "places":
        if (message.request === this.#requests) this.#details.places = message.places;
        break;
      case "value":
        this.#takeValue(message.seq, message.json);
        break;
      case "select":
        this.#goTo(message.seq, message.isReply);
        break;
      case "filter":
        this.#filter(message.text, message.pick ?? "all");
        break;
      case "copy":
        this.#copy();
        break;
      default:
        break;
    }
    this.redraw();
  }

  /** One after the other, so that who reads can scroll meanwhile. */
  #takeRecorded(run: string, frame: string | undefined): void {
    this.#isComing = frame !== undefined;
    if (frame === undefined) return;
    this.#model.take(run, JSON.parse(frame));
    this.#post({ type: "taken", run });
  }

  #takeValue(seq: number, json: string | undefined): void {
    const row = this.#model.store.find(seq);
    if (row >= 0 && json !== undefined) this.#model.store.payloads.set(row, json);
  }

  /** Whatever the filter says, who goes to a message sees it. */
  #goTo(seq: number, isReply: boolean): void {
    const row = this.#model.store.find(seq, isReply ? KIND.reply : KIND.message);
    if (row < 0) return;
    if (!this.#model.isShown(row)) this.#filter("", "all");
    this.#select(row);
  }

  // --- What is there ---

  #barActions(): ConstructorParameters<typeof ToolBar>[1] {
    return {
      toggleFollowing: () => this.#toggleFollowing(),
      filter: (text, pick) => this.#filter(text, pick),
      leaveSearch: () => this.focus(),
      show: (isTable) => this.#show(isTable),
      group: () => this.#group(),
      copy: () => this.#copy(),
      clear: () => this.#clear(),
    };
  }

  #makeDetails(areValuesShown: boolean): Details {
    const recording = this.#recording;
    const details = new Details(this.#model, {
      open: (place) => this.#post({ type: "open", place }),
      select: (row) => this.#select(row),
      onlyChain: (row) => this.#onlyChain(row),
      breakOn: (row) => this.#post({ type: "break", message: this.#factsOf(row) }),
      close: () => this.#select(-1),
      ...(recording === undefined
        ? { showValues: () => this.#post({ type: "showValues" }) }
        : { replay: () => this.#post({ type: "replay" }) }),
    });
    details.areValuesShown = areValuesShown;
    return details;
  }

  #build(): void {
    this.#overview.canvas.setAttribute("aria-hidden", "true");
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#heard.setAttribute("aria-live", "polite");
    const { element, content } = this.#viewport;
    element.setAttribute("aria-label", say("Messages"));
    content.append(this.#canvas, this.#list.element);
    element.append(this.#empty.element);
    this.#main.append(element, this.#details.element);
    this.element.append(this.#notice.element, this.#bar.element, this.#overview.canvas, this.#main, this.#heard);
  }

  /** @returns what is to be let go of. */
  #listen(): readonly { disconnect(): void }[] {
    const { element } = this.#viewport;
    const { signal } = this.#stop;
    element.addEventListener("mousedown", (event) => this.#pressed(event));
    this.#overview.canvas.addEventListener("click", (event) => this.#jump(event.offsetX));
    window.addEventListener("focus", () => this.redraw(), { signal });
    window.addEventListener("blur", () => this.redraw(), { signal });
    const sizes = new ResizeObserver(() => this.redraw());
    sizes.observe(document.body);
    sizes.observe(element);
    const themes = new MutationObserver(() => {
      this.#sequence.colors = readColors();
      this.redraw();
    });
    themes.observe(document.body, { attributes: true });
    return [sizes, themes];
  }

  // --- Where the reader is ---

  get #isNarrow(): boolean {
    return document.body.clientWidth < NARROW_PX;
  }

  /** A table is what a screen reader gets, too. */
  get #isList(): boolean {
    return this.#isTable || this.#isNarrow || document.body.classList.contains("vscode-using-screen-reader");
  }

  /** Rows at the top are gone: what is read stays where it is. */
  #keepPlace(gone: number): void {
    if (!this.#model.isFollowing) this.#viewport.moveUp(gone);
  }

  #toggleFollowing(): void {
    if (this.#model.isFollowing) this.#model.freeze(Date.now());
    else this.#followAgain();
    this.redraw();
  }

  #followAgain(): void {
    this.#viewport.forgetReader();
    this.#model.follow();
    this.redraw();
  }

  #pressed(event: MouseEvent): void {
    const { element } = this.#viewport;
    const { top, left } = element.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    if (this.#isList || event.button !== 0 || x > element.clientWidth || y > element.clientHeight) return;
    if (y < HEADS_HEIGHT) {
      this.#openGroup(this.#sequence.lineAt(x, this.#viewport.seen));
      return;
    }
    this.#select(this.#model.at(Math.floor((element.scrollTop + y - HEADS_HEIGHT) / ROW_HEIGHT)));
  }

  #openGroup(line: Lifeline | undefined): void {
    const actor = this.#model.store.actors[line?.actors[0] ?? 0];
    const group = actor === undefined ? undefined : groupOf(actor);
    if (group !== undefined && (line?.isGroup === true || this.#model.opened.has(group))) this.#model.open(group);
    this.redraw();
  }

  #jump(x: number): void {
    const model = this.#model;
    model.freeze(Date.now());
    this.#viewport.center(model.placeAt(this.#overview.timeAt(x)));
    this.redraw();
  }

  /** @returns whether the key was this page's. */
  hearKey(event: KeyboardEvent): boolean {
    const act = actOf(event);
    if (act === "search") {
      this.#bar.search();
      return true;
    }
    const { target } = event;
    if (act === undefined || this.#bar.holds(target)) return false;
    if (target instanceof HTMLButtonElement && act !== "leave") return false;
    return this.#act(act);
  }

  #act(act: Act): boolean {
    const model = this.#model;
    const here = model.selected < 0 ? this.#viewport.firstVisible : model.placeOf(model.selected);
    const step = model.selected < 0 ? 0 : 1;
    const { page } = this.#viewport;
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
        return this.#goToEnd();
      case "handler":
      case "send":
        return this.#openEnd(act === "send" ? "sent" : "handled");
      case "table":
        this.#show(!this.#isTable);
        return true;
      case "leave":
        this.#select(-1);
        this.focus();
        return true;
      case "search":
        return false;
    }
  }

  /** Where nothing more comes, that is the last row. */
  #goToEnd(): boolean {
    if (this.#recording !== undefined) return this.#selectPlace(this.#model.count - 1);
    this.#model.selected = -1;
    this.#followAgain();
    return true;
  }

  #openEnd(end: "sent" | "handled"): boolean {
    if (this.#model.selected < 0) return false;
    this.#post({ type: "goTo", end, message: this.#factsOf(this.#model.selected) });
    return true;
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
    const model = this.#model;
    model.select(row, Date.now());
    this.#details.places = undefined;
    const message = row < 0 ? -1 : model.store.messageOf(row);
    if (row >= 0) {
      this.#reveal(model.placeOf(row));
      this.#heard.textContent = spokenText(model.store, row);
      if (message >= 0) this.#post({ type: "find", request: ++this.#requests, message: this.#factsOf(row) });
    }
    if (this.#recording !== undefined) this.#tellSelected(this.#recording, message);
    this.redraw();
  }

  #tellSelected({ run, hasValues }: RecordingShown, message: number): void {
    const { store } = this.#model;
    const seq = message < 0 ? -1 : (store.seq[store.slot(message)] ?? -1);
    this.#post({ type: "selected", run, seq });
    if (message >= 0 && hasValues && !store.payloads.has(message)) this.#post({ type: "value", run, seq });
  }

  #reveal(place: number): void {
    const { element, seen } = this.#viewport;
    if (!this.#isList) element.scrollLeft = this.#sequence.scrollLeftFor(this.#model.at(place), seen);
    this.#viewport.reveal(place);
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
    this.#bar.text = text;
    this.#model.filter(text, pick, Date.now());
    if (wasFollowing && text === "" && pick === "all") this.#model.follow();
    this.#keep();
    this.redraw();
    this.#resize();
    if (this.#model.selected >= 0) this.#reveal(this.#model.placeOf(this.#model.selected));
    else if (this.#recording === undefined) this.#viewport.scrollDown();
    else this.#viewport.scrollTo(0);
  }

  #onlyChain(row: number): void {
    const { store } = this.#model;
    const seq = store.seq[store.slot(store.messageOf(row))] ?? -1;
    if (seq >= 0) this.#filter(chainText(seq), "all");
    this.focus();
  }

  #show(isTable: boolean): void {
    const place = this.#viewport.firstVisible;
    this.#isTable = isTable;
    this.#keep();
    this.redraw();
    this.#resize();
    if (!this.#model.isFollowing) this.#viewport.scrollTo(place * this.#viewport.rowHeight);
  }

  #group(): void {
    const isGrouped = this.#model.lines.lines.some((line) => line.isGroup);
    this.#model.opened.clear();
    this.#model.group(!isGrouped);
    this.redraw();
  }

  #clear(): void {
    this.#model.clear();
    this.#followAgain();
    this.#notice.text = "";
    this.redraw();
  }

  #copy(): void {
    const { store, lit } = this.#model;
    const rows = this.#model.rows.filter((row) => lit === undefined || lit.has(row));
    const until = this.#model.isFollowing ? rows.length : Math.max(MERMAID_LIMIT, this.#shownUntil(rows));
    const shown = rows.slice(0, until);
    const text = mermaidOf(store, shown, say("outside"));
    this.#post({ type: "copied", text, count: Math.min(MERMAID_LIMIT, shown.length) });
  }

  /** How many of these stand above the end of what is visible. */
  #shownUntil(rows: readonly number[]): number {
    const { scrollTop, height } = this.#viewport.seen;
    const place = Math.ceil((scrollTop + height) / this.#viewport.rowHeight);
    const last = this.#model.at(Math.min(this.#model.count - 1, place));
    return rows.filter((row) => row <= last).length;
  }

  /** A filter of one recording means nothing for what comes after it. */
  #keep(): void {
    const isTable = this.#isTable;
    if (this.#recording === undefined) this.#memory.keep({ text: this.#model.text, pick: this.#model.pick, isTable });
    else this.#memory.keep({ text: "", pick: "all", ...(this.#memory.recall() ?? {}), isTable });
  }

  // --- Drawing ---

  redraw(): void {
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    requestAnimationFrame(() => {
      this.#isDrawn = false;
      if (!this.element.hidden && !this.#stop.signal.aborted) this.#draw();
    });
  }

  /** The room that all rows need. */
  #resize(): void {
    const viewport = this.#viewport;
    const isList = this.#isList;
    this.#list.isNarrow = this.#isNarrow;
    viewport.rowHeight = isList ? this.#list.rowHeight : ROW_HEIGHT;
    viewport.headHeight = isList ? this.#list.headHeight : HEADS_HEIGHT;
    const width = contentWidth(this.#model.lines.lines.length, viewport.element.clientWidth);
    viewport.resize(this.#model.count, isList ? "1px" : `${width}px`);
    if (this.#model.isFollowing) viewport.scrollDown();
  }

  #draw(): void {
    this.#details.draw();
    this.#main.classList.toggle("below", document.body.clientWidth < WIDE_PX);
    this.#resize();
    const { element, content, seen } = this.#viewport;
    content.style.width = `${seen.width}px`;
    content.style.height = `${seen.height}px`;
    const isList = this.#isList;
    const emptiness = this.#emptiness;
    // They would be drawn over the words.
    this.#canvas.hidden = isList || emptiness !== undefined;
    this.#list.element.hidden = !isList || emptiness !== undefined;
    if (isList) this.#drawList(seen);
    else {
      this.#sequence.draw(seen);
      for (const name of ["role", "aria-rowcount", "aria-activedescendant"]) element.removeAttribute(name);
    }
    this.#bar.draw(this.#isNarrow, isList);
    this.#empty.draw(emptiness);
    this.#drawOverview(seen);
  }

  #drawList(seen: Seen): void {
    const { element } = this.#viewport;
    const selected = this.#list.draw(seen.height, seen.scrollTop);
    element.setAttribute("role", "table");
    element.setAttribute("aria-rowcount", String(this.#model.count + 1));
    if (selected === undefined) element.removeAttribute("aria-activedescendant");
    else element.setAttribute("aria-activedescendant", selected);
  }

  get #emptiness(): Emptiness | undefined {
    const { count, store } = this.#model;
    if (count > 0) return undefined;
    if (store.size > 0) return "filtered";
    if (this.#recording !== undefined) return this.#isComing ? "coming" : "recorded";
    return this.#programs > 0 ? "quiet" : "unrun";
  }

  #drawOverview({ scrollTop, height }: Seen): void {
    this.#overview.canvas.hidden = this.#isNarrow;
    if (this.#isNarrow) return;
    const { store, count } = this.#model;
    const { rowHeight, headHeight } = this.#viewport;
    const first = Math.min(count - 1, Math.floor(scrollTop / rowHeight));
    const last = Math.min(count - 1, first + Math.floor((height - headHeight) / rowHeight));
    const timeAt = (place: number): number => store.timeMs[store.slot(this.#model.at(place))] ?? 0;
    const span = count === 0 ? undefined : { fromMs: timeAt(first), toMs: timeAt(last) };
    this.#overview.drawSoon(this.#sequence.colors, span);
  }

  #tellHeads(program: string, heads: Readonly<Record<string, Head>>): void {
    this.#heads.set(program, heads);
    this.#headSums = new WeakMap();
  }

  #headOf(line: Lifeline): Head {
    let sum = this.#headSums.get(line);
    if (sum === undefined) {
      sum = this.#sumOf(line);
      this.#headSums.set(line, sum);
    }
    return sum;
  }

  #sumOf(line: Lifeline): Head {
    let [queued, restarts] = [0, 0];
    for (const no of line.actors) {
      const actor = this.#model.store.actors[no];
      const head = actor === undefined ? undefined : this.#heads.get(actor.program)?.[actor.key];
      queued += head?.queued ?? 0;
      restarts += head?.restarts ?? 0;
    }
    return { queued, restarts };
  }
}
