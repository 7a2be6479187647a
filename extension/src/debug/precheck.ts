/** Asks before a run what the run would trip over: errors in the source, and what Node's permissions keep out. */
import { fileURLToPath } from "node:url";
import type { ProgramErrors } from "airssys-language-server/protocol";
import * as vscode from "vscode";
import { innerPath } from "../inner-path.ts";
import { counted, say } from "../sentence.ts";
import { plain } from "../text.ts";
import type { Denied } from "./permissions.ts";

/** Errors that a question names; the others are counted. */
const NAMED = 5;

/** @returns whether the program is to run all the same. */
export async function runsWithErrors({ errors }: ProgramErrors, folder: string): Promise<boolean> {
  const [first] = errors;
  if (!first) return true;
  const lines = errors.slice(0, NAMED).map(({ at, message }) => {
    const file = fileURLToPath(at.uri);
    return `${innerPath(folder, file) ?? file}:${at.range.start.line + 1}: ${plain(message)}`;
  });
  if (errors.length > NAMED) lines.push(say("… and {0} more.", errors.length - NAMED));
  const [runAnyway, show] = [say("Run Anyway"), say("Show Error")];
  const title = counted(
    errors.length,
    "The program has an error. Run it anyway?",
    "The program has {0} errors. Run it anyway?",
  );
  const choice = await vscode.window.showWarningMessage(
    title,
    { modal: true, detail: lines.join("\n") },
    runAnyway,
    show,
  );
  if (choice === show)
    await reveal(fileURLToPath(first.at.uri), first.at.range.start.line, first.at.range.start.character);
  return choice === runAnyway;
}

/** @returns flags to add; `undefined`: it is not to run. */
export async function flagsToAdd(
  { flags, isHopeless }: Denied,
  noDebug: boolean,
): Promise<readonly string[] | undefined> {
  if (isHopeless) {
    const text = say(
      "The program runs under Node's permission model (--permission), and this Node lets no debugger in.",
    );
    const detail = say("Run it without debugging, or use a Node that knows --allow-inspector.");
    await vscode.window.showWarningMessage(text, { modal: true, detail });
    return undefined;
  }
  if (flags.length === 0) return [];
  const text = noDebug
    ? say("Node's permission model keeps the actors out of view. Missing: {0}", flags.join(" "))
    : say("Node's permission model keeps the debugger out. Missing: {0}", flags.join(" "));
  const detail = noDebug
    ? say(
        "Without it the program runs, and nothing of it is shown. It is added for this run only; the program may then use the network.",
      )
    : say(
        "Without it the program would run without stopping anywhere. It is added for this run only, and lets the program do more than it may otherwise.",
      );
  const [add, without] = [say("Add for This Run"), say("Run Without")];
  const choice = await vscode.window.showWarningMessage(text, { modal: true, detail }, add, without);
  if (choice === undefined) return undefined;
  return choice === add ? flags : [];
}

export async function reveal(file: string, line: number, character: number): Promise<void> {
  const at = new vscode.Range(line, character, line, character);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: at });
}
