/** Hints in the text: the defaults a child spec leaves out, and what an ask replies. */
import { DEFAULT_WORKER_SHUTDOWN } from "airssys-rt/spec";
import type { FileFacts } from "../facts/file-facts.ts";
import type { ProgramIndex } from "../program-index.ts";
import type { Span } from "../source/span.ts";
import { contains } from "../source/span.ts";
import type { MessagePlaces } from "./message-places.ts";

export interface Hint {
  readonly at: number;
  readonly text: string;
  readonly tooltip: string;
}

export function hintsOf(index: ProgramIndex, places: MessagePlaces, facts: FileFacts, within: Span): readonly Hint[] {
  const children = facts.supervisors.flatMap((supervisor) =>
    supervisor.children
      .filter(
        (child) =>
          child.path === facts.path &&
          child.restartSpan === undefined &&
          child.restart.known &&
          contains(within, child.span.start),
      )
      .map((child): Hint => {
        const isSupervisor =
          child.start.known && child.start.value.id !== undefined && index.supervisors.has(child.start.value.id);
        const shutdown =
          child.shutdownSpan !== undefined
            ? ""
            : isSupervisor
              ? ", infinity"
              : `, ${Number(DEFAULT_WORKER_SHUTDOWN) / 1_000} s`;
        return { at: child.span.start + 1, text: `permanent${shutdown}`, tooltip: "Defaults of restart and shutdown" };
      }),
  );
  const replies = facts.sends
    .filter((send) => send.method === "ask" && contains(within, send.span.end))
    .flatMap((send): readonly Hint[] => {
      const [variant, ...others] = send.variants ?? [];
      const reply = variant === undefined || others.length > 0 ? undefined : places.variant(variant)?.reply;
      return reply === undefined ? [] : [{ at: send.span.end, text: `→ ${reply}`, tooltip: "Type of the reply" }];
    });
  return [...children, ...replies].sort((a, b) => a.at - b.at);
}
