/** From the code to the rows: the actor whose handler, class or child spec stands under the cursor. */
import * as vscode from "vscode";
import type { ActorQuestions } from "../actor-questions.ts";
import { tell } from "../notice.ts";
import type { LiveProgram } from "../programs/node.ts";
import type { Programs } from "../programs/programs.ts";
import { say } from "../sentence.ts";
import { iconless } from "../text.ts";
import { type Instance, instancesOf } from "./instances.ts";
import type { SupervisionView } from "./view.ts";

interface Item extends vscode.QuickPickItem, Instance {
  readonly program: LiveProgram;
}

/** @returns whether a row was shown. */
export async function revealActor(
  view: SupervisionView,
  programs: Programs,
  questions: ActorQuestions,
): Promise<boolean> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return nothing(say("open a file with actor code first"));
  const { document, selection } = editor;
  const actors = await questions.actorsAt(document.uri.toString(), selection.active);
  const [first] = actors;
  if (!first) return nothing(say("no actor is defined here"));
  const items = programs.shown.flatMap((program) =>
    instancesOf(program.tree, actors).map((instance): Item => itemOf(program, instance, programs.shown.length > 1)),
  );
  if (items.length === 0)
    return nothing(
      programs.shown.length === 0 ? say("no actor program is running") : say("no {0} is running", first.name),
    );
  const title = say("Which {0}?", iconless(first.name));
  const chosen =
    items.length === 1
      ? items[0]
      : await vscode.window.showQuickPick(items, { title, matchOnDescription: true, ignoreFocusOut: true });
  return chosen ? view.reveal(chosen.program, chosen.key) : false;
}

function itemOf(program: LiveProgram, instance: Instance, isOneOfSeveral: boolean): Item {
  const { path, incarnation } = instance;
  const lives = incarnation > 1 ? say("incarnation {0}", incarnation) : undefined;
  const where = isOneOfSeveral ? `${program.title} · ${program.detail}` : undefined;
  return {
    ...instance,
    program,
    label: iconless(path),
    description: [lives, where].filter((part) => part !== undefined).join(" · "),
  };
}

function nothing(text: string): false {
  tell(text);
  return false;
}
