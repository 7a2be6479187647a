/** Which worker of a pool gets a message. Pure but for what each way remembers; knows nothing of actors. */
import type { Random } from "../values/random.ts";

/**
 * How a pool spreads messages.
 *
 * | routing | who gets a message |
 * |---|---|
 * | `round_robin` | each in turn |
 * | `random` | any, equally likely |
 * | `least_loaded` | one of those with the fewest messages waiting or in hand; in turn among equals |
 * | `consistent_hash` | always the same for one key; when the pool grows from n to n + 1, about 1/(n + 1) of the keys move, all to the new worker |
 * | `sticky` | for a new key the least loaded, then always that one, until it is gone |
 * | `broadcast` | all |
 */
export type PoolRouting = "round_robin" | "random" | "least_loaded" | "consistent_hash" | "sticky" | "broadcast";

export const POOL_ROUTINGS: readonly PoolRouting[] = [
  "round_robin",
  "random",
  "least_loaded",
  "consistent_hash",
  "sticky",
  "broadcast",
];

/** Keys `sticky` remembers; the one that was not used for longest is forgotten first. */
export const STICKY_KEYS_KEPT = 10_000;

/** A worker as routing sees it. */
export interface Routee {
  /** Its place in the pool: the same for each worker that takes it. */
  readonly slot: number;
  /** Messages waiting or in hand. */
  readonly load: number;
}

/** One way to choose. */
export interface Choice {
  /** @param routees at least one. */
  pick<R extends Routee>(routees: readonly R[], key: string): R;
}

/** Makes a way to choose, with a memory of its own. */
export function choiceOf(routing: Exclude<PoolRouting, "broadcast">, random: Random): Choice {
  switch (routing) {
    case "round_robin":
      return new RoundRobin();
    case "random":
      return { pick: (routees) => at(routees, Math.floor(random() * routees.length)) };
    case "least_loaded":
      return new LeastLoaded();
    case "consistent_hash":
      return { pick: heaviest };
    case "sticky":
      return new Sticky();
  }
}

class RoundRobin implements Choice {
  #next = 0;
  pick<R extends Routee>(routees: readonly R[]): R {
    this.#next %= routees.length;
    return at(routees, this.#next++);
  }
}

class LeastLoaded implements Choice {
  #next = 0;
  pick<R extends Routee>(routees: readonly R[]): R {
    this.#next++;
    let best = at(routees, this.#next);
    for (let i = 1; i < routees.length && best.load > 0; i++) {
      const other = at(routees, this.#next + i);
      if (other.load < best.load) best = other;
    }
    return best;
  }
}

class Sticky implements Choice {
  readonly #slots = new Map<string, number>();
  readonly #others = new LeastLoaded();

  pick<R extends Routee>(routees: readonly R[], key: string): R {
    const slot = this.#slots.get(key);
    const known = slot === undefined ? undefined : routees.find((routee) => routee.slot === slot);
    const picked = known ?? this.#others.pick(routees);
    // Last in the map is last used.
    this.#slots.delete(key);
    this.#slots.set(key, picked.slot);
    if (this.#slots.size > STICKY_KEYS_KEPT) this.#slots.delete(this.#slots.keys().next().value as string);
    return picked;
  }
}

/**
 * Rendezvous hashing: each slot weighs each key, and the heaviest wins. A slot that comes or goes changes nothing between the others.
 *
 * @see D. Thaler and C. Ravishankar, "Using name-based mappings to increase hit rates" (1998)
 */
function heaviest<R extends Routee>(routees: readonly R[], key: string): R {
  const hash = hashOf(key);
  let best = at(routees, 0);
  let most = -1;
  for (const routee of routees) {
    const weight = mix(hash ^ Math.imul(routee.slot + 1, 0x9e3779b1));
    if (weight <= most) continue;
    most = weight;
    best = routee;
  }
  return best;
}

/** FNV-1a over the code units. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash;
}

/** The last steps of MurmurHash3: every bit of the input changes half of the output. */
function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

function at<R>(routees: readonly R[], index: number): R {
  return routees[index % routees.length] as R;
}
