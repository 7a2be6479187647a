/** A race in words: which two turns, and what they raced for. */
import { type Aspect, aspectNamed, type Things } from "./dependence.ts";
import type { Reversible } from "./happens-before.ts";
import type { TurnEvent } from "./turn-event.ts";

/** One of the two. */
export interface RaceSide {
  /** Path below the root of who acted. */
  readonly actor: string;
  /** `type` of what it sent there, where that is what they raced for; else of the message in whose turn it acted. */
  readonly type: string | undefined;
}

/** Two actors whose order decides; plain data. */
export interface Race {
  /** What both used: the path of an actor, or the name of something else. */
  readonly on: string;
  /** Whether they raced to send to it. */
  readonly isSend: boolean;
  /** Who came first in the run that failed, and not in one that passed. */
  readonly first: RaceSide;
  readonly second: RaceSide;
  /** The whole as a clause: "`relay`'s `job` reaches `worker` before `configurer`'s `config`". */
  readonly text: string;
}

const USES: Readonly<Record<Exclude<Aspect, "mailbox">, string>> = {
  self: "in whose name both act",
  life: "which begins or ends, or is looked for, in one of them",
  control: "which is ended by one of them",
  trap: "which traps exits only in one of these orders",
  replies: "which both answer",
  ties: "whose links both change",
  room: "whose mailbox is full in one of these orders",
  value: "which both use",
  moment: "at which timers of both are due",
};

/** The race turned round: the later turn first. */
export function reversed({ earlier, later, thing }: Reversible, things: Things): Race {
  const on = things.nameOf(thing);
  const aspect = aspectNamed(thing);
  const isSend = aspect === "mailbox";
  const shown = labelOf(on, [earlier, later]);
  const [first, second] = [sideOf(later, on, isSend), sideOf(earlier, on, isSend)];
  const words = isSend
    ? `${possessive(first)} reaches \`${shown}\` before ${possessive(second)}`
    : `${turnOf(first)} comes before ${turnOf(second)}: both concern \`${shown}\`, ${USES[aspect]}`;
  return { on: shown, isSend, first, second, text: words };
}

function sideOf(event: TurnEvent, on: string, isSend: boolean): RaceSide {
  const sent = isSend ? event.sent.find(({ to }) => to.key === on) : undefined;
  const actor = (sent === undefined ? event.place : sent.from)?.label ?? (sent === undefined ? "nobody" : "the test");
  return { actor, type: sent?.type ?? (isSend ? "signal" : event.taken?.type) };
}

/** Paths are keys below the root; what is no actor has a name that says what it is. */
function labelOf(on: string, events: readonly TurnEvent[]): string {
  for (const { sent, place } of events) {
    const found = sent.find(({ to }) => to.key === on)?.to ?? (place?.key === on ? place : undefined);
    if (found !== undefined) return found.label;
  }
  const slash = on.indexOf("/");
  return slash < 0 || on.includes(" ") ? on : on.slice(slash + 1);
}

function possessive({ actor, type }: RaceSide): string {
  return `\`${actor}\`'s \`${type ?? "message"}\``;
}

function turnOf({ actor, type }: RaceSide): string {
  return type === undefined ? `\`${actor}\`` : `\`${actor}\`'s turn on \`${type}\``;
}
