/** Where in the source a message was sent and is handled: as the language server's lens over its handler says, and the crash itself. */
import path from "node:path";
import { SHOW_PLACES_COMMAND, type SourceRange } from "airssys-language-server/protocol";
import * as vscode from "vscode";
import type { ActorQuestions } from "../actor-questions.ts";
import { isForeign } from "../programs/foreign.ts";
import type { Program } from "../programs/program.ts";
import { handlerLens } from "../tree/handler-lens.ts";
import { withStack } from "../tree/last-crash.ts";
import type { Sources } from "../tree/sources.ts";
import { framesOf, ownFrames } from "../tree/stack.ts";
import type { MessageFacts, Place, Places } from "./page-protocol.ts";
import type { RecordingSource } from "./recording-source.ts";

/** Places of sends that are told apart by who stands there. */
const SENDS = 50;

interface SentAt {
  readonly uri: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

export class MessagePlaces {
  readonly #sources: Sources;
  readonly #actors: ActorQuestions;

  constructor(sources: Sources, actors: ActorQuestions) {
    this.#sources = sources;
    this.#actors = actors;
  }

  /** What is known of it. @param source whoever told of it; absent when it has ended */
  async find(message: MessageFacts, source: Program | RecordingSource | undefined): Promise<Places> {
    const definition = source && definitionOf(source, message.toKey);
    const { handled, sends } = await this.#lens(message.type, definition);
    const [sent, threw] = await Promise.all([
      this.#sentBy(sends, source && definitionOf(source, message.fromKey)),
      message.hasCrashed && source !== undefined && "tree" in source ? thrownAt(source, message) : undefined,
    ]);
    return { sent, handled, threw };
  }

  async #lens(
    type: string,
    definition: string | undefined,
  ): Promise<{ readonly handled: Place | undefined; readonly sends: readonly SentAt[] }> {
    const lens = await handlerLens(this.#sources, this.#actors, definition, type);
    if (lens === undefined) return { handled: undefined, sends: [] };
    const { start } = lens.handler.range;
    const senders = lens.all.find(
      ({ command, range }) => command?.command === SHOW_PLACES_COMMAND && isSame(range.start, start),
    );
    const sends = (senders?.command?.arguments?.[2] ?? []) as readonly SentAt[];
    return { handled: placeOf(lens.uri, start), sends };
  }

  /** Those in the code of who sent it; all where nobody knows. */
  async #sentBy(sends: readonly SentAt[], sender: string | undefined): Promise<readonly Place[]> {
    const places = sends.slice(0, SENDS);
    const isOwn = await Promise.all(
      places.map(async ({ uri, range }) => {
        if (sender === undefined) return false;
        const actors = await this.#actors.actorsAt(uri, range.start);
        return actors.some(({ name }) => name === sender);
      }),
    );
    const own = places.filter((_, at) => isOwn[at]);
    return (own.length > 0 ? own : places).map(({ uri, range }) => placeOf(uri, range.start));
  }
}

function isSame(one: SourceRange["start"], other: SourceRange["start"]): boolean {
  return one.line === other.line && one.character === other.character;
}

/** What an actor is defined as. @param source a program that runs, or a recording */
export function definitionOf(source: Program | RecordingSource, key: string): string | undefined {
  return "tree" in source ? source.tree.row(key)?.definition : source.definitionOf(key);
}

async function thrownAt(program: Program, { toKey, type }: MessageFacts): Promise<Place | undefined> {
  const row = program.tree.row(toKey);
  if (row === undefined) return undefined;
  const { lastCrash } = await withStack(program, row);
  if (lastCrash?.messageType !== type) return undefined;
  const [frame] = ownFrames(framesOf(lastCrash.stack ?? ""), isForeign);
  if (frame === undefined) return undefined;
  const position = { line: Math.max(0, frame.line - 1), character: Math.max(0, frame.column - 1) };
  return placeOf(vscode.Uri.file(frame.file).toString(), position);
}

function placeOf(uri: string, { line, character }: SentAt["range"]["start"]): Place {
  return { text: `${path.basename(vscode.Uri.parse(uri).path)}:${line + 1}`, uri, line, character };
}
