/** What programs tell, and a recording that is shown in its place: one of both is seen, and the other one stays as it is. */
import type { FromPage, ToPage } from "../page-protocol.ts";
import { type Memory, MessagesPage } from "./messages-page.ts";

type Setup = Extract<ToPage, { readonly type: "setup" }>;

export class Pages {
  readonly #live: MessagesPage;
  readonly #post: (message: FromPage) => void;
  readonly #memory: Memory;
  #recorded: MessagesPage | undefined;

  constructor({ kept, areValuesShown }: Setup, post: (message: FromPage) => void, memory: Memory) {
    this.#post = post;
    this.#memory = memory;
    this.#live = new MessagesPage({ kept, areValuesShown, post, memory });
    document.body.append(this.#live.element);
    document.addEventListener("keydown", (event) => {
      if (this.#seen.hearKey(event)) event.preventDefault();
    });
  }

  /** The one that is seen. */
  get #seen(): MessagesPage {
    return this.#recorded ?? this.#live;
  }

  take(message: ToPage): void {
    switch (message.type) {
      case "recording":
        this.#open(message);
        break;
      case "live":
        this.#leave();
        break;
      case "recorded":
      case "value":
      case "select":
        if (this.#recorded?.run === message.run) this.#recorded.take(message);
        break;
      case "filter":
      case "copy":
      case "places":
        this.#seen.take(message);
        break;
      default:
        this.#live.take(message);
    }
  }

  #open({ recording }: Extract<ToPage, { readonly type: "recording" }>): void {
    this.#recorded?.remove();
    const kept = Math.max(1, recording.rows);
    const parts = { kept, areValuesShown: recording.hasValues, post: this.#post, memory: this.#memory };
    this.#recorded = new MessagesPage({ ...parts, recording });
    this.#live.element.hidden = true;
    document.body.append(this.#recorded.element);
    this.#recorded.focus();
  }

  #leave(): void {
    this.#recorded?.remove();
    this.#recorded = undefined;
    this.#live.element.hidden = false;
    this.#live.redraw();
  }
}
