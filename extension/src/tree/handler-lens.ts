/** Finds the handler of a message in the source: by the language server's lens over it. Knows no editor. */
import { BREAK_ON_MESSAGE_COMMAND, type HandledMessage } from "airssys-language-server/protocol";
import type { ActorQuestions, SourceLens } from "../actor-questions.ts";
import type { Sources } from "./sources.ts";

/** The lens over a handler, and all of its file. */
export interface HandlerLens {
  readonly uri: string;
  readonly handler: SourceLens;
  readonly all: readonly SourceLens[];
}

/** @returns `undefined` where nobody knows the handler. */
export async function handlerLens(
  sources: Sources,
  questions: ActorQuestions,
  definition: string | undefined,
  messageType: string,
): Promise<HandlerLens | undefined> {
  await sources.current();
  const [source] = definition === undefined ? [] : sources.definitions(definition);
  if (source === undefined) return undefined;
  const all = await questions.lenses(source.uri);
  const handler = all.find(({ command }) => {
    const [handled] = (command?.arguments ?? []) as HandledMessage[];
    const isThat = command?.command === BREAK_ON_MESSAGE_COMMAND && handled?.messageType === messageType;
    return isThat && (handled.definition === undefined || handled.definition === definition);
  });
  return handler && { uri: source.uri, handler, all };
}
