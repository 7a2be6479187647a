/** Tells VS Code what a person has come to see for the first time in this window: by that the walkthrough completes its steps. */
import { tellWindow } from "./context-keys.ts";

/** Each is a step of the walkthrough in `package.json`. */
export type Milestone = "hasSeenTree" | "hasSeenRestart" | "hasStoppedAtCrash" | "hasGoneToCrash";

const reached = new Set<Milestone>();

/** It has really happened. Cheap when it did before. */
export function reach(milestone: Milestone): void {
  if (reached.has(milestone)) return;
  reached.add(milestone);
  void tellWindow(`airssys.${milestone}`, true);
}
