/**
 * An actor that some test runs, and that takes from the machine what the test does not own: no run of that test is like another.
 *
 * | who runs it | what is not the test's |
 * |---|---|
 * | a test system, or an exploration | the network: time and chance of the machine are the test's there |
 * | a kit, or a replay | the network, time and chance |
 */

import type { FileFacts } from "../facts/file-facts.ts";
import type { Incident } from "../facts/incident.ts";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import { incidentFindings } from "./incident-findings.ts";
import type { ProgramRule } from "./rule.ts";

export const rule: ProgramRule = {
  name: "unrepeatable-input",
  code: 8001,
  title: "An actor that is tested takes from the machine what its test does not own",
  severity: "warning",
  preset: "strict",
  scope: "program",
  check: (index) => {
    const [alone, inSystems] = [false, true].map((isInSystem) => testedActors(index, isInSystem)) as [Ids, Ids];
    const isNotOwned = ({ actor, subject }: Incident): boolean =>
      alone.has(actor) || (inSystems.has(actor) && subject === NETWORK);
    return alone.size + inSystems.size === 0 ? [] : index.files.flatMap((facts) => findingsIn(facts, isNotOwned));
  },
};

type Ids = ReadonlySet<string>;
const NETWORK = "fetch";

/** What tests start in a system, or alone, and what is started below it. */
function testedActors(index: ProgramIndex, isInSystem: boolean): Ids {
  const runs = index.files.flatMap(({ testRuns }) => testRuns.filter((run) => run.isInSystem === isInSystem));
  const found = new Set(runs.map(({ starts }) => starts));
  // A set gives out also what is added meanwhile.
  for (const id of found)
    for (const { start } of index.supervisors.get(id)?.fact.children ?? [])
      if (start.known && start.value.id !== undefined) found.add(start.value.id);
  return found;
}

function findingsIn(facts: FileFacts, isNotOwned: (incident: Incident) => boolean): readonly Finding[] {
  // A timer that also outlives its actor is told of as that.
  const told = new Set(facts.incidents.flatMap(({ kind, span }) => (kind === "unguarded-timer" ? [span.start] : [])));
  const incidents = facts.incidents.filter((incident) => isNotOwned(incident) && !told.has(incident.span.start));
  return incidentFindings({ ...facts, incidents }, "machine-input", {
    message: ({ subject }) => `${subject} is not the test's: no run is like another; ${insteadOf(subject)}`,
  });
}

function insteadOf(subject: string): string {
  if (/random/i.test(subject)) return "take context.random";
  if (subject === NETWORK) return "ask an actor that the test can replace";
  if (/^set/.test(subject)) return "take context.timers or context.clock";
  return /Date/.test(subject) ? "take context.now" : "take context.clock";
}
