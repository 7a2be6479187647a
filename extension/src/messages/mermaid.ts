/** Rows as a Mermaid sequence diagram, for reports and chats. Pure. */
import { MESSAGE_OUTCOMES } from "airssys-rt/inspect";
import { say } from "../sentence.ts";
import { shortName } from "./lifelines.ts";
import { KIND, type MessageStore } from "./store.ts";

/** More would be a picture that nobody reads, and that Mermaid takes seconds for. */
export const MERMAID_LIMIT = 200;

/** @param rows at most {@link MERMAID_LIMIT} of them are drawn: the last ones */
export function mermaidOf(store: MessageStore, rows: readonly number[], outside: string): string {
  const shown = rows.slice(-MERMAID_LIMIT);
  const names = new Map<number, string>();
  const idOf = (actor: number): string => {
    const known = names.get(actor);
    if (known !== undefined) return known;
    const id = `a${names.size}`;
    names.set(actor, id);
    return id;
  };
  const lines = shown.map((row) => lineOf(store, row, idOf)).filter((line) => line !== undefined);
  const heads = [...names].map(([actor, id]) => {
    const path = store.actors[actor]?.path ?? "";
    return `  participant ${id} as ${plain(path === "" ? outside : shortName(path))}`;
  });
  return ["sequenceDiagram", ...heads, ...lines, ""].join("\n");
}

function lineOf(store: MessageStore, row: number, idOf: (actor: number) => string): string | undefined {
  const slot = store.slot(row);
  const kind = store.kind[slot];
  const type = plain(store.types[store.type[slot] ?? 0] ?? "") || say("(no type)");
  if (kind === KIND.gap) return undefined;
  const [from, to] = [idOf(store.from[slot] ?? 0), idOf(store.to[slot] ?? 0)];
  const note = plain(store.notes.get(store.messageOf(row)) ?? "");
  if (kind === KIND.crash) return `  Note over ${to}: ✕ ${note || say("crashed")}`;
  if (kind === KIND.life) return `  Note over ${to}: ↻ ${store.lives.get(row)?.[1] ?? ""}`;
  if (kind === KIND.reply) return `  ${to}-->>${from}: ${type}`;
  const isLost = store.outcome[slot] === MESSAGE_OUTCOMES.refused || store.outcome[slot] === MESSAGE_OUTCOMES.dropped;
  return `  ${from}${isLost ? "-x" : "->>"}${to}: ${type}${isLost && note !== "" ? ` (${note})` : ""}`;
}

/** Nothing of a program's text is Mermaid's: no second line, no comment, no end of a statement, no entity. */
function plain(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/[#;%<>&`"]/g, "")
    .trim()
    .slice(0, 120);
}
