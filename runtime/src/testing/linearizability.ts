/**
 * Whether what several clients did with one object can be told as if each operation had happened at one moment between its beginning and
 * its end. Decisions only: knows nothing of actors.
 *
 * @see Wing, Gong: Testing and Verifying Concurrent Objects, 1993; Lowe: Testing for Linearizability, 2017 (memory of what was tried)
 */

/** One operation: what was asked for, and what came of it. */
export interface Operation {
  /** Moment at which it began; every moment of a history is another number. */
  readonly began: number;
  /** Moment at which it was answered; `undefined`: never, so that it may have had its effect at any time since, or has none. */
  readonly ended: number | undefined;
}

/** The object as it should be. States are compared by the text that stands for them. */
export interface SequentialModel<O extends Operation, S> {
  readonly first: S;
  /** What an operation does. @returns the next state, or `undefined` when it would not have had this outcome. */
  step(state: S, operation: O): { readonly state: S } | undefined;
  textOf(state: S): string;
}

export type Verdict<O> =
  | { readonly is: "linearizable" }
  /** No order explains it. `until`: the answer that none explains, of those that came first. */
  | { readonly is: "not linearizable"; readonly until: O }
  /** Too many orders to try them all. */
  | { readonly is: "undecided"; readonly tried: number };

/** A beginning or an end, in a list from which operations that have been placed are taken out. */
interface Entry<O> {
  readonly operation: O;
  readonly number: number;
  /** Of a beginning: its end, if it has one. */
  readonly end: Entry<O> | undefined;
  readonly isEnd: boolean;
  before: Entry<O> | undefined;
  after: Entry<O> | undefined;
}

/** @param most states that are tried at most. */
export function judge<O extends Operation, S>(
  operations: readonly O[],
  model: SequentialModel<O, S>,
  most: number,
): Verdict<O> {
  const head = listOf(operations);
  let endsLeft = operations.filter(({ ended }) => ended !== undefined).length;
  const seen = new Set<string>();
  const placed: { readonly entry: Entry<O>; readonly state: S }[] = [];
  let done = 0n;
  let state = model.first;
  let tried = 0;
  let furthest: Entry<O> | undefined;
  let entry = head.after;
  while (endsLeft > 0) {
    if (entry === undefined || entry.isEnd) {
      if (entry !== undefined && (furthest === undefined || ended(entry) > ended(furthest))) furthest = entry;
      const last = placed.pop();
      if (last === undefined) return { is: "not linearizable", until: (furthest as Entry<O>).operation };
      state = last.state;
      done &= ~(1n << BigInt(last.entry.number));
      putBack(last.entry);
      if (last.entry.end !== undefined) endsLeft++;
      entry = last.entry.after;
      continue;
    }
    if (++tried > most) return { is: "undecided", tried: most };
    const next = model.step(state, entry.operation);
    const nowDone = done | (1n << BigInt(entry.number));
    const key = next === undefined ? "" : `${nowDone.toString(36)} ${model.textOf(next.state)}`;
    if (next === undefined || seen.has(key)) {
      entry = entry.after;
      continue;
    }
    seen.add(key);
    placed.push({ entry, state });
    state = next.state;
    done = nowDone;
    takeOut(entry);
    if (entry.end !== undefined) endsLeft--;
    entry = head.after;
  }
  return { is: "linearizable" };
}

function ended({ operation }: Entry<Operation>): number {
  return operation.ended as number;
}

/** Beginnings and ends, by their moments, behind a head that is neither. */
function listOf<O extends Operation>(operations: readonly O[]): { after: Entry<O> | undefined } {
  const entries = operations.flatMap((operation, number): readonly Entry<O>[] => {
    const common = { operation, number, before: undefined, after: undefined };
    const end = operation.ended === undefined ? undefined : { ...common, end: undefined, isEnd: true };
    const begin = { ...common, end, isEnd: false };
    return end === undefined ? [begin] : [begin, end];
  });
  const momentOf = ({ isEnd, operation }: Entry<O>): number => (isEnd ? (operation.ended as number) : operation.began);
  entries.sort((one, other) => momentOf(one) - momentOf(other));
  const head = { after: entries[0] } as Entry<O>;
  entries.forEach((entry, at) => {
    entry.before = entries[at - 1] ?? head;
    entry.after = entries[at + 1];
  });
  return head;
}

function takeOut<O>(entry: Entry<O>): void {
  unlink(entry);
  if (entry.end !== undefined) unlink(entry.end);
}

/** In the reverse order of {@link takeOut}: each finds its neighbours as it left them. */
function putBack<O>(entry: Entry<O>): void {
  if (entry.end !== undefined) link(entry.end);
  link(entry);
}

function unlink<O>({ before, after }: Entry<O>): void {
  (before as Entry<O>).after = after;
  if (after !== undefined) after.before = before;
}

function link<O>(entry: Entry<O>): void {
  (entry.before as Entry<O>).after = entry;
  if (entry.after !== undefined) entry.after.before = entry;
}
