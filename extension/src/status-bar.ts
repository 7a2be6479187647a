/** One item in the status bar, while a program runs, and until one that failed was looked at. */
import * as vscode from "vscode";
import type { Programs } from "./programs/programs.ts";
import { say } from "./sentence.ts";
import { type Summary, summarize } from "./tree/summary.ts";

const BACKGROUNDS = {
  error: new vscode.ThemeColor("statusBarItem.errorBackground"),
  warning: new vscode.ThemeColor("statusBarItem.warningBackground"),
} as const;

export function registerStatusBar(programs: Programs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("airssys.status", vscode.StatusBarAlignment.Left, 10);
  item.name = "Airssys";
  const update = () => {
    if (programs.shown.length === 0) item.hide();
    else draw(item, summarize(programs.shown, { hasSource: false, refusals: [], now: Date.now() }));
  };
  for (const event of ["opened", "changed", "ended", "forgotten"] as const) programs.on(event, update);
  return item;
}

function draw(item: vscode.StatusBarItem, { status, message, text: summary }: Summary): void {
  // Who looks at a program that somebody else runs is to know it.
  const text = [`$(${status.icon})`, status.text, status.isWatched ? "$(eye)" : ""].join(" ").trim();
  const watching = status.isWatched ? say("Watching, read only.") : undefined;
  if (item.text !== text) {
    const spoken = watching === undefined ? status.text : `${status.text}. ${watching.replace(/\.$/, "")}`;
    item.text = text;
    item.command = status.click === "pause" ? "airssys.pause" : "airssys.show";
    item.accessibilityInformation = {
      label:
        status.click === "pause"
          ? say("Airssys: {0}. Pause the program.", spoken)
          : say("Airssys: {0}. Show the Supervision view.", spoken),
    };
    item.backgroundColor = status.background && BACKGROUNDS[status.background];
  }
  item.tooltip = `Airssys: ${[message, ...(message.includes(summary) ? [] : [summary]), watching ?? ""].join(" ").trim()}`;
  item.show();
}
