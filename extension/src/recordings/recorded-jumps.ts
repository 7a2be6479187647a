/** From message to message in a recording, as a debugger goes from stop to stop in a program that runs. Pure. */
import type { MessageStop } from "airssys-rt/inspect";
import { type RecordedMessage, type Recording, reviveValue } from "airssys-rt/recording";

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

/** The message in whose turn that one was sent; -1 where there is none. */
export function causeOf(recording: Recording, index: number): number {
  const { cause } = recording.at(index);
  return cause < 0 ? -1 : recording.indexOf(cause);
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
    (path === undefined || matches(path, to.path)) &&
    (definition === undefined || definition === to.definition) &&
    (sender === undefined || matches(sender, from?.path ?? ""))
  );
}

/** `*` stands for one part of a path. */
function matches(pattern: string, path: string): boolean {
  const [parts, wanted] = [path.split("/"), pattern.split("/")];
  return parts.length === wanted.length && wanted.every((part, at) => part === "*" || part === parts[at]);
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
