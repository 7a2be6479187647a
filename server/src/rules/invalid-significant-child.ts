/** A significant child that cannot be one: it is permanent, or its supervisor never ends by itself, or it is a template. */

import type { FileFacts } from "../facts/file-facts.ts";
import type { SpecFaultFact } from "../facts/supervisor-fact.ts";
import type { Fix } from "./diagnostic.ts";
import type { FileRule } from "./rule.ts";
import { specFindings } from "./spec-finding.ts";

const CODES = [
  "invalid_significant",
  "significant_permanent",
  "significant_without_auto_shutdown",
  "significant_in_simple_one_for_one",
];

export const rule: FileRule = {
  name: "invalid-significant-child",
  code: 4013,
  title: "A significant child cannot be significant here",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: (facts) => specFindings(facts, CODES, (fault, path) => fixes(facts, fault, path)),
};

function fixes(facts: FileFacts, fault: SpecFaultFact, path: string): readonly Fix[] {
  if (fault.property === undefined || fault.origin !== undefined) return [];
  const span = fault.property;
  const plain: Fix = {
    title: "Make it an ordinary child",
    isSafe: false,
    edits: [{ path, span, newText: "significant: false" }],
  };
  return fault.fault.code === "significant_permanent" ? [...transient(facts, fault, path), plain] : [plain];
}

function transient(facts: FileFacts, fault: SpecFaultFact, path: string): readonly Fix[] {
  const supervisor = facts.supervisors.find((one) => one.faults.includes(fault));
  const child = supervisor?.children.find(({ index }) => index === fault.fault.path[1]);
  if (child === undefined || fault.property === undefined) return [];
  const at = child.restartPlace;
  const edit =
    at === undefined
      ? { path, span: { start: fault.property.start, end: fault.property.start }, newText: 'restart: "transient", ' }
      : { ...at, newText: '"transient"' };
  return [{ title: "Restart it only after a crash (transient)", isSafe: false, edits: [edit] }];
}
