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
  /** Directory that relative paths begin at, where the source says it as an absolute path. */
  readonly base: string | undefined;
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

/** A text, and where it stands. */
export interface PlacedText {
  readonly value: string;
  readonly place: FileSpan;
}

/** A process that is asked for, as far as it is written there. */
export interface ProcessRequestFact {
  /** `osProcess`: a spec, under `context`; `message`: to whoever holds one, and then to any manager. */
  readonly by: "osProcess" | "message";
  readonly context?: string;
  readonly operation: "spawn";
  readonly command: PlacedText;
  /** `undefined` where nobody knows how many there are; the value of one that is not known is. */
  readonly args?: readonly { readonly value: string | undefined; readonly place: FileSpan }[];
  /** Names of the variables that are known to be given. */
  readonly env: readonly PlacedText[];
}

/** A file operation that is asked for, with the paths that are written there. */
export interface FileRequestFact {
  readonly by: "message";
  /** The type of the message. */
  readonly operation: string;
  readonly paths: readonly (PlacedText & { readonly field: "path" | "to" })[];
}

export type OsRequestFact = ProcessRequestFact | FileRequestFact;

export function isProcessRequest(request: OsRequestFact): request is ProcessRequestFact {
  return "command" in request;
}

export interface SecurityFacts {
  readonly contexts: readonly ContextFact[];
  readonly holders: readonly HolderFact[];
  readonly requests: readonly OsRequestFact[];
}

export const NO_SECURITY: SecurityFacts = { contexts: [], holders: [], requests: [] };
