/** Something is asked that every context it can reach denies. */

import { distinctFindings } from "./distinct-findings.ts";
import { deniedRequests, findingOf } from "./os-requests.ts";
import type { ProgramRule } from "./rule.ts";

export const rule: ProgramRule = {
  name: "ungranted-operation",
  code: 9003,
  title: "What is asked is not granted",
  severity: "warning",
  preset: "recommended",
  scope: "program",
  check: (index) =>
    distinctFindings(
      deniedRequests(index)
        .filter(({ kind }) => kind === "ungranted")
        .map(findingOf),
    ),
};
