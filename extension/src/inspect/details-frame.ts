/** Reads what a program says of one actor, closely. What arrives is data of unknown origin: every field is checked and bounded. */
import {
  DETAILS_LIMITS,
  type Details,
  type LetterDetails,
  type LifeDetails,
  type Listed,
  type RecentDetails,
  type RoomWaitDetails,
  type SettingDetails,
  type ShownValue,
  type StateDetails,
  TEXT_LIMITS,
  type TieDetails,
  type TimerDetails,
} from "airssys-rt/inspect";
import { list, name, number, object, oneOf, type Shape, ShapeError, text, yes } from "./shape.ts";

/** A program of another version may say more. */
const MAX_ITEMS = 10 * DETAILS_LIMITS.items;

const word = text(TEXT_LIMITS.name);
const line = text(TEXT_LIMITS.text + 100);
const path = text(TEXT_LIMITS.path);
const key = name(4_096);

function listed<T>(item: Shape<T>): Shape<Listed<T>> {
  return object({ total: number, items: list(item, MAX_ITEMS) });
}

const value: Shape<ShownValue> = object({ name: word, text: line }, { isOpen: yes, isHidden: yes });
const state: Shape<StateDetails> = object(
  { total: number, from: number, items: list(value, MAX_ITEMS) },
  { note: oneOf(["tooMany", "tooMuchText", "wouldRun", "denied"]) },
);
const letter: Shape<LetterDetails> = object(
  { messageType: word, ageMs: number, text: line },
  { isSignal: yes, sender: path },
);
const roomWait: Shape<RoomWaitDetails> = object(
  { messageType: word, ageMs: number, text: line },
  { isSignal: yes, sender: path, senderKey: key },
);
const tie: Shape<TieDetails> = object({ kind: oneOf(["link", "watches", "watchedBy"]), key, path });
const timer: Shape<TimerDetails> = object({ name: word, messageType: word }, { dueMs: number, periodMs: number });
const life: Shape<LifeDetails> = object(
  {
    incarnation: number,
    at: number,
    kind: oneOf(["normal", "shutdown", "killed", "noproc", "crashed", "gaveUp"]),
    text: line,
  },
  { livedMs: number },
);
const recent: Shape<RecentDetails> = object(
  {
    messageType: word,
    seq: number,
    agoMs: number,
    waitedMs: number,
    ranMs: number,
    outcome: oneOf(["handled", "crashed"]),
    text: line,
  },
  { sender: path },
);
const setting: Shape<SettingDetails> = object({
  name: word,
  text: line,
  origin: oneOf(["default", "template", "spec", "spawn"]),
});

const details: Shape<Details> = object(
  { incarnation: number, tookMs: number },
  {
    state,
    mailbox: listed(letter),
    setAside: listed(letter),
    roomWaits: listed(roomWait),
    ties: listed(tie),
    timers: listed(timer),
    lives: object({ ends: list(life, MAX_ITEMS) }, { livesMs: number }),
    recent: list(recent, MAX_ITEMS),
    settings: list(setting, MAX_ITEMS),
  },
);

/** Reads the value of the reply to `details`; `undefined` when something else is said. */
export function readDetails(value: unknown): Details | undefined {
  try {
    return details(value, "");
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}
