/** Who waits for whom in a system: questions without an answer, and messages for which a full mailbox has no room yet. */
import { type Cell, cellOf } from "../actor/cell.ts";
import { PendingAsk } from "../actor/pending-ask.ts";
import type { InspectedSystem } from "../health/systems.ts";
import { typeOf } from "../values/errors.ts";
import type { AnyActorRef } from "../values/ref.ts";
import type { ActorRow } from "./actor-row.ts";
import { keyOf } from "./keys.ts";
import { LIST_LIMITS } from "./protocol-limits.ts";
import { nameText, pathOf } from "./rows.ts";

type Wait = NonNullable<ActorRow["waitsFor"]>[number];

/** Asks, and messages that wait for room, that are looked through. */
const WAITS_LIMIT = 1_000;

/** Who waits, for whom, and how many answers each owes. */
export interface WaitsUnderWay {
  readonly waits: ReadonlyMap<Cell, readonly Wait[]>;
  readonly owed: ReadonlyMap<Cell, number>;
}

export const NO_WAITS: WaitsUnderWay = { waits: new Map(), owed: new Map() };

/** @param cells all of the system */
export function waitsOf(system: InspectedSystem, cells: Iterable<Cell>): WaitsUnderWay {
  const { env } = system;
  const waits = new Map<Cell, Wait[]>();
  const owed = new Map<Cell, number>();
  const now = env.tick();
  const note = (sender: AnyActorRef | undefined, on: Cell, kind: "ask" | "room", message: unknown, tick: number) => {
    if (sender === undefined) return;
    const waiter = cellOf(sender);
    const list = waits.get(waiter) ?? [];
    waits.set(waiter, list);
    if (list.length >= LIST_LIMITS.waits) return;
    const messageType = nameText(String(typeOf(message)));
    list.push({ key: keyOf(system, on), path: pathOf(on), kind, messageType, sinceMs: Math.max(0, now - tick) });
  };
  let seen = 0;
  for (const ask of env.deadlines) {
    if (++seen > WAITS_LIMIT) break;
    if (!(ask instanceof PendingAsk)) continue;
    const asked = cellOf(ask.recipient);
    owed.set(asked, (owed.get(asked) ?? 0) + 1);
    note(ask.sender, asked, "ask", ask.message, ask.tick);
  }
  seen = 0;
  for (const cell of cells) {
    for (const { letter } of cell.waitersForRoom ?? []) {
      if (++seen > WAITS_LIMIT) return { waits, owed };
      note(letter.sender, cell, "room", letter.message, letter.tick);
    }
  }
  return { waits, owed };
}
