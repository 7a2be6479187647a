/** Looks at one actor closely and again and again, while somebody wants to see it. Knows no editor. */
import { EventEmitter } from "node:events";
import { DETAILS_PARTS, type Details, type StateDetails } from "airssys-rt/inspect";
import { readDetails } from "../inspect/details-frame.ts";
import { RequestError } from "../inspect/session.ts";
import type { TreeChange } from "../programs/model.ts";
import type { LiveProgram } from "../programs/node.ts";
import type { SeenRow } from "../programs/row.ts";

/** Which actor. */
export interface Target {
  readonly program: LiveProgram;
  readonly key: string;
}

/** All that is known of it. */
export interface Look extends Target {
  readonly row: SeenRow | undefined;
  /** As the program last told them; `undefined` while it has not. */
  readonly details: Details | undefined;
  /** When they came, milliseconds since the epoch. */
  readonly at: number;
  /** It was asked a while ago and has not told anything yet. */
  readonly isWaiting: boolean;
  /** Why it tells nothing. */
  readonly refusal: string | undefined;
}

/** Milliseconds between two questions, at least, and at most: what is noted only while somebody asks is to go on. */
const ASK_MS = 1_000;
const IDLE_MS = 5_000;
/** A question waits so many times longer than the answer before has cost the program. */
const REST_PER_WORK = 20;
/** Milliseconds that a program may take to answer which has not answered for long. */
const SILENT_REPLY_MS = 1_000;
/** Milliseconds after which it is said that the program is being asked. */
const PATIENCE_MS = 200;

export class CloseUp extends EventEmitter<{ changed: []; waiting: [until: Promise<unknown>] }> {
  readonly #hidden: () => readonly string[];
  #target: Target | undefined;
  #row: SeenRow | undefined;
  #details: Details | undefined;
  #at = 0;
  #isWaiting = false;
  #refusal: string | undefined;
  #isWanted = false;
  /** Counts the actors that were looked at: what comes late is of one before. */
  #turn = 0;
  #isAsking = false;
  #isNews = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Values that were opened, as they were told last. */
  readonly #opened = new Map<string, StateDetails>();

  /** @param hidden words of the names whose values are not to be told */
  constructor(hidden: () => readonly string[]) {
    super();
    this.#hidden = hidden;
  }

  get look(): Look | undefined {
    if (this.#target === undefined) return undefined;
    const { program, key } = this.#target;
    const row = program.tree.row(key) ?? this.#row;
    return {
      ...{ program, key, row, details: this.#details, at: this.#at },
      ...{ isWaiting: this.#isWaiting, refusal: this.#refusal },
    };
  }

  show(target: Target | undefined): void {
    if (target?.program === this.#target?.program && target?.key === this.#target?.key) return;
    this.#target = target;
    this.#turn++;
    this.#row = this.#details = this.#refusal = undefined;
    this.#isWaiting = this.#isAsking = this.#isNews = false;
    this.#opened.clear();
    this.#schedule(0);
    this.emit("changed");
  }

  /** Somebody begins to look, or stops. */
  want(isWanted: boolean): void {
    this.#isWanted = isWanted;
    this.#schedule(0);
  }

  /** Something has changed in a program. */
  noted(program: LiveProgram, change: TreeChange): void {
    const target = this.#target;
    if (target === undefined) return;
    if (program !== target.program) {
      this.#follow(target, program);
      return;
    }
    if (change !== "all" && !change.has(target.key)) return;
    this.#row = program.tree.row(target.key) ?? this.#row;
    this.#isNews = true;
    if (!this.#isAsking) this.#schedule(this.#due(ASK_MS));
    this.emit("changed");
  }

  /**
   * The parts of a value of its state, from one on.
   *
   * @returns as it was told last, where the program does not tell now; `undefined` when it never has.
   */
  async open(at: readonly number[], from: number): Promise<StateDetails | undefined> {
    const target = this.#target;
    if (target === undefined) return undefined;
    const place = `${at.join()} ${from}`;
    const turn = this.#turn;
    if (target.program.endedAt !== undefined) return this.#opened.get(place);
    const request = { type: "details", key: target.key, parts: ["state"], at, from, redact: this.#hidden() } as const;
    try {
      const state = readDetails(await target.program.request(request, limitMs(target.program)))?.state;
      if (turn !== this.#turn) return undefined;
      if (state === undefined) this.#opened.delete(place);
      else this.#opened.set(place, state);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
    return this.#opened.get(place);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.removeAllListeners();
  }

  /** The program was started again: the actor at the same place in it. */
  #follow(before: Target, program: LiveProgram): void {
    if (program.id !== before.program.id || before.program.endedAt === undefined) return;
    const path = this.look?.row?.path;
    const successor = [...program.tree.rows].find((row) => row.path === path);
    if (successor !== undefined) this.show({ program, key: successor.key });
  }

  #due(ms: number): number {
    const restMs = (this.#details?.tookMs ?? 0) * REST_PER_WORK;
    return Math.max(0, this.#at + Math.max(ms, restMs) - Date.now());
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isWanted || this.#target === undefined) return;
    this.#timer = setTimeout(() => void this.#ask(), ms);
    this.#timer.unref();
  }

  async #ask(): Promise<void> {
    const target = this.#target;
    if (target === undefined || this.#isAsking) return;
    const turn = this.#turn;
    if (target.program.endedAt !== undefined || target.program.tree.row(target.key)?.left === true) return;
    if (!target.program.can("details")) {
      this.#refusal = "ERR_NOT_SUPPORTED";
      this.emit("changed");
      return;
    }
    this.#isAsking = true;
    this.#isNews = false;
    const answer = this.#request(target);
    const patience = setTimeout(() => this.#wait(turn, answer), PATIENCE_MS);
    const details = await answer;
    clearTimeout(patience);
    if (turn !== this.#turn) return;
    this.#isAsking = this.#isWaiting = false;
    this.#at = Date.now();
    this.#details = details ?? this.#details;
    this.#schedule(this.#due(this.#isNews ? ASK_MS : IDLE_MS));
    this.emit("changed");
  }

  #wait(turn: number, answer: Promise<unknown>): void {
    if (turn !== this.#turn || this.#details !== undefined) return;
    this.#isWaiting = true;
    this.emit("waiting", answer);
    this.emit("changed");
  }

  /** @returns `undefined` where the program refuses or does not answer: what it told before is what there is. */
  async #request({ program, key }: Target): Promise<Details | undefined> {
    try {
      this.#refusal = undefined;
      return readDetails(
        await program.request({ type: "details", key, parts: DETAILS_PARTS, redact: this.#hidden() }, limitMs(program)),
      );
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#refusal = error.code;
      return undefined;
    }
  }
}

/** One that does not answer may be asked by its debugger, which needs no time for that; nobody waits for others. */
function limitMs({ silence }: LiveProgram): number | undefined {
  return silence === undefined ? undefined : SILENT_REPLY_MS;
}
