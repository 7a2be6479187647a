/** Code for further variants, in the style of the dispatch it is added to. */
import type { TextEdit } from "./diagnostic.ts";
import type { Dispatch } from "./facts/dispatch.ts";
import type { Tag } from "./facts/message-type.ts";

/** Adds an arm for each tag where the dispatch has room for it. */
export function armsEdit(path: string, dispatch: Dispatch, tags: readonly Tag[]): TextEdit {
  const { at, needsComma, needsEnding, indent, step, ending } = dispatch.insertion;
  const before = needsComma ? "," : needsEnding ? `\n${indent}${step}${ending}` : "";
  const arms = tags.map((tag) => armText(dispatch, tag)).join("");
  return { path, span: { start: at, end: at }, newText: before + arms };
}

function armText(dispatch: Dispatch, tag: Tag): string {
  const { indent, step, ending, subject } = dispatch.insertion;
  switch (dispatch.kind) {
    case "switch":
      return `\n${indent}case ${tag.text}:\n${indent}${step}${ending}`;
    case "if-chain": {
      const test = tag.key.startsWith("c:") ? `${subject} instanceof ${tag.text}` : `${subject} === ${tag.text}`;
      return ` else if (${test}) {\n${indent}}`;
    }
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

function propertyName(tag: Tag): string {
  const name = tag.key.slice(2);
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) || tag.key.startsWith("n:")) return name;
  return JSON.stringify(name);
}
