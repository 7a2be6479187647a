/** What two turns may both use, so that their order matters: each thing is a number, the same in every run of an exploration. */

/**
 * What an actor has that others can use.
 *
 * | aspect | written | read |
 * |---|---|---|
 * | `self` | by each turn of its own, and by what goes on in its name after an `await`, in the turn of another | – |
 * | `mailbox` | by who sends to it, message or signal, or ends it: messages are handled in the order they came | – |
 * | `life` | by its start, its restart, its end | by who sends to it, links, monitors or looks whether it lives; by each turn of its own |
 * | `control` | by who kills it or ends it with a signal that it does not trap | by each turn of its own |
 * | `trap` | by the turn in which it begins or ceases to trap exits | by who sends it an exit signal, or ends linked to it |
 * | `replies` | by who answers a question of it, or ends it | by each turn of its own |
 * | `ties` | by who links or unlinks it | – |
 * | `room` | by each turn of its own: it may make room | by who sends to it; counts only while its mailbox may be full |
 * | `value` | a name, a group, a topic, a shared object: by who changes it | by who looks |
 * | `moment` | by who sets a timer that is due then; counts only where several fire at one time | – |
 *
 * What goes on in its name after an `await`, in the turn of another, counts as a turn of its own.
 */
const ASPECTS = ["self", "mailbox", "life", "control", "trap", "replies", "ties", "room", "value", "moment"] as const;
export type Aspect = (typeof ASPECTS)[number];

const WIDTH = ASPECTS.length;
const ORDER: Readonly<Record<Aspect, number>> = Object.fromEntries(
  ASPECTS.map((aspect, at) => [aspect, at]),
) as Readonly<Record<Aspect, number>>;
const CONDITIONAL = new Set([ORDER.room, ORDER.moment]);

/** What one turn uses: each thing, and whether it changes it. */
export type Footprint = Map<number, boolean>;

/** Numbers for things by their names, and which of those that rarely matter do. One for all runs of an exploration. */
export class Things {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #awake = new Set<number>();

  /** The first of the numbers of what has that name. */
  baseOf(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#numbers.size * WIDTH;
      this.#numbers.set(name, number);
      this.#names.push(name);
    }
    return number;
  }

  of(name: string, aspect: Aspect): number {
    return this.baseOf(name) + ORDER[aspect];
  }

  nameOf(thing: number): string {
    return this.#names[Math.floor(thing / WIDTH)] as string;
  }

  /** From now on it counts. @returns whether it did not before. */
  wake(thing: number): boolean {
    if (this.#awake.has(thing)) return false;
    this.#awake.add(thing);
    return true;
  }

  counts(thing: number): boolean {
    return !CONDITIONAL.has(thing % WIDTH) || this.#awake.has(thing);
  }

  /** Whether the order of two turns matters: both use something, and one of them changes it. */
  areDependent(one: Footprint, other: Footprint): boolean {
    const [few, many] = one.size <= other.size ? [one, other] : [other, one];
    for (const [thing, isChange] of few) {
      const isChangeToo = many.get(thing);
      if (isChangeToo !== undefined && (isChange || isChangeToo) && this.counts(thing)) return true;
    }
    return false;
  }
}

/** One aspect of what has that base. */
export function aspectOf(base: number, aspect: Aspect): number {
  return base + ORDER[aspect];
}

export function aspectNamed(thing: number): Aspect {
  return ASPECTS[thing % WIDTH] as Aspect;
}
