/**
 * A handler that leaves out a variant of its message type: such a message is dropped without a trace.
 *
 * Reported for `switch`, `if` chains and handler maps over a union whose variants are all known. Silent when the message is
 * given to other code, when anything else runs for the remaining variants, or when a condition cannot be decided.
 */
import type { Finding, Fix } from "../diagnostic.ts";
import type { Dispatch } from "../facts/dispatch.ts";
import type { FileFacts } from "../facts/file-facts.ts";
import type { Tag } from "../facts/message-type.ts";
import type { FileRule } from "../rule.ts";

export const rule: FileRule = {
  name: "unhandled-message",
  code: 1001,
  title: "A handler does not cover every variant of its message type",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    facts.dispatches.filter((dispatch) => dispatch.missing.length > 0).map((dispatch) => report(facts, dispatch)),
};

function report(facts: FileFacts, dispatch: Dispatch): Finding {
  const names = dispatch.missing.map((tag) => tag.text);
  return {
    path: facts.path,
    span: dispatch.span,
    message: `${listed(names)} ${names.length === 1 ? "is" : "are"} not handled`,
    fixes: [fix(facts.path, dispatch)],
  };
}

function listed(names: readonly string[]): string {
  return names.length <= 1 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function fix(path: string, dispatch: Dispatch): Fix {
  const { at } = dispatch.insertion;
  const newText = dispatch.missing.map((tag) => codeFor(dispatch, tag)).join("");
  const title =
    dispatch.kind === "switch"
      ? "Add the missing cases"
      : dispatch.kind === "handlers"
        ? "Add the missing handlers"
        : "Add the missing branches";
  const comma = dispatch.insertion.needsComma ? "," : "";
  return { title, isSafe: true, edits: [{ path, span: { start: at, end: at }, newText: comma + newText }] };
}

function codeFor(dispatch: Dispatch, tag: Tag): string {
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
  }
}

function propertyName(tag: Tag): string {
  const name = tag.key.slice(2);
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) || tag.key.startsWith("n:")) return name;
  return JSON.stringify(name);
}
