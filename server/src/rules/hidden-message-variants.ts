/**
 * A `default` that does nothing takes variants of a protocol whose variants are all known: a message added later is dropped
 * without a word from the compiler or from us.
 *
 * Silent when the clause does something, throws, or takes no variant at all.
 */
import type { Finding } from "../diagnostic.ts";
import type { Dispatch } from "../facts/dispatch.ts";
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

function report(path: string, { catchAll, insertion }: Dispatch): readonly Finding[] {
  if (catchAll === undefined || !catchAll.isSilent || catchAll.takes.length === 0) return [];
  const { indent, step, ending, at } = insertion;
  const labels = catchAll.takes.map((tag) => `\n${indent}case ${tag.text}:`).join("");
  const replaced = {
    path,
    span: { start: at, end: catchAll.full.end },
    newText: `${labels}\n${indent}${step}${ending}`,
  };
  const names = catchAll.takes.map((tag) => tag.text).join(", ");
  return [
    {
      path,
      span: catchAll.span,
      message: `default drops ${names} without a trace`,
      fixes: [{ title: "Name the variants that are dropped", isSafe: true, edits: [replaced] }],
    },
  ];
}
