/** The input of *Break on Message…*: a condition, or a text to log, for one message; checked as it is typed. */
import { Script } from "node:vm";
import * as vscode from "vscode";
import { say } from "../sentence.ts";
import type { ActorStop } from "./actor-stops.ts";

/**
 * Asks for the condition of a breakpoint, or for its text when it has one.
 *
 * @param paths where its actors live: with one it can be for that one alone.
 * @returns the breakpoint as it is to be; `undefined` when the user gave up.
 */
export function askCondition(stop: ActorStop, paths: readonly string[]): Promise<ActorStop | undefined> {
  return new Promise((resolve) => {
    const box = vscode.window.createInputBox();
    let { log, path } = stop;
    let result: ActorStop | undefined;
    const logButton = {
      iconPath: new vscode.ThemeIcon("output"),
      tooltip: say("Log instead of stopping"),
    };
    const actorButton = {
      iconPath: new vscode.ThemeIcon("target"),
      tooltip: say("Only one actor"),
    };
    const show = (): void => {
      const isText = log !== undefined;
      const who = path ?? stop.definition ?? "";
      box.title = isText
        ? say("Log {0} in {1}", stop.messageType, who)
        : say("Break on {0} in {1}", stop.messageType, who);
      box.prompt = isText
        ? say("Text; expressions in braces: order {message.id}. Known: message, sender, actor, incarnation.")
        : say("Condition; empty: every {0}. Known: message, sender, actor, incarnation.", stop.messageType);
      box.buttons = paths.length > 0 ? [logButton, actorButton] : [logButton];
      check();
    };
    const check = (): void => {
      box.validationMessage = (log === undefined && faultOf(box.value)) || undefined;
    };
    box.value = log ?? stop.condition ?? "";
    box.onDidChangeValue(check);
    box.onDidTriggerButton(async (button) => {
      if (button === logButton) {
        log = log === undefined ? "" : undefined;
        box.value = log === undefined ? (stop.condition ?? "") : [stop.messageType, "{message}"].join(" ");
      } else path = await chooseActor(paths, path);
      box.show();
      show();
    });
    box.onDidAccept(() => {
      if (box.validationMessage) return;
      const { condition: _, log: __, path: ___, ...others } = stop;
      const text = box.value.trim();
      const said = log === undefined ? (text === "" ? {} : { condition: text }) : { log: text };
      const kept = log !== undefined && stop.condition !== undefined ? { condition: stop.condition } : {};
      result = { ...others, ...kept, ...said, ...(path === undefined ? {} : { path }) };
      box.hide();
    });
    let isChoosing = false;
    const chooseActor = async (all: readonly string[], before: string | undefined): Promise<string | undefined> => {
      if (all.length === 1) return before === undefined ? all[0] : undefined;
      isChoosing = true;
      const chosen = await vscode.window.showQuickPick([...all], { placeHolder: say("Only which actor?") });
      isChoosing = false;
      return chosen;
    };
    box.onDidHide(() => {
      if (isChoosing) return;
      box.dispose();
      resolve(result);
    });
    box.show();
    show();
  });
}

/** What is wrong with an expression; `undefined` for one that can be read. */
function faultOf(source: string): string | undefined {
  if (source.trim() === "") return undefined;
  try {
    new Script(`(${source}\n)`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
