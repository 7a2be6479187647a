/** A handler that waits longer for its own question than the one who asked it waits: its answer comes too late. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import { distinctFindings } from "./distinct-findings.ts";
import { isDuring, type WaitingAsk, waitingAsks } from "./message-graph.ts";
import type { ProgramRule } from "./rule.ts";

/** The runtime's. */
const DEFAULT_TIMEOUT_MS = 5_000;

export const rule: ProgramRule = {
  name: "ask-timeout-exceeds-outer",
  code: 2011,
  title: "The time-out of an ask is not below that of the ask it serves",
  severity: "warning",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  const asks = waitingAsks(index);
  const found = asks.flatMap((inner) =>
    asks
      .filter((outer) => outer.to === inner.from && isDuring(index, inner, outer.variant))
      .flatMap((outer): readonly Finding[] => {
        const [waits, waited] = [timeoutOf(inner), timeoutOf(outer)];
        const written = inner.send.fact.timeoutMs ?? outer.send.fact.timeoutMs;
        if (written === undefined || waits === undefined || waited === undefined || waits < waited) return [];
        const span = inner.send.fact.timeoutMs?.span ?? inner.send.fact.nameSpan;
        const place = { path: outer.send.path, span: outer.send.fact.nameSpan };
        return [
          {
            path: inner.send.path,
            span,
            message: `this waits up to ${waits} ms, and who asks waits ${waited} ms`,
            related: [{ ...place, message: "it is asked here" }],
          },
        ];
      }),
  );
  // Several actors may ask by one class that they extend.
  return distinctFindings(found);
}

function timeoutOf(ask: WaitingAsk): number | undefined {
  const { timeoutMs } = ask.send.fact;
  if (timeoutMs === undefined) return DEFAULT_TIMEOUT_MS;
  return timeoutMs.known && typeof timeoutMs.value === "number" ? timeoutMs.value : undefined;
}
