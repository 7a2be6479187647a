/** Messages as text of a Mermaid sequence diagram. */
import { OUTSIDE } from "./message-filter.ts";
import type { RecordedMessage } from "./recording.ts";

/** More make a diagram that nobody reads. */
export const MERMAID_LIMIT = 200;

export interface Mermaid {
  readonly text: string;
  /** Messages that are not in it: it has the first {@link MERMAID_LIMIT}. */
  readonly leftOut: number;
}

/**
 * Solid arrows are messages, those with a cross crashed their actor, open ones were refused, dropped or came too late. What actors and types
 * are called is text to Mermaid, whatever it is.
 */
export function mermaidOf(messages: readonly RecordedMessage[]): Mermaid {
  const shown = messages.slice(0, MERMAID_LIMIT);
  const lives = new Map<string, string>();
  for (const { from, to } of shown)
    for (const path of [from?.path ?? OUTSIDE, to.path]) if (!lives.has(path)) lives.set(path, `p${lives.size + 1}`);
  const head = [...lives].map(([path, id]) => `  participant ${id} as ${plain(labelOf(path, lives))}`);
  const rows = shown.map((message) => {
    const [from, to] = [lives.get(message.from?.path ?? OUTSIDE), lives.get(message.to.path)];
    const { outcome } = message;
    const note = outcome === "handled" ? "" : ` (${outcome})`;
    return `  ${from}${ARROWS[outcome]}${to}: ${plain(message.type || "a message")}${note}`;
  });
  return { text: `${["sequenceDiagram", ...head, ...rows].join("\n")}\n`, leftOut: messages.length - shown.length };
}

const ARROWS = { handled: "->>", crashed: "-x", refused: "-)", dropped: "-)", late: "-)", open: "-)" } as const;

/** The last part of the path, where that says who is meant. */
function labelOf(path: string, lives: ReadonlyMap<string, string>): string {
  const last = path.slice(path.lastIndexOf("/") + 1);
  const namesakes = [...lives.keys()].filter((other) => other === last || other.endsWith(`/${last}`));
  return namesakes.length > 1 ? path : last;
}

/** What means something to Mermaid, as its entity codes do not. */
function plain(text: string): string {
  return text.slice(0, 80).replace(/[^\w /.,~@$()[\]-]/gu, (letter) => `#${letter.codePointAt(0)};`);
}
