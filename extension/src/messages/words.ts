/** What is said of rows, for people. Pure. */
import { ANSWER_STATES, MESSAGE_OUTCOMES } from "airssys-rt/inspect";
import { counted, number, ordinal, say } from "../sentence.ts";
import { seenText } from "../text.ts";
import { shortName } from "./lifelines.ts";
import { KIND, type MessageStore } from "./store.ts";

const { handled, crashed, refused, dropped, late, open } = MESSAGE_OUTCOMES;

/** How a row stands out; `calm` does not. */
export type Tone = "calm" | "error" | "warning";

/** What a program has called something, in one line. */
export function named(text: string): string {
  return seenText(text).replace(/\s+/g, " ").slice(0, 300);
}

/** Whoever sends or handles, in a word. */
export function actorName(store: MessageStore, no: number): string {
  const path = store.actors[no]?.path ?? "";
  return path === "" ? say("outside") : named(shortName(path));
}

export function typeName(store: MessageStore, row: number): string {
  return named(store.types[store.type[store.slot(row)] ?? 0] ?? "") || say("(no type)");
}

/** `14:03:20.110` by the reader's clock. */
export function clockText(ms: number): string {
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

/** The whole time where the second is another one than in the row before, else its fraction alone. */
export function shortClock(ms: number, beforeMs: number | undefined): string {
  const text = clockText(ms);
  return beforeMs !== undefined && clockText(beforeMs).slice(0, 8) === text.slice(0, 8) ? text.slice(8) : text;
}

/** `2nd life` and how much of its supervisor's patience is used up. */
export function lifeText(store: MessageStore, row: number): string {
  const life = store.lives.get(row);
  if (life === undefined) return say("restarted");
  const [, incarnation, , supervisor, restarts, most] = life;
  const which = say("{0} life", ordinal(incarnation));
  return supervisor === "" ? which : say("{0} · {1} {2}/{3}", which, named(shortName(supervisor)), restarts, most);
}

export function gapText(store: MessageStore, row: number): string {
  const missed = store.about[store.slot(row)] ?? 0;
  switch (store.gaps.get(row)) {
    case "hidden":
      return say("nothing was recorded while this view was hidden");
    case "ended":
      return say("the program ended");
    case "unrecorded":
      return counted(missed, "{0} message is not in the recording", "{0} messages are not in the recording");
    default:
      return missed === 1
        ? say("1 message was not recorded: the program was faster than this view")
        : say("{0} messages were not recorded: the program was faster than this view", number(missed));
  }
}

/** Who sends to whom; of a life, whose it is; nothing where there are no messages. */
export function wayText(store: MessageStore, row: number): string {
  const slot = store.slot(row);
  const kind = store.kind[slot];
  if (kind === KIND.gap) return "";
  const [from, to] = [actorName(store, store.from[slot] ?? 0), actorName(store, store.to[slot] ?? 0)];
  if (kind === KIND.life) return to;
  return kind === KIND.reply ? `${to} → ${from}` : `${from} → ${to}`;
}

/** What became of a message, with the reason where there is one. */
export function outcomeText(store: MessageStore, row: number): string {
  const slot = store.slot(row);
  const kind = store.kind[slot];
  const note = named(store.notes.get(store.messageOf(row)) ?? "");
  if (kind === KIND.reply) return store.answer[slot] === ANSWER_STATES.failed ? say("ask failed") : say("replied");
  if (kind === KIND.life) return lifeText(store, row);
  if (kind === KIND.gap) return gapText(store, row);
  switch (store.outcome[slot]) {
    case handled:
      return say("handled");
    case crashed:
      return note || say("crashed");
    case refused:
      return say("refused: mailbox full");
    case dropped:
      return say("lost: {0}", lostText(note, actorName(store, store.to[slot] ?? 0)));
    case late:
      return say("late: who asked had given up");
    case open:
      return (store.waitUs[slot] ?? -1) < 0 ? say("waits") : say("runs");
    default:
      return "";
  }
}

/** Why a message reached nobody. */
function lostText(reason: string, to: string): string {
  switch (reason) {
    case "stopped":
      return say("{0} has ended", to);
    case "not_started":
      return say("{0} has not started", to);
    case "dropped":
      return say("pushed out of a full mailbox");
    case "ended_turn":
      return say("{0} ended in the middle of it", to);
    case "stale_sender":
      return say("who sent it had ended");
    case "no_recipient":
      return say("nobody was there");
    default:
      return reason;
  }
}

export function toneOf(store: MessageStore, row: number): Tone {
  const slot = store.slot(row);
  const kind = store.kind[slot];
  if (kind === KIND.life || kind === KIND.gap) return "warning";
  if (kind === KIND.reply) return store.answer[slot] === ANSWER_STATES.failed ? "error" : "calm";
  const outcome = store.outcome[slot];
  if (outcome === crashed) return "error";
  return outcome === refused || outcome === dropped || outcome === late ? "warning" : "calm";
}

/** A sign that says the same as the colour. */
export function signOf(store: MessageStore, row: number): string {
  const slot = store.slot(row);
  const kind = store.kind[slot];
  if (kind === KIND.life) return "↻";
  if (kind === KIND.gap) return "≋";
  if (kind === KIND.reply) return "↩";
  const outcome = store.outcome[slot];
  if (outcome === crashed) return "⊗";
  if (outcome === refused) return "⊘";
  if (outcome === dropped) return "✕";
  return outcome === late ? "◷" : "";
}

/** A whole row, for whoever hears it. */
export function spokenText(store: MessageStore, row: number): string {
  const slot = store.slot(row);
  const kind = store.kind[slot];
  const [from, to] = [actorName(store, store.from[slot] ?? 0), actorName(store, store.to[slot] ?? 0)];
  const outcome = outcomeText(store, row);
  if (kind === KIND.gap) return outcome;
  if (kind === KIND.life) return say("{0}, {1}", to, outcome);
  if (kind === KIND.reply) return say("reply to {0}, from {1} to {2}, {3}", typeName(store, row), to, from, outcome);
  return say("{0}, from {1} to {2}, {3}", typeName(store, row), from, to, outcome);
}
