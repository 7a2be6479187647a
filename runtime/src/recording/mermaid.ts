/** Messages of a recording as text of a Mermaid sequence diagram. */
import { MERMAID_LIMIT, SequenceDiagram } from "../inspect/sequence-diagram.ts";
import { OUTSIDE } from "./message-filter.ts";
import type { RecordedMessage } from "./recording.ts";
import { OUTCOMES } from "./recording-line.ts";

export interface Mermaid {
  readonly text: string;
  /** Messages that are not in it: it has the first 200. */
  readonly leftOut: number;
}

/**
 * Solid arrows are messages, those with a cross crashed their actor, open ones were refused, dropped or came too late. What actors and types
 * are called is text to Mermaid, whatever it is.
 */
export function mermaidOf(messages: readonly RecordedMessage[]): Mermaid {
  const shown = messages.slice(0, MERMAID_LIMIT);
  const paths = new Set(shown.flatMap(({ from, to }) => [from?.path ?? OUTSIDE, to.path]));
  const diagram = new SequenceDiagram<string>((path) => labelOf(path, paths));
  for (const { from, to, type, outcome } of shown) {
    const note = outcome === "handled" ? "" : outcome;
    diagram.message(from?.path ?? OUTSIDE, to.path, type || "a message", OUTCOMES.indexOf(outcome), note);
  }
  return { text: diagram.text, leftOut: messages.length - shown.length };
}

/** The last part of the path, where that says who is meant. */
function labelOf(path: string, paths: ReadonlySet<string>): string {
  const last = path.slice(path.lastIndexOf("/") + 1);
  const namesakes = [...paths].filter((other) => other === last || other.endsWith(`/${last}`));
  return namesakes.length > 1 ? path : last;
}
