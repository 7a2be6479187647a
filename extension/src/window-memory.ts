/** Remembers the way into this window, for an extension host that comes after one that was killed. */
import * as vscode from "vscode";
import type { WayIn, WindowMemory } from "./inspect/listener.ts";

const KEY = "airssys.wayIn";

interface Kept extends WayIn {
  readonly window: string;
}

/** The way leads to this window, and not to the one that is open tomorrow. */
export function windowMemory(state: vscode.Memento): WindowMemory {
  const window = `${vscode.env.sessionId} ${process.ppid}`;
  const kept = state.get<Kept>(KEY);
  return {
    found: kept?.window === window ? kept : undefined,
    keep: (way) => void state.update(KEY, { ...way, window } satisfies Kept),
  };
}
