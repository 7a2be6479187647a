/** A row of the Actor view, as plain data. */
import type { EntryAction } from "../commands.ts";
import type { Tone } from "../programs/node.ts";

export interface Entry {
  /** Stable: the same for the same thing of every actor, so that what is open stays open. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** A codicon and a theme color. */
  readonly icon?: { readonly id: string; readonly color?: string };
  readonly tone?: Tone;
  /** For screen readers: full words. */
  readonly spoken: string;
  /** All of what is cut in the row; plain text. */
  readonly tooltip?: string;
  readonly expands: "never" | "closed" | "open";
  readonly children?: readonly Entry[];
  /** Its children are the parts of the value at that place of the state, from that one on. */
  readonly value?: { readonly at: readonly number[]; readonly from: number };
  /** What Enter does. */
  readonly action?: EntryAction;
}

/** A row without anything below it. */
export function leaf(entry: Omit<Entry, "expands" | "spoken"> & { readonly spoken?: string }): Entry {
  const spoken = entry.spoken ?? [entry.label, entry.description].filter((part) => part !== "").join(", ");
  return { ...entry, spoken, expands: "never" };
}

/** A row with others below it. Whether it is open at first. */
export function section(
  entry: Omit<Entry, "expands" | "spoken"> & { readonly spoken?: string },
  expands: "closed" | "open",
): Entry {
  return { ...leaf(entry), expands };
}

/** The same entry and all below it as they were a while ago. */
export function stale(entry: Entry): Entry {
  const { icon, children } = entry;
  return {
    ...entry,
    tone: "stale",
    ...(icon === undefined ? {} : { icon: { id: icon.id, color: "disabledForeground" } }),
    ...(children === undefined ? {} : { children: children.map(stale) }),
  };
}
