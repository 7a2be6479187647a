/** Which messages belong together: all that were sent because of the same first one. Pure. */
import { KIND, type MessageStore } from "./store.ts";

/** Messages that are followed back to the first one: a chain that goes round would have no end. */
const LENGTH_LIMIT = 100_000;

/** What led to that message, the first one first, itself last; as far as it is kept. */
export function ancestry(store: MessageStore, message: number): number[] {
  const line = [message];
  for (let at = store.causeOf(message); at >= 0 && line.length < LENGTH_LIMIT; at = store.causeOf(at)) line.push(at);
  return line.reverse();
}

/** All rows that go back to the same first message: it, what was sent for it and so on, with what became of each. */
export function chainOf(store: MessageStore, message: number): ReadonlySet<number> {
  const [first = message] = ancestry(store, message);
  const chain = new Set([first]);
  for (let row = first + 1; row < store.end; row++) {
    const slot = store.slot(row);
    const kind = store.kind[slot];
    if (kind === KIND.message) {
      if ((store.cause[slot] ?? -1) >= 0 && chain.has(store.causeOf(row))) chain.add(row);
    } else if ((kind === KIND.reply || kind === KIND.crash) && chain.has(store.messageOf(row))) chain.add(row);
  }
  return chain;
}
