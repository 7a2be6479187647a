/**
 * A value that the structured clone algorithm refuses, given to what clones it: the call throws `DataCloneError`.
 *
 * Reported only where each value of the type is refused. Silent in tests and inside `try … catch`.
 */

import type { Uncloneable } from "../facts/uncloneable.ts";
import type { Finding } from "./diagnostic.ts";
import type { FileRule } from "./rule.ts";
import { isTestFile } from "./test-files.ts";

export const rule: FileRule = {
  name: "uncloneable-payload",
  code: 7001,
  title: "A value is given to another thread that cannot be cloned",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: (facts) => (isTestFile(facts.path) ? [] : facts.uncloneables.map((one) => report(facts.path, one))),
};

function report(path: string, { span, via, path: name, kind, declared, property }: Uncloneable): Finding {
  const fixes =
    property === undefined
      ? []
      : [{ title: "Leave it out", isSafe: false, edits: [{ path, span: property, newText: "" }] }];
  return {
    path,
    span,
    message: `${name ?? "this"} is ${kind}: ${via} cannot clone it, and throws`,
    ...(declared === undefined ? {} : { related: [{ ...declared, message: "it is declared here" }] }),
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}
