/**
 * A `default`, or the `otherwise` of a `match`, that does nothing takes variants of a protocol whose variants are all known: a
 * message added later is dropped without a word from the compiler or from us.
 *
 * Silent when the clause does something, throws, or takes no variant at all.
 */
import { armsEdit } from "../arms-edit.ts";
import type { Finding } from "../diagnostic.ts";
import type { Dispatch } from "../facts/dispatch.ts";
import type { Tag } from "../facts/message-type.ts";
import type { FileRule } from "../rule.ts";

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
  const names = catchAll.takes.map((tag) => tag.text).join(", ");
  const span = { start: dispatch.insertion.at, end: catchAll.full.end };
  const isMatch = kind === "match";
  const newText = isMatch ? patterns(path, dispatch, catchAll.takes) : labels(dispatch, catchAll.takes);
  const fix = { title: "Name the variants that are dropped", isSafe: !isMatch, edits: [{ path, span, newText }] };
  const message = `${isMatch ? "otherwise" : "default"} drops ${names} without a trace`;
  return [{ path, span: catchAll.span, message, fixes: [fix] }];
}

function labels({ insertion: { indent, step, ending } }: Dispatch, takes: readonly Tag[]): string {
  return `${takes.map((tag) => `\n${indent}case ${tag.text}:`).join("")}\n${indent}${step}${ending}`;
}

/** In the place of `otherwise`: from then on the compiler says what is missing. */
function patterns(path: string, dispatch: Dispatch, takes: readonly Tag[]): string {
  const { indent } = dispatch.insertion;
  return `${armsEdit(path, dispatch, takes).newText}${indent === "" ? "" : `\n${indent}`}.exhaustive()`;
}
