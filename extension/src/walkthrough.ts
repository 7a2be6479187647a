/** The walkthrough from F5 to the first crash that is understood: opens it, and sees what programs do that its steps ask for. */
import * as vscode from "vscode";
import { register } from "./commands.ts";
import type { Log } from "./log.ts";
import { openWith, reach } from "./milestone.ts";
import type { Program } from "./programs/program.ts";
import type { Programs } from "./programs/programs.ts";

/** As `package.json` names it, with the extension before it. */
const WALKTHROUGH = "airssys.airssys#begin";

/** What of the views decides. */
export interface Seen {
  /** Whether the Supervision view is on the screen. */
  isTreeVisible(): boolean;
  /** Whether a program stands at what nobody will catch. */
  isAtCrash(program: Program): boolean;
}

export function registerWalkthrough(log: Log, programs: Programs, seen: Seen): vscode.Disposable {
  const look = (program: Program): void => {
    if (program.tree.size > 0 && seen.isTreeVisible()) reach("hasSeenTree");
    if (program.isPaused && program.runner !== undefined && seen.isAtCrash(program)) reach("hasStoppedAtCrash");
  };
  programs.on("changed", look);
  programs.on("happened", (_program, { kind }) => kind === "restarted" && reach("hasSeenRestart"));
  return register(log, "airssys.showAround", () =>
    openWith(() => vscode.commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH, false)),
  );
}
