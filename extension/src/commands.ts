/** The commands, their arguments, and how they are registered. `package.json` declares their titles. */
import * as vscode from "vscode";
import { isUsable } from "./command-arguments.ts";
import type { Log } from "./log.ts";
import { complain, tell } from "./notice.ts";
import type { Node, Order } from "./programs/node.ts";
import { say } from "./sentence.ts";

/** Which messages to stop at, as the lens over a handler says; with a condition or a text nothing is asked. */
export interface BreakRequest {
  readonly messageType?: string;
  readonly definition?: string;
  readonly path?: string;
  readonly sender?: string;
  readonly condition?: string;
  readonly log?: string;
  readonly hits?: number;
}

/** Messages of one type, as the lens over their handler says. */
export interface MessageKind {
  readonly messageType: string;
}

/** What the menu of line numbers gives; they begin with 1. */
export interface GutterLine {
  readonly uri: vscode.Uri;
  readonly lineNumber: number;
}

/** What Enter does on a row of the Actor view. */
export type EntryAction =
  /** Opens the line where the actor that is shown asks for that. */
  | { readonly kind: "openQuestion"; readonly messageType: string }
  /** Opens the line of its last crash. */
  | { readonly kind: "openCrash" }
  /** Opens the handler of messages of that type, in the actor that is shown. */
  | { readonly kind: "openHandler"; readonly messageType: string }
  /** Selects another actor. */
  | { readonly kind: "showActor"; readonly key: string };

/** A recording of the workspace, as its row says. */
export interface RecordingFile {
  readonly path: string;
  /** Relative to the workspace, with `/`. */
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly writtenAt: number;
}

/** What each command is called with; `node` is the row the user chose, if any. */
export interface Commands {
  "airssys.run": [file?: vscode.Uri];
  "airssys.debug": [file?: vscode.Uri];
  "airssys.show": [];
  "airssys.newProject": [folder?: vscode.Uri];
  "airssys.showAround": [];
  "airssys.showLog": [];
  "airssys.restartServer": [];
  "airssys.openSource": [node?: Node];
  "airssys.goToCrash": [node?: Node];
  "airssys.explainWait": [node?: Node];
  "airssys.showBlastRadius": [node?: Node];
  "airssys.compareTree": [];
  "airssys.profileByActor": [node?: Node, seconds?: unknown];
  "airssys.hideMarks": [];
  "airssys.revealActor": [];
  "airssys.showActor": [node?: Node];
  "airssys.pinActor": [];
  "airssys.unpinActor": [];
  "airssys.sendToShown": [];
  "airssys.openShown": [];
  "airssys.openEntry": [entry?: { readonly action?: EntryAction }];
  "airssys.sort": [order?: Order];
  "airssys.filter": [text?: string];
  "airssys.resetArrangement": [];
  "airssys.copyPath": [node?: Node];
  "airssys.pause": [node?: Node];
  "airssys.clear": [];
  "airssys.kill": [node?: Node];
  "airssys.restart": [node?: Node];
  "airssys.stop": [node?: Node];
  "airssys.suspend": [node?: Node];
  "airssys.resume": [node?: Node];
  "airssys.terminateProcess": [node?: Node];
  "airssys.killProcess": [node?: Node];
  "airssys.signalProcess": [node?: Node, signal?: unknown];
  "airssys.showProcessOutput": [node?: Node];
  "airssys.copyGrant": [node?: Node];
  "airssys.send": [node?: Node, message?: unknown];
  "airssys.breakOnMessage": [request?: BreakRequest | GutterLine];
  "airssys.showMessages": [];
  "airssys.messagesOf": [of?: Node | MessageKind];
  "airssys.copyMermaid": [];
  "airssys.editCondition": [row?: { readonly id?: string }];
  "airssys.logMessage": [row?: { readonly id?: string }];
  "airssys.goToHandler": [row?: { readonly id?: string }];
  "airssys.removeBreakpoint": [row?: { readonly id?: string }];
  "airssys.removeAllBreakpoints": [];
  "airssys.toggleBreakOnCrash": [];
  "airssys.breakOnDeadLetter": [];
  "airssys.breakOnEscalation": [];
  "airssys.breakOnFullMailbox": [];
  "airssys.stepToReceiver": [];
  "airssys.nextMessage": [];
  "airssys.stepToReply": [];
  "airssys.watchProgram": [target?: unknown];
  "airssys.stopWatching": [node?: Node];
  "airssys.recordStart": [values?: boolean];
  "airssys.recordStop": [];
  "airssys.openRecording": [file?: RecordingFile | vscode.Uri | string];
  "airssys.deleteRecording": [file?: RecordingFile];
  "airssys.copyRecordingMermaid": [file?: RecordingFile];
  "airssys.continueRecording": [];
  "airssys.replayActor": [file?: RecordingFile];
  "airssys.exploreSchedules": [chosen?: unknown];
  "airssys.debugSchedule": [chosen?: unknown];
  "airssys.copySchedule": [chosen?: unknown];
  "airssys.showRunMessages": [chosen?: unknown];
  "airssys.stepBack": [];
}

/**
 * Registers a command. What goes wrong in it is told to the user and written to the log.
 *
 * Anybody may call a command with anything. What its first argument is if it is given is looked at here; only then does it run.
 */
export function register<K extends keyof Commands>(
  log: Log,
  id: K,
  run: (...args: Commands[K]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    // Keys and menus of titles say null where nothing is chosen.
    const given = args[0] === null ? [undefined, ...args.slice(1)] : args;
    if (given[0] !== undefined && !isUsable(id, given[0])) return tell(say("what was chosen is not there any more"));
    try {
      return await run(...(given as Commands[K]));
    } catch (error) {
      log.error(`${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      complain(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  });
}
