/** Draws the rows that are visible as a sequence: lifelines, arrows, turns, crashes, lives and gaps. */
import { ANSWER_STATES, MESSAGE_OUTCOMES } from "airssys-rt/inspect";
import { counted, number, say } from "../../sentence.ts";
import { type Lifeline, shortName } from "../lifelines.ts";
import type { Head } from "../page-protocol.ts";
import { KIND, type MessageStore } from "../store.ts";
import type { ViewModel } from "../view-model.ts";
import { gapText, lifeText, named, outcomeText, shortClock, toneOf, typeName } from "../words.ts";
import type { Colors } from "./colors.ts";

export const ROW_HEIGHT = 24;
export const HEADS_HEIGHT = 44;
const TIME_WIDTH = 108;
const LEAST_SPACE = 88;
const PALE = 0.32;

export interface Seen {
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  readonly scrollLeft: number;
}

/** Pixels that all lines need. */
export function contentWidth(lines: number, width: number): number {
  return Math.max(width, TIME_WIDTH + lines * LEAST_SPACE);
}

export class Sequence {
  readonly #context: CanvasRenderingContext2D;
  readonly #model: ViewModel;
  readonly #headOf: (line: Lifeline) => Head;
  colors: Colors;

  constructor(canvas: HTMLCanvasElement, model: ViewModel, colors: Colors, headOf: (line: Lifeline) => Head) {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error(say("this view cannot draw"));
    this.#context = context;
    this.#model = model;
    this.#headOf = headOf;
    this.colors = colors;
  }

  draw(seen: Seen): void {
    const { canvas } = this.#context;
    const scale = window.devicePixelRatio;
    const [width, height] = [Math.round(seen.width * scale), Math.round(seen.height * scale)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const context = this.#context;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = this.colors.background;
    context.fillRect(0, 0, seen.width, seen.height);
    this.#eachRow(seen, (row, top) => row === this.#model.selected && this.#drawSelection(top, seen));
    this.#besideTimes(seen, () => this.#drawLines(seen));
    this.#drawRows(seen);
    this.#drawHeads(seen);
  }

  /** What scrolls sideways goes behind the times, not over them. */
  #besideTimes({ width, height }: Seen, draw: () => void): void {
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(TIME_WIDTH - 6, 0, width, height);
    context.clip();
    draw();
    context.restore();
  }

  /** The line whose head is there. */
  lineAt(x: number, seen: Seen): Lifeline | undefined {
    const { lines } = this.#model.lines;
    return lines.find((_, place) => Math.abs(this.#x(place, seen) - x) < this.#space(seen) / 2);
  }

  /** How far to scroll so that both ends of a row are seen, as far as both fit. */
  scrollLeftFor(row: number, seen: Seen): number {
    const { store, lines } = this.#model;
    const slot = store.slot(row);
    const ends = [store.from[slot] ?? 0, store.to[slot] ?? 0].flatMap((no) => {
      const place = lines.places.get(no);
      return place === undefined ? [] : [this.#x(place, seen)];
    });
    const half = this.#space(seen) / 2;
    const [left, right] = [Math.min(...ends) - half - TIME_WIDTH, Math.max(...ends) + half];
    if (ends.length === 0 || (left >= 0 && right <= seen.width)) return seen.scrollLeft;
    return seen.scrollLeft + (right > seen.width ? right - seen.width : left);
  }

  #space({ width }: Seen): number {
    return Math.max(LEAST_SPACE, (width - TIME_WIDTH) / Math.max(1, this.#model.lines.lines.length));
  }

  #x(place: number, seen: Seen): number {
    return TIME_WIDTH + (place + 0.5) * this.#space(seen) - seen.scrollLeft;
  }

  #drawLines(seen: Seen): void {
    const context = this.#context;
    context.strokeStyle = this.colors.line;
    context.lineWidth = 1;
    context.beginPath();
    this.#eachLine(seen, (_, at) => {
      const x = Math.round(at) + 0.5;
      context.moveTo(x, HEADS_HEIGHT);
      context.lineTo(x, seen.height);
    });
    context.stroke();
  }

  #drawHeads(seen: Seen): void {
    const context = this.#context;
    const { colors } = this;
    context.globalAlpha = 1;
    context.fillStyle = colors.background;
    context.fillRect(0, 0, seen.width, HEADS_HEIGHT);
    context.strokeStyle = colors.line;
    context.beginPath();
    context.moveTo(0, HEADS_HEIGHT - 0.5);
    context.lineTo(seen.width, HEADS_HEIGHT - 0.5);
    context.stroke();
    this.#besideTimes(seen, () => this.#drawHeadWords(seen));
  }

  #drawHeadWords(seen: Seen): void {
    const context = this.#context;
    const { colors } = this;
    context.textAlign = "center";
    const space = this.#space(seen) - 8;
    this.#eachLine(seen, (line, x) => {
      const name = line.path === "" ? say("outside") : named(shortName(line.path));
      this.#font(false);
      const { text, isTrouble } = this.#headWords(line, space);
      context.fillStyle = isTrouble ? colors.warning : colors.pale;
      context.fillText(text, x, 34);
      this.#font(true);
      context.fillStyle = isTrouble ? colors.warning : colors.text;
      context.fillText(this.#fitted(line.isGroup ? `▸ ${name}` : name, space), x, 17);
    });
  }

  /** The lines that are seen, also in part, and where each is. */
  #eachLine(seen: Seen, draw: (line: Lifeline, x: number) => void): void {
    const { lines } = this.#model.lines;
    const space = this.#space(seen);
    const first = Math.max(0, Math.floor(seen.scrollLeft / space) - 1);
    const last = Math.min(lines.length, Math.ceil((seen.scrollLeft + seen.width - TIME_WIDTH) / space) + 1);
    for (let place = first; place < last; place++) {
      const line = lines[place];
      if (line !== undefined) draw(line, this.#x(place, seen));
    }
  }

  /** What stands under a name, the trouble first: in as many words as there is room for. */
  #headWords(line: Lifeline, room: number): { readonly text: string; readonly isTrouble: boolean } {
    const { queued, restarts } = this.#headOf(line);
    const parts: string[] = [];
    if (restarts > 0) parts.push(say("restarted {0}×", restarts));
    if (queued > 0) parts.push(say("{0} queued", queued));
    const isTrouble = parts.length > 0;
    if (line.isGroup) parts.push(counted(line.actors.length, "{0} actor", "{0} actors"));
    const shorter = parts.map((_, dropped) => parts.slice(0, parts.length - dropped).join(" · "));
    if (restarts > 0) shorter.push(`${number(restarts)}×`);
    else if (!isTrouble && line.isGroup) shorter.push(number(line.actors.length));
    const text = shorter.find((each) => this.#context.measureText(each).width <= room) ?? shorter.at(-1) ?? "";
    return { text: this.#fitted(text, room), isTrouble };
  }

  /** The rows that are seen, and how far from the top each is. */
  #eachRow(seen: Seen, draw: (row: number, top: number) => void): void {
    const model = this.#model;
    const first = Math.floor(seen.scrollTop / ROW_HEIGHT);
    const last = Math.min(model.count, first + Math.ceil((seen.height - HEADS_HEIGHT) / ROW_HEIGHT) + 1);
    for (let place = first; place < last; place++)
      draw(model.at(place), HEADS_HEIGHT + place * ROW_HEIGHT - seen.scrollTop);
  }

  #drawRows(seen: Seen): void {
    const { store } = this.#model;
    let beforeMs: number | undefined;
    this.#eachRow(seen, (row, top) => {
      const slot = store.slot(row);
      if (store.kind[slot] === KIND.gap) this.#drawGap(row, top, seen);
      else this.#drawTime(row, top, beforeMs);
      beforeMs = store.timeMs[slot];
    });
    this.#besideTimes(seen, () => this.#eachRow(seen, (row, top) => this.#drawRow(row, top, seen)));
  }

  #drawTime(row: number, top: number, beforeMs: number | undefined): void {
    const context = this.#context;
    const { store } = this.#model;
    context.globalAlpha = this.#isLit(row) ? 1 : PALE;
    this.#font(false);
    context.textAlign = "right";
    context.fillStyle = this.colors.pale;
    context.fillText(shortClock(store.timeMs[store.slot(row)] ?? 0, beforeMs), TIME_WIDTH - 12, top + 16);
    context.globalAlpha = 1;
  }

  #drawRow(row: number, top: number, seen: Seen): void {
    const context = this.#context;
    const { store } = this.#model;
    const slot = store.slot(row);
    const to = this.#model.lines.places.get(store.to[slot] ?? 0);
    const from = this.#model.lines.places.get(store.from[slot] ?? 0);
    if (to === undefined || store.kind[slot] === KIND.gap) return;
    context.globalAlpha = this.#isLit(row) ? 1 : PALE;
    this.#font(false);
    const x = this.#x(to, seen);
    if (store.kind[slot] === KIND.crash) this.#drawCrash(row, x, top, seen);
    else if (store.kind[slot] === KIND.life) this.#drawLife(row, x, top, seen);
    else if (from !== undefined) this.#drawArrow(row, this.#x(from, seen), x, top);
    context.globalAlpha = 1;
  }

  #isLit(row: number): boolean {
    const { lit, store } = this.#model;
    return lit === undefined || lit.has(row) || store.kind[store.slot(row)] === KIND.gap;
  }

  #drawSelection(top: number, seen: Seen): void {
    const context = this.#context;
    context.globalAlpha = 1;
    context.fillStyle = this.colors.selection;
    context.fillRect(0, top, seen.width, ROW_HEIGHT);
    context.strokeStyle = this.colors.focus;
    context.setLineDash(this.colors.isHighContrast ? [4, 2] : []);
    if (this.colors.isHighContrast || document.hasFocus())
      context.strokeRect(0.5, top + 0.5, seen.width - 1, ROW_HEIGHT - 1);
    context.setLineDash([]);
  }

  #toneColor(row: number): string {
    const tone = toneOf(this.#model.store, row);
    if (tone !== "calm") return tone === "error" ? this.colors.error : this.colors.warning;
    return this.#model.lit?.has(row) === true ? this.colors.lit : this.colors.text;
  }

  #drawArrow(row: number, sender: number, handler: number, top: number): void {
    const { store } = this.#model;
    const slot = store.slot(row);
    const isReply = store.kind[slot] === KIND.reply;
    const color = this.#toneColor(row);
    const y = Math.round(top + 17) + 0.5;
    const [start, end] = isReply ? [handler, sender] : [sender, handler];
    const context = this.#context;
    context.strokeStyle = context.fillStyle = color;
    context.lineWidth = row === this.#model.selected ? 2 : 1.25;
    if (!isReply) this.#drawTurn(store, slot, handler, top);
    context.strokeStyle = context.fillStyle = color;
    const failed = store.answer[slot] === ANSWER_STATES.failed;
    const label = isReply ? (failed ? say("ask failed") : say("reply")) : typeName(store, row);
    if (start === end) this.#drawLoop(start, top, label);
    else this.#drawStraight(start, end, y, label, isReply, isRefusedOrLost(store, slot));
  }

  #drawStraight(start: number, end: number, y: number, label: string, isDashed: boolean, isCrossed: boolean): void {
    const context = this.#context;
    const way = Math.sign(end - start);
    const tip = end - way * 4;
    context.setLineDash(isDashed ? [5, 3] : []);
    context.beginPath();
    context.moveTo(start, y);
    context.lineTo(tip - way * 6, y);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.arc(start, y, 2.5, 0, 2 * Math.PI);
    context.fill();
    if (isCrossed) this.#drawCross(end - way * 8, y, 4);
    else this.#drawTip(tip, y, way);
    context.textAlign = "center";
    this.#label(label, (start + end) / 2, y - 5, Math.abs(end - start) - 24);
  }

  #drawLoop(x: number, top: number, label: string): void {
    const context = this.#context;
    context.beginPath();
    context.moveTo(x + 2, top + 8);
    context.lineTo(x + 26, top + 8);
    context.lineTo(x + 26, top + 18);
    context.lineTo(x + 12, top + 18);
    context.stroke();
    this.#drawTip(x + 6, top + 18, -1);
    context.textAlign = "left";
    this.#label(label, x + 33, top + 17, 240);
  }

  #drawTip(x: number, y: number, way: number): void {
    const context = this.#context;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x - way * 8, y - 4);
    context.lineTo(x - way * 8, y + 4);
    context.closePath();
    context.fill();
  }

  #drawCross(x: number, y: number, size: number): void {
    const context = this.#context;
    context.beginPath();
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x + size, y - size);
    context.lineTo(x - size, y + size);
    context.stroke();
  }

  /** The turn in which it is or was handled. */
  #drawTurn(store: MessageStore, slot: number, x: number, top: number): void {
    if ((store.waitUs[slot] ?? -1) < 0) return;
    const context = this.#context;
    context.fillStyle = store.outcome[slot] === MESSAGE_OUTCOMES.crashed ? this.colors.error : this.colors.bar;
    const alpha = context.globalAlpha;
    context.globalAlpha = alpha * 0.65;
    context.fillRect(x - 3, top + 8, 6, ROW_HEIGHT - 8);
    context.globalAlpha = alpha;
  }

  #drawCrash(row: number, x: number, top: number, seen: Seen): void {
    const context = this.#context;
    context.strokeStyle = context.fillStyle = this.colors.error;
    context.lineWidth = 1.5;
    const y = top + ROW_HEIGHT / 2;
    context.beginPath();
    context.arc(x, y, 8, 0, 2 * Math.PI);
    context.stroke();
    this.#drawCross(x, y, 3.5);
    this.#font(true);
    this.#beside(outcomeText(this.#model.store, row), x, y, 14, seen);
  }

  #drawLife(row: number, x: number, top: number, seen: Seen): void {
    const context = this.#context;
    context.strokeStyle = context.fillStyle = this.colors.warning;
    context.setLineDash([2, 2]);
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, top + 8);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.arc(x, top + ROW_HEIGHT / 2, 4, 0, 2 * Math.PI);
    context.fill();
    this.#font(false);
    this.#beside(lifeText(this.#model.store, row), x, top + ROW_HEIGHT / 2, 10, seen);
  }

  /** At the side where there is more room. */
  #beside(text: string, x: number, y: number, gap: number, seen: Seen): void {
    const isLeft = x - TIME_WIDTH > seen.width - x;
    this.#context.textAlign = isLeft ? "right" : "left";
    const room = isLeft ? x - TIME_WIDTH - gap : seen.width - x - gap - 4;
    this.#label(text, isLeft ? x - gap : x + gap, y + 4, room);
  }

  #drawGap(row: number, top: number, seen: Seen): void {
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(0, top + 2, seen.width, ROW_HEIGHT - 4);
    context.clip();
    context.strokeStyle = this.colors.warning;
    context.globalAlpha = 0.4;
    context.lineWidth = 4;
    context.beginPath();
    for (let x = -ROW_HEIGHT; x < seen.width; x += 14) {
      context.moveTo(x, top + ROW_HEIGHT);
      context.lineTo(x + ROW_HEIGHT, top);
    }
    context.stroke();
    context.restore();
    context.fillStyle = this.colors.warning;
    context.textAlign = "center";
    this.#font(false);
    this.#label(gapText(this.#model.store, row), seen.width / 2, top + 16, seen.width - 40);
  }

  /** On a ground of its own, so that lines do not cross it. */
  #label(text: string, x: number, y: number, room: number): void {
    const context = this.#context;
    const fitted = this.#fitted(text, Math.max(24, room));
    const width = context.measureText(fitted).width;
    const left = context.textAlign === "center" ? x - width / 2 : context.textAlign === "right" ? x - width : x;
    const { fillStyle } = context;
    context.fillStyle = this.colors.background;
    const alpha = context.globalAlpha;
    context.globalAlpha = 0.8;
    context.fillRect(left - 2, y - 10, width + 4, 13);
    context.globalAlpha = alpha;
    context.fillStyle = fillStyle;
    context.fillText(fitted, x, y);
  }

  #fitted(text: string, room: number): string {
    const context = this.#context;
    if (text === "" || context.measureText(text).width <= room) return text;
    const share = room / context.measureText(text).width;
    const length = Math.max(1, Math.floor(text.length * share) - 1);
    return `${text.slice(0, length)}…`;
  }

  #font(isBold: boolean): void {
    this.#context.font = `${isBold ? "600 " : ""}${this.colors.font}`;
  }
}

function isRefusedOrLost(store: MessageStore, slot: number): boolean {
  if (store.kind[slot] !== KIND.message) return false;
  const outcome = store.outcome[slot];
  return outcome === MESSAGE_OUTCOMES.refused || outcome === MESSAGE_OUTCOMES.dropped;
}
