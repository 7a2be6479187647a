/** The switches of this program: which of its faults are on. */

/** What each fault looks like to whoever runs the bakery. */
export const FAULTS = {
  crash: "an actor crashes now and then",
  wrong: "one order goes wrong",
  hang: "the program hangs",
  slow: "it is slow",
  fall: "more died than expected",
  missing: "an actor should be running, and is not",
} as const;

export type Fault = keyof typeof FAULTS;
export type Faults = ReadonlySet<Fault>;

/** @throws {RangeError} naming all that are no faults. */
export function readFaults(words: readonly string[]): Faults {
  const unknown = words.filter((word) => !isFault(word));
  if (unknown.length > 0)
    throw new RangeError(`no such fault: ${unknown.join(", ")} (there are ${Object.keys(FAULTS).join(", ")})`);
  return new Set(words.filter(isFault));
}

function isFault(word: string): word is Fault {
  return Object.hasOwn(FAULTS, word);
}
