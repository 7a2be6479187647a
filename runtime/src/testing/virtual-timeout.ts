/** A timer of `setTimeout` or `setInterval` in virtual time: the same object to its program as Node's. */
import { inThisContext } from "../values/async-scope.ts";
import type { Clock, Timer } from "../values/clock.ts";

/** What Node makes of a delay: whole milliseconds, 1 for what is none or too long. */
const LONGEST_MS = 2_147_483_647;

function delayOf(delay: unknown): number {
  const ms = Number(delay);
  return ms >= 1 && ms <= LONGEST_MS ? Math.trunc(ms) : 1;
}

/** As numbers, timers of Node's are below. */
const FIRST_NUMBER = 2 ** 40;

const byNumber = new Map<number, VirtualTimeout>();
let made = 0;

export class VirtualTimeout {
  readonly #clock: Clock;
  readonly #callback: () => void;
  readonly #delayMs: number;
  readonly #isRepeated: boolean;
  readonly #number = FIRST_NUMBER + ++made;
  #timer: Timer | undefined = undefined;
  #keepsAlive = true;

  constructor(clock: Clock, callback: () => void, delay: unknown, isRepeated: boolean) {
    this.#clock = clock;
    this.#callback = inThisContext(callback);
    this.#delayMs = delayOf(delay);
    this.#isRepeated = isRepeated;
    this.#arm();
  }

  #arm(): void {
    this.#timer = this.#clock.setTimer(() => this.#fire(), this.#delayMs);
    if (!this.#keepsAlive) this.#clock.keepAlive(this.#timer, false);
  }

  #fire(): void {
    this.#timer = undefined;
    if (this.#isRepeated) this.#arm();
    else byNumber.delete(this.#number);
    this.#callback();
  }

  close(): this {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    byNumber.delete(this.#number);
    return this;
  }

  /** Begins to wait anew, as Node's does also when it has fired. */
  refresh(): this {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#arm();
    return this;
  }

  ref(): this {
    return this.#keep(true);
  }

  unref(): this {
    return this.#keep(false);
  }

  hasRef(): boolean {
    return this.#keepsAlive;
  }

  #keep(on: boolean): this {
    this.#keepsAlive = on;
    if (this.#timer !== undefined) this.#clock.keepAlive(this.#timer, on);
    return this;
  }

  [Symbol.toPrimitive](): number {
    byNumber.set(this.#number, this);
    return this.#number;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** The same for `setImmediate`. */
export class VirtualImmediate {
  readonly #clear: () => void;
  #keepsAlive = true;

  constructor(clear: () => void) {
    this.#clear = clear;
  }

  close(): void {
    this.#clear();
  }

  ref(): this {
    this.#keepsAlive = true;
    return this;
  }

  unref(): this {
    this.#keepsAlive = false;
    return this;
  }

  hasRef(): boolean {
    return this.#keepsAlive;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Clears what is one of ours, itself or by its number. @returns whether it was. */
export function clearVirtual(timer: unknown): boolean {
  const own = typeof timer === "number" || typeof timer === "string" ? byNumber.get(Number(timer)) : timer;
  const isOwn = own instanceof VirtualTimeout || own instanceof VirtualImmediate;
  if (isOwn) own.close();
  return isOwn;
}
