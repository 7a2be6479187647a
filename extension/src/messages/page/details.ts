/** What is known of the selected message: what became of it, where it was sent and handled, what led to it, and what was in it. */
import { number, say } from "../../sentence.ts";
import { seenText, spanText } from "../../text.ts";
import type { Place, Places } from "../page-protocol.ts";
import { KIND } from "../store.ts";
import type { ViewModel } from "../view-model.ts";
import { actorName, clockText, outcomeText, signOf, toneOf, typeName } from "../words.ts";
import { iconButton, make } from "./dom.ts";

export interface DetailsActions {
  open(place: Place): void;
  select(row: number): void;
  onlyChain(row: number): void;
  breakOn(row: number): void;
  /** Asks for what comes next with values; absent where all has come. */
  showValues?(): void;
  /** Runs who handled it once more; absent where nothing is recorded. */
  replay?(): void;
  close(): void;
}

export class Details {
  readonly element: HTMLElement = make("aside", "details");
  readonly #model: ViewModel;
  readonly #actions: DetailsActions;
  places: Places | undefined;
  areValuesShown = false;
  #shown = "";

  constructor(model: ViewModel, actions: DetailsActions) {
    this.#model = model;
    this.#actions = actions;
    this.element.setAttribute("aria-label", say("Selected message"));
  }

  /** Made anew only when something of it is different: who reads or selects in it is not disturbed. */
  draw(): void {
    const { store, selected } = this.#model;
    this.element.hidden = selected < 0;
    const message = store.messageOf(selected);
    const slot = store.slot(Math.max(0, message));
    const version = [selected, store.outcome[slot], store.waitUs[slot], store.runUs[slot], store.answer[slot]];
    const texts = [store.notes.get(message), store.payloads.has(message), this.areValuesShown];
    const shown = JSON.stringify([version, texts, this.places]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (selected >= 0) this.element.replaceChildren(...this.#parts(selected, message));
  }

  #parts(row: number, message: number): HTMLElement[] {
    const { store } = this.#model;
    const close = iconButton("close", say("Close"), () => this.#actions.close());
    close.classList.add("close");
    if (message < 0 || !store.has(message)) {
      return [close, make("p", toneOf(store, row), outcomeText(store, row))];
    }
    const slot = store.slot(message);
    const tone = toneOf(store, message);
    const title = make("h2", "", typeName(store, message));
    const outcome = make("span", `state ${tone}`, `${signOf(store, message)} ${shortOutcome(this.#model, message)}`);
    const head = make("div", "details-head");
    head.append(title, outcome, close);
    const kind = (store.answer[slot] ?? 0) > 0 ? say("question") : say("message");
    const [from, to] = [actorName(store, store.from[slot] ?? 0), actorName(store, store.to[slot] ?? 0)];
    const seq = store.seq[slot] ?? -1;
    const numberText = seq < 0 ? "" : ` · #${number(seq)}`;
    const way = make("p", "pale-text", `${kind} · ${from} → ${to}${numberText}`);
    const parts: HTMLElement[] = [head, way];
    if (tone !== "calm") parts.push(make("p", tone, outcomeText(store, message)));
    parts.push(this.#facts(message), ...this.#causes(message), ...this.#payload(message), this.#buttons(message));
    return parts;
  }

  #facts(message: number): HTMLElement {
    const { store } = this.#model;
    const slot = store.slot(message);
    const list = make("dl", "facts");
    const fact = (name: string, value: (Node | string)[]): void => {
      if (value.length === 0) return;
      const cell = make("dd");
      cell.append(...value);
      list.append(make("dt", "", name), cell);
    };
    const { sent = [], handled, threw } = this.places ?? {};
    fact(say("at"), [clockText(store.timeMs[slot] ?? 0)]);
    fact(
      say("sent"),
      sent.slice(0, 5).flatMap((place, at) => [...(at === 0 ? [] : [", "]), this.#link(place)]),
    );
    fact(say("handled"), [
      ...(handled === undefined ? [] : [this.#link(handled)]),
      ...(threw === undefined ? [] : [` · ${say("threw")} `, this.#link(threw)]),
    ]);
    const waited = spanText(store.waitUs[slot] ?? -1);
    const ran = spanText(store.runUs[slot] ?? -1);
    fact(say("waited"), waited === "" ? [] : [waited]);
    fact(say("ran"), ran === "" ? [] : [ran]);
    return list;
  }

  #causes(message: number): HTMLElement[] {
    const line = this.#model.ancestry(message);
    if (line.length < 2) return [];
    const list = make("ol", "causes");
    const { store } = this.#model;
    for (const [depth, row] of line.slice(-20).entries()) {
      const slot = store.slot(row);
      const item = make("li");
      item.style.paddingLeft = `${Math.min(depth, 10) * 12}px`;
      const way = ` ${actorName(store, store.from[slot] ?? 0)} → ${actorName(store, store.to[slot] ?? 0)}`;
      if (row === message) item.append(make("strong", "", typeName(store, row)), way);
      else
        item.append(
          this.#button(typeName(store, row), "link", () => this.#actions.select(row)),
          way,
        );
      list.append(item);
    }
    return [make("h3", "", say("Caused by")), list];
  }

  #payload(message: number): HTMLElement[] {
    const { store } = this.#model;
    const payload = store.payloads.get(message);
    const title = make("h3", "", say("Payload"));
    if (payload !== undefined) return [title, make("pre", "payload", payloadText(payload))];
    const { showValues } = this.#actions;
    if (this.areValuesShown) return [title, make("p", "pale-text", say("What was in it is not known."))];
    if (showValues === undefined) return [title, make("p", "pale-text", say("Types alone were recorded."))];
    return [title, this.#button(say("Show Values"), "", () => showValues())];
  }

  #buttons(message: number): HTMLElement {
    const buttons = make("div", "buttons");
    const { store } = this.#model;
    const isMessage = store.kind[store.slot(message)] === KIND.message;
    if (isMessage && (store.seq[store.slot(message)] ?? -1) >= 0)
      buttons.append(this.#button(say("Only This Chain"), "", () => this.#actions.onlyChain(message)));
    buttons.append(this.#button(say("Break on Message…"), "", () => this.#actions.breakOn(message)));
    const { replay } = this.#actions;
    if (replay !== undefined) buttons.append(this.#button(say("Replay Actor"), "", () => replay()));
    return buttons;
  }

  #link(place: Place): HTMLElement {
    return this.#button(place.text, "link", () => this.#actions.open(place));
  }

  #button(text: string, className: string, press: () => void): HTMLButtonElement {
    const button = make("button", className, text);
    button.type = "button";
    button.addEventListener("click", press);
    return button;
  }
}

function shortOutcome(model: ViewModel, message: number): string {
  const tone = toneOf(model.store, message);
  if (tone === "error") return say("crashed");
  return outcomeText(model.store, message);
}

/** One field a line; what is no whole JSON is shown as it came. */
function payloadText(json: string): string {
  const isCut = json.endsWith("…");
  try {
    const value: unknown = JSON.parse(isCut ? json.slice(0, -1) : json);
    return seenText(JSON.stringify(value, undefined, 2)) + (isCut ? "\n…" : "");
  } catch {
    return seenText(json);
  }
}
