/** Two children of one supervisor with the same id: the supervisor refuses to start. */

import type { FileFacts } from "../facts/file-facts.ts";
import type { SpecFaultFact } from "../facts/supervisor-fact.ts";
import type { Fix } from "./diagnostic.ts";
import type { FileRule } from "./rule.ts";
import { specFindings } from "./spec-finding.ts";

export const rule: FileRule = {
  name: "duplicate-child-id",
  code: 4002,
  title: "Two children of a supervisor have the same id",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: (facts) => specFindings(facts, ["duplicate_id"], (fault, path) => rename(facts, fault, path)),
};

function rename(facts: FileFacts, fault: SpecFaultFact, path: string): readonly Fix[] {
  const supervisor = facts.supervisors.find((one) => one.faults.includes(fault));
  const taken = new Set(supervisor?.children.map(({ id }) => (id.known ? id.value : "")));
  const id = /"(.*)"/.exec(fault.fault.message)?.[1];
  if (id === undefined || fault.quote === undefined || fault.origin !== undefined) return [];
  let number = 2;
  while (taken.has(`${id}-${number}`)) number++;
  const newText = `${fault.quote}${id}-${number}${fault.quote}`;
  return [{ title: `Rename to ${newText}`, isSafe: false, edits: [{ path, span: fault.span, newText }] }];
}
