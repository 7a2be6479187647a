/** What an actor that holds OS processes, or acts under a security context, tells whoever inspects it. Leaf. */

const tellers = new WeakMap<object, () => OsFacts>();

/** Says what a behavior tells. `facts` is called only while somebody looks. */
export function tellsOsFacts(behavior: object, facts: () => OsFacts): void {
  tellers.set(behavior, facts);
}

/** How a behavior tells, if it does. */
export function tellerOf(behavior: object | undefined): (() => OsFacts) | undefined {
  return behavior === undefined ? undefined : tellers.get(behavior);
}

export interface OsFacts {
  /** The process that the actor stands for. */
  readonly own?: ProcessFacts | undefined;
  /** Processes that it runs for others, which no actor stands for. */
  readonly runs: readonly ProcessFacts[];
  /** What it was asked and denied; absent when nothing was. */
  readonly denials?: DenialFacts | undefined;
}

/** What a process has used, of itself: those that it started are not counted. */
export interface ProcessUsage {
  /** Processor time, milliseconds. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** A process that runs. What it says is unchecked: its arguments, and all that it writes. */
export interface ProcessFacts {
  readonly pid: number;
  readonly command: string;
  /** Secret ones left out. */
  readonly args: readonly string[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly isReady: boolean;
  /** The end of what it wrote to stderr; where somebody takes that, since it was first asked for. */
  readonly stderrTail: string;
  /** `undefined` where the system does not say. */
  usage(): ProcessUsage | undefined;
  /** What it has written from this position on, both streams as they came. */
  output(from: number): ProcessOutputPart;
  /** To its whole group. @returns false when it has exited. */
  signal(signal: NodeJS.Signals): boolean;
}

/** A part of what a process has written. */
export interface ProcessOutputPart {
  readonly text: string;
  /** Position of the next part. */
  readonly next: number;
  /** Characters that were written after the position asked for, and are not kept any more. */
  readonly lost: number;
}

export interface DenialFacts {
  readonly count: number;
  readonly last: {
    /** Milliseconds since the epoch. */
    readonly at: number;
    readonly operation: string;
    readonly target: string;
    readonly reason: string;
    readonly hint: string;
    /** The grant that would be needed, as it is written in a context; absent where none would help. */
    readonly grant?: string | undefined;
  };
}
