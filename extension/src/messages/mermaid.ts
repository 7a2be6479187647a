/** Rows as a Mermaid sequence diagram, for reports and chats. Pure. */
import { MERMAID_LIMIT, MESSAGE_OUTCOMES, SequenceDiagram } from "airssys-rt/inspect";
import { say } from "../sentence.ts";
import { shortName } from "./lifelines.ts";
import { KIND, type MessageStore } from "./store.ts";

/** @param rows at most {@link MERMAID_LIMIT} of them are drawn: the last ones */
export function mermaidOf(store: MessageStore, rows: readonly number[], outside: string): string {
  const diagram = new SequenceDiagram<number>((actor) => {
    const path = store.actors[actor]?.path ?? "";
    return path === "" ? outside : shortName(path);
  });
  for (const row of rows.slice(-MERMAID_LIMIT)) draw(diagram, store, row);
  return diagram.text;
}

function draw(diagram: SequenceDiagram<number>, store: MessageStore, row: number): void {
  const slot = store.slot(row);
  const kind = store.kind[slot];
  if (kind === KIND.gap) return;
  const type = store.types[store.type[slot] ?? 0] || say("(no type)");
  const [from, to] = [store.from[slot] ?? 0, store.to[slot] ?? 0];
  const note = store.notes.get(store.messageOf(row)) ?? "";
  if (kind === KIND.crash) diagram.note(to, `✕ ${note || say("crashed")}`);
  else if (kind === KIND.life) diagram.note(to, `↻ ${store.lives.get(row)?.[1] ?? ""}`);
  else if (kind === KIND.reply) diagram.reply(to, from, type);
  else diagram.message(from, to, type, store.outcome[slot] ?? 0, isLost(store, slot) ? note : "");
}

function isLost(store: MessageStore, slot: number): boolean {
  const outcome = store.outcome[slot];
  return outcome === MESSAGE_OUTCOMES.refused || outcome === MESSAGE_OUTCOMES.dropped;
}
