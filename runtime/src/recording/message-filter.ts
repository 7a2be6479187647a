/** Which messages of a recording are shown: the words of the Messages view's filter. */
import type { RecordedMessage, Recording } from "./recording.ts";
import { OUTCOMES } from "./recording-line.ts";

/**
 * A test for messages. Words are parted by spaces, and all of them must hold; case does not matter.
 *
 * | word | holds for messages |
 * |---|---|
 * | `type:pack` | whose type has that in it |
 * | `from:orders`, `to:orders` | whose sender, whose recipient has that in its path; `from:outside`: sent by no actor |
 * | `is:crashed` | with that outcome: `handled`, `crashed`, `refused`, `dropped`, `late`, `open` |
 * | `chain:17` | in whose chain is the message 17: what caused it, and what it caused |
 * | any other | with that in the type, or in the path of its sender or recipient |
 *
 * @returns what is wrong with the filter, as text.
 */
export function messageFilter(recording: Recording, words: string): ((message: RecordedMessage) => boolean) | string {
  const tests: ((message: RecordedMessage) => boolean)[] = [];
  for (const word of words.split(/\s+/)) {
    if (word === "") continue;
    const test = wordTest(recording, word);
    if (typeof test === "string") return test;
    tests.push(test);
  }
  return (message) => tests.every((test) => test(message));
}

function wordTest(recording: Recording, word: string): ((message: RecordedMessage) => boolean) | string {
  const [, field, rest = ""] = /^(type|from|to|is|chain):(.*)$/i.exec(word) ?? [];
  const wanted = (field === undefined ? word : rest).toLowerCase();
  const has = (text: string): boolean => text.toLowerCase().includes(wanted);
  switch (field?.toLowerCase()) {
    case "type":
      return ({ type }) => has(type);
    case "from":
      return ({ from }) => has(from?.path ?? OUTSIDE);
    case "to":
      return ({ to }) => has(to.path);
    case "is":
      return OUTCOMES.some((outcome) => outcome === wanted)
        ? ({ outcome }) => outcome === wanted
        : `is: must be one of ${OUTCOMES.join(", ")}, not "${rest}"`;
    case "chain": {
      if (!/^\d{1,15}$/.test(wanted)) return `chain: must be the number of a message, not "${rest}"`;
      const chain = chainOf(recording, Number(wanted));
      return ({ seq }) => chain.has(seq);
    }
    default:
      return ({ type, from, to }) => has(type) || has(to.path) || has(from?.path ?? OUTSIDE);
  }
}

/** What stands for who sends and is no actor. */
export const OUTSIDE = "outside";

/** The messages that led to that one, itself, and all that came of it. */
export function chainOf(recording: Recording, seq: number): ReadonlySet<number> {
  const chain = new Set<number>();
  for (let index = recording.indexOf(seq); index >= 0; ) {
    const { seq: link, cause } = recording.at(index);
    // Only a file that somebody else has written goes round in a circle.
    if (chain.has(link)) break;
    chain.add(link);
    index = cause < 0 ? -1 : recording.indexOf(cause);
  }
  const below = new Set<number>([seq]);
  // A message is sent after the one that caused it.
  for (const message of recording) if (below.has(message.cause)) below.add(message.seq);
  for (const link of below) if (recording.indexOf(link) >= 0) chain.add(link);
  return chain;
}
