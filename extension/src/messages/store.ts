/** What happened between actors, row by row, the newest that are kept: what the view Messages draws. Knows no page and no editor. */
import {
  type ActorEntry,
  ANSWER_STATES,
  type LifeRow,
  MESSAGE_OUTCOMES,
  type MessageRow,
  type MessagesFrame,
} from "airssys-rt/inspect";

/** Kinds of rows. All but the first say something of what was sent before. */
export const KIND = { message: 0, reply: 1, crash: 2, life: 3, gap: 4 } as const;

/** Whoever sends or handles. The first one stands for the outside of all actors. */
export interface Actor {
  readonly program: string;
  readonly key: string;
  readonly path: string;
}

/** Why a stretch has no rows. */
export type GapReason = "fast" | "hidden" | "ended" | "unrecorded";

/** Numbers of messages that are looked up, at least: as many as there are rows. */
const INDEX_SIZE = 2 ** 17;
/** Systems whose messages are found by their numbers: those that came last. */
const SYSTEMS_LIMIT = 32;

/** One system of one program, whose messages have numbers of their own. */
interface System {
  readonly no: number;
  readonly rows: Float64Array;
}

interface Source {
  readonly actors: Map<number, number>;
  readonly types: Map<number, number>;
}

/** Rows have numbers that rise for ever: from {@link begin} to below {@link end} they are there. */
export class MessageStore {
  readonly capacity: number;
  readonly kind: Uint8Array;
  readonly system: Uint16Array;
  /** Numbers of messages: a recording of several systems has some beyond 32 bits. */
  readonly seq: Float64Array;
  readonly cause: Float64Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly type: Int32Array;
  readonly timeMs: Float64Array;
  readonly waitUs: Int32Array;
  readonly runUs: Int32Array;
  readonly outcome: Uint8Array;
  readonly answer: Uint8Array;
  readonly answerUs: Int32Array;
  /** Of a reply and of a crash: the row of its message. Of a gap: how many are missing. */
  readonly about: Float64Array;
  /** Numbers of the rows that are there. */
  begin = 0;
  end = 0;
  readonly actors: Actor[] = [{ program: "", key: "", path: "" }];
  readonly types: string[] = [];
  /** Rows by what became of them. */
  readonly counts: number[] = [0, 0, 0, 0, 0, 0];
  readonly notes: Map<number, string> = new Map();
  readonly payloads: Map<number, string> = new Map();
  readonly lives: Map<number, LifeRow> = new Map();
  readonly gaps: Map<number, GapReason> = new Map();
  readonly #missing: GapReason;
  readonly #systems = new Map<string, System>();
  readonly #sources = new Map<string, Source>();
  readonly #actorNos = new Map<string, number>();
  readonly #typeNos = new Map<string, number>();
  #systemCount = 0;
  #fresh: Fresh[] = [];

  /** @param missing what it means that a frame has less than there was */
  constructor(capacity: number, missing: GapReason = "fast") {
    this.capacity = capacity;
    this.#missing = missing;
    this.kind = new Uint8Array(capacity);
    this.system = new Uint16Array(capacity);
    this.seq = new Float64Array(capacity);
    this.cause = new Float64Array(capacity);
    this.from = new Int32Array(capacity);
    this.to = new Int32Array(capacity);
    this.type = new Int32Array(capacity);
    this.timeMs = new Float64Array(capacity);
    this.waitUs = new Int32Array(capacity);
    this.runUs = new Int32Array(capacity);
    this.outcome = new Uint8Array(capacity);
    this.answer = new Uint8Array(capacity);
    this.answerUs = new Int32Array(capacity);
    this.about = new Float64Array(capacity);
  }

  get size(): number {
    return this.end - this.begin;
  }

  slot(row: number): number {
    return row % this.capacity;
  }

  has(row: number): boolean {
    return row >= this.begin && row < this.end;
  }

  /**
   * Takes in what a program has told.
   *
   * @param program one run of one program: numbers of its messages begin anew in the next
   */
  apply(program: string, frame: MessagesFrame): void {
    const source = this.#sourceOf(program);
    for (const entry of frame.actors) this.#name(program, source, entry);
    for (const [no, text] of frame.types) source.types.set(no, this.#typeNo(text));
    const fresh: Fresh[] = [];
    this.#fresh = fresh;
    for (const row of frame.rows) this.#take(program, source, frame.origin, row);
    for (const life of frame.lives ?? [])
      fresh.push({ kind: KIND.life, timeMs: frame.origin + life[2], life, to: source.actors.get(life[0]) ?? 0 });
    // What belongs together comes in one frame: in it, times tell the order. Sorting keeps what is at the same time as it came.
    fresh.sort((one, other) => one.timeMs - other.timeMs);
    for (const each of fresh) this.#append(each);
    for (const [seq, to, text] of frame.notes ?? []) this.#say(this.notes, program, source, seq, to, text);
    for (const [seq, to, json] of frame.payloads ?? []) this.#say(this.payloads, program, source, seq, to, json);
    if (frame.missed > 0) this.gap(this.#missing, frame.missed, frame.at);
  }

  /** Messages are missing from here. One gap after the other is one. */
  gap(reason: GapReason, missed: number, atMs: number): void {
    const last = this.end - 1;
    if (this.has(last) && this.kind[this.slot(last)] === KIND.gap && this.gaps.get(last) === reason) {
      const slot = this.slot(last);
      this.about[slot] = (this.about[slot] ?? 0) + missed;
      return;
    }
    const row = this.#open(KIND.gap, atMs);
    this.about[this.slot(row)] = missed;
    this.gaps.set(row, reason);
  }

  clear(): void {
    this.begin = this.end;
    for (const map of [this.notes, this.payloads, this.lives, this.gaps]) map.clear();
    this.counts.fill(0);
  }

  /** The message that this row is about, or which it is. */
  messageOf(row: number): number {
    const kind = this.kind[this.slot(row)];
    if (kind === KIND.message) return row;
    return kind === KIND.reply || kind === KIND.crash ? (this.about[this.slot(row)] ?? -1) : -1;
  }

  /** The row of a message, or of its answer, by its number; -1 where it is not kept. What never had a number is found, too. */
  find(seq: number, kind: typeof KIND.message | typeof KIND.reply = KIND.message): number {
    for (let row = this.end - 1; row >= this.begin; row--) {
      const slot = this.slot(row);
      if (this.seq[slot] === seq && this.kind[slot] === kind) return row;
    }
    return -1;
  }

  /** The message because of which that one was sent; -1 when none is known. */
  causeOf(row: number): number {
    const slot = this.slot(row);
    const seq = this.cause[slot] ?? -1;
    if (seq < 0) return -1;
    const sender = this.actors[this.from[slot] ?? 0];
    const system = sender === undefined ? undefined : this.#systems.get(systemName(sender.program, sender.key));
    const cause = system === undefined ? -1 : this.#rowOf(system, seq);
    return cause < row ? cause : -1;
  }

  // --- Rows ---

  #take(program: string, source: Source, origin: number, row: MessageRow): void {
    const [seq, cause, from, to, type, sentMs, waitUs, runUs, outcome, answer, answerUs] = row;
    const toNo = source.actors.get(to) ?? 0;
    const system = this.#systemOf(program, toNo);
    const known = this.#rowOf(system, seq);
    const timeMs = origin + sentMs;
    if (known >= 0) {
      this.#update(known, row, timeMs);
      return;
    }
    const message: Fresh = {
      kind: KIND.message,
      timeMs,
      system,
      seq,
      cause,
      from: source.actors.get(from) ?? 0,
      to: toNo,
      type: source.types.get(type) ?? this.#typeNo(""),
      waitUs,
      runUs,
      outcome,
      answer,
      answerUs,
    };
    this.#fresh.push(message);
    if (isAnswer(answer)) this.#fresh.push({ kind: KIND.reply, timeMs: timeMs + answerUs / 1_000, of: message });
    if (outcome === MESSAGE_OUTCOMES.crashed)
      this.#fresh.push({ kind: KIND.crash, timeMs: timeMs + spentUs(waitUs, runUs) / 1_000, of: message });
  }

  /** It was told before, and something has become of it. */
  #update(row: number, [, , , , , , waitUs, runUs, outcome, answer, answerUs]: MessageRow, timeMs: number): void {
    const slot = this.slot(row);
    const [outcomeBefore, answerBefore] = [this.outcome[slot] ?? 0, this.answer[slot] ?? 0];
    this.#count(outcomeBefore, -1);
    this.#count(outcome, 1);
    this.waitUs[slot] = waitUs;
    this.runUs[slot] = runUs;
    this.outcome[slot] = outcome;
    this.answer[slot] = answer;
    this.answerUs[slot] = answerUs;
    if (isAnswer(answer) && !isAnswer(answerBefore))
      this.#fresh.push({ kind: KIND.reply, timeMs: timeMs + answerUs / 1_000, row });
    if (outcome === MESSAGE_OUTCOMES.crashed && outcomeBefore !== outcome)
      this.#fresh.push({ kind: KIND.crash, timeMs: timeMs + spentUs(waitUs, runUs) / 1_000, row });
  }

  #append(fresh: Fresh): void {
    const row = this.#open(fresh.kind, fresh.timeMs);
    const slot = this.slot(row);
    if (fresh.kind === KIND.message) this.#fill(slot, row, fresh);
    else if (fresh.kind === KIND.life) {
      this.lives.set(row, fresh.life);
      this.to[slot] = fresh.to;
    } else {
      const message = "of" in fresh ? (fresh.of.row ?? -1) : fresh.row;
      this.about[slot] = message;
      if (this.has(message)) this.#copy(this.slot(message), slot);
    }
  }

  #fill(slot: number, row: number, fresh: FreshMessage): void {
    fresh.row = row;
    this.system[slot] = fresh.system.no;
    this.seq[slot] = fresh.seq;
    this.cause[slot] = fresh.cause;
    this.from[slot] = fresh.from;
    this.to[slot] = fresh.to;
    this.type[slot] = fresh.type;
    this.waitUs[slot] = fresh.waitUs;
    this.runUs[slot] = fresh.runUs;
    this.outcome[slot] = fresh.outcome;
    this.answer[slot] = fresh.answer;
    this.answerUs[slot] = fresh.answerUs;
    this.#count(fresh.outcome, 1);
    if (fresh.seq >= 0) fresh.system.rows[fresh.seq % fresh.system.rows.length] = row + 1;
  }

  /** What a reply or a crash shares with its message. */
  #copy(message: number, slot: number): void {
    this.seq[slot] = this.seq[message] ?? -1;
    for (const column of [this.system, this.from, this.to, this.type, this.outcome, this.answer])
      column[slot] = column[message] ?? 0;
  }

  /** A new row at the end; the oldest makes room for it. */
  #open(kind: number, timeMs: number): number {
    if (this.size === this.capacity) this.#drop();
    const row = this.end++;
    const slot = this.slot(row);
    this.kind[slot] = kind;
    this.timeMs[slot] = timeMs;
    for (const column of [this.from, this.to, this.type, this.outcome, this.answer]) column[slot] = 0;
    this.seq[slot] = this.cause[slot] = -1;
    this.about[slot] = -1;
    return row;
  }

  #drop(): void {
    const row = this.begin++;
    const slot = this.slot(row);
    if (this.kind[slot] === KIND.message) this.#count(this.outcome[slot] ?? 0, -1);
    for (const map of [this.notes, this.payloads, this.lives, this.gaps]) map.delete(row);
  }

  #count(outcome: number, by: number): void {
    this.counts[outcome] = (this.counts[outcome] ?? 0) + by;
  }

  #say(to: Map<number, string>, program: string, source: Source, seq: number, actor: number, text: string): void {
    const row = this.#rowOf(this.#systemOf(program, source.actors.get(actor) ?? 0), seq);
    if (row >= 0) to.set(row, text);
  }

  // --- Names ---

  #rowOf(system: System, seq: number): number {
    if (seq < 0) return -1;
    const row = (system.rows[seq % system.rows.length] ?? 0) - 1;
    if (!this.has(row)) return -1;
    const slot = this.slot(row);
    const isThat = this.kind[slot] === KIND.message && this.seq[slot] === seq && this.system[slot] === system.no;
    return isThat ? row : -1;
  }

  #sourceOf(program: string): Source {
    let source = this.#sources.get(program);
    if (source === undefined) {
      source = { actors: new Map([[0, 0]]), types: new Map() };
      this.#sources.set(program, source);
    }
    return source;
  }

  /** A program ends, or begins to number anew: its numbers of actors and types mean nothing any more. What it has said stays. */
  forget(program: string): void {
    this.#sources.delete(program);
  }

  #name(program: string, source: Source, [no, key, path]: ActorEntry): void {
    const id = `${program}\n${key}\n${path}`;
    let actor = this.#actorNos.get(id);
    if (actor === undefined) {
      actor = this.actors.length;
      this.actors.push({ program, key, path });
      this.#actorNos.set(id, actor);
    }
    source.actors.set(no, actor);
  }

  #typeNo(text: string): number {
    let no = this.#typeNos.get(text);
    if (no === undefined) {
      no = this.types.length;
      this.types.push(text);
      this.#typeNos.set(text, no);
    }
    return no;
  }

  #systemOf(program: string, actor: number): System {
    const name = systemName(program, this.actors[actor]?.key ?? "");
    let system = this.#systems.get(name);
    if (system === undefined) {
      system = { no: this.#systemCount++ % 2 ** 16, rows: new Float64Array(Math.max(INDEX_SIZE, this.capacity)) };
      this.#systems.set(name, system);
      const [oldest] = this.#systems.keys();
      if (this.#systems.size > SYSTEMS_LIMIT && oldest !== undefined) this.#systems.delete(oldest);
    }
    return system;
  }
}

interface FreshMessage {
  readonly kind: typeof KIND.message;
  readonly timeMs: number;
  readonly system: System;
  readonly seq: number;
  readonly cause: number;
  readonly from: number;
  readonly to: number;
  readonly type: number;
  readonly waitUs: number;
  readonly runUs: number;
  readonly outcome: number;
  readonly answer: number;
  readonly answerUs: number;
  /** Where it is, once it has a row. */
  row?: number;
}

/** A row that is to be appended. */
type Fresh =
  | FreshMessage
  | { readonly kind: typeof KIND.reply | typeof KIND.crash; readonly timeMs: number; readonly of: FreshMessage }
  | { readonly kind: typeof KIND.reply | typeof KIND.crash; readonly timeMs: number; readonly row: number }
  | { readonly kind: typeof KIND.life; readonly timeMs: number; readonly life: LifeRow; readonly to: number };

/** What stands around an actor's number in its key tells its system apart: `name#` and `~2`. */
function systemName(program: string, key: string): string {
  return `${program}\n${key.replace(/#\d+/, "#")}`;
}

function isAnswer(answer: number): boolean {
  return answer === ANSWER_STATES.answered || answer === ANSWER_STATES.failed;
}

function spentUs(waitUs: number, runUs: number): number {
  return Math.max(0, waitUs) + Math.max(0, runUs);
}
