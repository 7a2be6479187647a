/** One actor, looked at closely: its parts as data. Reads it and changes nothing; runs nothing of the program; never throws. */
import { type Cell, cellOf } from "../actor/cell.ts";
import { FunctionalBehavior } from "../actor/define-actor.ts";
import type { Letter } from "../environment/letter.ts";
import type { InspectedSystem } from "../health/systems.ts";
import type { AnyActorRef } from "../values/ref.ts";
import type { Signal } from "../values/signal.ts";
import {
  DETAILS_LIMITS,
  type Details,
  type DetailsPart,
  type DetailsRequest,
  type LetterDetails,
  type LifeDetails,
  type Listed,
  type RecentDetails,
  type RoomWaitDetails,
  type StateDetails,
  type TieDetails,
  type TimerDetails,
} from "./details-protocol.ts";
import { keyOf } from "./keys.ts";
import { HIDDEN_WORDS } from "./protocol-limits.ts";
import type { Noted, Recent } from "./recent.ts";
import type { NotedEnd } from "./record.ts";
import { Redaction } from "./redaction.ts";
import { endInfo, nameText, pathOf } from "./rows.ts";
import { settingsOf } from "./settings.ts";
import { ValueReader } from "./shown-value.ts";
import { messageTypeOf } from "./value-kind.ts";

/** What is kept of an actor while a viewer is there. */
export interface Kept {
  readonly ends: readonly NotedEnd[];
  readonly recent: Recent;
  /** Whether messages are told, and not their types alone. */
  readonly areValuesTold: boolean;
}

/** @param kept gives what has been kept of it; asked only for the parts that need it. */
export function detailsOf(system: InspectedSystem, cell: Cell, request: DetailsRequest, kept: Kept): Details {
  const startedMs = performance.now();
  const closeUp = new CloseUp(system, cell, request, kept);
  const parts = Object.assign({}, ...request.parts.map((part) => closeUp.part(part))) as Partial<Details>;
  return { incarnation: cell.incarnation, tookMs: Math.round(performance.now() - startedMs), ...parts };
}

class CloseUp {
  readonly #system: InspectedSystem;
  readonly #cell: Cell;
  readonly #request: DetailsRequest;
  readonly #kept: Kept;
  readonly #reader: ValueReader;

  constructor(system: InspectedSystem, cell: Cell, request: DetailsRequest, kept: Kept) {
    this.#system = system;
    this.#cell = cell;
    this.#request = request;
    this.#kept = kept;
    this.#reader = new ValueReader(new Redaction(request.redact ?? HIDDEN_WORDS));
  }

  part(part: DetailsPart): Partial<Details> {
    switch (part) {
      case "state":
        return this.#state();
      case "mailbox":
        return {
          mailbox: this.#letters(this.#cell.firstQueued(DETAILS_LIMITS.items), this.#cell.mailboxDepth),
          setAside: this.#letters(this.#cell.kept.stash, this.#cell.setAside),
          ...this.#roomWaits(),
        };
      case "ties":
        return { ties: this.#ties() };
      case "timers":
        return { timers: this.#listed(this.#cell.kept.timers, (timer) => this.#timer(timer)) };
      case "lives":
        return { lives: this.#lives() };
      case "recent":
        return { recent: this.#kept.recent.of(this.#cell).map((noted) => this.#recent(noted)) };
      case "settings":
        return { settings: settingsOf(this.#cell) };
    }
  }

  /** A supervisor has none of its own: what the runtime keeps is not the program's. */
  #state(): { state?: StateDetails } {
    const { behavior, isSupervisor } = this.#cell;
    if (behavior === undefined || isSupervisor) return {};
    const { at = [], from = 0 } = this.#request;
    if (!(behavior instanceof FunctionalBehavior)) return opened(this.#reader.open(behavior, at, from));
    const state: unknown = behavior.state;
    const shown = this.#reader.shown({ name: "state", value: state });
    if (shown.isOpen === true) return opened(this.#reader.open(state, at, from));
    return at.length === 0 ? { state: { total: 1, from: 0, items: [shown] } } : {};
  }

  #letters(letters: readonly Letter[], total: number): Listed<LetterDetails> {
    return { ...this.#listed(letters, (letter) => this.#letter(letter)), total };
  }

  /** A mailbox may keep more of them waiting than are ever told: those are not even looked at. */
  #roomWaits(): { roomWaits?: Listed<RoomWaitDetails> } {
    const { waitersForRoom: all } = this.#cell;
    if (all === undefined || all.size === 0) return {};
    const letters: Letter[] = [];
    for (const { letter } of all) if (letters.push(letter) === DETAILS_LIMITS.items) break;
    const { items } = this.#listed(letters, (letter) => ({ ...this.#letter(letter), ...this.#senderKey(letter) }));
    return { roomWaits: { total: all.size, items } };
  }

  #senderKey({ sender }: Letter): { senderKey?: string } {
    return sender === undefined ? {} : { senderKey: keyOf(this.#system, cellOf(sender)) };
  }

  #letter({ message, sender, tick, isSignal }: Letter): LetterDetails {
    const type = isSignal ? (message as Signal).type : messageTypeOf(message);
    return {
      messageType: this.#reader.spend(nameText(type)),
      ageMs: Math.max(0, this.#cell.env.tick() - tick),
      text: isSignal || !this.#kept.areValuesTold ? "" : this.#reader.spend(this.#reader.line(message)),
      ...this.#from(sender),
      ...(isSignal ? { isSignal } : {}),
    };
  }

  #from(sender: AnyActorRef | undefined): { sender?: string } {
    return sender === undefined ? {} : { sender: this.#reader.spend(pathOf(cellOf(sender))) };
  }

  #ties(): Listed<TieDetails> {
    const { linkedRefs, watchedRefs, watcherRefs } = this.#cell;
    const all = [
      ...linkedRefs.map((ref) => ["link", ref] as const),
      ...watchedRefs.map((ref) => ["watches", ref] as const),
      ...watcherRefs.map((ref) => ["watchedBy", ref] as const),
    ];
    return this.#listed(all, ([kind, ref]) => {
      const other = cellOf(ref);
      return { kind, key: keyOf(this.#system, other), path: this.#reader.spend(pathOf(other)) };
    });
  }

  #timer({ key, message, dueMs, periodMs }: Cell["kept"]["timers"][number]): TimerDetails {
    const now = this.#cell.env.clock.monotonicMs();
    return {
      name: this.#reader.spend(nameText(String(key))),
      messageType: this.#reader.spend(nameText(messageTypeOf(message))),
      ...(dueMs === undefined ? {} : { dueMs: Math.max(0, Math.round(dueMs - now)) }),
      ...(periodMs === undefined ? {} : { periodMs }),
    };
  }

  #lives(): NonNullable<Details["lives"]> {
    const { env, createdAt, behavior } = this.#cell;
    const ends = this.#kept.ends.map((end): LifeDetails => {
      const info = endInfo(end);
      return end.livedMs === undefined ? info : { ...info, livedMs: end.livedMs };
    });
    const isAlive = behavior !== undefined && !this.#cell.hasEnded;
    return { ends, ...(isAlive ? { livesMs: Math.max(0, env.timeOf(env.tick()) - createdAt) } : {}) };
  }

  #recent({ letter, begunMs, waitedMs, ranMs, hasCrashed }: Noted): RecentDetails {
    const { messageType, text, sender } = this.#letter(letter);
    return {
      messageType,
      seq: letter.seq,
      agoMs: Math.max(0, Math.round(this.#cell.env.clock.monotonicMs() - begunMs)),
      waitedMs,
      ranMs,
      outcome: hasCrashed ? "crashed" : "handled",
      text,
      ...(sender === undefined ? {} : { sender }),
    };
  }

  /** As many as there is room for. */
  #listed<T, D>(all: readonly T[], describe: (item: T) => D): Listed<D> {
    const items: D[] = [];
    for (const item of all.slice(0, DETAILS_LIMITS.items)) {
      if (!this.#reader.hasRoom) break;
      items.push(describe(item));
    }
    return { total: all.length, items };
  }
}

function opened(state: StateDetails | undefined): { state?: StateDetails } {
  return state === undefined ? {} : { state };
}
