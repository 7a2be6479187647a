/** Which rows are shown: what the reader typed, and the outcomes that were picked. Pure. */
import { MESSAGE_OUTCOMES } from "airssys-rt/inspect";
import { chainOf } from "./chain.ts";
import { KIND, type MessageStore } from "./store.ts";

export type Pick = "all" | "crashed" | "refused" | "lost";

export interface Wanted {
  readonly types: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Found anywhere: in a type, an actor, a reason, a payload. */
  readonly words: readonly string[];
  /** The number of a message: what does not belong to its chain is shown pale. */
  readonly chain: number | undefined;
}

/**
 * | typed | means |
 * |---|---|
 * | `cards` | in the type, an actor, the reason or the payload |
 * | `type:charge`, `from:orders`, `to:cards` | in the type, in who sends, in who handles |
 * | `chain:48,211` | the chain of message 48211 |
 * | several, apart by spaces or commas | all of them |
 */
export function readFilter(text: string): Wanted {
  const wanted = { types: [] as string[], from: [] as string[], to: [] as string[], words: [] as string[] };
  let chain: number | undefined;
  const rest = text.replace(/(^|[\s,])chain:([\d.,'’\u00a0\u202f]+)/gi, (_, before: string, digits: string) => {
    chain = Number(digits.replace(/\D/g, ""));
    return before;
  });
  for (const token of rest.toLowerCase().split(/[\s,]+/)) {
    const [, field, value] = /^(type|from|to):(.*)$/.exec(token) ?? [];
    const list =
      field === "type" ? wanted.types : field === "from" ? wanted.from : field === "to" ? wanted.to : undefined;
    if (list === undefined) {
      if (token !== "") wanted.words.push(token);
    } else if (value) list.push(value);
  }
  return { ...wanted, chain };
}

/** A number as a filter names a message. */
export function chainText(seq: number): string {
  return `chain:${seq}`;
}

/** Whether anything is left out. A chain leaves nothing out. */
function isSelective({ types, from, to, words }: Wanted, pick: Pick): boolean {
  return pick !== "all" || types.length + from.length + to.length + words.length > 0;
}

/** Says of rows whether they are shown. What is asked of names is asked once for each name. */
export class Filter {
  readonly wanted: Wanted;
  readonly pick: Pick;
  readonly #store: MessageStore;
  readonly #types: Known;
  readonly #from: Known;
  readonly #to: Known;
  readonly #typeWords: readonly Known[];
  readonly #actorWords: readonly Known[];

  constructor(store: MessageStore, wanted: Wanted, pick: Pick) {
    this.#store = store;
    this.wanted = wanted;
    this.pick = pick;
    const typeName = (no: number): string => store.types[no] ?? "";
    const actorName = (no: number): string => store.actors[no]?.path || "outside";
    this.#types = new Known(typeName, wanted.types);
    this.#from = new Known(actorName, wanted.from);
    this.#to = new Known(actorName, wanted.to);
    this.#typeWords = wanted.words.map((word) => new Known(typeName, [word]));
    this.#actorWords = wanted.words.map((word) => new Known(actorName, [word]));
  }

  get isSelective(): boolean {
    return isSelective(this.wanted, this.pick);
  }

  shows(row: number): boolean {
    const store = this.#store;
    const slot = store.slot(row);
    const kind = store.kind[slot];
    // What is missing might have been wanted.
    if (kind === KIND.gap) return this.pick === "all";
    if (kind === KIND.life) return this.pick === "all" && this.wanted.types.length === 0 && this.#isAbout(row, slot);
    return this.#isPicked(kind ?? 0, slot) && this.#isAbout(row, slot);
  }

  #isPicked(kind: number, slot: number): boolean {
    if (this.pick === "all") return true;
    const outcome = this.#store.outcome[slot];
    if (this.pick === "crashed") return outcome === MESSAGE_OUTCOMES.crashed;
    if (kind === KIND.reply) return false;
    return outcome === (this.pick === "refused" ? MESSAGE_OUTCOMES.refused : MESSAGE_OUTCOMES.dropped);
  }

  #isAbout(row: number, slot: number): boolean {
    const store = this.#store;
    const [type, from, to] = [store.type[slot] ?? 0, store.from[slot] ?? 0, store.to[slot] ?? 0];
    const isLife = store.kind[slot] === KIND.life;
    if (!isLife && !this.#types.has(type)) return false;
    if (!(this.#from.has(from) && this.#to.has(to))) return false;
    return this.wanted.words.every(
      (word, at) =>
        (!isLife && this.#typeWords[at]?.has(type) === true) ||
        this.#actorWords[at]?.has(from) === true ||
        this.#actorWords[at]?.has(to) === true ||
        this.#says(row, word),
    );
  }

  #says(row: number, word: string): boolean {
    const message = this.#store.messageOf(row);
    const says = (texts: ReadonlyMap<number, string>): boolean =>
      texts.get(message)?.toLowerCase().includes(word) === true;
    return says(this.#store.notes) || says(this.#store.payloads);
  }
}

/** The rows that are lit, where a chain was asked for and is there. */
export function litRows(store: MessageStore, { chain }: Wanted): ReadonlySet<number> | undefined {
  if (chain === undefined) return undefined;
  const row = store.find(chain);
  return row < 0 ? new Set() : chainOf(store, row);
}

/** Which of the names that have a number contain one of these. Each name is read once. */
class Known {
  readonly #name: (no: number) => string;
  readonly #wanted: readonly string[];
  readonly #answers: boolean[] = [];

  constructor(name: (no: number) => string, wanted: readonly string[]) {
    this.#name = name;
    this.#wanted = wanted;
  }

  has(no: number): boolean {
    if (this.#wanted.length === 0) return true;
    this.#answers[no] ??= this.#read(no);
    return this.#answers[no] === true;
  }

  #read(no: number): boolean {
    const name = this.#name(no).toLowerCase();
    return this.#wanted.some((word) => name.includes(word));
  }
}
