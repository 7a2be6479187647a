/** Drafts of messages as files: completed and checked by VS Code's own JSON support, and sent from the lens above them. */
import type { MessageForm } from "airssys-language-server/protocol";
import * as vscode from "vscode";
import type { ActorNode } from "../programs/node.ts";
import { say } from "../sentence.ts";
import { withIcon } from "../text.ts";
import { bareText, type Draft, readDraft, withSchema } from "./draft.ts";
import { schemaOf } from "./message-schema.ts";

/** Of the schemas of messages: VS Code asks us for what is in them. */
const SCHEME = "airssys-message";
/** What the lens calls. */
const SEND_COMMAND = "_airssys.sendDraft";

export interface DraftFile {
  readonly document: vscode.TextDocument;
  readonly target: ActorNode;
  readonly form: MessageForm | undefined;
}

export class DraftFiles implements vscode.Disposable {
  readonly #send: (file: DraftFile) => Promise<unknown>;
  readonly #files = new Map<string, DraftFile>();
  readonly #schemas = new Map<string, string>();
  #watches: vscode.Disposable | undefined;

  constructor(send: (file: DraftFile) => Promise<unknown>) {
    this.#send = send;
  }

  /** @param name of the actor, for people */
  async open({ text, form }: Draft, target: ActorNode, name: string): Promise<void> {
    this.#watches ??= this.#watch();
    const content = form === undefined ? text : withSchema(text, this.#schemaUriOf(form, name));
    const document = await vscode.workspace.openTextDocument({ language: "json", content });
    this.#files.set(document.uri.toString(), { document, target, form });
    await vscode.window.showTextDocument(document);
  }

  /** What is written in a file, if it is one of a draft. */
  find(uri: vscode.Uri | undefined): DraftFile | undefined {
    return uri && this.#files.get(uri.toString());
  }

  dispose(): void {
    this.#watches?.dispose();
  }

  #schemaUriOf(form: MessageForm, name: string): string {
    const content = JSON.stringify(schemaOf(form));
    const number = [...this.#schemas.values()].indexOf(content) + 1 || this.#schemas.size + 1;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${number}/${name}.json` });
    this.#schemas.set(uri.toString(), content);
    return uri.toString();
  }

  #watch(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        provideTextDocumentContent: (uri) => this.#schemas.get(uri.toString()),
      }),
      vscode.languages.registerCodeLensProvider(
        { scheme: "untitled", language: "json" },
        { provideCodeLenses: (document) => this.#lensesOf(document) },
      ),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#files.delete(uri.toString())),
      vscode.commands.registerCommand(SEND_COMMAND, async (uri: vscode.Uri) => {
        const file = this.find(uri);
        if (file) await this.#send(file);
      }),
    );
  }

  #lensesOf(document: vscode.TextDocument): vscode.CodeLens[] {
    const file = this.find(document.uri);
    if (!file) return [];
    const { program, key } = file.target;
    const { fault } = readDraft(draftIn(file));
    const name = program.tree.row(key)?.id ?? key;
    const command =
      fault === undefined
        ? { title: withIcon("send", say("Send to {0}", name)), command: SEND_COMMAND, arguments: [document.uri] }
        : { title: withIcon("error", fault), command: "" };
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command)];
  }
}

export function draftIn({ document, form }: DraftFile): Draft {
  return { text: bareText(document.getText(), `${SCHEME}:`), form };
}
