/** A command goes through a shell: what is in it may be code. */
import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "shell-command",
  code: 9001,
  title: "A command goes through a shell",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "shell-command", {
      message: ({ subject }) =>
        `${subject} gives the text to a shell, which takes parts of it for code: run the program itself, with a list of arguments`,
    }),
};
