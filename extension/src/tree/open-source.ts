/** Opens the source of a row, where the language server has the definition, else where the program says it is; and the line of a crash. */
import { fileURLToPath } from "node:url";
import type { SourceSpan } from "airssys-language-server/protocol";
import type { SourceLocation } from "airssys-rt/inspect";
import * as vscode from "vscode";
import type { ActorQuestions } from "../actor-questions.ts";
import { readLocation } from "../inspect/frame.ts";
import { reach } from "../milestone.ts";
import { tell } from "../notice.ts";
import { isForeign } from "../programs/foreign.ts";
import type { ActorNode, Node, ProcessNode } from "../programs/node.ts";
import { say } from "../sentence.ts";
import { handlerLens } from "./handler-lens.ts";
import { withStack } from "./last-crash.ts";
import type { Sources } from "./sources.ts";
import { specOf } from "./spec-place.ts";
import { framesOf, ownFrames } from "./stack.ts";

export async function openSource(node: Node, sources: Sources): Promise<void> {
  if (node.kind === "source")
    return show(node.missing === undefined ? (node.source.source ?? node.source.spec) : node.source.spec);
  if (node.kind !== "actor" && node.kind !== "process") return tell(say("choose an actor first"));
  const location = await locate(node, sources);
  if (location) return show(location);
  tell(say("the source of this actor is not known"));
}

/** Opens the line an actor crashed at last: the innermost one that the user wrote. */
export async function goToCrash(node: Node | undefined, sources: Sources): Promise<void> {
  const row = node?.kind === "actor" ? node.program.tree.row(node.key) : undefined;
  if (node === undefined) return tell(say("no actor has crashed yet"));
  if (node.kind !== "actor" || row?.lastCrash === undefined) return tell(say("this actor has not crashed"));
  const { lastCrash } = await withStack(node.program, row);
  const [frame] = ownFrames(framesOf(lastCrash?.stack ?? ""), isForeign);
  if (frame) {
    const start = { line: Math.max(0, frame.line - 1), character: Math.max(0, frame.column - 1) };
    await show({ uri: vscode.Uri.file(frame.file).toString(), range: { start, end: start } });
    return reach("hasGoneToCrash");
  }
  tell(say("the line of this crash is not known; this is its actor"));
  await openSource(node, sources);
}

/** Opens what handles messages of that type; the actor, where that is not known. */
export async function openHandler(
  node: ActorNode,
  messageType: string,
  sources: Sources,
  questions: ActorQuestions,
): Promise<void> {
  const definition = node.program.tree.row(node.key)?.definition;
  if (await openHandlerOf({ definition, messageType }, undefined, sources, questions)) return;
  tell(say("the line of this handler is not known; this is its actor"));
  await openSource(node, sources);
}

/**
 * Opens what handles messages of that type: where a program says that it stands, if somebody has written that; else where the source says
 * so.
 *
 * @returns false where neither is known.
 */
export async function openHandlerOf(
  { definition, messageType }: { readonly definition: string | undefined; readonly messageType: string },
  at: SourceLocation | undefined,
  sources: Sources,
  questions: ActorQuestions,
): Promise<boolean> {
  const span = await handlerSpan({ definition, messageType }, at, sources, questions);
  if (span) await show(span);
  return span !== undefined;
}

/** The place that {@link openHandlerOf} opens. */
export async function handlerSpan(
  { definition, messageType }: { readonly definition: string | undefined; readonly messageType: string },
  at: SourceLocation | undefined,
  sources: Sources,
  questions: ActorQuestions,
): Promise<SourceSpan | undefined> {
  const stands = at && spanOf(at);
  const lens =
    stands && (await isWritten(stands.uri))
      ? undefined
      : await handlerLens(sources, questions, definition, messageType);
  return lens ? { uri: lens.uri, range: lens.handler.range } : stands;
}

/** Not made from something else: that would say so at its end. */
async function isWritten(uri: string): Promise<boolean> {
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.parse(uri));
    return !new TextDecoder().decode(bytes).includes("\n//# sourceMappingURL=");
  } catch {
    return false; // it is not there, or was never a file
  }
}

/** One definition of that name is the one; with several, or none, the program itself knows best. */
export async function locate(node: ActorNode | ProcessNode, sources: Sources): Promise<SourceSpan | undefined> {
  const row = node.program.tree.row(node.key);
  if (row === undefined) return undefined;
  const { roots } = await sources.current();
  const known = sources.definitions(row.definition);
  if (known.length === 1) return known[0];
  const location = (await ask(node)) ?? known[0];
  // What the runtime itself defines, such as the actor of a process, is the user's where it is started.
  if (location !== undefined && !isForeign(fileURLToPath(location.uri))) return location;
  return specOf(roots, row.path) ?? location;
}

async function ask({ program, key }: ActorNode | ProcessNode): Promise<SourceSpan | undefined> {
  if (!program.can("locate")) return undefined;
  const answer = await program.request({ type: "locate", key }).catch(() => undefined);
  const location = readLocation(answer);
  return location && spanOf(location);
}

export function spanOf({ file, line, column }: SourceLocation): SourceSpan {
  const start = { line: Math.max(0, line - 1), character: Math.max(0, column - 1) };
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  return { uri: vscode.Uri.file(path).toString(), range: { start, end: start } };
}

export async function show({ uri, range }: SourceSpan): Promise<void> {
  const { start } = range;
  const position = new vscode.Position(start.line, start.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), {
    selection: new vscode.Range(position, position),
    preview: true,
  });
}
