/** What happens in all systems of this process, written to a file as a recording. */
import { Cell } from "../actor/cell.ts";
import { type InspectedSystem, observeSystems, runningSystems } from "../health/systems.ts";
import { complain } from "../inspect/complaint.ts";
import { EventLog } from "../inspect/events.ts";
import { cellsOf, keyOf } from "../inspect/keys.ts";
import { MessageRows } from "../inspect/message-rows.ts";
import { HIDDEN_WORDS } from "../inspect/protocol-limits.ts";
import { Redaction } from "../inspect/redaction.ts";
import { definitionOf, pathOf } from "../inspect/rows.ts";
import { RUNTIME_VERSION } from "../inspect/version.ts";
import { machineMs } from "../values/clock.ts";
import type { RuntimeEvent } from "../values/event.ts";
import { isInstance } from "../values/instance.ts";
import { MessageLines, type WrittenLines } from "./message-lines.ts";
import { type RefReader, recordValue } from "./recorded-value.ts";
import { RecordingFile } from "./recording-file.ts";
import { lineText, RECORDING_FORMAT } from "./recording-line.ts";
import { TurnFacts } from "./turn-facts.ts";

/** Read once: in the turn of an actor under test it may be that of virtual time. */
const TIME_ORIGIN = performance.timeOrigin;

/** Messages that are kept at least; twice as many are let grow. */
const KEPT = 100_000;
/** Milliseconds after which values are written down. */
const TAKE_MS = 50;
/** Takes after which what waits goes to the disk: so much is lost when a program is killed. */
const FLUSH_EVERY = 2;
/** Actors of a tree that is looked through for definitions. */
const TREE_LIMIT = 50_000;

export interface RecorderOptions {
  readonly payloads: "types" | "values";
  /** Words in the names of fields whose values stay in the program, beside `HIDDEN_WORDS`. */
  readonly hidden: readonly string[];
}

export class Recorder {
  readonly #file: RecordingFile;
  readonly #rows: MessageRows;
  readonly #lines: MessageLines;
  readonly #events = new EventLog();
  readonly #facts: TurnFacts | undefined;
  readonly #options: { readonly redaction: Redaction; readonly refOf: RefReader };
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #ends: (() => void)[] = [];
  /** Of actors of which is told for the first time. */
  #definitions: ReadonlyMap<string, string> = new Map();
  #starts = "";
  #takes = 0;
  #rowsInSegment = 0;
  #rowsBefore: number[] = [];
  #letGo = 0;
  #lost = 0;

  /** Begins to record. @throws what the file system throws, when the file cannot be made */
  constructor(path: string, { payloads, hidden }: RecorderOptions) {
    const redacted = [...HIDDEN_WORDS, ...hidden];
    const startedAt = Date.now();
    const head = {
      format: RECORDING_FORMAT,
      runtime: RUNTIME_VERSION,
      program: process.argv[1] ?? "",
      node: process.version,
      startedAt,
      systems: runningSystems().map(({ env }) => env.systemName),
      redacted,
      payloads,
    };
    this.#file = new RecordingFile(path, lineText(head), (error) => complain(`recording ${path} ended`, error));
    this.#options = { redaction: new Redaction(redacted), refOf };
    this.#lines = new MessageLines(performance.timeOrigin - startedAt, (key) => this.#definitions.get(key) ?? "");
    const isWhole = payloads === "values";
    this.#facts = isWhole ? new TurnFacts((value) => recordValue(value, this.#options)) : undefined;
    const wanted = { level: isWhole ? "payloads" : "messages", isCounted: false } as const;
    this.#rows = new MessageRows(wanted, Number.POSITIVE_INFINITY, () => this.#take());
    this.#ends.push(
      this.#hearEvents(isWhole),
      () => this.#rows.end(),
      () => this.#facts?.end(),
    );
    if (!isWhole) this.#rows.takeEarly(() => this.#guard(() => this.#takeRows()));
    this.#timer = setInterval(() => this.#take(), TAKE_MS);
    this.#timer.unref();
  }

  get path(): string {
    return this.#file.path;
  }

  /** Ends the recording; all of it is in the file when this returns. */
  end(): void {
    clearInterval(this.#timer);
    this.#take();
    for (const end of this.#ends.splice(0)) end();
    const gap = this.#lost > 0 ? lineText({ gap: this.#lost }) : "";
    this.#file.close(this.#lines.last().lines, gap, lineText({ end: { messages: this.#rows.count } }));
  }

  #hearEvents(hearsStarts: boolean): () => void {
    const subscriptions = new Map<InspectedSystem, () => void>();
    const stopObserving = observeSystems((system, isRunning) => {
      subscriptions.get(system)?.();
      if (!isRunning) subscriptions.delete(system);
      else
        subscriptions.set(
          system,
          system.env.hub.subscribe((event) => this.#hear(system, event), hearsStarts),
        );
    });
    return () => {
      stopObserving();
      for (const end of subscriptions.values()) end();
    };
  }

  #hear(system: InspectedSystem, event: RuntimeEvent): void {
    this.#events.note(system, event);
    if (event.type !== "started" || this.#facts === undefined || !isInstance(event.actor, Cell)) return;
    const at = TIME_ORIGIN + machineMs();
    const { actor, incarnation } = event;
    const started = { kind: "started", at, key: keyOf(system, actor), path: pathOf(actor), incarnation } as const;
    this.#starts += lineText({ e: started });
  }

  #take(): void {
    this.#guard(() => this.#takeAll());
  }

  /** Never at the program's cost: what goes wrong is told, and the recording ends. */
  #guard(take: () => void): void {
    try {
      take();
    } catch (error) {
      clearInterval(this.#timer);
      complain(`recording ${this.path} ended`, error);
    }
  }

  /** Rows alone, of a recording without values: written down from where they stand. */
  #takeRows(): void {
    this.#learn(this.#rows.takeNames());
    this.#rows.drain((ring, slot) => this.#lines.write(ring, slot));
    this.#append(this.#lines.takeWritten());
  }

  #learn(names: Parameters<MessageLines["learn"]>[0]): void {
    if (names.actors.length > 0) this.#definitions = definitionsOf(new Set(names.actors.map(([, key]) => key)));
    this.#lines.learn(names);
  }

  #takeAll(): void {
    if (this.#facts === undefined) this.#takeRows();
    const { messages, ...told } = this.#rows.take(Number.POSITIVE_INFINITY);
    this.#learn(told);
    let text = this.#starts;
    this.#starts = "";
    for (const [seq, to, message] of messages)
      text += lineText({ p: [this.#lines.seqOf(seq, to), recordValue(message, this.#options)] });
    if (this.#facts !== undefined) text += this.#facts.take((seq, system) => this.#lines.seqIn(seq, system));
    this.#file.append(text);
    this.#append(this.#lines.take({ ...told, actors: [], types: [] }));
    for (const event of this.#events.take().events) this.#file.append(lineText({ e: event }));
    if (++this.#takes % FLUSH_EVERY === 0) this.#file.flush();
    if (this.#rowsInSegment >= KEPT) this.#beginSegment();
  }

  #append({ lines, rows }: WrittenLines): void {
    if (this.#file.append(lines)) this.#rowsInSegment += rows;
    else this.#lost += rows;
  }

  #beginSegment(): void {
    this.#rowsBefore.push(this.#rowsInSegment);
    this.#rowsInSegment = 0;
    if (this.#rowsBefore.length > 1) this.#letGo += this.#rowsBefore.shift() ?? 0;
    this.#file.beginSegment(lineText({ gap: this.#letGo }));
    this.#lines.beginSegment();
  }
}

const refOf: RefReader = (value) =>
  isInstance(value, Cell) ? { actor: pathOf(value), incarnation: value.incarnation } : undefined;

/** By key. One look through the trees for all of them. */
function definitionsOf(keys: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const system of runningSystems()) {
    if (system.env.actorCount > TREE_LIMIT) continue;
    for (const cell of cellsOf(system.root)) {
      const key = keyOf(system, cell);
      if (keys.has(key)) found.set(key, definitionOf(cell));
    }
  }
  return found;
}
