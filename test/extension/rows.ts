/** Rows and frames for tests, with everything that does not matter filled in. */
import type { ActorRow, ProgramFrame, SystemRow } from "airssys-rt/inspect";
import type { SeenRow } from "../../extension/src/programs/row.ts";
import type { Surroundings } from "../../extension/src/tree/presentation.ts";

export type Snapshot = Extract<ProgramFrame, { type: "snapshot" }>;
export type Delta = Extract<ProgramFrame, { type: "delta" }>;

/** A view in which nobody has folded anything, at the moment when rows come. */
export const surroundings: Surroundings = {
  now: 0,
  isFolded: () => undefined,
  childrenOf: ({ tree }, key) => tree.children(key),
  lacksBadges: false,
};

/** A row that came at `seenAt`. */
export function seen(row: ActorRow, seenAt = 0): SeenRow {
  return { ...row, seenAt };
}

/** An idle actor whose key is its path. */
export function actor(path: string, order = 0, change: Partial<ActorRow> = {}): ActorRow {
  const cut = path.lastIndexOf("/");
  return {
    key: path,
    ...(cut < 0 ? {} : { parent: path.slice(0, cut) }),
    order,
    id: path.slice(cut + 1),
    path,
    kind: "actor",
    definition: "Worker",
    state: "idle",
    incarnation: 1,
    restart: "permanent",
    restarts: 0,
    mailbox: { depth: 0, capacity: 1_000, overflow: "reject" },
    handled: 0,
    rate: 0,
    ...change,
  };
}

export function supervisor(path: string, order = 0, change: Partial<ActorRow> = {}): ActorRow {
  return actor(path, order, {
    kind: "supervisor",
    definition: "supervisor",
    supervisor: {
      strategy: "one_for_one",
      maxRestarts: 3,
      maxRestartPeriodMs: 5_000,
      restartsInWindow: 0,
      autoShutdown: "never",
    },
    ...change,
  });
}

export function system(name: string): SystemRow {
  return {
    id: name,
    name,
    root: name,
    health: {
      status: "up",
      actors: 1,
      supervisors: 1,
      throughput: 0,
      restarts: 0,
      deadLetters: 0,
      loopDelayMs: 0,
      timestamp: 0,
    },
  };
}

export function snapshot(actors: readonly ActorRow[], seq = 1): Snapshot {
  const systems = actors.filter((row) => row.parent === undefined).map((row) => system(row.key));
  return { type: "snapshot", seq, at: 0, systems, actors };
}

export function delta(
  seq: number,
  changed: readonly ActorRow[],
  removed: readonly string[] = [],
  change: Partial<Delta> = {},
): Delta {
  return { type: "delta", seq, at: 0, systems: [system("shop")], changed, removed, events: [], ...change };
}

/** A system with a supervisor, two actors below it, and one beside it. */
export function shop(): ActorRow[] {
  return [
    supervisor("shop"),
    supervisor("shop/payments", 0),
    actor("shop/payments/card", 0),
    actor("shop/payments/invoice", 1),
    actor("shop/ledger", 1),
  ];
}
