/** What the server and its analysis process say to each other. Types only; everything is plain data with lines and columns. */

import type {
  ActorMessages,
  ActorsAt,
  HandledMessage,
  ProgramErrors,
  ProgramList,
  ProgramReport,
  ServerStatus,
  SourceRange,
  SupervisionTree,
  TestList,
} from "../protocol.ts";
import type { Severity } from "../rules/diagnostic.ts";

export interface PlacedRange {
  readonly path: string;
  readonly range: SourceRange;
}

export interface RangedEdit extends PlacedRange {
  readonly newText: string;
}

export interface RangedDiagnostic {
  readonly range: SourceRange;
  readonly rule: string;
  readonly code: number;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly (PlacedRange & { readonly message: string })[];
  readonly isUnnecessary: boolean;
}

export interface Action {
  readonly title: string;
  readonly kind: "quickfix" | "refactor.rewrite" | "source.fixAll.airssys";
  /** The diagnostic it makes go away. */
  readonly fixes?: RangedDiagnostic;
  /** The obvious choice. */
  readonly isPreferred: boolean;
  readonly edits: readonly RangedEdit[];
  /** What a person writes on when it is done: a place in the new text. */
  readonly selection?: PlacedRange;
}

export interface Position {
  readonly path: string;
  readonly position: SourceRange["start"];
}

export interface HoverResult {
  readonly range: SourceRange;
  readonly markdown: string;
}

export interface SymbolResult {
  readonly name: string;
  readonly detail: string;
  readonly kind: "actor" | "supervisor" | "handler" | "child";
  readonly range: SourceRange;
  readonly nameRange: SourceRange;
  readonly children: readonly SymbolResult[];
}

export interface LensResult {
  readonly range: SourceRange;
  readonly title: string;
  readonly places: readonly PlacedRange[];
  readonly handled?: HandledMessage;
}

export interface HintResult {
  readonly position: SourceRange["start"];
  readonly text: string;
  readonly tooltip: string;
}

export interface HierarchyResult extends PlacedRange {
  readonly name: string;
  readonly detail: string;
  readonly nameRange: SourceRange;
  readonly variant: string;
}

export interface HierarchyCallResult {
  readonly item: HierarchyResult;
  readonly ranges: readonly SourceRange[];
}

export interface CompletionResult {
  readonly label: string;
  readonly detail: string;
  readonly snippet: string;
  /** Imports it needs. */
  readonly edits: readonly RangedEdit[];
  /** What it takes the place of; absent: nothing. */
  readonly replaces?: SourceRange;
}

/** To the analysis; nothing comes back. */
export interface Notices {
  open: { readonly path: string; readonly text: string; readonly version: number };
  close: { readonly path: string };
  filesChanged: { readonly paths: readonly string[] };
  folders: { readonly added: readonly string[]; readonly removed: readonly string[] };
  configure: { readonly settings: unknown };
  /** Whether facts may be read from the folders and kept in them, for the next time. Told first; default: they may. */
  keepFacts: { readonly isAllowed: boolean };
  /** Not to be read while they have the text they have now. */
  leaveOut: { readonly paths: readonly string[] };
}

/** To the analysis; each has one answer. */
export interface Requests {
  diagnostics: {
    /**
     * `isTold`: whether an open file's are told as an event too. `mayBeEarly`: whether those of saved facts will do, as an event tells
     * when there are others.
     */
    params: { readonly path: string; readonly isTold: boolean; readonly mayBeEarly?: boolean };
    result: readonly RangedDiagnostic[];
  };
  actions: { params: PlacedRange; result: readonly Action[] };
  hover: { params: Position; result: HoverResult | undefined };
  definition: { params: Position; result: readonly PlacedRange[] };
  implementation: { params: Position; result: readonly PlacedRange[] };
  references: { params: Position & { readonly withDeclaration: boolean }; result: readonly PlacedRange[] };
  prepareRename: { params: Position; result: SourceRange | undefined };
  /** `undefined`: it cannot be renamed everywhere. */
  rename: { params: Position & { readonly newName: string }; result: readonly RangedEdit[] | undefined };
  symbols: { params: { readonly path: string }; result: readonly SymbolResult[] };
  workspaceSymbols: {
    params: { readonly query: string };
    result: readonly { readonly path: string; readonly symbol: SymbolResult }[];
  };
  lenses: { params: { readonly path: string }; result: readonly LensResult[] };
  hints: { params: PlacedRange; result: readonly HintResult[] };
  hierarchyItems: { params: Position; result: readonly HierarchyResult[] };
  incoming: { params: { readonly variant: string }; result: readonly HierarchyCallResult[] };
  outgoing: { params: { readonly variant: string }; result: readonly HierarchyCallResult[] };
  completion: { params: Position; result: readonly CompletionResult[] };
  supervisionTree: { params: Record<string, never>; result: SupervisionTree };
  messages: { params: { readonly name: string; readonly path?: string }; result: ActorMessages | undefined };
  askPlaces: {
    params: { readonly name: string; readonly path?: string; readonly message: string };
    result: readonly PlacedRange[];
  };
  actorsAt: { params: Position; result: ActorsAt };
  /** `undefined`: the file is not there. */
  program: { params: { readonly path: string }; result: ProgramReport | undefined };
  programs: { params: Record<string, never>; result: ProgramList };
  tests: { params: Record<string, never>; result: TestList };
  programErrors: { params: { readonly path: string }; result: ProgramErrors };
}

/** From the analysis. */
export interface Events {
  /**
   * All diagnostics of a file; `version` is that of the open document they were made from. `isFirst`: they are told because the file was
   * opened, whatever they were before.
   */
  diagnostics: {
    readonly path: string;
    readonly version?: number;
    readonly isFirst: boolean;
    readonly diagnostics: readonly RangedDiagnostic[];
  };
  status: ServerStatus;
  /** Once, until the tree is asked for again. */
  supervisionTreeChanged: Record<string, never>;
  /** Once, until they are asked for again. */
  testsChanged: Record<string, never>;
  /** The file that is read from now on; none when no file is read. */
  reading: { readonly path?: string };
  log: { readonly level: "error" | "warning" | "info"; readonly text: string };
}

/** What the server is told; what is read is a matter of who starts the process again. */
export type ToldEvent = Exclude<keyof Events, "reading">;

type Named<T> = { [K in keyof T]: { readonly name: K; readonly params: T[K] } }[keyof T];
type Asked = {
  [K in keyof Requests]: { readonly id: number; readonly name: K; readonly params: Requests[K]["params"] };
}[keyof Requests];

export type ToAnalysis =
  | { readonly kind: "notice"; readonly notice: Named<Notices> }
  | { readonly kind: "request"; readonly request: Asked }
  | { readonly kind: "cancel"; readonly id: number };

export type FromAnalysis =
  | { readonly kind: "answer"; readonly id: number; readonly result: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly text: string }
  | { readonly kind: "event"; readonly event: Named<Events> };
