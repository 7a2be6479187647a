/** Definition, implementation, references and rename along messages: between sends, handlers and the declaration of a variant. */

import type { FileSpan, Span } from "../source/span.ts";
import type { TextEdit } from "../source/text-edit.ts";
import type { MessageHere, MessagePlaces } from "./message-places.ts";

/** From a send to the handlers; from a handler to the declaration. */
export function definitionOf(places: MessagePlaces, here: MessageHere): readonly FileSpan[] {
  if (here.role === "send") return here.variants.flatMap((variant) => handlers(places, variant));
  return here.role === "handler" ? here.variants.flatMap((variant) => declaration(places, variant)) : [];
}

/** From anywhere to the handlers. */
export function implementationsOf(places: MessagePlaces, here: MessageHere): readonly FileSpan[] {
  return here.variants.flatMap((variant) => handlers(places, variant));
}

/** Senders and handlers, and the declaration when that is wanted. */
export function referencesOf(places: MessagePlaces, here: MessageHere, withDeclaration: boolean): readonly FileSpan[] {
  return here.variants.flatMap((variant) => [
    ...(withDeclaration ? declaration(places, variant) : []),
    ...handlers(places, variant),
    ...places.sendersOf(variant).map(({ path, fact }) => ({ path, span: fact.tagSpan ?? fact.nameSpan })),
  ]);
}

/**
 * The texts of messages alone, each once: without quotation marks, as a compiler's own server tells them, so that an editor shows one
 * line where both answer.
 */
export function messageRanges(places: readonly FileSpan[], textOf: (path: string) => string): readonly FileSpan[] {
  const ranges = places.map(({ path, span }) => ({ path, span: textRange(span, textOf(path)) }));
  const unique = new Map(ranges.map((one) => [`${one.path}:${one.span.start}:${one.span.end}`, one]));
  return [...unique.values()];
}

function textRange({ start, end }: Span, text: string): Span {
  const written = text.slice(start, end);
  const literal = /(["'`])((?:(?!\1).)*)\1$/s.exec(written);
  if (literal === null) return { start, end };
  const from = start + literal.index + 1;
  return { start: from, end: from + (literal[2] ?? "").length };
}

/** What stands at the place and can be renamed: the text of one variant's discriminant. */
export function renameableAt(here: MessageHere, text: string): Span | undefined {
  const quoted = /^(["'`]).*\1$/.exec(text.slice(here.span.start, here.span.end));
  if (here.variants.length !== 1 || quoted === null) return undefined;
  return { start: here.span.start + 1, end: here.span.end - 1 };
}

/** @returns `undefined` when a place does not write the discriminant as a literal: renaming the others would break it. */
export function renameEdits(
  places: MessagePlaces,
  here: MessageHere,
  newName: string,
  textOf: (path: string) => string,
): readonly TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  const seen = new Set<string>();
  for (const { path, span } of referencesOf(places, here, true)) {
    const key = `${path}:${span.start}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const edit = renamed(textOf(path).slice(span.start, span.end), newName);
    if (edit === undefined) return undefined;
    edits.push({ path, span, newText: edit });
  }
  return edits;
}

/** A literal, a comparison with one, or the name of a handler in a map. */
function renamed(text: string, newName: string): string | undefined {
  const literal = /^(["'`])(?:[^\\])*\1$/.exec(text);
  if (literal !== null) return `${literal[1]}${newName}${literal[1]}`;
  const comparison = /^(.*(?:===|==)\s*)(["'`])[^"'`]*\2$/s.exec(text);
  if (comparison !== null) return `${comparison[1]}${comparison[2]}${newName}${comparison[2]}`;
  if (!/^[\w$]+$/.test(text)) return undefined;
  return /^[A-Za-z_$][\w$]*$/.test(newName) ? newName : JSON.stringify(newName);
}

function handlers(places: MessagePlaces, variant: string): readonly FileSpan[] {
  return places.handlersOf(variant).map(({ path, arm }) => ({ path, span: arm.span }));
}

function declaration(places: MessagePlaces, variant: string): readonly FileSpan[] {
  const found = places.declarationOf(variant);
  return found === undefined ? [] : [{ path: found.path, span: found.span }];
}
