/** A recording as the view Messages takes it: frames, as a program would have told them while it ran. Pure. */
import { ANSWER_STATES, type LifeRow, MESSAGE_OUTCOMES, type MessageRow, type MessagesFrame } from "airssys-rt/inspect";
import { ANSWERS, OUTCOMES, type RecordedActor, type RecordedMessage, type Recording } from "airssys-rt/recording";
import { recordedPayload } from "./recorded-payload.ts";

/** Messages of one frame. */
const FRAME_MESSAGES = 4_000;
/** Characters of values that go along, so that the filter finds words in them. What is more is told when it is asked for. */
const VALUES_LIMIT = 32_000_000;

/** Rows that come of a message: itself, its answer, and its crash. */
function rowsOf({ answer, outcome }: RecordedMessage): number {
  return 1 + (answer === "answered" || answer === "failed" ? 1 : 0) + (outcome === "crashed" ? 1 : 0);
}

/** A message of which it is told later what became of it. */
interface Pending {
  readonly row: MessageRow;
  /** Milliseconds since the begin when that was. */
  readonly atMs: number;
}

type Life = readonly [key: string, path: string, incarnation: number, atMs: number];

export class RecordedFrames {
  /** Rows that all of them make. */
  readonly rows: number;
  /** Messages at the begin that are not told: there are too many. */
  readonly leftOut: number;
  readonly #recording: Recording;
  readonly #lives: readonly Life[];
  readonly #actors = new Map<RecordedActor, number>();
  readonly #actorNos = new Map<string, number>();
  readonly #types = new Map<string, number>();
  #at: number;
  #life = 0;
  #gap = 0;
  #pending: Pending[] = [];
  #valuesLeft = VALUES_LIMIT;
  #count = 0;

  /** @param most rows; of a longer recording its end is told */
  constructor(recording: Recording, most: number) {
    this.#recording = recording;
    const { startedAt } = recording.head;
    const lives = recording.events.flatMap(({ event }) =>
      event.kind === "restarted"
        ? [[event.key, event.path, event.incarnation, event.at - startedAt] satisfies Life]
        : [],
    );
    let rows = lives.length + recording.gaps.length;
    let first = recording.length;
    for (; first > 0; first--) {
      const more = rowsOf(recording.at(first - 1));
      if (rows + more > most) break;
      rows += more;
    }
    this.rows = rows;
    this.leftOut = first;
    this.#at = first;
    const begin = first === 0 ? Number.NEGATIVE_INFINITY : this.#sentMs(first);
    this.#lives = lives.filter(([, , , atMs]) => atMs >= begin).sort((one, other) => one[3] - other[3]);
  }

  /** @returns `undefined` after the last one. */
  next(): MessagesFrame | undefined {
    const { length, gaps } = this.#recording;
    const gap = gaps[this.#gap];
    const isLast = this.#at >= length && gap === undefined;
    if (isLast && this.#count > 0 && this.#pending.length === 0 && this.#life >= this.#lives.length) return undefined;
    const from = this.#at;
    const untilGap = gap === undefined ? length : Math.max(from, Math.min(length, gap.after));
    const until = Math.min(from + FRAME_MESSAGES, untilGap);
    const endsAtGap = gap !== undefined && until === untilGap;
    this.#at = until;
    if (endsAtGap) this.#gap++;
    const untilMs = until < length ? this.#sentMs(until) : Number.POSITIVE_INFINITY;
    return this.#frame(from, until, untilMs, endsAtGap ? gap.messages : 0);
  }

  #sentMs(index: number): number {
    return this.#recording.at(index).sentAt - this.#recording.head.startedAt;
  }

  #frame(from: number, until: number, untilMs: number, missed: number): MessagesFrame {
    const { startedAt } = this.#recording.head;
    const told = { actors: [], types: [], rows: [], lives: [], notes: [], payloads: [] } as Told;
    this.#tellPending(told, untilMs);
    let lastMs = 0;
    for (let index = from; index < until; index++) {
      const message = this.#recording.at(index);
      lastMs = message.sentAt - startedAt;
      this.#tell(told, message, lastMs, untilMs);
    }
    for (; this.#life < this.#lives.length; this.#life++) {
      const [key, path, incarnation, atMs] = this.#lives[this.#life] as Life;
      if (atMs >= untilMs) break;
      told.lives.push([this.#actorNo(told, { key, path, definition: "" }), incarnation, atMs, "", 0, 0, 0]);
    }
    return { type: "messages", seq: ++this.#count, at: startedAt + lastMs, origin: startedAt, missed, ...told };
  }

  /** What became of those that were told before, as far as it had. */
  #tellPending(told: Told, untilMs: number): void {
    if (this.#pending.length === 0) return;
    const later: Pending[] = [];
    for (const each of this.#pending) {
      if (each.atMs < untilMs) told.rows.push(each.row);
      else later.push(each);
    }
    this.#pending = later;
  }

  /**
   * Times tell the order within a frame alone: what becomes of a message after the frame is told in one that comes later, as it is of a
   * program that runs.
   */
  #tell(told: Told, message: RecordedMessage, sentMs: number, untilMs: number): void {
    const { seq, cause, from, to, type, waitUs, runUs, outcome, answer, answerUs } = message;
    const toNo = this.#actorNo(told, to);
    const fromNo = from === undefined ? 0 : this.#actorNo(told, from);
    const row = (became: number, answered: number): MessageRow => {
      const times = [sentMs, waitUs, runUs] as const;
      return [seq, cause, fromNo, toNo, this.#typeNo(told, type), ...times, became, answered, answerUs];
    };
    const [became, answered] = [OUTCOMES.indexOf(outcome), ANSWERS.indexOf(answer)];
    const answeredMs = answered >= ANSWER_STATES.answered ? sentMs + answerUs / 1_000 : 0;
    const crashedMs = outcome === "crashed" ? sentMs + (Math.max(0, waitUs) + Math.max(0, runUs)) / 1_000 : 0;
    const overMs = Math.max(answeredMs, crashedMs);
    if (overMs < untilMs) told.rows.push(row(became, answered));
    else {
      const isAnsweredLater = answeredMs >= untilMs;
      const isCrashedLater = crashedMs >= untilMs;
      told.rows.push(
        row(isCrashedLater ? MESSAGE_OUTCOMES.open : became, isAnsweredLater ? ANSWER_STATES.waits : answered),
      );
      this.#pending.push({ row: row(became, answered), atMs: overMs });
    }
    const note = outcome === "handled" ? undefined : this.#recording.noteOf(seq);
    if (note !== undefined) told.notes.push([seq, toNo, note]);
    const payload = this.#valuesLeft > 0 ? payloadOf(this.#recording, seq) : undefined;
    if (payload === undefined) return;
    this.#valuesLeft -= payload.length;
    told.payloads.push([seq, toNo, payload]);
  }

  /** 0 stands for the outside. */
  #actorNo(told: Told, actor: RecordedActor): number {
    const known = this.#actors.get(actor);
    if (known !== undefined) return known;
    const id = `${actor.key}\n${actor.path}`;
    let no = this.#actorNos.get(id);
    if (no === undefined) {
      no = this.#actorNos.size + 1;
      this.#actorNos.set(id, no);
      told.actors.push([no, actor.key, actor.path]);
    }
    this.#actors.set(actor, no);
    return no;
  }

  #typeNo(told: Told, type: string): number {
    const known = this.#types.get(type);
    if (known !== undefined) return known;
    const no = this.#types.size;
    this.#types.set(type, no);
    told.types.push([no, type]);
    return no;
  }
}

interface Told {
  readonly actors: [no: number, key: string, path: string][];
  readonly types: [no: number, text: string][];
  readonly rows: MessageRow[];
  readonly lives: LifeRow[];
  readonly notes: [seq: number, to: number, text: string][];
  readonly payloads: [seq: number, to: number, json: string][];
}

/** What a message said, for people; `undefined` where that is not recorded. */
export function payloadOf(recording: Recording, seq: number): string | undefined {
  const value = recording.valueOf(seq);
  return value === undefined ? undefined : recordedPayload(value);
}
