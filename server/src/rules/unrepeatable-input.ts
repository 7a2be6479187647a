/** An actor that some test runs in virtual time, and that takes its time or chance from the machine: no run of that test is like another. */

import type { FileFacts } from "../facts/file-facts.ts";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import { incidentFindings } from "./incident-findings.ts";
import type { ProgramRule } from "./rule.ts";

export const rule: ProgramRule = {
  name: "unrepeatable-input",
  code: 8001,
  title: "An actor that is tested in virtual time takes time or chance from the machine",
  severity: "warning",
  preset: "strict",
  scope: "program",
  check: (index) => {
    const tested = testedActors(index);
    return tested.size === 0 ? [] : index.files.flatMap((facts) => findingsIn(facts, tested));
  },
};

/** What tests start, and what is started below it. */
function testedActors(index: ProgramIndex): ReadonlySet<string> {
  const found = new Set(index.files.flatMap(({ testRuns }) => testRuns.map(({ starts }) => starts)));
  // A set gives out also what is added meanwhile.
  for (const id of found)
    for (const { start } of index.supervisors.get(id)?.fact.children ?? [])
      if (start.known && start.value.id !== undefined) found.add(start.value.id);
  return found;
}

function findingsIn(facts: FileFacts, tested: ReadonlySet<string>): readonly Finding[] {
  // A timer that also outlives its actor is told of as that.
  const told = new Set(facts.incidents.flatMap(({ kind, span }) => (kind === "unguarded-timer" ? [span.start] : [])));
  const incidents = facts.incidents.filter(({ actor, span }) => tested.has(actor) && !told.has(span.start));
  return incidentFindings({ ...facts, incidents }, "machine-input", {
    message: ({ subject }) => `${subject} is not the test's: no run is like another; ${insteadOf(subject)}`,
  });
}

function insteadOf(subject: string): string {
  if (/random/i.test(subject)) return "take context.random";
  if (subject === "fetch") return "ask an actor that the test can replace";
  return /^set/.test(subject) ? "take context.timers or context.clock" : "take context.clock";
}
