/** The supervision trees of the workspace, from facts: who starts whom, with what is not known marked. */

import type { ActorFact } from "../facts/actor-fact.ts";
import type { Placed, ProgramIndex } from "../facts/program-index.ts";
import type { Startable } from "../facts/static-value.ts";
import type { ChildFact, Known, SupervisorFact } from "../facts/supervisor-fact.ts";
import type { SourceSpan, StaticNode, SupervisionTree } from "../protocol.ts";
import type { FileSpan } from "../source/span.ts";
import { blastRadius } from "./blast-radius.ts";

type Locate = (place: FileSpan) => SourceSpan;

/** @param locate makes lines and columns of offsets. */
export function supervisionTree(index: ProgramIndex, locate: Locate, complete: boolean): SupervisionTree {
  const builder = new TreeBuilder(index, locate);
  const started = new Set(
    [...index.supervisors.values()].flatMap(({ fact }) =>
      fact.children.flatMap(({ start }) => (start.known ? (start.value.id ?? []) : [])),
    ),
  );
  const roots = [...index.supervisors.values()].filter(({ fact }) => !started.has(fact.id));
  // Supervisors that only start each other have no root; the first of them stands for all.
  const shown = roots.length === 0 ? [...index.supervisors.values()].slice(0, 1) : roots;
  return {
    roots: shown.map((placed) => builder.supervisor(placed, [])),
    actors: [
      ...[...index.actors.values()].map((placed) => builder.definition(placed, "actor")),
      ...[...index.supervisors.values()].map((placed) => builder.definition(placed, "supervisor")),
    ],
    complete,
  };
}

class TreeBuilder {
  readonly #index: ProgramIndex;
  readonly #locate: Locate;

  constructor(index: ProgramIndex, locate: Locate) {
    this.#index = index;
    this.#locate = locate;
  }

  definition(
    { path, fact }: Placed<ActorFact | SupervisorFact>,
    kind: "actor" | "supervisor",
  ): SupervisionTree["actors"][number] {
    return { name: fact.name, kind, source: this.#locate({ path, span: fact.nameSpan }) };
  }

  /** @param above ids of the supervisors above, so that a cycle ends. */
  supervisor({ path, fact }: Placed<SupervisorFact>, above: readonly string[]): StaticNode {
    return {
      kind: "supervisor",
      definition: fact.name,
      spec: this.#locate({ path, span: fact.span }),
      source: this.#locate({ path, span: fact.nameSpan }),
      ...known("strategy", fact.strategy),
      ...known("maxRestarts", fact.maxRestarts),
      ...known("maxRestartPeriodMs", fact.maxRestartPeriodMs),
      children: [
        ...fact.children.map((child) => this.#child(child, fact, [...above, fact.id])),
        ...this.#unknownChildren(path, fact),
      ],
    };
  }

  #child(child: ChildFact, parent: SupervisorFact, above: readonly string[]): StaticNode {
    const { start } = child;
    const id = start.known ? start.value.id : undefined;
    const spec = {
      ...known("id", child.id),
      spec: this.#locate({ path: child.path, span: child.span }),
      ...known("restart", child.restart),
      ...known("shutdown", child.shutdown),
      ...onCrash(parent, child),
    };
    const supervisor = id === undefined ? undefined : this.#index.supervisors.get(id);
    if (supervisor !== undefined) {
      if (above.includes(supervisor.fact.id))
        return { ...spec, kind: "unknown", unknown: "it is one of its own supervisors", children: [] };
      return { ...this.supervisor(supervisor, above), ...spec };
    }
    const why = child.id.known ? {} : { unknown: child.id.why };
    const ofSystem = start.known ? systemChild(start.value) : undefined;
    if (ofSystem !== undefined) return { ...spec, ...ofSystem, ...why, children: [] };
    const actor = id === undefined ? undefined : this.#index.actors.get(id);
    if (actor === undefined)
      return {
        ...spec,
        kind: "unknown",
        unknown: start.known ? "the source does not say what it starts" : start.why,
        children: [],
      };
    return {
      ...spec,
      kind: "actor",
      definition: actor.fact.name,
      source: this.#locate({ path: actor.path, span: actor.fact.nameSpan }),
      ...why,
      children: [],
    };
  }

  #unknownChildren(path: string, fact: SupervisorFact): readonly StaticNode[] {
    if (fact.moreChildren === undefined) return [];
    return [
      { kind: "unknown", spec: this.#locate({ path, span: fact.span }), unknown: fact.moreChildren, children: [] },
    ];
  }
}

/** What `airssys-rt/os` starts has no definition in the source: a process goes by the name of the file it runs. */
function systemChild({ kind, command }: Startable): Pick<StaticNode, "kind" | "definition"> | undefined {
  if (kind === "files" || kind === "processManager") return { kind };
  if (kind !== "process") return undefined;
  const name = command?.split(/[\\/]/).findLast((part) => part !== "");
  return name === undefined ? { kind } : { kind, definition: name };
}

/** A property of the node when its value is known. */
function known<K extends string, T>(name: K, value: Known<T>): { [P in K]?: Exclude<T, undefined> } {
  return (value.known && value.value !== undefined ? { [name]: value.value } : {}) as {
    [P in K]?: Exclude<T, undefined>;
  };
}

/** Nothing for a temporary child: its end concerns nobody. */
function onCrash(parent: SupervisorFact, child: ChildFact): Pick<StaticNode, "onCrash"> {
  if (!child.restart.known || child.restart.value === "temporary") return {};
  const radius = blastRadius(parent, child);
  return radius === undefined
    ? {}
    : { onCrash: { stops: radius.stop, starts: radius.start, givesUpAt: radius.givesUpAt, periodMs: radius.periodMs } };
}
