/** Shows what an actor waits for, question by question; Enter opens the line of the question. */
import type { SourceSpan } from "airssys-language-server/protocol";
import * as vscode from "vscode";
import type { ActorQuestions } from "../actor-questions.ts";
import { tell } from "../notice.ts";
import type { ActorNode, Node } from "../programs/node.ts";
import { type Wait, type WaitChain, waitChain } from "../programs/wait-chain.ts";
import { say } from "../sentence.ts";
import { iconless, withIcon } from "../text.ts";
import { locate, openSource, show } from "./open-source.ts";
import type { Sources } from "./sources.ts";
import { markdownLink } from "./stack.ts";
import { hangsOn, waitLine } from "./wait-words.ts";

export async function explainWait(node: Node | undefined, sources: Sources, questions: ActorQuestions): Promise<void> {
  if (node?.kind !== "actor") return tell(say("choose an actor first"));
  const chain = waitChain(node.program.tree, node.key, Date.now());
  if (chain.waits.length === 0) return tell(say("this actor waits for nobody"));
  const items = chain.waits.map((wait) => {
    const { label, description } = waitLine(wait);
    const icon = node.program.tree.isDeadlocked(wait.row.key) ? "sync-ignored" : "watch";
    return { label: withIcon(icon, label), description: iconless(description), wait };
  });
  const title = iconless(hangsOn(chain));
  const placeHolder = say("Enter opens the line of the question");
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder,
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (chosen) await openAsk({ ...node, key: chosen.wait.row.key }, chosen.wait, sources, questions);
}

/** Opens the line at which an actor of a deadlock asks. @returns false when it is in none. */
export async function openDeadlock(node: Node, sources: Sources, questions: ActorQuestions): Promise<boolean> {
  if (node.kind !== "actor" || !node.program.tree.isDeadlocked(node.key)) return false;
  const [wait] = waitChain(node.program.tree, node.key, Date.now()).waits;
  if (wait) await openAsk(node, wait, sources, questions);
  return wait !== undefined;
}

/** Opens the line at which an actor asks that. */
export async function openQuestion(
  node: ActorNode,
  messageType: string,
  sources: Sources,
  questions: ActorQuestions,
): Promise<void> {
  const row = node.program.tree.row(node.key);
  if (row) await openAsk(node, { row, messageType }, sources, questions);
}

/** The actor itself, where the line is not known. */
async function openAsk(
  node: ActorNode,
  wait: Pick<Wait, "row" | "messageType">,
  sources: Sources,
  questions: ActorQuestions,
): Promise<void> {
  const place = await placeOf(node, wait, sources, questions);
  if (place) return show(place);
  tell(say("the line of this question is not known; this is its actor"));
  await openSource(node, sources);
}

/** Where a chain's waits were begun, as links, by their places in it. */
export async function linksOf(
  node: ActorNode,
  chain: WaitChain,
  sources: Sources,
  questions: ActorQuestions,
): Promise<ReadonlyMap<number, string>> {
  const places = await Promise.all(
    chain.waits.map((wait) => placeOf({ ...node, key: wait.row.key }, wait, sources, questions)),
  );
  const links = places.map((place, at) => [at, place && linkTo(place)] as const);
  return new Map(links.flatMap(([at, link]) => (link === undefined ? [] : [[at, link] as const])));
}

function linkTo({ uri, range: { start } }: SourceSpan): string {
  const { path } = vscode.Uri.parse(uri);
  return markdownLink(path, uri, start.line + 1, start.character + 1);
}

/** `undefined` where a child is waited for, and where nobody knows the line. */
async function placeOf(
  node: ActorNode,
  { row, messageType }: Pick<Wait, "row" | "messageType">,
  sources: Sources,
  questions: ActorQuestions,
): Promise<SourceSpan | undefined> {
  if (messageType === undefined) return undefined;
  await sources.current();
  const uri = sources.definitions(row.definition).length > 1 ? (await locate(node, sources))?.uri : undefined;
  const [first] = await questions.askPlaces(row.definition, uri, messageType);
  return first;
}
