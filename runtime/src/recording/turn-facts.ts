/** What turns got from outside of themselves: the time, chance, who they looked up, and what questions were answered with. */
import { Cell } from "../actor/cell.ts";
import type { Environment } from "../environment/environment.ts";
import type { Letter } from "../environment/letter.ts";
import type { Trace } from "../environment/trace.ts";
import { type InspectedSystem, observeSystems } from "../health/systems.ts";
import { letterHere, systemOf } from "../inspect/here.ts";
import { keyOf } from "../inspect/keys.ts";
import { pathOf } from "../inspect/rows.ts";
import { listen } from "../inspect/tracing.ts";
import type { Clock } from "../values/clock.ts";
import { isInstance } from "../values/instance.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { clip } from "../values/safe-text.ts";
import type { RecordedValue } from "./recorded-value.ts";
import { lineText } from "./recording-line.ts";

/** Readings, and names, of one turn. */
const MOST = 1_000;

class Facts {
  readonly clock: number[] = [];
  readonly random: number[] = [];
  readonly found: (readonly [name: string, path: string | null])[] = [];
}

/** The number of a message in the recording. */
type Numbering = (seq: number, key: string) => number;

export class TurnFacts implements Trace {
  readonly #record: (value: unknown) => RecordedValue;
  readonly #underWay = new Map<Letter, Facts>();
  #over: (readonly [letter: Letter, facts: Facts])[] = [];
  #replies: (readonly [letter: Letter, value: unknown])[] = [];
  readonly #ends: readonly (() => void)[];

  /** @param record writes a value down: what was answered, when it is taken */
  constructor(record: (value: unknown) => RecordedValue) {
    this.#record = record;
    const changed = new Map<InspectedSystem, () => void>();
    const stopObserving = observeSystems((system, isRunning) => {
      if (isRunning) changed.set(system, this.#listenTo(system.env));
      else changed.delete(system);
    });
    const letGo = (): void => {
      for (const undo of changed.values()) undo();
    };
    this.#ends = [stopObserving, letGo, listen(this)];
  }

  end(): void {
    for (const end of this.#ends) end();
  }

  /** The lines of what has happened since it was last asked. */
  take(seqOf: Numbering): string {
    const [over, replies] = [this.#over, this.#replies];
    this.#over = [];
    this.#replies = [];
    let text = "";
    for (const [letter, { clock, random, found }] of over) {
      const seq = numberOf(letter, seqOf);
      if (clock.length + random.length > 0) text += lineText({ c: [seq, clock, random] });
      if (found.length > 0) text += lineText({ w: [seq, found] });
    }
    for (const [letter, value] of replies) text += lineText({ r: [numberOf(letter, seqOf), this.#record(value)] });
    return text;
  }

  sent(): void {}

  begins(): undefined {}

  returned(): void {}

  ended(letter: Letter): void {
    const facts = this.#underWay.get(letter);
    if (facts === undefined) return;
    this.#underWay.delete(letter);
    this.#over.push([letter, facts]);
  }

  replied(letter: Letter, value: unknown): void {
    this.#replies.push([letter, value]);
  }

  found(name: string, ref: AnyActorRef | undefined): void {
    const facts = this.#here();
    if (facts === undefined || facts.found.length >= MOST) return;
    facts.found.push([clip(name, 500), isInstance(ref, Cell) ? pathOf(ref) : null]);
  }

  /** Of the turn that runs, or whose continuation does. */
  #here(): Facts | undefined {
    const letter = letterHere();
    if (letter === undefined) return undefined;
    const known = this.#underWay.get(letter) ?? new Facts();
    this.#underWay.set(letter, known);
    return known;
  }

  /** @returns what undoes it. */
  #listenTo(env: Environment): () => void {
    const { contextClock, contextRandom } = env;
    const heard = (value: number, list: "clock" | "random"): number => {
      const facts = this.#here();
      if (facts !== undefined && facts[list].length < MOST) facts[list].push(value);
      return value;
    };
    env.contextClock = new HeardClock(contextClock, (ms) => heard(ms, "clock"));
    env.contextRandom = () => heard(contextRandom(), "random");
    return () => {
      env.contextClock = contextClock;
      env.contextRandom = contextRandom;
    };
  }
}

class HeardClock implements Clock {
  readonly #clock: Clock;
  readonly #hear: (ms: number) => number;

  constructor(clock: Clock, hear: (ms: number) => number) {
    this.#clock = clock;
    this.#hear = hear;
  }

  now(): number {
    return this.#hear(this.#clock.now());
  }

  monotonicMs(): number {
    return this.#hear(this.#clock.monotonicMs());
  }

  setTimer(callback: () => void, delayMs: number): ReturnType<Clock["setTimer"]> {
    return this.#clock.setTimer(callback, delayMs);
  }

  clearTimer(timer: Parameters<Clock["clearTimer"]>[0]): void {
    this.#clock.clearTimer(timer);
  }

  keepAlive(timer: Parameters<Clock["clearTimer"]>[0], on: boolean): void {
    this.#clock.keepAlive(timer, on);
  }
}

function numberOf({ recipient, seq }: Letter, seqOf: Numbering): number {
  const cell = recipient as unknown as Cell;
  const system = systemOf(cell.env);
  return seqOf(seq, system === undefined ? "" : keyOf(system, cell));
}
