/** Elements of the page, made one by one: nothing of a program is ever read as HTML. */

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text?: string,
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** Strokes of the signs on buttons, on a field of 16 by 16. */
const ICONS = {
  sequence: "M8 1v4M8 11v4M8 5a3 3 0 1 0 .01 0",
  table: "M2 3h12M2 6.5h8M2 10h12M2 13.5h8",
  group: "M5 2H3v12h2M8 4h5v3H8zM8 10h5v3H8z",
  copy: "M2 3v10M5 8h9M10.5 4.5 14 8l-3.500 3.500",
  clear: "M2 3h12M8 7h6M8 11h6M2 6l4 4M6 6l-4 4",
  filter: "M2 3h12l-4.500 5v5l-3-1.500V8z",
  close: "M4 4l8 8M12 4l-8 8",
} as const;
export type IconName = keyof typeof ICONS;

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with a sign alone: its words are for who points at it or hears it. */
export function iconButton(name: IconName, words: string, press: () => void): HTMLButtonElement {
  const button = make("button", "icon-button");
  button.type = "button";
  button.title = words;
  button.setAttribute("aria-label", words);
  button.append(icon(name));
  button.addEventListener("click", press);
  return button;
}

/** Changes nothing that is so already: a screen reader would say it again. */
export function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
