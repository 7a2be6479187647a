/** Where a live tree differs from the source, by path: what does not run and why, what the source does not have, whose spec is another. Pure. */
import type { StaticNode, SupervisionTree } from "airssys-language-server/protocol";
import { endOf } from "../programs/health.ts";
import type { ProgramTree } from "../programs/model.ts";
import type { ActorNode, LiveProgram, SourceNode } from "../programs/node.ts";
import type { SeenRow } from "../programs/row.ts";
import { counted, say } from "../sentence.ts";
import { duration, escapeMarkdown } from "../text.ts";
import type { RowMark } from "./row-mark.ts";

export type Difference =
  /** In the source, not running. */
  | { readonly kind: "removed"; readonly words: string; readonly source: StaticNode }
  /** Running, not in the source. */
  | { readonly kind: "added"; readonly words: string }
  /** Running by another spec than the source has. */
  | { readonly kind: "modified"; readonly words: string };

/** A child of the source that has no row. */
export interface Missing {
  readonly source: StaticNode;
  readonly why: string;
}

export interface Differences {
  /** By key. */
  readonly rows: ReadonlyMap<string, Difference>;
  /** By key of the supervisor. */
  readonly missing: ReadonlyMap<string, readonly Missing[]>;
  /** Systems of which the source has no tree, or more than one that fits. */
  readonly unknown: readonly string[];
}

/**
 * | live | source | difference |
 * |---|---|---|
 * | no row, or ended | child of a spec | `removed`, with why |
 * | a supervised child | the spec of its supervisor, known whole, does not have it | `added` |
 * | strategy, limits, order of children, restart type, shutdown | another | `modified` |
 * | started at run time, or spawned | | none: no source lists it |
 * | anything | what the source does not say statically | none |
 */
export function differencesOf(tree: ProgramTree, roots: SupervisionTree["roots"]): Differences {
  const rows = new Map<string, Difference>();
  const missing = new Map<string, readonly Missing[]>();
  const unknown: string[] = [];
  for (const system of tree.systems) {
    const top = tree.row(system.root);
    if (top === undefined || top.left) continue;
    const source = sourceOf(tree, top, roots);
    if (source === undefined) unknown.push(top.id);
    else compare(tree, top, source, rows, missing);
  }
  return { rows, missing, unknown };
}

/** The tree of the source with the most children in common; of several the one of the same name. */
function sourceOf(tree: ProgramTree, top: SeenRow, roots: readonly StaticNode[]): StaticNode | undefined {
  const ids = new Set(tree.children(top.key).flatMap((key) => tree.row(key)?.id ?? []));
  const rated = roots.map((root) => {
    const shared = root.children.filter(({ id }) => id !== undefined && ids.has(id)).length;
    return {
      root,
      rate: 2 * shared + (root.definition === top.definition ? 1 : 0),
      isNamed: root.definition === top.definition,
    };
  });
  const most = Math.max(0, ...rated.map(({ rate }) => rate));
  const best = rated.filter(({ rate, isNamed }) => rate === most && (rate >= 2 || isNamed));
  return best.length === 1 ? best[0]?.root : undefined;
}

function compare(
  tree: ProgramTree,
  top: SeenRow,
  root: StaticNode,
  rows: Map<string, Difference>,
  missing: Map<string, readonly Missing[]>,
): void {
  const waiting: (readonly [row: SeenRow, source: StaticNode])[] = [[top, root]];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const [row, source] = pair;
    const live = tree.children(row.key).flatMap((key) => tree.row(key) ?? []);
    const changes = changesOf(row, source, live);
    if (changes.length > 0) rows.set(row.key, { kind: "modified", words: changes.join(" · ") });
    if (source.kind !== "supervisor" || row.supervisor === undefined) continue;
    // Instances of a template are started at run time.
    if (row.supervisor.strategy === "simple_one_for_one" || source.strategy === "simple_one_for_one") continue;
    const isWhole = source.children.every(({ id }) => id !== undefined);
    const lacking: Missing[] = [];
    for (const child of source.children) {
      const found = live.filter(({ id }) => id === child.id);
      const running = found.find(isThere);
      if (running) waiting.push([running, child]);
      else if (found[0])
        rows.set(found[0].key, { kind: "removed", words: say("not running: {0}", whyEnded(found[0])), source: child });
      else if (child.id !== undefined) lacking.push({ source: child, why: say("not running: {0}", whyMissing(child)) });
    }
    if (lacking.length > 0) missing.set(row.key, lacking);
    if (!isWhole) continue;
    const listed = new Set(source.children.map(({ id }) => id));
    for (const child of live)
      if (isThere(child) && child.restart !== undefined && !child.dynamic && !listed.has(child.id))
        rows.set(child.key, { kind: "added", words: say("not in the source") });
  }
}

function isThere({ left, state }: SeenRow): boolean {
  return left !== true && state !== "stopped";
}

/** A permanent child that ended in order would have been started again: only its start can have wanted that. */
function whyEnded(row: SeenRow): string {
  const end = endOf(row);
  const temporary = row.restart === "temporary" ? ` · ${say("temporary")}` : "";
  switch (end?.kind) {
    case "crashed":
    case "gaveUp":
      return end.text + temporary;
    case "killed":
      return say("killed") + temporary;
    case "shutdown":
      return say("it was stopped");
    case "normal":
      return row.restart === "permanent" ? say("ended by IGNORE") : say("ended normally");
    default:
      return say("not started");
  }
}

function whyMissing({ restart }: StaticNode): string {
  return restart === "temporary" ? say("temporary, and has ended") : say("this program was started without it");
}

/** `one_for_one, source: one_for_all`, and so on. What the source does not say is no difference. */
function changesOf(row: SeenRow, source: StaticNode, live: readonly SeenRow[]): readonly string[] {
  const { supervisor } = row;
  const pairs: [string | undefined, string | undefined][] = [
    [row.restart, row.parent === undefined ? undefined : source.restart],
  ];
  if (row.parent !== undefined)
    pairs.push([shutdownOf(row), source.shutdown === undefined ? undefined : shutdownWords(source.shutdown)]);
  if (supervisor && source.kind === "supervisor") {
    pairs.push([supervisor.strategy, source.strategy], limits(supervisor, source));
    pairs.push(orders(live, source));
  }
  return pairs.flatMap(([is, said]) =>
    is === undefined || said === undefined || is === said ? [] : [say("{0}, source: {1}", is, said)],
  );
}

function shutdownOf({ shutdown, kind }: SeenRow): string {
  return shutdownWords(shutdown ?? (kind === "supervisor" ? "infinity" : 5_000));
}

function shutdownWords(shutdown: string | number): string {
  return typeof shutdown === "number" ? say("shutdown {0}", duration(shutdown)) : say("shutdown {0}", shutdown);
}

function limits(
  { maxRestarts, maxRestartPeriodMs }: NonNullable<SeenRow["supervisor"]>,
  source: StaticNode,
): [string | undefined, string | undefined] {
  if (source.maxRestarts === undefined && source.maxRestartPeriodMs === undefined) return [undefined, undefined];
  const words = (max: number, period: number) =>
    counted(max, "{0} restart in {1}", "{0} restarts in {1}", duration(period));
  return [
    words(maxRestarts, maxRestartPeriodMs),
    words(source.maxRestarts ?? maxRestarts, source.maxRestartPeriodMs ?? maxRestartPeriodMs),
  ];
}

/** Of those that both have: what is missing is told by itself. */
function orders(live: readonly SeenRow[], source: StaticNode): [string | undefined, string | undefined] {
  const sourceIds = source.children.flatMap(({ id }) => id ?? []);
  const liveIds = live.filter(({ id, dynamic }) => !dynamic && sourceIds.includes(id)).map(({ id }) => id);
  const common = sourceIds.filter((id) => liveIds.includes(id));
  return [liveIds.join(", "), common.join(", ")];
}

/** `1 not running · 1 not in the source · 2 with another spec`. */
export function differenceWords(all: readonly Differences[]): string {
  const kinds = all.flatMap(({ rows }) => [...rows.values()].map(({ kind }) => kind));
  const of = (wanted: Difference["kind"]) => kinds.filter((kind) => kind === wanted).length;
  const removed = of("removed") + all.flatMap(({ missing }) => [...missing.values()].flat()).length;
  const unknown = all.flatMap((each) => each.unknown);
  const parts = [
    removed > 0 ? counted(removed, "{0} not running", "{0} not running") : undefined,
    of("added") > 0 ? counted(of("added"), "{0} not in the source", "{0} not in the source") : undefined,
    of("modified") > 0 ? counted(of("modified"), "{0} with another spec", "{0} with another spec") : undefined,
    unknown.length > 0 ? say("no tree in the source for {0}", unknown.join(", ")) : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? say("Runs as the source says.") : say("Compared with the source: {0}", parts.join(" · "));
}

export const DIFFERENCE_BADGES: Readonly<Record<string, () => string>> = {
  D: () => say("in the source, not running"),
  A: () => say("not in the source"),
  M: () => say("another spec in the source"),
};

const LOOKS: { readonly [K in Difference["kind"]]: Omit<RowMark, "words"> } = {
  removed: { icon: "diff-removed", tone: "error", badge: "D" },
  added: { icon: "diff-added", tone: "warning", badge: "A" },
  modified: { icon: "diff-modified", tone: "warning", badge: "M" },
};

/** Whether the view compares, and with what result. Made anew when a tree or the source has changed. */
export class Comparison {
  readonly #roots: () => SupervisionTree["roots"];
  readonly #made = new WeakMap<
    LiveProgram,
    { readonly revision: number; readonly roots: SupervisionTree["roots"]; readonly differences: Differences }
  >();
  isOn = false;

  /** @param roots the trees of the source, as they are now */
  constructor(roots: () => SupervisionTree["roots"]) {
    this.#roots = roots;
  }

  /** `undefined` while nothing is compared. */
  of(program: LiveProgram): Differences | undefined {
    if (!this.isOn) return undefined;
    const [roots, { revision }] = [this.#roots(), program.tree];
    const before = this.#made.get(program);
    if (before?.revision === revision && before.roots === roots) return before.differences;
    const differences = differencesOf(program.tree, roots);
    this.#made.set(program, { revision, roots, differences });
    return differences;
  }

  markOf(program: LiveProgram, key: string): RowMark | undefined {
    const difference = this.of(program)?.rows.get(key);
    return difference && { ...LOOKS[difference.kind], words: difference.words };
  }

  /** The spec in the source of an actor that should run, for a click on its row. */
  specOf({ program, key }: ActorNode): SourceNode | undefined {
    const difference = this.of(program)?.rows.get(key);
    if (difference?.kind !== "removed") return undefined;
    const { source, words: missing } = difference;
    return { kind: "source", id: `${program.id}/spec:${key}`, parent: undefined, source, missing };
  }

  /** Differs when the marks or the rows do that are shown for them. */
  signature(programs: readonly LiveProgram[]): string {
    return programs
      .flatMap((program) => this.of(program) ?? [])
      .map(({ rows, missing }) =>
        [
          [...rows.keys()].join(),
          [...missing].map(([key, all]) => `${key} ${all.map(({ source }) => source.id).join()}`),
        ].join(),
      )
      .join("\n");
  }

  missingBelow(program: LiveProgram, key: string): readonly Missing[] {
    return this.of(program)?.missing.get(key) ?? [];
  }

  words(programs: readonly LiveProgram[]): string {
    return differenceWords(programs.flatMap((program) => this.of(program) ?? []));
  }
}

/** In Markdown: what should run, why it does not, and what a click does. */
export function missingTooltip({ source, missing = "" }: SourceNode): string {
  const name = source.id ?? source.definition ?? "";
  const words = [say("in the source, {0}", missing), say("A click opens its child spec.")];
  return `**${escapeMarkdown(name)}**\n\n${words.map(escapeMarkdown).join("\n\n")}`;
}
