/** Says in the status bar, for a while, what a command has done, or why it cannot. */
import * as vscode from "vscode";
import { say } from "./sentence.ts";
import { iconless, plain } from "./text.ts";

const USUAL_MS = 5_000;
/** What was said last, and how many before it: for tests, which cannot see what stands in a status bar. */
const told = { count: 0, text: "" };

/** @param text a sentence, or one without its begin and its dot. */
export function tell(text: string, ms: number = USUAL_MS): void {
  vscode.window.setStatusBarMessage(noted(say("Airssys: {0}", iconless(text))), ms);
}

/** Something has gone wrong: it stays until somebody has read it. */
export function complain(text: string): void {
  void vscode.window.showErrorMessage(noted(say("Airssys: {0}", plain(text))));
}

export function lastTold(): { readonly count: number; readonly text: string } {
  return { ...told };
}

function noted(notice: string): string {
  told.count++;
  told.text = notice;
  return notice;
}
