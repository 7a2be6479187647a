/** One item in the status bar, while a program runs. */
import * as vscode from "vscode";
import type { Programs } from "./programs/programs.ts";
import { count } from "./text.ts";
import { type Summary, summarize } from "./tree/summary.ts";

export function registerStatusBar(programs: Programs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("airssys.status", vscode.StatusBarAlignment.Left, 10);
  item.name = "Airssys";
  item.command = "airssys.show";
  const update = () => {
    if (programs.all.length === 0) item.hide();
    else draw(item, summarize(programs.all, false));
  };
  for (const event of ["opened", "changed", "ended"] as const) programs.on(event, update);
  return item;
}

function draw(item: vscode.StatusBarItem, { actors, down, text: summary }: Summary): void {
  const trouble = down > 0 ? `, ${down} down` : "";
  const text = `$(${down > 0 ? "error" : "type-hierarchy"}) ${count(actors, "actor")}${trouble}`;
  if (item.text !== text) {
    item.text = text;
    item.accessibilityInformation = {
      label: `Airssys: ${count(actors, "actor")} running${trouble}. Show the Supervision view.`,
    };
    item.backgroundColor = down > 0 ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  }
  item.tooltip = `Airssys: ${summary}`;
  item.show();
}
