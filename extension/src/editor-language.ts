/** Lets this extension speak the language of the editor, where there is a translation. */
import * as vscode from "vscode";
import { speak } from "./sentence.ts";

/** What is translated, by the English: for what speaks somewhere else. Translations may have comments for translators; those stay here. */
export function translations(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(vscode.l10n.bundle ?? {}).flatMap(([sentence, text]) =>
      typeof text === "string" ? [[sentence, text]] : [],
    ),
  );
}

/** To be called once in each bundle of the extension: each has what it speaks for itself. */
export function speakAsEditor(): void {
  if (vscode.l10n.bundle === undefined) return;
  speak({ translate: (sentence, facts) => vscode.l10n.t(sentence, ...facts), locale: vscode.env.language });
}
