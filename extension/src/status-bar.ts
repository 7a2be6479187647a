/** One item in the status bar, while a program runs, and until one that failed was looked at. */
import * as vscode from "vscode";
import type { Programs } from "./programs/programs.ts";
import { say } from "./sentence.ts";
import { type Summary, summarize } from "./tree/summary.ts";
import type { SupervisionView } from "./tree/view.ts";

const BACKGROUNDS = {
  error: new vscode.ThemeColor("statusBarItem.errorBackground"),
  warning: new vscode.ThemeColor("statusBarItem.warningBackground"),
} as const;

/** Says what the line above the rows says, while somebody sees that: both are drawn in one moment, from one state. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("airssys.status", vscode.StatusBarAlignment.Left, 10);
  readonly #watch: vscode.Disposable;

  constructor(programs: Programs, view: SupervisionView) {
    this.#item.name = "Airssys";
    const update = (): void => {
      if (view.isVisible) return;
      this.#show(programs, summarize(programs.shown, { hasSource: false, refusals: [], now: Date.now() }));
    };
    for (const event of ["opened", "changed", "ended", "forgotten"] as const) programs.on(event, update);
    this.#watch = view.onDidSummarize((summary) => this.#show(programs, summary));
  }

  get text(): string {
    return this.#item.text;
  }

  dispose(): void {
    this.#watch.dispose();
    this.#item.dispose();
  }

  #show({ shown }: Programs, summary: Summary): void {
    if (shown.length === 0) this.#item.hide();
    else draw(this.#item, summary);
  }
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
