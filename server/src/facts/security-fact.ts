/** What a file says of security contexts: what they grant, who holds them, and what is asked under them. Plain data. */
import type { ArgumentPattern, FilePermission } from "airssys-rt/spec";
import type { FileSpan } from "../source/span.ts";

/** A part that the source does not say is `undefined`. */
export interface FileGrantFact {
  readonly path: string | undefined;
  readonly allow: readonly FilePermission[] | undefined;
  readonly symlinks: "deny" | "inside" | undefined;
  /** Where the path stands, if it does. */
  readonly pathPlace: FileSpan | undefined;
  readonly place: FileSpan;
}

/** A part that the source does not say is `undefined`. */
export interface RunGrantFact {
  readonly command: string | undefined;
  readonly args: readonly ArgumentPattern[] | undefined;
  /** Where each pattern stands; as long as `args`. */
  readonly argPlaces: readonly FileSpan[];
  /** The parts beside; `undefined` when one of them is not known. */
  readonly rest: RunGrantRest | undefined;
  readonly place: FileSpan;
}

export interface RunGrantRest {
  readonly cwd?: string;
  readonly env?: readonly string[];
  readonly dangerous?: boolean;
  readonly pin?: boolean;
}

/** `undefined` lists hold grants that the source does not say. */
export interface ContextFact {
  /** Same for the same call, from whichever file it is meant. */
  readonly id: string;
  readonly place: FileSpan;
  /** Context that it is narrowed from, where that is known. */
  readonly narrowedFrom?: string;
  readonly isNarrowed: boolean;
  /** Name of the constant it is kept in. */
  readonly name: string | undefined;
  readonly files: readonly FileGrantFact[] | undefined;
  readonly run: readonly RunGrantFact[] | undefined;
  readonly env: Readonly<Record<string, string>> | undefined;
  readonly envPlaces: Readonly<Record<string, FileSpan>>;
}

/** Who acts under a context. */
export interface HolderFact {
  readonly kind: "files" | "processManager";
  readonly context: string | undefined;
}

/** Something asked whose parts are written there. */
export interface OsRequestFact {
  /** `osProcess`: a spec, under `context`; `message`: to whoever holds one, and then to any manager. */
  readonly by: "osProcess" | "message";
  readonly context?: string;
  /** `spawn` for a process, else the type of the file message. */
  readonly operation: string;
  readonly target: { readonly value: string; readonly place: FileSpan };
  /** `undefined` where nobody knows how many there are; the value of one that is not known is. */
  readonly args?: readonly { readonly value: string | undefined; readonly place: FileSpan }[];
}

export interface SecurityFacts {
  readonly contexts: readonly ContextFact[];
  readonly holders: readonly HolderFact[];
  readonly requests: readonly OsRequestFact[];
}

export const NO_SECURITY: SecurityFacts = { contexts: [], holders: [], requests: [] };
