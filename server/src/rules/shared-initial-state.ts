/**
 * A start that gives each incarnation the same object: an actor that was made once cannot be started again, and a state that is changed in
 * place is what the crash before left behind.
 *
 * Silent where the first state is changed nowhere, where it is not seen how it is made, and for a child that is started
 * once. A test may make its actor before it starts it.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";
import { isTestFile } from "./test-files.ts";

export const rule: FileRule = {
  name: "shared-initial-state",
  code: 3009,
  title: "All incarnations of an actor begin with the same object",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) => [
    ...incidentFindings(isTestFile(facts.path) ? { ...facts, incidents: [] } : facts, "shared-actor", {
      message: ({ subject }) =>
        `${subject} is made once, and each start needs an actor of its own: make it in the function`,
    }),
    ...incidentFindings(facts, "shared-state", {
      message: ({ subject }) =>
        `each incarnation begins with the same ${subject}, as the one before has left it: make it in the function`,
      other: "it is changed here",
    }),
  ],
};
