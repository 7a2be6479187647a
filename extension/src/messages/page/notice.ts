/** The line above the rows: what a recording is of, or why a program tells no more. */
import { say } from "../../sentence.ts";
import { make } from "./dom.ts";

export class Notice {
  readonly element: HTMLElement = make("div", "notice");
  readonly #text = make("span");

  constructor() {
    this.element.setAttribute("role", "status");
    this.element.append(this.#text);
    this.text = "";
  }

  set text(text: string) {
    this.#text.textContent = text;
    this.element.hidden = text === "";
  }

  /** Of a recording, with the way out. */
  showRecording(line: string, leave: () => void): void {
    this.element.className = "recording-line";
    this.text = line;
    const button = make("button", "link leave", say("Show Running Programs"));
    button.type = "button";
    button.addEventListener("click", leave);
    this.element.append(button);
  }
}
