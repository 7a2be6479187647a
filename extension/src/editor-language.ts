/** Lets this extension speak the language of the editor, where there is a translation. */
import * as vscode from "vscode";
import { speak } from "./sentence.ts";

/** To be called once in each bundle of the extension: each has what it speaks for itself. */
export function speakAsEditor(): void {
  if (vscode.l10n.bundle === undefined) return;
  speak({ translate: (sentence, facts) => vscode.l10n.t(sentence, ...facts), locale: vscode.env.language });
}
