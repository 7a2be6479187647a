/** Asks the user for a message to send, as JSON. */
import type { ActorRow } from "airssys-rt/inspect";
import * as vscode from "vscode";
import { say } from "../sentence.ts";
import { messageFault } from "./message-json.ts";

/** What was sent last to actors of a definition: most messages are sent more than once. */
const last = new Map<string, string>();

/** @returns `undefined` when the user changed their mind. */
export async function readMessage(row: ActorRow): Promise<unknown> {
  const value = last.get(row.definition) ?? '{ "type": "" }';
  const text = await vscode.window.showInputBox({
    title: say("Send a message to {0}", row.path),
    prompt: say('The message as JSON, with a "type"'),
    value,
    valueSelection: [value.indexOf('""') + 1, value.indexOf('""') + 1],
    validateInput: messageFault,
    ignoreFocusOut: true,
  });
  if (text === undefined) return undefined;
  last.set(row.definition, text);
  return JSON.parse(text) as unknown;
}
