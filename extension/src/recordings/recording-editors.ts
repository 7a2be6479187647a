/** What becomes of a file `*.airssys` that is opened in an editor: the view Messages shows it, or it is text, if somebody wants that. */
import path from "node:path";
import * as vscode from "vscode";
import { wordsPage } from "../messages/page-text.ts";
import { say } from "../sentence.ts";
import type { ShownRecording } from "./shown-recording.ts";

const EDITOR_ID = "airssys.recording";
const TEXT_EDITOR_ID = "airssys.recordingText";
const SCHEME = "airssys-recording";
const SUFFIX = ".log";

export function registerRecordingEditors(shown: ShownRecording): vscode.Disposable {
  const asText = async (file: vscode.Uri): Promise<void> => {
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.from({ scheme: SCHEME, path: `${file.path}${SUFFIX}` }),
    );
    await vscode.window.showTextDocument(document, { preview: true });
  };
  return vscode.Disposable.from(
    vscode.window.registerCustomEditorProvider(EDITOR_ID, new Handing((file) => shown.open(file.fsPath))),
    vscode.window.registerCustomEditorProvider(TEXT_EDITOR_ID, new Handing(asText)),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => textOf(shown, uri.with({ scheme: "file", path: withoutSuffix(uri) }).fsPath),
    }),
  );
}

function withoutSuffix({ path: place }: vscode.Uri): string {
  return place.slice(0, -SUFFIX.length);
}

async function textOf(shown: ShownRecording, file: string): Promise<string> {
  const reader = shown.reader(file);
  try {
    return await reader.ask("text", { name: path.basename(file) });
  } finally {
    reader.close();
  }
}

/** An editor that hands its file to somebody else, and goes; or stays, and says why that was not to be. */
class Handing implements vscode.CustomReadonlyEditorProvider {
  readonly #hand: (file: vscode.Uri) => Promise<void>;

  constructor(hand: (file: vscode.Uri) => Promise<void>) {
    this.#hand = hand;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  /** It is there before it goes: VS Code does not close what has not come. */
  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    panel.webview.html = wordsPage(say("Reading the recording…"));
    this.#hand(uri).then(
      () => setImmediate(() => panel.dispose()),
      (error: Error) => {
        panel.webview.html = wordsPage(error.message);
      },
    );
  }
}
