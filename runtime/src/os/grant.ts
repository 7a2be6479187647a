/** What a security context says: grants of files and commands. Plain data. */

/**
 * What a grant of files allows.
 *
 * | permission | operations |
 * |---|---|
 * | `read` | `read`, `readChunks`, `stat` |
 * | `list` | `list`, `stat`, `watch` |
 * | `write` | `write`, `append`, `makeDirectory`, the target of `move` |
 * | `delete` | `delete`, the source of `move`, which `read` is needed for as well |
 */
export type FilePermission = "read" | "list" | "write" | "delete";

export const FILE_PERMISSIONS: readonly FilePermission[] = ["read", "list", "write", "delete"];

/** What an operation on a file needs of the grants of its path: of each list one. A `move` needs `write` where it goes to, too. */
export const NEEDED_PERMISSIONS: Readonly<Record<string, readonly (readonly FilePermission[])[]>> = {
  read: [["read"]],
  readChunks: [["read"]],
  stat: [["read", "list"]],
  list: [["list"]],
  watch: [["list"]],
  write: [["write"]],
  append: [["write"]],
  makeDirectory: [["write"]],
  delete: [["delete"]],
  move: [["read"], ["delete"]],
};

/** A directory, with all that is below it. */
export interface FileGrant {
  /** A directory that exists; relative to the context's `base`. */
  readonly path: string;
  readonly allow: readonly FilePermission[];
  /**
   * What becomes of symbolic links below it. `inside`: they are followed as long as they lead to somewhere below this directory, for what
   * is read. Default `deny`.
   */
  readonly symlinks?: "deny" | "inside";
}

/** What patterns for arguments from outside say beside. */
export interface PatternOptions {
  /** The argument may begin with `-`, although it comes from outside. Default false. */
  readonly mayBeOption?: boolean;
  /** It does not stand in the audit. Default false. */
  readonly secret?: boolean;
}

/**
 * What one argument may be.
 *
 * | pattern | fits |
 * |---|---|
 * | text | exactly that |
 * | `{ oneOf }` | exactly one of these |
 * | `{ matches }` | what the expression matches from its beginning to its end |
 * | `{ integer: [min, max] }` | a whole number in its usual form |
 * | `{ path: "read" }` | a path that may be read (or written); handed over as the real path |
 * | `{ rest, max }` | as the last one: at most so many arguments that fit |
 */
export type ArgumentPattern = SingleArgument | { readonly rest: SingleArgument; readonly max: number };

export type SingleArgument =
  | string
  | ({ readonly oneOf: readonly string[] } & PatternOptions)
  | ({ readonly matches: RegExp } & PatternOptions)
  | ({ readonly integer: readonly [min: number, max: number] } & PatternOptions)
  | ({ readonly path: "read" | "write" } & PatternOptions);

/** A command, and what it may be started with. */
export interface RunGrant {
  /** Absolute path of an executable. */
  readonly command: string;
  /** One pattern for each argument. Default: none. */
  readonly args?: readonly ArgumentPattern[];
  /** Its working directory, relative to the context's `base`. Default: the base. */
  readonly cwd?: string;
  /**
   * Names of variables it gets from this program, or may be given by a request: those that say where settings are (`HOME`, `XDG_CONFIG_HOME`
   * …) by a request only with `dangerous`. Default: none.
   */
  readonly env?: readonly string[];
  /** Variables that make programs run others (`LD_PRELOAD`, `NODE_OPTIONS` …) may be among them. Default false. */
  readonly dangerous?: boolean;
  /** Run through a descriptor that was opened when the context was made: a file put in its place never runs. Linux. Default false. */
  readonly pin?: boolean;
}

/** The plain part of a security context. */
export interface Grants {
  /** Who acts, for the audit. */
  readonly principal: string;
  readonly files: readonly FileGrant[];
  readonly run: readonly RunGrant[];
  /** Variables with fixed values that every process gets, `PATH` for one. */
  readonly env: Readonly<Record<string, string>>;
}
