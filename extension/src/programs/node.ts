/** What the Supervision view shows: its rows, as plain data. */
import type { StaticNode } from "airssys-language-server/protocol";
import type { Capability, Runner } from "airssys-rt/inspect";
import type { Request } from "../inspect/session.ts";
import type { Aftermaths } from "./aftermath.ts";
import type { ProgramTree } from "./model.ts";

/** For how long a program has not answered, and who keeps it from answering. */
export interface Silence {
  readonly ms: number;
  /** `undefined`: nobody can tell, or it is no actor. */
  readonly runner: Runner | undefined;
  /** The machine has stopped its process. */
  readonly isHalted?: boolean | undefined;
}

/** A program, as far as the view needs it. */
export interface LiveProgram {
  readonly id: string;
  /** Such as `main.ts`. */
  readonly title: string;
  /** Such as `pid 4711 · debugging`. */
  readonly detail: string;
  readonly tree: ProgramTree;
  /** What crashes took along. */
  readonly aftermaths?: Aftermaths;
  readonly isPaused?: boolean;
  /** Where it is paused, if that is in an actor. */
  readonly runner?: Runner | undefined;
  /** It does not answer. */
  readonly silence?: Silence | undefined;
  /** When it has ended, milliseconds since the epoch. */
  readonly endedAt?: number | undefined;
  /** Stops it for the debugger; absent where there is none. */
  readonly pause?: (() => Promise<void>) | undefined;
  /** It is watched, read only: values are not told, and nothing can be changed. */
  readonly isWatched?: boolean;
  /** Whether the program offers it and the user may do it. */
  can(capability: Capability): boolean;
  /** Why not, in a sentence. */
  whyNot?(capability: Capability): string | undefined;
  /** @param limitMs how long the answer may take, if not as usual. @throws {RequestError} as a rejection. */
  request(request: Request, limitMs?: number): Promise<unknown>;
}

/** In which order rows stand. */
export const ORDERS = ["start", "name", "trouble", "mailbox", "rate"] as const;
export type Order = (typeof ORDERS)[number];

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

/** An OS process that an actor runs and that no actor stands for. */
export interface ProcessNode extends NodeBase {
  readonly kind: "process";
  readonly program: LiveProgram;
  /** Of the actor that runs it. */
  readonly key: string;
  readonly pid: number;
}

/** An actor as the source says it, before anything runs. */
export interface SourceNode extends NodeBase {
  readonly kind: "source";
  readonly source: StaticNode;
  /** Why it does not run, where it stands among actors that do. */
  readonly missing?: string;
}

export type Node = ProgramNode | ActorNode | ProcessNode | RangeNode | SourceNode;

/** The colour of a name: what is said of it in words and by its shape, too. */
export type Tone = "error" | "warning" | "stale";

/** How a row looks and sounds. */
export interface Presentation {
  readonly label: string;
  readonly description: string;
  /** A codicon and a theme color: never the color alone. */
  readonly icon: { readonly id: string; readonly color?: string };
  readonly tone: Tone | undefined;
  /** At the right edge, two characters at most. */
  readonly badge: string | undefined;
  /** For screen readers. */
  readonly spoken: string;
  /** Words for `when` clauses. */
  readonly context: string;
  readonly expands: "never" | "closed" | "open";
  /** Differs when something happened that is to be seen at once; the rest, such as numbers, may wait a little. */
  readonly alert: string;
}
