/** An `ask` whose promise nobody looks at: the reply is lost, and a failure ends the actor as an unhandled rejection. */

import type { Send } from "../facts/send.ts";
import type { Finding, Fix } from "./diagnostic.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "floating-ask",
  code: 2001,
  title: "The reply and the failure of an ask are lost",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    facts.sends.filter((send) => send.method === "ask" && send.isFloating).map((send) => report(facts.path, send)),
};

function report(path: string, { span, nameSpan, canWait }: Send): Finding {
  const at = { start: span.start, end: span.start };
  const fixes: readonly Fix[] = [
    ...(canWait
      ? [{ title: "Wait for the reply", isSafe: false, edits: [{ path, span: at, newText: "await " }] }]
      : []),
    { title: "Say that the reply does not matter", isSafe: false, edits: [{ path, span: at, newText: "void " }] },
  ];
  return { path, span: nameSpan, message: "the reply and the failure of this ask are lost", fixes };
}
