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

export class EmptyNote {
  readonly element: HTMLElement = make("div", "empty");
  readonly #clearFilter: () => void;
  #shown: Emptiness | undefined;

  constructor(clearFilter: () => void) {
    this.#clearFilter = clearFilter;
  }

  /** @param why `undefined`: there are rows */
  draw(why: Emptiness | undefined): void {
    this.element.hidden = why === undefined;
    if (why === this.#shown) return;
    this.#shown = why;
    this.element.replaceChildren(...(why === undefined ? [] : this.#parts(why)));
  }

  #parts(why: Emptiness): (Node | string)[] {
    switch (why) {
      case "filtered": {
        const clear = make("button", "link", say("Clear filter"));
        clear.type = "button";
        clear.addEventListener("click", this.#clearFilter);
        return [make("span", "warning", say("Nothing matches the filter.")), " ", clear];
      }
      case "quiet":
        return headed(say("No messages yet."), say("Messages are recorded only while this view is visible."));
      case "unrun":
        return headed(say("No messages yet."), say("They appear while an actor program runs."));
      case "coming":
        return [make("span", "pale-text", say("Reading the recording…"))];
      case "recorded":
        return headed(say("There is no message in this recording."), say("Nothing was sent while it was written."));
    }
  }
}

function headed(head: string, hint: string): Node[] {
  return [make("strong", "", head), make("span", "pale-text", hint)];
}
