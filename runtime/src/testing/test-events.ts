/**
 * What explorations tell whoever has started the tests: a line of JSON for each event, appended to the file that `AIRSSYS_TEST_EVENTS`
 * names. Reporters of test runners may write to the same file; whoever reads it skips what it does not know. Nothing is read from it, and
 * without the variable nothing is written or noted.
 */
import fs from "node:fs";
import { complain } from "../inspect/complaint.ts";
import { messageOf, read, safeText } from "../values/safe-text.ts";
import type { ExplorationError } from "./errors.ts";
import type { ExplorationReport } from "./exploration.ts";
import { type ExplorationPlace, placeName } from "./exploration-place.ts";
import type { Handling, PlacedRace } from "./run-notes.ts";

/** Environment variable with the file for machine-read results; it is made if it is not there, for its owner only. */
export const ENV_TEST_EVENTS = "AIRSSYS_TEST_EVENTS";

/** Characters of a text that are told, and texts of a list. */
const MOST_CHARACTERS = 8_000;
const MOST_TEXTS = 20;

/** Which exploration it is of. */
export interface ToldPlace {
  /** As in `AIRSSYS_SCHEDULE`: `shop.test.ts:18`. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

interface Told {
  readonly v: 1;
  readonly pid: number;
  readonly place?: ToldPlace;
}

/** It goes on: so many runs were made. */
export interface ExploringEvent extends Told {
  readonly event: "exploring";
  readonly runs: number;
}

/** It has found no failure. */
export interface ExploredEvent extends Told {
  readonly event: "explored";
  readonly runs: number;
  readonly distinct: number;
  readonly isComplete: boolean;
  /** A single run was wished for. */
  readonly isReplay: boolean;
  readonly obstacles: readonly string[];
  readonly warnings: readonly string[];
}

/** It has failed. */
export interface FailedEvent extends Told {
  readonly event: "failed";
  /** The run that failed, from 1. */
  readonly run: number;
  /** With it, every order was tried. */
  readonly hasTriedAll: boolean;
  readonly isReplay: boolean;
  readonly seed: number;
  readonly schedule: string;
  /** What the program failed with. */
  readonly error: { readonly name: string; readonly message: string; readonly stack: string };
  readonly races: readonly PlacedRace[];
  readonly slowest: readonly string[];
  /** What was handled last. */
  readonly last?: Handling;
  readonly turns: number;
  readonly report: string;
}

export type TestEvent = ExploringEvent | ExploredEvent | FailedEvent;

/** What is known of a failure beside the error. */
export type FailureDetails = Pick<FailedEvent, "run" | "hasTriedAll" | "isReplay" | "races" | "last" | "turns">;

export class TestEvents {
  readonly #file: string;
  readonly #told: Told;
  /** The number of runs that is told next: so that many runs are few lines. */
  #next = 1;
  #isBroken = false;

  /** For the exploration at that place, where the environment says to whom; `undefined` when nobody wants to hear. */
  static wished(place: ExplorationPlace | undefined): TestEvents | undefined {
    const file = process.env[ENV_TEST_EVENTS]?.trim() ?? "";
    return file === "" ? undefined : new TestEvents(file, place);
  }

  private constructor(file: string, place: ExplorationPlace | undefined) {
    this.#file = file;
    const told = place && { name: placeName(place), file: place.file, line: place.line };
    this.#told = { v: 1, pid: process.pid, ...(told === undefined ? {} : { place: told }) };
  }

  /** So many runs were made. */
  progress(runs: number): void {
    if (runs < this.#next) return;
    this.#next = runs + Math.max(1, Math.ceil(runs / 10));
    this.#tell({ ...this.#told, event: "exploring", runs });
  }

  explored({ runs, distinct, isComplete, obstacles, warnings }: ExplorationReport, isReplay: boolean): void {
    const texts = { obstacles: short(obstacles), warnings: short(warnings) };
    this.#tell({ ...this.#told, event: "explored", runs, distinct, isComplete, isReplay, ...texts });
  }

  failed({ seed, schedule, slowest, report, cause }: ExplorationError, details: FailureDetails): void {
    const name = read(cause, "name");
    const stack = read(cause, "stack");
    const error = {
      name: typeof name === "string" ? safeText(name, 200) : "Error",
      message: safeText(messageOf(cause), MOST_CHARACTERS),
      stack: typeof stack === "string" ? safeText(stack, MOST_CHARACTERS) : "",
    };
    const texts = { slowest: short(slowest), report: safeText(report, MOST_CHARACTERS) };
    this.#tell({ ...this.#told, event: "failed", seed, schedule, error, ...texts, ...details });
  }

  /** A file that cannot be written costs the test nothing; it is said once. */
  #tell(event: TestEvent): void {
    if (this.#isBroken) return;
    try {
      fs.appendFileSync(this.#file, `${JSON.stringify(event)}\n`, { mode: 0o600 });
    } catch (cause) {
      this.#isBroken = true;
      complain(`nothing is told of explorations (${ENV_TEST_EVENTS}=${this.#file})`, cause);
    }
  }
}

function short(texts: readonly string[]): readonly string[] {
  return texts.slice(0, MOST_TEXTS).map((text) => safeText(text, MOST_CHARACTERS));
}
