/** Code for further variants, in the style of the dispatch it is added to. */
import type { TextEdit } from "../source/text-edit.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Tag } from "./message-type.ts";

/** Adds an arm for each tag where the dispatch has room for it. */
export function armsEdit(path: string, dispatch: Dispatch, tags: readonly Tag[]): TextEdit {
  const { at, needsComma, needsEnding, indent, step, ending } = dispatch.insertion;
  const arms = tags.map((tag) => armText(dispatch, tag)).join("");
  // A line of its own ends a statement.
  const ended = dispatch.kind === "if-chain" ? `\n${indent}${arms.trimStart()}` : `\n${indent}${step}${ending}${arms}`;
  const newText = needsEnding ? ended : needsComma ? `,${arms}` : arms;
  return { path, span: { start: at, end: at }, newText };
}

function armText(dispatch: Dispatch, tag: Tag): string {
  const { indent, step, ending, subject } = dispatch.insertion;
  switch (dispatch.kind) {
    case "switch":
      return `\n${indent}${caseText(dispatch, tag)}:\n${indent}${step}${ending}`;
    case "if-chain":
      return ` else if (${testText(subject, tag)}) {\n${indent}}`;
    case "handlers":
      return `\n${indent}${propertyName(tag)}(state) {\n${indent}${step}return state;\n${indent}},`;
    case "match": {
      const pattern = subject === "" ? tag.text : `{ ${subject}: ${tag.text} }`;
      return `${indent === "" ? "" : `\n${indent}`}.with(${pattern}, () => {})`;
    }
    case "table":
      return `\n${indent}${propertyName(tag)}: () => {},`;
  }
}

/** The label of a clause of a `switch`, without its colon. */
export function caseText({ insertion: { subject } }: Dispatch, tag: Tag): string {
  return `case ${subject === "" ? tag.text : testText(subject, tag)}`;
}

function testText(subject: string, tag: Tag): string {
  return tag.key.startsWith("c:") ? `${subject} instanceof ${tag.text}` : `${subject} === ${tag.text}`;
}

function propertyName(tag: Tag): string {
  const name = tag.key.slice(2);
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) || tag.key.startsWith("n:")) return name;
  return JSON.stringify(name);
}
