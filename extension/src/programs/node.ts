/** What the Supervision view shows: its rows, as plain data. */
import type { StaticNode } from "airssys-language-server/protocol";
import type { Capability } from "airssys-rt/inspect";
import type { Request } from "../inspect/session.ts";
import type { ProgramTree } from "./model.ts";

/** A running program, as far as the view needs it. */
export interface LiveProgram {
  readonly id: string;
  /** Such as `main.ts`. */
  readonly title: string;
  /** Such as `pid 4711 · debugging`. */
  readonly detail: string;
  readonly tree: ProgramTree;
  /** Whether the program offers it and the user may do it. */
  can(capability: Capability): boolean;
  /** @throws {RequestError} as a rejection. */
  request(request: Request): Promise<unknown>;
}

interface NodeBase {
  /** Stable: equal for the same place in the tree, across restarts and refreshes. */
  readonly id: string;
  parent: Node | undefined;
}

export interface ProgramNode extends NodeBase {
  readonly kind: "program";
  readonly program: LiveProgram;
}

/** An actor, a supervisor or the top of a system. */
export interface ActorNode extends NodeBase {
  readonly kind: "actor";
  readonly program: LiveProgram;
  readonly key: string;
}

/** Some of the children of a supervisor that has very many. */
export interface RangeNode extends NodeBase {
  readonly kind: "range";
  readonly program: LiveProgram;
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** True for the one that stands for all that did not fit. */
  readonly isRest: boolean;
}

/** An actor as the source says it, before anything runs. */
export interface SourceNode extends NodeBase {
  readonly kind: "source";
  readonly source: StaticNode;
}

export type Node = ProgramNode | ActorNode | RangeNode | SourceNode;

/** How a row looks and sounds. */
export interface Presentation {
  readonly label: string;
  readonly description: string;
  /** A codicon and a theme color: never the color alone. */
  readonly icon: { readonly id: string; readonly color?: string };
  /** For screen readers. */
  readonly spoken: string;
  /** Words for `when` clauses. */
  readonly context: string;
  readonly expands: "never" | "closed" | "open";
  /** Differs when something happened that is to be seen at once; the rest, such as numbers, may wait a little. */
  readonly alert: string;
}
