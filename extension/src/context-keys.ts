/** What the window is told for its `when` clauses. It keeps that when the extension host is killed: the next host begins by taking it back. */
import * as vscode from "vscode";

/** What is so while something runs, is shown or stands: in a host that has just begun, nothing does. */
const PASSING = [
  "airssys.running",
  "airssys.hasEnded",
  "airssys.canPause",
  "airssys.showsMarks",
  "airssys.isRecording",
  "airssys.isActorPinned",
  "airssys.isStoppedInActor",
  "airssys.isWatching",
  "airssys.hasRecording",
  "airssys.readsMessages",
  "airssys.showsRecording",
  "airssys.readsMessages",
  "airssys.hasFailingTest",
  "airssys.canStepBack",
] as const;

/** What is told anew by each host as soon as it knows. */
type Lasting =
  | "airssys.isArranged"
  | "airssys.usesRuntime"
  | "airssys.isProgram"
  | "airssys.hasProgram"
  | "airssys.isConfigured"
  | "airssys.hasOpenedProgram"
  | "airssys.hasSeenTree"
  | "airssys.hasSeenRestart"
  | "airssys.hasStoppedAtCrash"
  | "airssys.hasGoneToCrash";

export type ContextKey = (typeof PASSING)[number] | Lasting;

/** Ids of tests that a schedule is known for: what a row of tests is in, or not. */
export function tellFailingTests(ids: readonly string[]): void {
  void vscode.commands.executeCommand("setContext", "airssys.failingTests", ids);
  void tellWindow("airssys.hasFailingTest", ids.length > 0);
}

export function tellWindow(key: ContextKey, value: boolean): Thenable<void> {
  return vscode.commands.executeCommand("setContext", key, value);
}

/** Takes back what the host before this one has told, if it was killed. */
export function forgetContexts(): void {
  for (const key of PASSING) void tellWindow(key, false);
}
