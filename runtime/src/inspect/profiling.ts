/** A CPU profile by V8, in this process, whose samples are told by the turns that ran: while nobody profiles no turn is noted. */

import type { Cell } from "../actor/cell.ts";
import { cellOf } from "../actor/cell.ts";
import type { Letter } from "../environment/letter.ts";
import type { Trace } from "../environment/trace.ts";
import { typeOf } from "../values/errors.ts";
import { systemOf } from "./here.ts";
import { keyOf } from "./keys.ts";
import { PROFILE_LIMIT_MS, PROFILE_ROWS, type ProfileReport, type ProfileRow } from "./profile-protocol.ts";
import { type CpuProfile, Shares, type TurnLabel } from "./profile-shares.ts";
import { definitionOf, nameText, pathOf } from "./rows.ts";
import { listen } from "./tracing.ts";

/** Turns that are noted: three numbers each. */
const TURNS_LIMIT = 1_000_000;
/** Microseconds between two samples. */
const SAMPLING_US = 500;
/** Characters that a report leaves for its rows. */
const ROWS_ROOM = 1_000_000;

interface ProfilerSession {
  connect(): void;
  disconnect(): void;
  post(method: string, params?: object, callback?: (error: unknown, result: never) => void): void;
}

interface Label extends TurnLabel {
  readonly cell: Cell;
}

/** One profile at a time. */
export class Profiling {
  #running: Recording | undefined;

  /** @returns false where Node has no profiler. */
  begin(): boolean {
    this.drop();
    const session = openSession();
    if (session === undefined) return false;
    this.#running = new Recording(session);
    return true;
  }

  /** @returns `undefined` when none has begun. */
  end(frameLimit: number): ProfileReport | undefined {
    const report = this.#running?.report(frameLimit);
    this.drop();
    return report;
  }

  drop(): void {
    this.#running?.close();
    this.#running = undefined;
  }
}

class Recording implements Trace {
  readonly #session: ProfilerSession;
  readonly #stopListening: () => void;
  readonly #limit: ReturnType<typeof setTimeout>;
  /** Numbers of the labels of turns, and when their synchronous parts began and ended, in microseconds. */
  readonly #turns: number[] = [];
  readonly #labels: Label[] = [];
  readonly #numbers = new WeakMap<Cell, Map<string, number>>();
  readonly #openedAtUs: number;
  #startedAtUs = 0;
  #isCut = false;
  #profile: CpuProfile | undefined;

  constructor(session: ProfilerSession) {
    this.#session = session;
    session.post("Profiler.enable");
    session.post("Profiler.setSamplingInterval", { interval: SAMPLING_US });
    this.#openedAtUs = nowUs();
    session.post("Profiler.start");
    this.#startedAtUs = nowUs();
    this.#stopListening = listen(this);
    this.#limit = setTimeout(() => this.#stop(), PROFILE_LIMIT_MS);
    this.#limit.unref();
  }

  sent(): void {}

  begins(letter: Letter): undefined {
    if (this.#turns.length >= 3 * TURNS_LIMIT) this.#isCut = true;
    else this.#turns.push(this.#numberOf(letter), nowUs(), 0);
    return undefined;
  }

  returned(): void {
    const last = this.#turns.length - 1;
    if (last > 0 && this.#turns[last] === 0) this.#turns[last] = nowUs();
  }

  ended(): void {}

  report(frameLimit: number): ProfileReport {
    this.#stop();
    const profile = this.#profile;
    if (profile === undefined) return { ms: 0, idleMs: 0, otherMs: 0, rows: [] };
    const shares = new Shares(profile, this.#turns, this.#labels, this.#shiftUs(profile));
    const rows = shares.rows.map(({ label, us, turns, hot }): ProfileRow => {
      const { cell, messageType } = label as Label;
      const system = systemOf(cell.env);
      return {
        key: system === undefined ? "" : keyOf(system, cell),
        path: pathOf(cell),
        definition: definitionOf(cell),
        ...(messageType !== undefined && { messageType }),
        ms: us / 1_000,
        turns,
        ...(hot && { hot: { ...hot, name: nameText(hot.name), file: nameText(hot.file) } }),
      };
    });
    const left = rows.slice(PROFILE_ROWS).reduce((sum, { ms }) => sum + ms, 0);
    const text = JSON.stringify(profile);
    return {
      ms: (profile.endTime - profile.startTime) / 1_000,
      idleMs: shares.idleUs / 1_000,
      otherMs: shares.otherUs / 1_000 + left,
      rows: rows.slice(0, PROFILE_ROWS),
      ...(this.#isCut && { isCut: true as const }),
      ...(JSON.stringify(text).length + ROWS_ROOM <= frameLimit && { profile: text }),
    };
  }

  close(): void {
    this.#stop();
    this.#session.disconnect();
  }

  /** V8 counts from where the machine's monotonic clock does; where it does not, from when it was started. */
  #shiftUs({ startTime }: CpuProfile): number {
    const isSame = startTime >= this.#openedAtUs - 1_000_000 && startTime <= this.#startedAtUs + 1_000_000;
    return isSame ? 0 : this.#startedAtUs - startTime;
  }

  #numberOf({ recipient, message }: Letter): number {
    const cell = cellOf(recipient);
    const messageType = nameText(String(typeOf(message)));
    const known = this.#numbers.get(cell) ?? new Map<string, number>();
    this.#numbers.set(cell, known);
    let number = known.get(messageType);
    if (number === undefined) {
      number = this.#labels.push({ cell, actor: cell.uid, messageType }) - 1;
      known.set(messageType, number);
    }
    return number;
  }

  #stop(): void {
    clearTimeout(this.#limit);
    this.#stopListening();
    if (this.#profile !== undefined) return;
    this.#session.post("Profiler.stop", {}, (error, result: { readonly profile: CpuProfile }) => {
      if (error === null) this.#profile = result.profile;
    });
  }
}

function nowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** `undefined` where Node was built without an inspector, or does not permit it. */
function openSession(): ProfilerSession | undefined {
  try {
    const inspector = process.getBuiltinModule?.("node:inspector") as unknown as
      | { readonly Session: new () => ProfilerSession }
      | undefined;
    if (inspector === undefined) return undefined;
    const session = new inspector.Session();
    session.connect();
    return session;
  } catch {
    return undefined;
  }
}
