/** Says why there are no rows. */
import { say } from "../../sentence.ts";
import { make } from "./dom.ts";

/**
 * - `filtered`: there are some, and none of them is wanted
 * - `quiet`: nothing has happened yet
 * - `unrun`: there is no program
 * - `coming`: a recording is being read
 * - `recorded`: there is nothing in it
 */
export type Emptiness = "filtered" | "quiet" | "unrun" | "coming" | "recorded";

/** What can be done about it. */
export interface EmptyActs {
  clearFilter(): void;
  debug(): void;
}

export class EmptyNote {
  readonly element: HTMLElement = make("div", "empty");
  readonly #acts: EmptyActs;
  #shown: Emptiness | undefined;

  constructor(acts: EmptyActs) {
    this.#acts = acts;
  }

  /** @param why `undefined`: there are rows */
  draw(why: Emptiness | undefined): void {
    this.element.hidden = why === undefined;
    if (why === this.#shown) return;
    this.#shown = why;
    this.element.replaceChildren(...(why === undefined ? [] : this.#parts(why)));
  }

  #parts(why: Emptiness): readonly (Node | string)[] {
    switch (why) {
      case "filtered":
        return [
          make("span", "warning", say("Nothing matches the filter.")),
          " ",
          link(say("Clear filter"), () => this.#acts.clearFilter()),
        ];
      case "quiet":
        return none();
      case "unrun":
        return [...none(), " ", link(say("Debug Actor Program"), () => this.#acts.debug())];
      case "coming":
        return [make("span", "pale-text", say("Reading the recording…"))];
      case "recorded":
        return headed(say("There is no message in this recording."), say("Nothing was sent while it was written."));
    }
  }
}

function none(): readonly Node[] {
  return headed(say("No messages yet."), say("They appear while an actor program runs and this view is visible."));
}

function link(text: string, act: () => void): Node {
  const button = make("button", "link", text);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}

function headed(head: string, hint: string): Node[] {
  return [make("strong", "", head), make("span", "pale-text", hint)];
}
