/** What is shown of a failure: the sentence of its race, how to have it again, and the places of handler and sends. */
import type { SourceSpan } from "airssys-language-server/protocol";
import * as vscode from "vscode";
import type { ActorQuestions } from "../actor-questions.ts";
import { isForeign } from "../programs/foreign.ts";
import { say } from "../sentence.ts";
import { escapeInLine, escapeMarkdown, fenced, seenText } from "../text.ts";
import { handlerSpan, spanOf } from "../tree/open-source.ts";
import type { Sources } from "../tree/sources.ts";
import { framesOf, ownFrames } from "../tree/stack.ts";
import { findingSentence, raceSentence } from "./outcome-words.ts";
import type { ExplorationFailed, Handling, RaceSide, ReportedError } from "./test-event.ts";
import type { TestNode } from "./test-node.ts";

/** By which menus know a failure that has a schedule. */
const SCHEDULE_CONTEXT = "airssysSchedule";

export interface Asked {
  readonly sources: Sources;
  readonly actors: ActorQuestions;
}

/** @param line runs it again in a terminal */
export async function explorationMessage(
  failure: ExplorationFailed,
  line: string,
  asked: Asked,
): Promise<vscode.TestMessage> {
  const error = seenText(failure.error.message).split("\n", 1)[0] ?? "";
  const text = new vscode.MarkdownString(
    [
      `**${escapeInLine(raceSentence(failure))}**`,
      escapeMarkdown(`${failure.error.name}: ${error}`),
      escapeMarkdown(findingSentence(failure)),
      fenced(line),
      fenced(seenText(failure.report)),
    ].join("\n\n"),
  );
  const message = new vscode.TestMessage(text);
  message.contextValue = SCHEDULE_CONTEXT;
  const frames = await framesIn(failure, asked);
  const [first] = frames;
  if (first?.uri && first.position) message.location = new vscode.Location(first.uri, first.position);
  message.stackTrace = frames;
  return message;
}

async function framesIn({ races, last }: ExplorationFailed, asked: Asked): Promise<vscode.TestMessageStackFrame[]> {
  const [race] = races;
  const handled = race?.handler ?? last;
  const frames: vscode.TestMessageStackFrame[] = [];
  if (handled !== undefined)
    frames.push(frameAt(say("{0} handles {1}", handled.actor, handled.type), await placeOf(handled, asked)));
  for (const side of race === undefined ? [] : [race.first, race.second])
    if (side.at !== undefined) frames.push(frameAt(sendWords(side), spanOf(side.at)));
  return frames;
}

function sendWords({ actor, type }: RaceSide): string {
  return say("{0} sends {1}", actor, type);
}

/** The source knows best: a loader may have changed the lines of what runs. */
async function placeOf(
  { definition, type, at }: Handling,
  { sources, actors }: Asked,
): Promise<SourceSpan | undefined> {
  const handled = { definition: definition || undefined, messageType: type };
  return (await handlerSpan(handled, undefined, sources, actors)) ?? (at && spanOf(at));
}

function frameAt(label: string, span: SourceSpan | undefined): vscode.TestMessageStackFrame {
  if (span === undefined) return new vscode.TestMessageStackFrame(label);
  const { line, character } = span.range.start;
  return new vscode.TestMessageStackFrame(label, vscode.Uri.parse(span.uri), new vscode.Position(line, character));
}

/** Of a test that failed by itself. */
export function errorMessage(node: TestNode, { message, stack, expected, actual }: ReportedError): vscode.TestMessage {
  const said = seenText(message === "" ? stack : message) || say("It failed, and its runner does not say why.");
  const shown =
    expected !== undefined && actual !== undefined
      ? vscode.TestMessage.diff(said, seenText(expected), seenText(actual))
      : new vscode.TestMessage(said);
  const frames = ownFrames(framesOf(stack), isForeign).map(({ file, line, column }) =>
    frameAt("", spanOf({ file, line, column })),
  );
  const [first] = frames;
  if (first?.uri && first.position) shown.location = new vscode.Location(first.uri, first.position);
  else if (node.range !== undefined)
    shown.location = new vscode.Location(vscode.Uri.parse(node.uri), positionOf(node.range.start));
  return shown;
}

function positionOf({ line, character }: { readonly line: number; readonly character: number }): vscode.Position {
  return new vscode.Position(line, character);
}
