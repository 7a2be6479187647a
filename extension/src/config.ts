/** The settings, typed. `package.json` declares them and their defaults. */
import * as vscode from "vscode";

export interface Settings {
  /** Path of the Node that runs programs; empty: found by itself. */
  readonly nodePath: string;
  /** Look for errors of syntax and types before a program runs. */
  readonly checkBeforeRun: boolean;
  /** Freeze messages in programs under the debugger that do not say themselves. */
  readonly freezeMessages: boolean;
  /** Give a watchdog to programs under the debugger that do not say themselves. */
  readonly watchdog: boolean;
  /** Show programs that are started in a terminal of this window. */
  readonly showTerminalPrograms: boolean;
  /** Ask before actors are killed, stopped, restarted or suspended. */
  readonly confirmActions: boolean;
  /** Offer these actions on programs a debugger was attached to. */
  readonly actOnAttached: boolean;
  /** Milliseconds between two updates of the view. */
  readonly updateIntervalMs: number;
  /** Stop before a supervisor acts on a crash. */
  readonly breakOnCrash: boolean;
  /** When call stacks go on into who sent the message. */
  readonly causalStack: "debugging" | "never";
  /** Words of the names whose values a program does not tell. */
  readonly redact: readonly string[];
}

export function settings(scope?: vscode.ConfigurationScope): Settings {
  const section = vscode.workspace.getConfiguration("airssys", scope ?? null);
  return {
    nodePath: section.get("nodePath", ""),
    checkBeforeRun: section.get("checkBeforeRun", true),
    freezeMessages: section.get("freezeMessages", true),
    watchdog: section.get("watchdog", true),
    showTerminalPrograms: section.get("showTerminalPrograms", true),
    confirmActions: section.get("confirmActions", true),
    actOnAttached: section.get("actOnAttached", false),
    updateIntervalMs: Math.min(10_000, Math.max(250, section.get("updateIntervalMs", 400))),
    breakOnCrash: section.get("breakOnCrash", true),
    causalStack: section.get("causalStack", "debugging"),
    redact: section.get("redact", ["password", "token", "secret", "authorization", "cookie"]),
  };
}

export function onSettingsChange(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("airssys")) listener();
  });
}
