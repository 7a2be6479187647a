/** Above the rows: whether they are followed, which of them are wanted, and what can be done with them. */
import { MESSAGE_OUTCOMES } from "airssys-rt/inspect";
import { number, say } from "../../sentence.ts";
import type { Pick } from "../filter.ts";
import type { ViewModel } from "../view-model.ts";
import { clockText } from "../words.ts";
import { icon, iconButton, make, write } from "./dom.ts";
import { endsTyping } from "./keys.ts";

export interface ToolBarActions {
  toggleFollowing(): void;
  filter(text: string, pick: Pick): void;
  leaveSearch(): void;
  show(isTable: boolean): void;
  group(): void;
  copy(): void;
  clear(): void;
}

const CHIPS = ["chain", "all", "crashed", "refused", "lost"] as const;

export class ToolBar {
  readonly element: HTMLElement = make("div", "bar");
  readonly #model: ViewModel;
  readonly #actions: ToolBarActions;
  readonly #isRecording: boolean;
  readonly #follow = make("button", "follow");
  readonly #frozenAt = make("span", "frozen-at");
  readonly #input = make("input");
  readonly #count = make("span", "count");
  readonly #chips = new Map<Pick | "chain", HTMLButtonElement>();
  readonly #buttons: Record<"sequence" | "table" | "group", HTMLButtonElement>;

  /** @param isRecording nothing more comes, and nothing of it is let go of */
  constructor(model: ViewModel, actions: ToolBarActions, isRecording: boolean) {
    this.#model = model;
    this.#actions = actions;
    this.#isRecording = isRecording;
    this.element.setAttribute("role", "toolbar");
    this.#follow.type = "button";
    this.#follow.addEventListener("click", () => actions.toggleFollowing());
    this.#follow.hidden = isRecording;
    this.#buttons = {
      sequence: iconButton("sequence", say("Sequence"), () => actions.show(false)),
      table: iconButton("table", say("Table"), () => actions.show(true)),
      group: iconButton("group", say("Group by Supervisor"), () => actions.group()),
    };
    this.element.append(this.#follow, this.#frozenAt, this.#search(), this.#makeChips(), this.#tools());
  }

  set text(text: string) {
    this.#input.value = text;
  }

  /** Whether somebody types there. */
  holds(target: EventTarget | null): boolean {
    return target === this.#input;
  }

  search(): void {
    this.#input.select();
  }

  draw(isNarrow: boolean, isList: boolean): void {
    const model = this.#model;
    if (!this.#isRecording) this.#drawFollowing(isNarrow);
    this.#frozenAt.hidden = this.#isRecording || model.isFollowing || isNarrow;
    const all = number(model.store.size);
    if (model.lit !== undefined) write(this.#count, say("{0} lit of {1}", number(model.lit.size), all));
    else write(this.#count, model.isSelective ? say("{0} of {1}", number(model.count), all) : all);
    this.#drawChips();
    this.#buttons.sequence.setAttribute("aria-pressed", String(!isList));
    this.#buttons.table.setAttribute("aria-pressed", String(isList));
    this.#buttons.group.setAttribute("aria-pressed", String(model.lines.lines.some((line) => line.isGroup)));
    for (const button of Object.values(this.#buttons)) button.hidden = isNarrow;
  }

  #search(): HTMLElement {
    const search = make("div", "search");
    this.#input.type = "text";
    this.#input.spellcheck = false;
    this.#input.placeholder = say("Filter: cards, type:charge, from:orders, 9111");
    this.#input.setAttribute("aria-label", say("Filter messages"));
    this.#input.addEventListener("input", () => this.#actions.filter(this.#input.value, this.#model.pick));
    this.#input.addEventListener("keydown", (event) => {
      if (endsTyping(event)) this.#actions.leaveSearch();
    });
    search.append(icon("filter"), this.#input, this.#count);
    return search;
  }

  #makeChips(): HTMLElement {
    const chips = make("div", "chips");
    for (const pick of CHIPS) {
      const chip = make("button", "chip");
      chip.type = "button";
      chip.addEventListener("click", () => this.#pick(pick));
      this.#chips.set(pick, chip);
      chips.append(chip);
    }
    return chips;
  }

  #tools(): HTMLElement {
    const { copy, clear } = this.#actions;
    const tools = make("div", "tools");
    tools.append(
      ...Object.values(this.#buttons),
      iconButton("copy", say("Copy as Mermaid"), () => copy()),
    );
    if (!this.#isRecording) tools.append(iconButton("clear", say("Clear"), () => clear()));
    return tools;
  }

  #pick(pick: Pick | "chain"): void {
    const { text } = this.#model;
    if (pick === "chain") this.#actions.filter(text.replace(/(^|\s)chain:\S*/i, "").trim(), this.#model.pick);
    else this.#actions.filter(text, pick);
  }

  #drawFollowing(isNarrow: boolean): void {
    const { isFollowing, frozenAtMs, news } = this.#model;
    write(this.#follow, isFollowing ? say("Following") : say("Follow · {0} new", number(news)));
    this.#follow.classList.toggle("frozen", !isFollowing);
    if (frozenAtMs !== undefined && !isNarrow)
      write(this.#frozenAt, say("Frozen at {0}", clockText(frozenAtMs).slice(0, 8)));
  }

  #drawChips(): void {
    const { store, pick, lit } = this.#model;
    const [crashed, refused, lost] = [
      store.counts[MESSAGE_OUTCOMES.crashed] ?? 0,
      store.counts[MESSAGE_OUTCOMES.refused] ?? 0,
      store.counts[MESSAGE_OUTCOMES.dropped] ?? 0,
    ];
    this.#drawChip("chain", `${say("Only this chain")} ✕`, lit !== undefined, lit !== undefined);
    this.#drawChip("all", say("All"), pick === "all", true);
    this.#drawChip("crashed", say("Crashed {0}", number(crashed)), pick === "crashed", crashed > 0);
    this.#drawChip("refused", say("Refused {0}", number(refused)), pick === "refused", refused > 0);
    this.#drawChip("lost", say("Lost {0}", number(lost)), pick === "lost", lost > 0);
  }

  #drawChip(name: Pick | "chain", text: string, isOn: boolean, isThere: boolean): void {
    const chip = this.#chips.get(name);
    if (chip === undefined) return;
    write(chip, text);
    chip.hidden = !isThere && !isOn;
    chip.setAttribute("aria-pressed", String(isOn));
  }
}
