/** Numbers by which frames name actors and types, so that a message is a row of numbers. What was told once is not told again. */
import type { Cell } from "../actor/cell.ts";
import type { InspectedSystem } from "../health/systems.ts";
import { keyOf } from "./keys.ts";
import type { Latency } from "./latency.ts";
import type { ActorEntry, TypeEntry } from "./message-protocol.ts";
import { pathMatcher } from "./path-pattern.ts";
import { nameText, pathOf } from "./rows.ts";

/** Actors of a system that are remembered, and names; then all are forgotten, and told anew. */
const ACTORS_LIMIT = 50_000;
/** Types that have a number of their own; what is more has that of {@link OTHER_TYPES}. */
const TYPES_LIMIT = 5_000;
const OTHER_TYPES = "…";

/** An actor that has a number. */
export interface Numbered {
  readonly no: number;
  /** Of the actor. */
  readonly uid: number;
  /** Messages from it and to it are wanted. */
  readonly isWanted: boolean;
  /** Of its definition, by the number of the type; none before it has a behavior. */
  latencies: (Latency | undefined)[] | undefined;
}

/** Who has had which number, over all systems. 0 is nobody's. */
export class ActorNumbers {
  readonly #isWanted: (path: string) => boolean;
  #last = 0;
  #news: ActorEntry[] = [];
  readonly #names = new Map<string, number>();

  /** @param paths of those that are wanted; absent: all are */
  constructor(paths: readonly string[] | undefined) {
    const matchers = paths?.map((path) => pathMatcher(path));
    this.#isWanted = (path) => matchers === undefined || matchers.some((matches) => matches(path));
  }

  /** The numbers of one system's actors. */
  of(system: InspectedSystem): SystemNumbers {
    return new SystemNumbers((cell) => {
      const path = pathOf(cell);
      const no = this.#tell(keyOf(system, cell), path);
      return { no, uid: cell.uid, isWanted: this.#isWanted(path), latencies: undefined };
    });
  }

  /** Somebody who is only a name. */
  ofName(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    if (this.#names.size >= ACTORS_LIMIT) this.#names.clear();
    const no = this.#tell("", nameText(name));
    this.#names.set(name, no);
    return no;
  }

  /** Those not told yet. */
  take(): readonly ActorEntry[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  #tell(key: string, path: string): number {
    this.#news.push([++this.#last, key, path]);
    return this.#last;
  }
}

/** Actors whose numbers are found without a look into the map, by the last bits of their uids; a power of two. */
const NEAR = 256;

export class SystemNumbers {
  readonly #number: (cell: Cell) => Numbered;
  readonly #known = new Map<number, Numbered>();
  readonly #near: (Numbered | undefined)[] = new Array<Numbered | undefined>(NEAR).fill(undefined);

  constructor(number: (cell: Cell) => Numbered) {
    this.#number = number;
  }

  of(cell: Cell): Numbered {
    const { uid } = cell;
    const near = this.#near[uid & (NEAR - 1)];
    return near !== undefined && near.uid === uid ? near : this.#find(cell);
  }

  #find(cell: Cell): Numbered {
    const found = this.#known.get(cell.uid) ?? this.#begin(cell);
    this.#near[found.uid & (NEAR - 1)] = found;
    return found;
  }

  #begin(cell: Cell): Numbered {
    if (this.#known.size >= ACTORS_LIMIT) {
      this.#known.clear();
      this.#near.fill(undefined);
    }
    const numbered = this.#number(cell);
    this.#known.set(cell.uid, numbered);
    return numbered;
  }
}

export class TypeNumbers {
  readonly #wanted: readonly string[] | undefined;
  readonly #known = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #isWanted: boolean[] = [];
  #news: TypeEntry[] = [];

  /** @param types those that are wanted; absent: all are */
  constructor(types: readonly string[] | undefined) {
    this.#wanted = types;
    this.of(OTHER_TYPES);
  }

  of(type: string): number {
    return this.#known.get(type) ?? this.#begin(type);
  }

  textOf(no: number): string {
    return this.#texts[no] ?? OTHER_TYPES;
  }

  isWanted(no: number): boolean {
    return this.#isWanted[no] === true;
  }

  /** Those not told yet. */
  take(): readonly TypeEntry[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  #begin(type: string): number {
    const no = this.#texts.length;
    if (no >= TYPES_LIMIT) return 0;
    const text = nameText(type);
    this.#known.set(type, no);
    this.#texts.push(text);
    this.#isWanted.push(this.#wanted?.includes(type) ?? true);
    this.#news.push([no, text]);
    return no;
  }
}
