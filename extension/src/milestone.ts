/** Tells VS Code what a person has come to see for the first time in this window: by that the walkthrough completes its steps. */
import { tellWindow } from "./context-keys.ts";

/** Each is a step of the walkthrough in `package.json`. */
export type Milestone = "hasOpenedProgram" | "hasSeenTree" | "hasSeenRestart" | "hasStoppedAtCrash" | "hasGoneToCrash";

const reached = new Set<Milestone>();

/** It has really happened. Cheap when it did before. */
export function reach(milestone: Milestone): void {
  if (reached.has(milestone)) return;
  reached.add(milestone);
  void tellWindow(`airssys.${milestone}`, true);
}

/**
 * Opens the walkthrough. VS Code reads it when it is opened first, and completes steps only by what becomes true after that: what has
 * happened before is told anew.
 */
export async function openWith(open: () => Thenable<unknown>): Promise<void> {
  const before = [...reached];
  await Promise.all(before.map((milestone) => tellWindow(`airssys.${milestone}`, false)));
  try {
    await open();
  } finally {
    await Promise.all(before.map((milestone) => tellWindow(`airssys.${milestone}`, true)));
  }
}
