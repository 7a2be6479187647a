/** What the user has said of where to stop actors: breakpoints on messages, and four switches; and what programs say of them. Pure. */
import { EventEmitter } from "node:events";
import type { Armed, MessageStop } from "airssys-rt/inspect";
import type { Request } from "../inspect/session.ts";

/** A breakpoint as it is kept with the workspace. */
export interface ActorStop extends MessageStop {
  readonly messageType: string;
  readonly isOn: boolean;
}

export type SwitchName = "crash" | "deadLetter" | "escalation" | "mailbox";

export interface Kept {
  readonly stops: readonly ActorStop[];
  readonly switches: Readonly<Record<SwitchName, boolean>>;
  /** Messages that wait when a mailbox counts as full. */
  readonly mailboxDepth: number;
}

const NOTHING: Kept = {
  stops: [],
  switches: { crash: true, deadLetter: false, escalation: false, mailbox: false },
  mailboxDepth: 100,
};

/** More than a program takes are not made. */
const STOPS_LIMIT = 500;

export class ActorStops extends EventEmitter<{ changed: []; stated: [] }> {
  #kept: Kept;
  /** What each program says of each breakpoint. */
  readonly #states = new Map<object, Map<string, Armed>>();

  /** @param kept what was kept the last time, whatever it is. */
  constructor(kept: unknown) {
    super();
    this.#kept = readKept(kept);
  }

  get kept(): Kept {
    return this.#kept;
  }

  stop(id: string): ActorStop | undefined {
    return this.#kept.stops.find((stop) => stop.id === id);
  }

  /** Adds a breakpoint, or changes the one that has its id. */
  put(stop: ActorStop): void {
    const { stops } = this.#kept;
    const isKnown = stops.some(({ id }) => id === stop.id);
    const changed = isKnown ? stops.map((each) => (each.id === stop.id ? stop : each)) : [...stops, stop];
    // What was said of it was said of what it was before.
    for (const states of this.#states.values()) states.delete(stop.id);
    this.#change({ stops: changed.slice(-STOPS_LIMIT) });
  }

  remove(ids: readonly string[]): void {
    this.#change({ stops: this.#kept.stops.filter(({ id }) => !ids.includes(id)) });
  }

  turn(name: SwitchName, on: boolean, mailboxDepth: number = this.#kept.mailboxDepth): void {
    this.#change({ switches: { ...this.#kept.switches, [name]: on }, mailboxDepth });
  }

  /** A program has said that of some of them. Where one stands it says once: sooner or later than that it can be hit. */
  state(program: object, armed: readonly Armed[]): void {
    const states = this.#states.get(program) ?? new Map<string, Armed>();
    for (const one of armed) {
      const at = one.at ?? (one.state === "armed" ? states.get(one.id)?.at : undefined);
      states.set(one.id, at === undefined ? one : { ...one, at });
    }
    this.#states.set(program, states);
    this.emit("stated");
  }

  /** It has ended. */
  forget(program: object): void {
    if (this.#states.delete(program)) this.emit("stated");
  }

  /** What is known of a breakpoint: a wrong condition first, then that it can be hit somewhere; `undefined` while nothing runs. */
  stateOf(id: string): Armed | undefined {
    const said = [...this.#states.values()].map((states) => states.get(id)).filter((one) => one !== undefined);
    const rank = ({ state }: Armed): number => ["badCondition", "armed", "noHandler"].indexOf(state);
    return said.sort((one, other) => rank(one) - rank(other))[0];
  }

  /** What a program is told. */
  get requests(): readonly Request[] {
    const { stops, switches, mailboxDepth } = this.#kept;
    const { crash, deadLetter, escalation, mailbox } = switches;
    const armed = stops.filter(({ isOn }) => isOn).map(({ isOn: _, ...stop }): MessageStop => stop);
    return [
      { type: "arm", stops: armed },
      { type: "stopOn", crash, deadLetter, escalation, ...(mailbox ? { mailboxDepth } : {}) },
    ];
  }

  #change(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    this.emit("changed");
  }
}

/** An older version, or another extension, may have kept something else. */
function readKept(value: unknown): Kept {
  const { stops, switches, mailboxDepth } = (value ?? {}) as Partial<Record<keyof Kept, unknown>>;
  return {
    stops: Array.isArray(stops) ? stops.filter(isStop) : NOTHING.stops,
    switches: { ...NOTHING.switches, ...readSwitches(switches) },
    mailboxDepth: Number.isSafeInteger(mailboxDepth) ? (mailboxDepth as number) : NOTHING.mailboxDepth,
  };
}

function isStop(value: unknown): value is ActorStop {
  const { id, messageType, isOn } = (value ?? {}) as Partial<ActorStop>;
  return typeof id === "string" && typeof messageType === "string" && typeof isOn === "boolean";
}

function readSwitches(value: unknown): Partial<Kept["switches"]> {
  const entries = Object.entries(value ?? {}).filter(
    ([name, on]) => name in NOTHING.switches && typeof on === "boolean",
  );
  return Object.fromEntries(entries);
}
