/** Which rows stand below which: live programs, or the source before anything runs. Pure. */
import type { StaticNode } from "airssys-language-server/protocol";
import type { ActorNode, LiveProgram, Node, ProcessNode, RangeNode } from "../programs/node.ts";
import { Arranger, MANY } from "./arrangement.ts";
import type { Missing } from "./compare.ts";

/** More children than this are put into groups. */
const GROUP_SIZE = MANY;

/** Gives the children of a row that are shown, in their order. */
export type ChildrenOf = (program: LiveProgram, key: string) => readonly string[];

export type MissingBelow = (program: LiveProgram, key: string) => readonly Missing[];

export class Outline {
  readonly #childrenOf: ChildrenOf;
  readonly #missingBelow: MissingBelow;
  #programs: readonly LiveProgram[] = [];
  #sources: readonly StaticNode[] = [];
  readonly #nodes = new Map<string, Node>();
  readonly #below = new Map<string, readonly Node[]>();

  /**
   * @param childrenOf default: all, as they were started, those of many that are in trouble first
   * @param missingBelow what the source has below a row and does not run; default: nothing is compared
   */
  constructor(childrenOf?: ChildrenOf, missingBelow: MissingBelow = () => []) {
    this.#missingBelow = missingBelow;
    const arranger = new Arranger();
    this.#childrenOf = childrenOf ?? ((program, key) => arranger.children(program, key));
  }

  /** Shows these programs; while there are none, the trees of the source. */
  show(programs: readonly LiveProgram[], sources: readonly StaticNode[]): void {
    this.#programs = programs;
    this.#sources = sources;
  }

  get isLive(): boolean {
    return this.#programs.length > 0;
  }

  /** The rows below `node`, or the top rows. The same place is always the same object. */
  children(node?: Node): readonly Node[] {
    const place = node?.id ?? "";
    const before = this.#below.get(place) ?? [];
    const now = this.#build(node).map((made) => this.#intern(made, node));
    const kept = new Set(now);
    for (const gone of before) if (!kept.has(gone)) this.#forget(gone);
    this.#below.set(place, now);
    return now;
  }

  /** The row of an actor, if {@link children} has shown it. */
  shown(program: LiveProgram, key: string): ActorNode | undefined {
    const node = this.#nodes.get(actorId(program, key));
    return node?.kind === "actor" ? node : undefined;
  }

  /** Every row {@link children} has given out and not taken back. */
  get all(): Iterable<Node> {
    return this.#nodes.values();
  }

  /** Finds the row of an actor from the top, as `reveal` needs it. */
  find(program: LiveProgram, key: string): ActorNode | undefined {
    const way: string[] = [];
    for (
      let at: string | undefined = key;
      at !== undefined && way.length < GROUP_SIZE;
      at = program.tree.row(at)?.parent
    )
      way.unshift(at);
    let level = this.children().filter(
      (top) => top.kind === "actor" || (top.kind === "program" && top.program === program),
    );
    if (level[0]?.kind === "program") level = [...this.children(level[0])];
    let found: ActorNode | undefined;
    for (const step of way) {
      found = this.#findAmong(level, program, step);
      if (!found) return undefined;
      level = [...this.children(found)];
    }
    return found;
  }

  #findAmong(level: readonly Node[], program: LiveProgram, key: string): ActorNode | undefined {
    for (const node of level) {
      if (node.kind === "actor" && node.program === program && node.key === key) return node;
      if (node.kind !== "range") continue;
      const position = this.#childrenOf(program, node.key).indexOf(key);
      if (position >= node.from && position < node.to) return this.#findAmong(this.children(node), program, key);
    }
    return undefined;
  }

  #build(node: Node | undefined): Node[] {
    if (!node) return this.#tops();
    switch (node.kind) {
      case "program":
        return systemsOf(node.program);
      case "actor":
        return [
          ...processesOf(node.program, node.key),
          ...(node.program.tree.churns(node.key)
            ? []
            : membersOf(node.program, node.key, this.#childrenOf(node.program, node.key))),
          ...this.#missingBelow(node.program, node.key).map(({ source, why }) => missingNode(node, source, why)),
        ];
      case "range":
        return slice(node, this.#childrenOf(node.program, node.key));
      case "process":
        return [];
      case "source":
        return node.source.children.map((child, index) => sourceNode(child, index, node.id));
    }
  }

  #tops(): Node[] {
    const [only, ...others] = this.#programs;
    if (!only) return this.#sources.map((source, index) => sourceNode(source, index, "s"));
    const isMute = only.silence !== undefined && only.silence.runner === undefined;
    // Who looks at what somebody else runs is to see that nothing can be done with it.
    const needsNoRow = !isMute && only.isWatched !== true;
    if (others.length === 0 && only.tree.systems.length > 0 && needsNoRow) return systemsOf(only);
    return this.#programs.map((program) => ({ kind: "program", id: `p:${program.id}`, parent: undefined, program }));
  }

  #intern(made: Node, parent: Node | undefined): Node {
    const known = this.#nodes.get(made.id);
    if (known && isSame(known, made)) {
      known.parent = parent;
      return known;
    }
    made.parent = parent;
    this.#nodes.set(made.id, made);
    return made;
  }

  #forget(node: Node): void {
    if (this.#nodes.get(node.id) === node) this.#nodes.delete(node.id);
    for (const child of this.#below.get(node.id) ?? []) if (child.parent === node) this.#forget(child);
    this.#below.delete(node.id);
  }
}

function isSame(known: Node, made: Node): boolean {
  if (known.kind === "source")
    return made.kind === "source" && known.source === made.source && known.missing === made.missing;
  return known.kind === made.kind && known.program === made.program;
}

function actorId(program: LiveProgram, key: string): string {
  return `a:${program.id}:${key}`;
}

/** Such as the view shows it at the top of a list. */
export function actorNode(program: LiveProgram, key: string): ActorNode {
  return { kind: "actor", id: actorId(program, key), parent: undefined, program, key };
}

function systemsOf(program: LiveProgram): Node[] {
  return program.tree.systems.filter(({ root }) => program.tree.row(root)).map(({ root }) => actorNode(program, root));
}

function processesOf(program: LiveProgram, key: string): ProcessNode[] {
  return (program.tree.row(key)?.runs ?? []).map(({ pid }) => {
    return { kind: "process", id: `o:${program.id}:${key}:${pid}`, parent: undefined, program, key, pid };
  });
}

/** The first hundred stand for themselves; the others wait below one row. */
function membersOf(program: LiveProgram, key: string, keys: readonly string[]): Node[] {
  if (keys.length <= GROUP_SIZE) return keys.map((child) => actorNode(program, child));
  const first = keys.slice(0, GROUP_SIZE).map((child) => actorNode(program, child));
  return [...first, range(program, key, GROUP_SIZE, Number.POSITIVE_INFINITY, true)];
}

/** The children from one position to another: themselves, or at most a hundred groups. */
function slice({ program, key, from, to }: RangeNode, keys: readonly string[]): Node[] {
  const count = Math.min(to, keys.length) - from;
  if (count <= GROUP_SIZE) return keys.slice(from, from + count).map((child) => actorNode(program, child));
  const step = stepOf(count);
  const starts = Array.from({ length: Math.ceil(count / step) }, (_, index) => from + index * step);
  return starts.map((start) => range(program, key, start, start + step, false));
}

/** How many children a group has, where there are at most a hundred groups. */
function stepOf(count: number): number {
  let step = GROUP_SIZE;
  while (count / step > GROUP_SIZE) step *= GROUP_SIZE;
  return step;
}

/** Which rows stand below one, as text that differs when others do: as long as it is the same, only they themselves may look different. */
export function membersBelow(node: Node, childrenOf: ChildrenOf): string {
  if (node.kind !== "actor" && node.kind !== "range") return "";
  if (node.program.tree.churns(node.key)) return "";
  const keys = childrenOf(node.program, node.key);
  if (node.kind === "actor")
    return keys.length <= GROUP_SIZE ? keys.join("\n") : `${keys.slice(0, GROUP_SIZE).join("\n")}\n…`;
  const count = Math.min(node.to, keys.length) - node.from;
  if (count <= GROUP_SIZE) return keys.slice(node.from, node.from + count).join("\n");
  const step = stepOf(count);
  return `${step} ${Math.ceil(count / step)}`;
}

/** The rest keeps its id when it grows; a group is named by where it begins. */
function range(program: LiveProgram, key: string, from: number, to: number, isRest: boolean): RangeNode {
  const id = `r:${program.id}:${key}:${isRest ? "rest" : from}`;
  return { kind: "range", id, parent: undefined, program, key, from, to, isRest };
}

function missingNode(above: Node, source: StaticNode, missing: string): Node {
  return { kind: "source", id: `${above.id}/missing:${source.id}`, parent: undefined, source, missing };
}

function sourceNode(source: StaticNode, index: number, above: string): Node {
  return { kind: "source", id: `${above}/${index}:${source.id ?? source.definition ?? ""}`, parent: undefined, source };
}
