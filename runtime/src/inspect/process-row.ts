/** The protocol's rows of OS processes: what a program says of a process that an actor stands for or runs, and of what it was denied. */

/** Signals that a viewer may send to a process and its group. */
export const PROCESS_SIGNALS = [
  "SIGTERM",
  "SIGKILL",
  "SIGINT",
  "SIGHUP",
  "SIGUSR1",
  "SIGUSR2",
  "SIGSTOP",
  "SIGCONT",
] as const;

export type ProcessSignal = (typeof PROCESS_SIGNALS)[number];

/**
 * An OS process. What it wrote and what it was started with is data of unknown origin: no control characters are in it, no escape sequences
 * and no marks that turn text round; everything else may be.
 */
export interface ProcessInfo {
  readonly pid: number;
  readonly command: string;
  /** One line; secret ones left out. */
  readonly args: string;
  /** `starting`: it runs and is not ready yet, as its spec says what that is. `exited`: with `code` or `signal`, where that is known. */
  readonly state: "starting" | "ready" | "exited";
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /**
   * Of the process itself; those that it started are not counted. `cpuPercent`: of one processor, since the last look; absent at the first
   * one. `null`: this system does not say.
   */
  readonly usage?: { readonly cpuPercent?: number; readonly memoryBytes: number } | null;
  /** The last lines of what it wrote to stderr. */
  readonly stderr?: string;
  readonly code?: number;
  readonly signal?: string;
}

/** What an actor was asked under its security context, and denied: how often, and the last one. */
export interface DenialInfo {
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly operation: string;
  /** Path or command, as it was given. */
  readonly target: string;
  readonly reason: string;
  /** One line: which grant would be needed, or what to do instead. */
  readonly hint: string;
  /** That grant as it is written in a context; absent where none would help. */
  readonly grant?: string;
}

/** What a process has written from a position on: the value of a reply to `output`. */
export interface OutputPart {
  readonly text: string;
  /** Position of the next part. */
  readonly next: number;
  /** Characters between the two positions that are not kept any more. */
  readonly lost: number;
}
