/** A schedule as text: the seed of a run and every choice in it, short enough to be pasted into a terminal. */

import { ScheduleError } from "./errors.ts";

/**
 * What a run follows from, apart from the program.
 *
 * A choice is made in each turn for which more than one actor is ready. It is one number: the pairs (how many are ready, which of them,
 * sorted by path), counted through. So a schedule that meets another number of ready actors is known not to fit, and where.
 */
export interface Schedule {
  readonly seed: number;
  /** `undefined`: the seed alone chooses, as in a test system outside of `explore`. */
  readonly choices: readonly number[] | undefined;
}

const PREFIX = "v1:";
/** More choices than a run can have are no schedule: a text of ten characters could stand for any number of them. */
const MOST_CHOICES = 5_000_000;
const MOST_CHARACTERS = 8_000_000;
/** The largest number in a text: seeds, with their signs, fill it. */
const MOST = 2 ** 53;

/** One of `count` >= 2, as a number. */
export function choiceOf(count: number, index: number): number {
  return (count * (count - 1)) / 2 - 1 + index;
}

/** How many were ready, and which of them it was. */
export function readyOf(choice: number): { readonly count: number; readonly index: number } {
  const count = Math.floor((1 + Math.sqrt(1 + 8 * (choice + 1))) / 2);
  return { count, index: choice - choiceOf(count, 0) };
}

/** `v1:` and, in base64url: the seed, whether there are choices, how many, the choices with how often each follows itself, a check sum. */
export function scheduleText({ seed, choices }: Schedule): string {
  const bytes: number[] = [];
  put(bytes, seed < 0 ? -seed * 2 - 1 : seed * 2);
  if (choices === undefined) bytes.push(0);
  else {
    bytes.push(1);
    put(bytes, choices.length);
    putRuns(bytes, choices);
  }
  const sum = checkSum(bytes);
  bytes.push(sum & 255, sum >> 8);
  return PREFIX + Buffer.from(bytes).toString("base64url");
}

function putRuns(bytes: number[], choices: readonly number[]): void {
  for (let at = 0; at < choices.length; ) {
    const choice = choices[at] as number;
    let end = at + 1;
    while (choices[end] === choice) end++;
    const times = end - at;
    put(bytes, choice * 2 + (times > 1 ? 1 : 0));
    if (times > 1) put(bytes, times - 2);
    at = end;
  }
}

/** Seven bits a byte, the lowest first. */
function put(bytes: number[], value: number): void {
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  bytes.push(value);
}

/** FNV-1a, folded to 16 bits. */
function checkSum(bytes: readonly number[] | Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return ((hash >>> 16) ^ hash) & 0xffff;
}

/** Reads a schedule. @throws {ScheduleError} for what is none, with the place. */
export function readSchedule(given: unknown): Schedule {
  if (typeof given !== "string") throw new ScheduleError("a schedule is a text", undefined);
  const found = given.trim();
  if (found.length > MOST_CHARACTERS) throw new ScheduleError("it is too long to be a schedule", undefined);
  if (!found.startsWith(PREFIX)) throw unknownVersion(found);
  const code = found.slice(PREFIX.length);
  const wrong = /[^A-Za-z0-9_-]/.exec(code);
  if (wrong !== null) throw unreadable(PREFIX.length + wrong.index, "a character that does not belong there");
  return new Reader(Buffer.from(code, "base64url")).schedule();
}

function unknownVersion(found: string): ScheduleError {
  const version = /^v\d{1,6}:/.exec(found)?.[0];
  const what = version === undefined ? `it does not begin with "${PREFIX}"` : `its version is "${version}"`;
  return new ScheduleError(`${what}; this testkit reads "${PREFIX}"`, undefined);
}

function unreadable(character: number, what: string): ScheduleError {
  return new ScheduleError(`it cannot be read from character ${character + 1} on: ${what}`, undefined);
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#end = bytes.length - 2;
  }

  schedule(): Schedule {
    if (this.#end < 2) throw this.#fault("it ends too early");
    const sum = (this.#bytes[this.#end] as number) + (this.#bytes[this.#end + 1] as number) * 256;
    if (checkSum(this.#bytes.subarray(0, this.#end)) !== sum)
      throw new ScheduleError("its check sum is wrong: it was changed, or not copied wholly", undefined);
    const signed = this.#number();
    const seed = signed % 2 === 0 ? signed / 2 : -(signed + 1) / 2;
    const kind = this.#number();
    if (kind > 1) throw this.#fault("an unknown kind of schedule");
    const choices = kind === 0 ? undefined : this.#choices();
    if (this.#at !== this.#end) throw this.#fault("there is more than the schedule says");
    return { seed, choices };
  }

  #choices(): readonly number[] {
    const count = this.#number();
    if (count > MOST_CHOICES) throw this.#fault(`${count} choices are more than a run can have`);
    const choices: number[] = [];
    while (choices.length < count) {
      const token = this.#number();
      const times = token % 2 === 0 ? 1 : this.#number() + 2;
      if (times > count - choices.length) throw this.#fault("there are more choices than it says");
      for (let time = 0; time < times; time++) choices.push(Math.floor(token / 2));
    }
    return choices;
  }

  #number(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      if (this.#at >= this.#end) throw this.#fault("it ends too early");
      const byte = this.#bytes[this.#at++] as number;
      value += (byte % 128) * unit;
      if (value > MOST) throw this.#fault("a number that is too large");
      if (byte < 128) return value;
    }
  }

  #fault(what: string): ScheduleError {
    return unreadable(PREFIX.length + Math.floor((this.#at * 4) / 3), what);
  }
}
