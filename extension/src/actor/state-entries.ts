/** The rows of an actor's state: its fields, and what is below each of them. Pure. */
import type { Details, PrivateNote, ShownValue, StateDetails } from "airssys-rt/inspect";
import { number, say } from "../sentence.ts";
import { seenText } from "../text.ts";
import { type Entry, leaf, section } from "./entry.ts";

/** Characters of a value beside its name; the rest is in the tooltip. */
const SHOWN = 200;

/** @param definition what the actor is in the source */
export function stateSection({ state }: Details, definition: string): Entry | undefined {
  if (state === undefined) return undefined;
  return section(
    {
      id: "state",
      label: say("State"),
      description: definition,
      icon: { id: "package" },
      children: partEntries(state, []),
    },
    "open",
  );
}

/** One row for each part of the value that stands at that place, and one for those that are too many. */
export function partEntries(state: StateDetails, at: readonly number[]): readonly Entry[] {
  const { total, from, items, note } = state;
  const place = at.join(".");
  const entries = items.map((value, index) => valueEntry(value, [...at, from + index]));
  const end = from + items.length;
  if (end < total && items.length > 0) {
    const label = say("{0} more", number(total - end));
    entries.push({
      ...leaf({ id: `state/${place}+${end}`, label, description: "", icon: { id: "ellipsis" } }),
      expands: "closed",
      value: { at, from: end },
    });
  }
  if (total === 0) entries.push(leaf({ id: `state/${place}-`, label: say("nothing"), description: "" }));
  if (note !== undefined)
    entries.push(leaf({ id: `state/${place}!`, label: NOTES[note](), description: "", icon: { id: "info" } }));
  return entries;
}

/** Why a value has no rows of its own: it has gone meanwhile, or nobody tells now. */
export function goneEntry(at: readonly number[]): Entry {
  return leaf({ id: `state/${at.join(".")}-`, label: say("no longer there"), description: "" });
}

function valueEntry({ name, text, isOpen, isHidden }: ShownValue, at: readonly number[]): Entry {
  const shown = isHidden ? say("hidden") : oneLine(text);
  const row = leaf({
    id: `state/${at.join(".")}/${name}`,
    label: oneLine(name) || say("(no name)"),
    description: shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown,
    icon: { id: "symbol-field", color: "charts.purple" },
    tooltip: isHidden
      ? say("Its name is among those of the setting airssys.redact: the program keeps it to itself.")
      : `${oneLine(name)}: ${seenText(text)}`,
  });
  return isOpen ? { ...row, expands: "closed", value: { at, from: 0 } } : row;
}

const NOTES: { readonly [N in PrivateNote]: () => string } = {
  tooMany: () => say("private fields are not looked for among so many"),
  tooMuchText: () => say("private fields are not looked for beside so much text"),
  wouldRun: () => say("private fields are not looked for: something beside them would run"),
  denied: () => say("private fields: Node denies its inspector"),
};

/** The same text in one line, without what commands a screen. */
export function oneLine(text: string): string {
  return seenText(text).replace(/\s+/g, " ").trim();
}
