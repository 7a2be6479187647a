/** Finds the program that is meant, and the others of the workspace. */
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as vscode from "vscode";
import { innerPath } from "../inner-path.ts";
import { byLikelihood, type Choice, chooseProgram, type KnownProgram, namedFiles } from "./entry.ts";
import type { ProgramQuestions } from "./questions.ts";
import { packageFolderOf, readManifest } from "./tools.ts";

type Questions = Pick<ProgramQuestions, "program" | "programs">;

const LANGUAGES: readonly string[] = ["typescript", "typescriptreact", "javascript", "javascriptreact"];

/** The file in the active editor, when it is one that could be run. */
export function activeFile(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.uri.scheme === "file" && LANGUAGES.includes(document.languageId) ? document.uri : undefined;
}

/** What is meant by running, without a word about what; also in other folders than this, if it has no program. */
export async function choiceInWorkspace(
  folder: vscode.WorkspaceFolder | undefined,
  questions: Questions,
): Promise<Choice> {
  return choiceFor(folder, questions, await programsOf(undefined, questions));
}

/** What is meant by running in that folder. */
export async function choiceFor(
  folder: vscode.WorkspaceFolder | undefined,
  questions: Questions,
  elsewhere: readonly KnownProgram[] = [],
): Promise<Choice> {
  const active = activeFile();
  const report = active && (await questions.program(active.toString()));
  const file = active?.fsPath;
  if (file !== undefined && (report?.startsSystem === true || !folder))
    return report === undefined || report.startsSystem ? { is: "one", file } : { is: "none" };
  const root = folder?.uri.fsPath ?? "";
  const isInside = file !== undefined && innerPath(root, file) !== undefined;
  const packageFolder = packageFolderOf(isInside ? file : path.join(root, "package.json"));
  const named = packageFolder === undefined ? [] : namedIn(packageFolder);
  return chooseProgram({
    active: file === undefined ? undefined : { file, startsSystem: report?.startsSystem === true },
    folder: root,
    packageFolder,
    named,
    elsewhere,
    programs: [...(await startingAmong(named, questions)), ...(await programsOf(folder, questions))],
  });
}

/** What a manifest names may be newer than what is known of the workspace, and may be loaded by others. */
async function startingAmong(files: readonly string[], questions: Questions): Promise<readonly KnownProgram[]> {
  const found: KnownProgram[] = [];
  for (const file of new Set(files)) {
    const report = existsSync(file) ? await questions.program(vscode.Uri.file(file).toString()) : undefined;
    if (report?.startsSystem === true) found.push({ file, isTest: false });
  }
  return found;
}

/** All programs of a folder, the likeliest first. */
export async function programFiles(
  folder: vscode.WorkspaceFolder | undefined,
  questions: Questions,
): Promise<readonly string[]> {
  return byLikelihood(folder?.uri.fsPath ?? "", await programsOf(folder, questions));
}

async function programsOf(
  folder: vscode.WorkspaceFolder | undefined,
  questions: Questions,
): Promise<readonly KnownProgram[]> {
  const known = (await questions.programs())?.programs ?? [];
  return known
    .map(({ uri, isTest, built }) => ({
      file: fileURLToPath(uri),
      isTest,
      built: built === undefined ? undefined : fileURLToPath(built),
    }))
    .filter(({ file }) => !folder || innerPath(folder.uri.fsPath, file) !== undefined);
}

function namedIn(folder: string): readonly string[] {
  return namedFiles(readManifest(folder)).map((name) => path.resolve(folder, name));
}
