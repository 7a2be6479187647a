/** Asks which actor is meant, where no row is selected. */
import * as vscode from "vscode";
import type { ActorNode, LiveProgram } from "../programs/node.ts";
import type { Programs } from "../programs/programs.ts";
import { say } from "../sentence.ts";
import { iconless } from "../text.ts";
import { actorNode } from "./outline.ts";

interface Item extends vscode.QuickPickItem {
  readonly node: ActorNode;
}

/** @returns `undefined` when nothing runs, or the user would rather not. */
export async function chooseActor({ all }: Programs): Promise<ActorNode | undefined> {
  const items = all.flatMap((program) => itemsOf(program, all.length > 1));
  if (items.length === 0) return undefined;
  const title = say("Which actor?");
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, ignoreFocusOut: true }))?.node;
}

/** Actors before supervisors: who wants to try something means one of those. */
function itemsOf(program: LiveProgram, isOneOfSeveral: boolean): readonly Item[] {
  const rows = [...program.tree.rows].filter(({ parent, state }) => parent !== undefined && state !== "stopped");
  const rank = ({ supervisor }: (typeof rows)[number]): number => Number(supervisor !== undefined);
  return rows
    .sort((one, other) => rank(one) - rank(other))
    .map(({ key, path }) => ({
      label: iconless(path),
      ...(isOneOfSeveral && { description: `${program.title} · ${program.detail}` }),
      node: actorNode(program, key),
    }));
}
