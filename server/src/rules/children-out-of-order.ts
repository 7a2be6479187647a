/** Under `rest_for_one`, a child that looks up one started after it: when that one is restarted, this one is not. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { ChildFact, SupervisorFact } from "../facts/supervisor-fact.ts";
import type { Span } from "../source/span.ts";
import type { Finding, Fix } from "./diagnostic.ts";
import { distinctFindings } from "./distinct-findings.ts";
import type { ProgramRule } from "./rule.ts";
import { dependenciesOf } from "./sibling-dependencies.ts";

export const rule: ProgramRule = {
  name: "children-out-of-order",
  code: 4007,
  title: "A child stands before a sibling it depends on",
  severity: "warning",
  preset: "strict",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  return distinctFindings([...index.supervisors.values()].flatMap(({ fact }) => report(index, fact)));
}

function report(index: ProgramIndex, supervisor: SupervisorFact): readonly Finding[] {
  const { strategy, children } = supervisor;
  if (!strategy.known || strategy.value !== "rest_for_one") return [];
  return dependenciesOf(index, supervisor).flatMap(({ child, needs, lookup }): readonly Finding[] => {
    if (children.indexOf(child) > children.indexOf(needs)) return [];
    const name = needs.id.known ? `"${needs.id.value}"` : "the other";
    return [
      {
        path: child.path,
        span: child.span,
        message: `this child needs ${name}, which is started after it and restarted without it`,
        related: [{ ...lookup, message: "it is looked up here" }],
        fixes: inOrder(index, supervisor),
      },
    ];
  });
}

/** Every child after what it needs, the others in the order they have; only where each is a piece of text of its own in one list. */
function inOrder(index: ProgramIndex, supervisor: SupervisorFact): readonly Fix[] {
  const { children } = supervisor;
  const path = children[0]?.path ?? "";
  const text = index.textOf(path);
  const isPlain = children.every((child, at) => {
    const before = children[at - 1]?.span.end ?? 0;
    return child.path === path && before <= child.span.start && !isSpread(text, child.span);
  });
  const sorted = sortedByNeed(index, supervisor);
  if (text === undefined || !isPlain || sorted === undefined) return [];
  const edits = children.flatMap(({ span }, at) => {
    const moved = sorted[at];
    return moved === undefined || moved === children[at]
      ? []
      : [{ path, span, newText: text.slice(moved.span.start, moved.span.end) }];
  });
  return [{ title: "Start every child after what it needs", isSafe: false, edits }];
}

function isSpread(text: string | undefined, { start }: Span): boolean {
  return text?.slice(0, start).trimEnd().endsWith("...") === true;
}

/** @returns `undefined` when children need each other in a circle. */
function sortedByNeed(index: ProgramIndex, supervisor: SupervisorFact): readonly ChildFact[] | undefined {
  const needs = dependenciesOf(index, supervisor);
  const sorted: ChildFact[] = [];
  while (sorted.length < supervisor.children.length) {
    const next = supervisor.children.find(
      (child) => !sorted.includes(child) && needs.every((one) => one.child !== child || sorted.includes(one.needs)),
    );
    if (next === undefined) return undefined;
    sorted.push(next);
  }
  return sorted;
}
