/**
 * Code for further variants, in the style of the dispatch it is added to. A new arm throws: a message that nobody has written a
 * handler for yet must not be lost without a trace.
 */
import type { TextEdit } from "../source/text-edit.ts";
import type { Dispatch } from "./dispatch.ts";
import type { PlacedTag, Tag } from "./message-type.ts";

/** A tag that can be written. */
export type WrittenTag = PlacedTag & { readonly code: string };

/** @returns `undefined` when one of them cannot be written at its place. */
export function writable(tags: readonly PlacedTag[]): readonly WrittenTag[] | undefined {
  return tags.every((tag): tag is WrittenTag => tag.code !== undefined) ? tags : undefined;
}

/** Adds an arm for each tag where the dispatch has room for it. What is to be written instead of the first throw is selected. */
export function armsEdit(path: string, dispatch: Dispatch, tags: readonly WrittenTag[]): TextEdit {
  const { at, needsComma, needsEnding, indent, step, ending } = dispatch.insertion;
  const arms = tags.map((tag) => armText(dispatch, tag)).join("");
  // A line of its own ends a statement.
  const ended = dispatch.kind === "if-chain" ? `\n${indent}${arms.trimStart()}` : `\n${indent}${step}${ending}${arms}`;
  const newText = needsEnding ? ended : needsComma ? `,${arms}` : arms;
  const [first] = tags;
  if (first === undefined) return { path, span: { start: at, end: at }, newText };
  const body = bodyText(first);
  // Behind what was there before: an ending may be a throw too.
  const start = newText.indexOf(body, newText.length - arms.length);
  return { path, span: { start: at, end: at }, newText, selection: { start, end: start + body.length } };
}

/** The imports that the tags need, each once. */
export function importEdits(path: string, tags: readonly PlacedTag[]): readonly TextEdit[] {
  const edits = new Map<string, TextEdit>();
  for (const { needs } of tags) {
    if (needs === undefined) continue;
    const { at, newText } = needs;
    edits.set(`${at} ${newText}`, { path, span: { start: at, end: at }, newText });
  }
  return [...edits.values()];
}

function armText(dispatch: Dispatch, tag: WrittenTag): string {
  const { indent, step, subject } = dispatch.insertion;
  const body = bodyText(tag);
  const block = `{\n${indent}${step}${body}\n${indent}}`;
  switch (dispatch.kind) {
    case "switch":
      return `\n${indent}${caseText(dispatch, tag)}:\n${indent}${step}${body}`;
    case "if-chain":
      return ` else if (${testText(subject, tag)}) ${block}`;
    case "handlers":
      return `\n${indent}${propertyName(tag)}() ${block},`;
    case "match":
      return patternText(dispatch, tag, indent === "" ? `{ ${body} }` : block);
    case "table":
      return `\n${indent}${propertyName(tag)}: () => ${block},`;
  }
}

/** One `with` of a `match`, with the body of its handler. */
export function patternText({ insertion: { indent, subject } }: Dispatch, tag: WrittenTag, block: string): string {
  const pattern = subject === "" ? tag.code : `{ ${subject}: ${tag.code} }`;
  return `${indent === "" ? "" : `\n${indent}`}.with(${pattern}, () => ${block})`;
}

/** The label of a clause of a `switch`, without its colon. */
export function caseText({ insertion: { subject } }: Dispatch, tag: WrittenTag): string {
  return `case ${subject === "" ? tag.code : testText(subject, tag)}`;
}

/** The message of the error is what a person calls the variant. */
function bodyText(tag: Tag): string {
  const name = tag.text.startsWith('"') ? tag.key.slice(2) : tag.text;
  return `throw new Error(${JSON.stringify(`${name} is not handled yet`)});`;
}

function testText(subject: string, tag: WrittenTag): string {
  return tag.key.startsWith("c:") ? `${subject} instanceof ${tag.code}` : `${subject} === ${tag.code}`;
}

/** The name of a property is the value, whatever it is called in code; only a symbol has no other. */
function propertyName(tag: WrittenTag): string {
  if (tag.key.startsWith("y:")) return `[${tag.code}]`;
  const name = tag.key.slice(2);
  return /^(?:[\p{ID_Start}$_][\p{ID_Continue}$]*|\d+)$/u.test(name) ? name : JSON.stringify(name);
}
