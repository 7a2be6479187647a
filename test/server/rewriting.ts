/** What tests of assists share: where the cursor stands, what the file becomes, and that nothing is wrong with it. */
import assert from "node:assert/strict";
import { withLineEndsOf } from "../../server/src/source/line-ends.ts";
import type { TextEdit } from "../../server/src/source/text-edit.ts";
import { compileErrors } from "./compile.ts";
import { analysisOf, applyEdits } from "./fixture.ts";

const MAIN = "/main.ts";

/** The place of `|` in `cursor`, which stands in the text without it. */
export function offsetOf(text: string, cursor: string): number {
  const start = text.indexOf(cursor.replace("|", ""));
  assert.notEqual(start, -1, `${cursor} is there`);
  return start + cursor.indexOf("|");
}

/** The file after an assist; `undefined` when it is not offered. */
export function applied(text: string, edits: readonly TextEdit[] | undefined): string | undefined {
  if (edits === undefined) return undefined;
  const own = edits.map((edit) => ({ ...edit, newText: withLineEndsOf(text, edit.newText) }));
  return applyEdits(new Map([[MAIN, text]]), own).get(MAIN);
}

/** The file after the assist with that title at `|` in `cursor`, of those that write code in another way. */
export function rewritten(text: string, cursor: string, title: string): string | undefined {
  const { workspace } = analysisOf(new Map([[MAIN, text]]));
  const found = workspace.rewritesAt(MAIN, offsetOf(text, cursor)).find((one) => one.title === title);
  return applied(text, found?.edits);
}

export function checkCompiles(text: string, when: "before" | "after"): void {
  assert.deepEqual(compileErrors(new Map([[MAIN, text]])), [], when);
}

/** It compiles, and every message is handled. That some are never sent is a matter of the example. */
export function checkSound(text: string): void {
  checkCompiles(text, "after");
  const rules = analysisOf(new Map([[MAIN, text]]))
    .diagnosticsOf(MAIN)
    .map((one) => one.rule);
  assert.deepEqual(
    rules.filter((rule) => rule !== "message-never-sent"),
    [],
  );
}
