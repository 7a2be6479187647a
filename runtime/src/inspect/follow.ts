/** What one viewer is told of messages: as much as it asked for, as fast as it reads, and no longer than the program can bear it. */
import { getHeapStatistics } from "node:v8";
import { complain } from "./complaint.ts";
import { FOLLOW_LIMITS, type FollowFrame, type PayloadRow } from "./message-protocol.ts";
import { MessageRows } from "./message-rows.ts";
import { messagesTexts, statsTexts, unfollowedText } from "./messages-frame.ts";
import { payloadOf } from "./payload.ts";
import { HIDDEN_WORDS } from "./protocol-limits.ts";
import { Redaction } from "./redaction.ts";

/** Milliseconds between two frames of messages. */
const FLUSH_MS = 100;
/** Frames of messages between two looks at the program's load, each of which also tells the times. */
const LOOK_EVERY = 10;
/** Looks on end that find too many messages before it is given up. */
const RATE_LOOKS = 2;
/** Looks without a word of the viewer after which it is gone. */
const SILENT_LOOKS = 20;
/** Milliseconds of writing payloads down for one frame. Those of the messages that are left have none. */
const PAYLOADS_MS = 8;

/** How frames leave. */
export interface FollowOutlet {
  push(frame: string): void;
  readonly isCongested: boolean;
  /** Characters of the longest frame. */
  readonly limit: number;
}

/** What is too much for a program; tests have limits of their own. */
export interface FollowBounds {
  readonly rate: number;
  readonly heap: number;
  /** Share of the heap that is taken. */
  readonly heapUsed: () => number;
}

const BOUNDS: FollowBounds = {
  rate: FOLLOW_LIMITS.rate,
  heap: FOLLOW_LIMITS.heap,
  heapUsed: () => {
    const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
    return used / most;
  },
};

export class Follow {
  readonly #outlet: FollowOutlet;
  readonly #bounds: FollowBounds;
  #following: Following | undefined;

  constructor(outlet: FollowOutlet, bounds: FollowBounds = BOUNDS) {
    this.#outlet = outlet;
    this.#bounds = bounds;
  }

  /** In place of what was asked for before. */
  begin(wanted: FollowFrame): void {
    this.close();
    if (wanted.level === "off") return;
    this.#following = new Following(wanted, this.#outlet, this.#bounds, () => this.close());
  }

  /** The viewer is there. */
  heard(): void {
    this.#following?.heard();
  }

  close(): void {
    this.#following?.end();
    this.#following = undefined;
  }
}

class Following {
  readonly #wanted: FollowFrame;
  readonly #outlet: FollowOutlet;
  readonly #bounds: FollowBounds;
  readonly #close: () => void;
  readonly #rows: MessageRows;
  readonly #redaction: Redaction;
  readonly #room: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #messagesSeq = 0;
  #statsSeq = 0;
  #flushes = 0;
  #silentLooks = 0;
  #lookedAtMs = performance.now();
  #countBefore = 0;
  #fastLooks = 0;
  #hasFailed = false;

  constructor(wanted: FollowFrame, outlet: FollowOutlet, bounds: FollowBounds, close: () => void) {
    this.#wanted = wanted;
    this.#outlet = outlet;
    this.#bounds = bounds;
    this.#close = close;
    this.#redaction = new Redaction(wanted.redact ?? HIDDEN_WORDS);
    const { perSecond = FOLLOW_LIMITS.perSecond.default } = wanted;
    this.#room = Math.max(1, Math.round((perSecond * FLUSH_MS) / 1_000));
    const { level, paths, types } = wanted;
    const listened = { level: level as Exclude<typeof level, "off">, paths, types, isCounted: true };
    this.#rows = new MessageRows(listened, this.#room, () => this.#tell(true));
    this.#timer = setInterval(() => this.#flush(), FLUSH_MS);
    this.#timer.unref();
  }

  heard(): void {
    this.#silentLooks = 0;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#rows.end();
  }

  #flush(): void {
    this.#tell(false);
    if (++this.#flushes % LOOK_EVERY === 0) this.#look();
  }

  /** Whether to go on: a viewer that is gone, and a program that has enough to do, are not to be bothered. */
  #look(): void {
    const nowMs = performance.now();
    const rate = ((this.#rows.count - this.#countBefore) * 1_000) / (nowMs - this.#lookedAtMs);
    this.#lookedAtMs = nowMs;
    this.#countBefore = this.#rows.count;
    this.#fastLooks = rate > this.#bounds.rate ? this.#fastLooks + 1 : 0;
    const heap = this.#bounds.heapUsed();
    if (++this.#silentLooks > SILENT_LOOKS) this.#close();
    else if (this.#fastLooks >= RATE_LOOKS)
      this.#giveUp("rate", `${Math.round(rate)} messages a second are more than ${this.#bounds.rate}`);
    else if (heap > this.#bounds.heap)
      this.#giveUp("heap", `${Math.round(heap * 100)} % of the heap's limit are in use`);
  }

  #giveUp(reason: "rate" | "heap", text: string): void {
    this.#close();
    this.#outlet.push(unfollowedText(reason, text));
  }

  /** Never at the program's cost: what goes wrong is told, once. @param isLast tells a viewer that is slow all the same */
  #tell(isLast: boolean): void {
    if (this.#outlet.isCongested && !isLast) return;
    try {
      if (this.#wanted.level !== "stats" && this.#rows.hasNews) this.#tellMessages();
      if (isLast || this.#flushes % LOOK_EVERY === 0) this.#tellStats();
    } catch (error) {
      if (!this.#hasFailed) complain("messages could not be told", error);
      this.#hasFailed = true;
    }
  }

  #tellMessages(): void {
    const { messages, missed, ...news } = this.#rows.take(this.#room);
    const payloads = this.#payloadsOf(messages);
    const times = { at: Date.now(), origin: performance.timeOrigin };
    const nextSeq = (): number => ++this.#messagesSeq;
    this.#push(messagesTexts({ ...news, payloads }, missed, times, nextSeq, this.#outlet.limit));
  }

  #tellStats(): void {
    const rows = this.#rows.takeStats();
    this.#push(statsTexts(rows, Date.now(), () => ++this.#statsSeq, this.#outlet.limit));
  }

  #payloadsOf(messages: readonly (readonly [number, number, unknown])[]): PayloadRow[] {
    const untilMs = performance.now() + PAYLOADS_MS;
    const rows: PayloadRow[] = [];
    for (const [seq, to, message] of messages) {
      if (performance.now() > untilMs) break;
      const { value, isCut } = payloadOf(message, FOLLOW_LIMITS.payload, this.#redaction);
      const json = JSON.stringify(value);
      rows.push([seq, to, isCut ? `${json}…` : json]);
    }
    return rows;
  }

  #push(texts: readonly string[]): void {
    for (const text of texts) this.#outlet.push(text);
  }
}
