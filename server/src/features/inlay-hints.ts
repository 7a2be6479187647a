/** Hints in the text: the defaults a child spec leaves out, and what an ask replies. */
import { DEFAULT_RESTART, DEFAULT_WORKER_SHUTDOWN } from "airssys-rt/spec";
import type { FileFacts } from "../facts/file-facts.ts";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { ChildFact } from "../facts/supervisor-fact.ts";
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
      .filter((child) => contains(within, child.span.start) && isLiteral(index, facts.path, child))
      .flatMap((child) => termsHint(index, child)),
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

/** Whether the spec stands in the list of children itself: elsewhere, its braces are also those of others. */
function isLiteral(index: ProgramIndex, path: string, { path: at, span }: ChildFact): boolean {
  return at === path && index.textOf(path)?.[span.start] === "{";
}

function termsHint(index: ProgramIndex, { span, start, restart, restartPlace, shutdown }: ChildFact): readonly Hint[] {
  if (restartPlace !== undefined || !restart.known || restart.value !== DEFAULT_RESTART) return [];
  const isSupervisor = start.known && start.value.id !== undefined && index.supervisors.has(start.value.id);
  const byDefault = isSupervisor ? "infinity" : `${Number(DEFAULT_WORKER_SHUTDOWN) / 1_000} s`;
  const left = shutdown.known && shutdown.value === undefined ? `, ${byDefault}` : "";
  return [{ at: span.start + 1, text: `${restart.value}${left}`, tooltip: "Defaults of restart and shutdown" }];
}
