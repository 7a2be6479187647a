/** From message to message in a recording, as a debugger goes from stop to stop in a program that runs. Pure. */
import { type MessageStop, pathMatcher } from "airssys-rt/inspect";
import { type RecordedMessage, type Recording, reviveValue } from "airssys-rt/recording";
import type { Jump, Landing, Landings } from "./recording-protocol.ts";

/** Messages that the turn of that one has sent, in the order in which they were sent. */
export function sentBy(recording: Recording, index: number): readonly number[] {
  const { seq } = recording.at(index);
  const sent: number[] = [];
  for (let later = index + 1; later < recording.length; later++)
    if (recording.at(later).cause === seq) sent.push(later);
  return sent;
}

/** The next message that the same actor was sent; -1 where there is none. */
export function nextOfActor(recording: Recording, index: number): number {
  const { to } = recording.at(index);
  for (let later = index + 1; later < recording.length; later++)
    if (recording.at(later).to.key === to.key) return later;
  return -1;
}

/** It is a question, and there was an answer, if only that there is none. */
function isAnswered(recording: Recording, index: number): boolean {
  const { answer } = recording.at(index);
  return answer === "answered" || answer === "failed";
}

/** Where a jump from that message leads. @param seq of the message; of none: from before the first one */
export function jump(
  recording: Recording,
  how: Jump,
  seq: number,
  stops: readonly MessageStop[],
  judge: Judge,
): Landings {
  const index = recording.indexOf(seq);
  const to = (...indices: readonly number[]): Landings => ({
    at: indices.filter((at) => at >= 0).map((at) => landing(recording, at, how === "reply")),
    unjudged: 0,
  });
  if (how === "stop") {
    const { index: found, unjudged } = nextStop(recording, index, stops, judge);
    return { ...to(found), unjudged };
  }
  if (index < 0) return to();
  if (how === "receiver") return to(...sentBy(recording, index).slice(0, CHOICES));
  return how === "next" ? to(nextOfActor(recording, index)) : to(isAnswered(recording, index) ? index : -1);
}

/** Messages of one turn that are offered. */
const CHOICES = 1_000;

function landing(recording: Recording, index: number, isReply: boolean): Landing {
  const { seq, type, to } = recording.at(index);
  return { seq, isReply, type, to: to.path };
}

/** What a condition says of a message. @throws what it throws */
export type Judge = (condition: string, facts: ConditionFacts) => boolean;

export interface ConditionFacts {
  readonly message: unknown;
  readonly sender: string | undefined;
  readonly actor: string;
}

export interface Found {
  /** -1: none. */
  readonly index: number;
  /** Messages whose condition could not be judged: their values are not recorded, or it threw. */
  readonly unjudged: number;
}

/**
 * The next message at which one of the breakpoints would have stopped. Those that write a line stop nowhere; how often one is to be passed
 * (`hits`) is not counted here.
 */
export function nextStop(recording: Recording, index: number, stops: readonly MessageStop[], judge: Judge): Found {
  let unjudged = 0;
  const wanted = stops.filter(({ log }) => log === undefined);
  for (let later = index + 1; later < recording.length; later++) {
    const message = recording.at(later);
    for (const stop of wanted) {
      if (!isMeant(stop, message)) continue;
      const verdict = stop.condition === undefined ? true : judged(recording, message, stop.condition, judge);
      if (verdict === undefined) unjudged++;
      if (verdict === true) return { index: later, unjudged };
    }
  }
  return { index: -1, unjudged };
}

/** It was handled: a message that was refused stops nowhere. */
function isMeant({ messageType, path, definition, sender }: MessageStop, message: RecordedMessage): boolean {
  const { type, to, from, outcome } = message;
  return (
    (outcome === "handled" || outcome === "crashed" || outcome === "late" || outcome === "open") &&
    (messageType === undefined || messageType === type) &&
    pathMatcher(path)(to.path) &&
    (definition === undefined || definition === to.definition) &&
    pathMatcher(sender)(from?.path ?? "")
  );
}

function judged(
  recording: Recording,
  { seq, from, to }: RecordedMessage,
  condition: string,
  judge: Judge,
): boolean | undefined {
  const value = recording.valueOf(seq);
  if (value === undefined) return undefined;
  try {
    return judge(condition, { message: reviveValue(value).value, sender: from?.path, actor: to.path });
  } catch {
    return undefined;
  }
}
