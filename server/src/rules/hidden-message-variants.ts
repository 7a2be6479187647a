/**
 * A `default`, or the `otherwise` of a `match`, that does nothing, or only notes, takes variants of a protocol whose variants are all known: a
 * message added later is dropped without a word from the compiler or from us.
 *
 * Silent when the clause does anything else, throws, or takes no variant at all.
 */
import { caseText, importEdits, patternText, type WrittenTag, writable } from "../facts/arms-edit.ts";
import type { CatchAll, Dispatch } from "../facts/dispatch.ts";
import type { TextEdit } from "../source/text-edit.ts";
import type { Finding, Fix } from "./diagnostic.ts";
import { listedNames } from "./listed-names.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "hidden-message-variants",
  code: 1002,
  title: "A default clause that does nothing hides variants of the message type",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) => facts.dispatches.flatMap((dispatch) => report(facts.path, dispatch)),
};

function report(path: string, dispatch: Dispatch): readonly Finding[] {
  const { catchAll, kind } = dispatch;
  if (catchAll === undefined || !catchAll.isSilent || catchAll.takes.length === 0) return [];
  const names = listedNames(catchAll.takes.map((tag) => tag.text));
  const word = kind === "match" ? "otherwise" : "default";
  const message = catchAll.isNoted
    ? `${word} notes ${names} and drops ${catchAll.takes.length === 1 ? "it" : "them"}`
    : `${word} drops ${names} without a trace`;
  return [{ path, span: catchAll.span, message, fixes: fixes(path, dispatch, catchAll) }];
}

/** Never safe: whether they are to be dropped is for a person to say. */
function fixes(path: string, dispatch: Dispatch, catchAll: CatchAll): readonly Fix[] {
  const tags = writable(catchAll.takes);
  if (tags === undefined) return [];
  const edit = (dispatch.kind === "match" ? patterns : labels)(path, dispatch, catchAll, tags);
  const edits = [edit, ...importEdits(path, tags)];
  return [{ title: "Name the variants that are dropped", isSafe: false, isObvious: dispatch.kind !== "match", edits }];
}

/** In the place of the word `default`: what the clause does stays. */
function labels(path: string, dispatch: Dispatch, { span }: CatchAll, tags: readonly WrittenTag[]): TextEdit {
  const newText = tags.map((tag) => caseText(dispatch, tag)).join(`:\n${dispatch.insertion.indent}`);
  return { path, span, newText };
}

/** In the place of `otherwise`: from then on the compiler says what is missing. */
function patterns(path: string, dispatch: Dispatch, { full }: CatchAll, tags: readonly WrittenTag[]): TextEdit {
  const { at, indent } = dispatch.insertion;
  const named = tags.map((tag) => patternText(dispatch, tag, "{}")).join("");
  const newText = `${named}${indent === "" ? "" : `\n${indent}`}.exhaustive()`;
  return { path, span: { start: at, end: full.end }, newText };
}
