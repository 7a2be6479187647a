/** The settings, typed. `package.json` declares them and their defaults. */
import { DETAILS_LIMITS, HIDDEN_WORDS } from "airssys-rt/inspect";
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
  /** Whether the view Messages shows what is in messages. */
  readonly messagePayloads: "types" | "values";
  /** Rows that the view Messages keeps. */
  readonly messagesKept: number;
  /** Lenses over handlers say how often and how long they ran. */
  readonly isLensLive: boolean;
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
    redact: textsIn(section.get<unknown>("redact")) ?? HIDDEN_WORDS,
    messagePayloads: section.get("messages.payloads", "types"),
    messagesKept: Math.min(1_000_000, Math.max(1_000, Math.round(section.get("messages.kept", 100_000)))),
    isLensLive: section.get("lens.live", true),
  };
}

/** A settings file is written by hand, and may hold anything; a program takes so many names at most. */
function textsIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item) => typeof item === "string" && item !== "" && item.length <= DETAILS_LIMITS.words);
  return (texts as string[]).slice(0, DETAILS_LIMITS.words);
}

export function onSettingsChange(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("airssys")) listener();
  });
}
