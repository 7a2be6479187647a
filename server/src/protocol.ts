/** What the language server and its clients say beyond the LSP: method names and the types of what is sent. */

/** Same meaning as in the LSP: lines and UTF-16 columns from 0. */
export interface SourceRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface SourceSpan {
  readonly uri: string;
  readonly range: SourceRange;
}

/** One node of the supervision tree as the source says it. */
export interface StaticNode {
  /** Child id; `undefined` when the source does not say it statically. */
  readonly id?: string;
  /**
   * `process`, `files` and `processManager` are what `airssys-rt/os` starts. `unknown`: something is started there, and the source does
   * not say what.
   */
  readonly kind: "supervisor" | "actor" | "process" | "files" | "processManager" | "unknown";
  /**
   * Class name, name given to `defineActor` or `supervisor`, or name of the variable; of a process the name of the file it runs, where the
   * source says it.
   */
  readonly definition?: string;
  /** The child spec, or the `supervisor(...)` call for a root. */
  readonly spec: SourceSpan;
  /** The class or the `defineActor` call. */
  readonly source?: SourceSpan;
  readonly strategy?: string;
  readonly maxRestarts?: number;
  readonly maxRestartPeriodMs?: number;
  readonly restart?: string;
  readonly shutdown?: string | number;
  /**
   * What the crash of this child means to its siblings, by ids: who is stopped first and who is then started, in this order;
   * which crash within the period ends the supervisor. Absent when the source does not say enough.
   */
  readonly onCrash?: {
    readonly stops: readonly string[];
    readonly starts: readonly string[];
    readonly givesUpAt: number;
    readonly periodMs: number;
  };
  /** Why part of this node is unknown, for people. */
  readonly unknown?: string;
  readonly children: readonly StaticNode[];
}

/**
 * Command of the client that code lenses call: shows places in a peek view. Arguments: URI, position, locations, as
 * `editor.action.showReferences` takes them once they are VS Code's. A client that has it says so in the initialization
 * options: `{ commands: ["airssys.showPlaces"] }`.
 */
export const SHOW_PLACES_COMMAND = "airssys.showPlaces";

/**
 * Command of the client by which a debugger stops at messages. Arguments: {@link HandledMessage}. A client that has it says so in the
 * initialization options, as for {@link SHOW_PLACES_COMMAND}, and a lens over each handler offers it.
 */
export const BREAK_ON_MESSAGE_COMMAND = "airssys.breakOnMessage";

/** The messages that a handler in the source is for. */
export interface HandledMessage {
  /** Their `type`. */
  readonly messageType: string;
  /** Class name or name given to `defineActor` of who handles it, `actor` where none was given; absent when several may, or nobody knows. */
  readonly definition?: string;
}

/**
 * Command of the client that a fix calls once it is applied: selects what a person writes on. Arguments: URI, range. A client that
 * has it says so in the initialization options, as for {@link SHOW_PLACES_COMMAND}.
 */
export const SELECT_COMMAND = "airssys.select";

/** Request: the supervision trees of the workspace. Params: none. */
export const SUPERVISION_TREE_REQUEST = "airssys/supervisionTree";
export interface SupervisionTree {
  /** Supervisors that are nobody's child. */
  readonly roots: readonly StaticNode[];
  /** Every actor class and functional actor, also those no supervisor starts: where a definition name is found. */
  readonly actors: readonly {
    readonly name: string;
    readonly kind: "actor" | "supervisor";
    readonly source: SourceSpan;
  }[];
  /** False while projects are still being loaded. */
  readonly complete: boolean;
}

/** Request: what running a file does and needs. Params: `{ uri }`. Result: {@link ProgramReport}, `null` while nothing is known. */
export const PROGRAM_REQUEST = "airssys/program";
export interface ProgramReport {
  /** Whether running the file starts an actor system: in what it runs itself, or calls in the files it imports. */
  readonly startsSystem: boolean;
  /** Why Node cannot run it by taking its types away: the first place of each kind. */
  readonly needs: readonly ProgramNeed[];
  /** URIs of the source files that are loaded, the file itself first. */
  readonly files: readonly string[];
  /** Conditions of its tsconfig by which packages of the workspace are found as sources: Node has to be told. */
  readonly conditions?: readonly string[];
  /** URI of the script that a build of its project makes of the file, whether it is there or not. */
  readonly built?: string;
}
export interface ProgramNeed {
  readonly kind:
    | "js-specifier"
    | "no-extension"
    | "path-alias"
    | "json-import"
    | "type-import"
    | "type-export"
    | "type-handed-on"
    | "commonjs"
    | "top-level-await"
    | "enum"
    | "namespace"
    | "parameter-property"
    | "decorator"
    | "decorator-metadata"
    | "accessor"
    | "import-equals"
    | "jsx"
    | "using"
    | "package"
    | "unbuilt";
  readonly at: SourceSpan;
  /** What is written there: a specifier, or a name. */
  readonly what: string;
}

/** Request: the programs of the workspace that start an actor system; tests where there are no others. Result: {@link ProgramList}. */
export const PROGRAMS_REQUEST = "airssys/programs";
export interface ProgramList {
  readonly programs: readonly { readonly uri: string; readonly isTest: boolean; readonly built?: string }[];
}

/** Request: the tests of the workspace that use the testkit, `airssys-rt/testing`. Params: none. Result: {@link TestList}. */
export const TESTS_REQUEST = "airssys/tests";
/** Notification to the client, if it asked for it: they may have changed; once, until they are asked for again. No params. */
export const TESTS_CHANGED = "airssys/testsChanged";
export interface TestList {
  /** Sorted by address. */
  readonly files: readonly TestFileReport[];
  /** False while projects are still being loaded. */
  readonly complete: boolean;
}
/** Who runs a test: by where `test` comes from. `global`: nobody imports it, so whatever runner the project has. */
export type TestRunner = "node" | "vitest" | "mocha" | "global";
export interface TestFileReport {
  readonly uri: string;
  readonly runner: TestRunner;
  readonly items: readonly TestReport[];
  /** There are others whose titles only a run would tell. */
  readonly hasComputed: boolean;
}
/** A test, or a suite with those in it that use the testkit. */
export interface TestReport {
  /** As it is written. */
  readonly title: string;
  /** The whole call. */
  readonly range: SourceRange;
  readonly isSuite: boolean;
  /** It, or a test in it, tries several orders of messages itself. */
  readonly explores: boolean;
  readonly children: readonly TestReport[];
}

/** Request: errors of syntax and types in a program. Params: `{ uri }`. Result: {@link ProgramErrors}. */
export const PROGRAM_ERRORS_REQUEST = "airssys/programErrors";
export interface ProgramErrors {
  readonly errors: readonly { readonly at: SourceSpan; readonly message: string }[];
}

/** Notification to the client, if it asked for it: the trees may have changed; once, until they are asked for again. No params. */
export const SUPERVISION_TREE_CHANGED = "airssys/supervisionTreeChanged";

/**
 * Request: what the messages of an actor look like. Params: `{ name, uri? }`: its definition, and the file where that is, should there be
 * several of the name. Result: {@link ActorMessages}, `null` when nobody knows, or not all messages are known.
 */
export const MESSAGES_REQUEST = "airssys/messages";
export interface ActorMessages {
  /** Of the protocol, as written: `AccountMessage`. */
  readonly name: string;
  /** The property that tells them apart; absent when the message itself does, or its class. */
  readonly discriminant?: string;
  readonly messages: readonly MessageForm[];
}
/** One message that an actor takes. */
export interface MessageForm {
  /** As it is written in a comparison: `"deposit"`, `Kind.Deposit`. */
  readonly text: string;
  /** Whether it is answered, and with what type. */
  readonly reply?: string;
  readonly shape: TypeShape;
}
/** Which values a type has, as JSON says them. */
export type TypeShape =
  /** `any`: everything, because the type says no more, or more than is told. */
  | { readonly kind: "string" | "number" | "boolean" | "any" }
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "list"; readonly of: TypeShape }
  /** A list of so many; the first `required` have to be there. */
  | { readonly kind: "tuple"; readonly of: readonly TypeShape[]; readonly required: number }
  /** `rest`: of the fields that are not named; absent where there are no others. */
  | { readonly kind: "object"; readonly fields: readonly FieldShape[]; readonly rest?: TypeShape }
  | { readonly kind: "union"; readonly of: readonly TypeShape[] }
  /** No JSON is one; `what` with its article: `an ActorRef`, `a function`. */
  | { readonly kind: "impossible"; readonly what: string };
export interface FieldShape {
  readonly name: string;
  readonly shape: TypeShape;
  readonly isOptional?: true;
}

/** Request: whose code stands at a place. Params: `{ uri, position }`. Result: {@link ActorsAt}. */
export const ACTORS_AT_REQUEST = "airssys/actorsAt";
export interface ActorsAt {
  /** Definitions of actors and supervisors; `child`: the place is one child of that definition, with this id. */
  readonly actors: readonly { readonly name: string; readonly child?: string }[];
}

/**
 * Request: where an actor asks something. Params: `{ name, uri?, message }`: the actor as for {@link MESSAGES_REQUEST}, and the message as
 * it is told apart. Result: {@link AskPlaces}.
 */
export const ASK_PLACES_REQUEST = "airssys/askPlaces";
export interface AskPlaces {
  readonly places: readonly SourceSpan[];
}

/**
 * Notification to the client: what the server is doing, for a status item. Sent, as all notifications beyond the LSP, to clients that say
 * in the initialization options that they know it: `{ notifications: ["airssys/status"] }`. Others are told with `$/progress` and
 * `window/showMessage`.
 */
export const STATUS_NOTIFICATION = "airssys/status";
export interface ServerStatus {
  readonly state: "loading" | "ready" | "failed";
  /** One line for people. */
  readonly text: string;
  /** What could not be checked, by package: it says nothing of it that nothing is reported there. */
  readonly unread?: readonly {
    /** The folder of the package. */
    readonly uri: string;
    /** One line for people, without the folder. */
    readonly text: string;
  }[];
}
