/** All that is kept in one strip: how much when, where it crashed, where something is missing, and what is seen of it. */
import { KIND, type MessageStore } from "../store.ts";
import type { Colors } from "./colors.ts";

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Milliseconds between two drawings: all that is kept is looked at, which is not done as often as what is visible. */
const PACE_MS = 250;

export class Overview {
  readonly canvas: HTMLCanvasElement;
  readonly #store: MessageStore;
  readonly #redraw: () => void;
  #span: Span = { fromMs: 0, toMs: 1 };
  #isFresh = false;
  #isDue = false;

  /** @param redraw asks for {@link drawSoon} once more */
  constructor(canvas: HTMLCanvasElement, store: MessageStore, redraw: () => void) {
    this.canvas = canvas;
    this.#store = store;
    this.#redraw = redraw;
  }

  timeAt(x: number): number {
    const { fromMs, toMs } = this.#span;
    return fromMs + ((toMs - fromMs) * x) / Math.max(1, this.canvas.clientWidth);
  }

  /** Now, or a while after it was drawn last. */
  drawSoon(colors: Colors, seen: Span | undefined): void {
    if (this.#isFresh) {
      this.#isDue = true;
      return;
    }
    this.#isFresh = true;
    setTimeout(() => {
      this.#isFresh = false;
      if (this.#isDue) this.#redraw();
      this.#isDue = false;
    }, PACE_MS);
    this.#draw(colors, seen);
  }

  #draw(colors: Colors, seen: Span | undefined): void {
    const context = this.canvas.getContext("2d");
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (context === null || width === 0) return;
    const scale = window.devicePixelRatio;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const store = this.#store;
    if (store.size === 0) return;
    const first = store.timeMs[store.slot(store.begin)] ?? 0;
    const last = store.timeMs[store.slot(store.end - 1)] ?? 0;
    this.#span = { fromMs: first, toMs: Math.max(first + 1, last) };
    const bins = new Float64Array(Math.ceil(width / 4));
    const marks: { readonly x: number; readonly isGap: boolean }[] = [];
    const place = (ms: number): number => ((ms - first) / (this.#span.toMs - first)) * width;
    for (let row = store.begin; row < store.end; row++) {
      const slot = store.slot(row);
      const x = place(store.timeMs[slot] ?? first);
      const bin = Math.min(bins.length - 1, Math.max(0, Math.floor(x / 4)));
      const kind = store.kind[slot];
      if (kind === KIND.message) bins[bin] = (bins[bin] ?? 0) + 1;
      else if ((kind === KIND.crash || kind === KIND.gap) && marks.length < 1_000)
        marks.push({ x, isGap: kind === KIND.gap });
    }
    const most = bins.reduce((max, count) => Math.max(max, count), 1);
    context.fillStyle = colors.isHighContrast ? colors.text : colors.lit;
    context.globalAlpha = colors.isHighContrast ? 1 : 0.7;
    for (const [bin, count] of bins.entries())
      if (count > 0) {
        const tall = Math.max(2, (count / most) * (height - 8));
        context.fillRect(bin * 4, height - tall, 3, tall);
      }
    context.globalAlpha = 1;
    for (const { x, isGap } of marks) {
      context.fillStyle = isGap ? colors.warning : colors.error;
      if (isGap) context.fillRect(x - 2, 0, 5, height);
      else {
        context.beginPath();
        context.moveTo(x - 5, 0);
        context.lineTo(x + 5, 0);
        context.lineTo(x, 7);
        context.closePath();
        context.fill();
        context.fillRect(x - 0.5, 0, 1, height);
      }
    }
    if (seen === undefined) return;
    context.strokeStyle = colors.focus;
    const [from, to] = [place(seen.fromMs), place(seen.toMs)];
    context.strokeRect(Math.max(0.5, from - 0.5), 0.5, Math.max(4, Math.min(width - 1, to) - from), height - 1);
  }
}
