/**
 * A handler that leaves out a variant of its message type: such a message is dropped without a trace.
 *
 * Reported for `switch`, `if` chains, handler maps and chains of patterns over a union whose variants are all known. Silent when the message is
 * given to other code, when anything else runs for the remaining variants, or when a condition cannot be decided.
 */

import { armsEdit, importEdits, writable } from "../facts/arms-edit.ts";
import type { Dispatch } from "../facts/dispatch.ts";
import type { FileFacts } from "../facts/file-facts.ts";
import type { Finding, Fix } from "./diagnostic.ts";
import { listedNames } from "./listed-names.ts";
import type { FileRule } from "./rule.ts";

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
    message: `${listedNames(names)} ${names.length === 1 ? "is" : "are"} not handled`,
    fixes: fixes(facts.path, dispatch),
  };
}

/** Never safe: what the message does is for a person to say. Nothing where a variant has no name that could be written. */
function fixes(path: string, dispatch: Dispatch): readonly Fix[] {
  const tags = writable(dispatch.missing);
  if (tags === undefined) return [];
  const what =
    dispatch.kind === "switch"
      ? "cases"
      : dispatch.kind === "handlers" || dispatch.kind === "table"
        ? "handlers"
        : "branches";
  const edits = [armsEdit(path, dispatch, tags), ...importEdits(path, tags)];
  return [{ title: `Add the missing ${what}`, isSafe: false, isObvious: true, edits }];
}
