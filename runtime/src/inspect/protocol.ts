/**
 * What a program and a viewer say to each other. Plain JSON; imports nothing.
 *
 * One frame is one JSON object. Over a socket or pipe each frame is a line of UTF-8 ending in `\n`; over a debugger each is the
 * argument of a binding, or of `hook.receive`. The program speaks first with `hello`; the viewer answers `welcome` or `error`.
 * Frames of unknown type are answered with `error` and change nothing, so that either side may be newer.
 *
 * Each side says in its first frame how long a frame it takes (`frameLimit`), and sends none that is longer: lists are spread over
 * several frames, texts are cut ({@link TEXT_LIMITS}). Answers wait for a viewer that does not read: over a socket the program reads
 * its next request when the answers before are under way.
 */

/** Changes only when an older viewer would misread a frame. */
export const PROTOCOL_VERSION = 1;

/** Key of the hook on `globalThis`. */
export const HOOK_KEY = "airssys.inspect";
/** Key on `globalThis` where a debugger leaves {@link Boot} before the runtime is loaded. */
export const BOOT_KEY = "airssys.inspect.boot";
/** Name of the script in which a program stops for what happens in the runtime: a dead letter, a full mailbox, an escalation. */
export const STOPPED_HERE = "airssys-stopped-here.js";
/** Environment variable: path of the viewer's socket or pipe, to which the program connects. */
export const ENV_ENDPOINT = "AIRSSYS_INSPECT";
/** Environment variable: the random token the program shows in `hello`. */
export const ENV_TOKEN = "AIRSSYS_INSPECT_TOKEN";
/** Environment variable: `1` holds the first message until the viewer says `go` (at most {@link HOLD_LIMIT_MS}). */
export const ENV_WAIT = "AIRSSYS_INSPECT_WAIT";
/** Environment variable: `1` freezes what is sent in every system of the program whose options do not say (`freezeMessages`). */
export const ENV_FREEZE = "AIRSSYS_FREEZE_MESSAGES";
/**
 * Environment variable: `1`, or milliseconds a callback may take, gives a watchdog to every system of the program whose options do not say
 * (`watchdog`) and that runs by the machine's clock.
 */
export const ENV_WATCHDOG = "AIRSSYS_WATCHDOG";
/** Milliseconds a program waits for `go`. */
export const HOLD_LIMIT_MS = 3_000;
/** Characters of one frame, unless the other side says that it takes fewer; longer ones are refused. What is longer is sent in parts. */
export const MAX_FRAME_LENGTH: number = 8 * 1024 * 1024;
/** The least that either side may say of the frames it takes, in characters: the longest row or event fits many times. */
export const MIN_FRAME_LIMIT: number = 1024 * 1024;

/** Characters of what a program says of itself. What is longer is cut, and ends (a path: begins) in `…`. */
export const TEXT_LIMITS = {
  /** Keys of actors and systems. Never cut: the program makes none that is longer. */
  key: 1_000,
  /** Paths of actors. */
  path: 2_000,
  /** Child ids, names, definitions, types of messages, words of the protocol. */
  name: 500,
  /** Sentences: how an actor ended, why something was refused. */
  text: 2_000,
  stack: 20_000,
} as const;

/** Items of a list in one frame. What is more follows in further frames, or is counted. */
export const LIST_LIMITS = {
  /** Rows and keys. */
  rows: 5_000,
  /** Systems; the frame says how many more there are. */
  systems: 200,
  /** Asks of one actor in its row: the oldest. */
  waits: 16,
  /** Processes that one actor runs for others; the row says how many more there are. */
  processes: 50,
  /** Message breakpoints. */
  stops: 500,
  /** Events between two reports; a `gap` counts the rest. */
  events: 1_000,
} as const;

/** How long the reply to an `ask` may take, in milliseconds of the machine, whatever clock the system has. */
export const ASK_LIMITS = { default: 5_000, longest: 60_000 } as const;

/** What of a reply is told: so many levels, entries of each list and object, and characters in all. What is more is left out. */
export const PAYLOAD_LIMITS = { depth: 10, items: 200, characters: 100_000 } as const;

/** What a debugger leaves for the runtime. */
export interface Boot {
  /** Name of the global function that takes frames, made by `Runtime.addBinding`. */
  readonly binding: string;
  readonly wait?: boolean;
}

export type Capability =
  | "tree"
  | "counts"
  | "health"
  | "locate"
  | "hold"
  | "kill"
  | "restart"
  | "stop"
  | "suspend"
  | "resume"
  | "send"
  | "ping"
  | "who"
  | "watchdog"
  /** `subscribe` with `quiet`. */
  | "quiet"
  | "crash"
  | "ask"
  | "leave"
  /** Rows tell of OS processes; `signal` and `output` are about them. */
  | "signal"
  | "output"
  /** `arm`. */
  | "breakpoints"
  /** `step`. */
  | "steps"
  /** `stopOn`. */
  | "crashStops"
  | "causes";

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
 * - `starting`: its start function or `preStart` runs
 * - `idle`: nothing to do
 * - `ready`: has messages and waits for its turn
 * - `busy`: a synchronous handler runs now
 * - `waiting`: an asynchronous handler has not finished
 * - `suspended`: takes no message until resumed
 * - `restarting`: ended; its next incarnation has not started (a start that fails, or a back-off)
 * - `stopping`: `postStop` runs, or children are still ending
 * - `stopped`: ended; its spec is kept and it can be restarted
 */
export type ActorState =
  | "starting"
  | "idle"
  | "ready"
  | "busy"
  | "waiting"
  | "suspended"
  | "restarting"
  | "stopping"
  | "stopped";

export interface CrashInfo {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly incarnation: number;
  /** Which callback: `init`, `receive`, `signal`, `terminate`, `timer`, `rejection`, `exit`. */
  readonly where: string;
  /** One line. */
  readonly text: string;
  /** Only in the reply to `crash`, and in the last words of a system. */
  readonly stack?: string;
  /** `type` of the message that was being handled. */
  readonly messageType?: string;
}

/** How a life ended; `gaveUp`: a supervisor that was to restart more often than it may. */
export interface EndInfo {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly incarnation: number;
  readonly kind: "normal" | "shutdown" | "killed" | "noproc" | "crashed" | "gaveUp";
  /** One line. */
  readonly text: string;
}

export interface SupervisorInfo {
  readonly strategy: string;
  readonly maxRestarts: number;
  readonly maxRestartPeriodMs: number;
  readonly restartsInWindow: number;
  readonly autoShutdown: string;
}

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

export interface ActorRow {
  /** Identifies the place in the tree within this program, for every incarnation: no other actor, of whichever system, ever has it. */
  readonly key: string;
  /** Key of the parent; absent for the top of a system. */
  readonly parent?: string;
  /** Position among its siblings: start order. */
  readonly order: number;
  /** Child id: the last part of the path. */
  readonly id: string;
  /** Such as `order-desk/payments/card`. */
  readonly path: string;
  /** Registered name. */
  readonly name?: string;
  readonly kind: "actor" | "supervisor";
  /** Class name, or the name given to `defineActor` or `supervisor`. */
  readonly definition: string;
  readonly state: ActorState;
  readonly incarnation: number;
  /** `permanent`, `transient`, `temporary`; absent where nobody supervises. */
  readonly restart?: string;
  /** Restarts since the program began. */
  readonly restarts: number;
  readonly mailbox: {
    readonly depth: number /** `null`: unbounded. */;
    readonly capacity: number | null;
    readonly overflow: string;
    /** Milliseconds for which the oldest message waits; absent when none does. */
    readonly oldestMs?: number;
  };
  /** Messages handled since the program began. */
  readonly handled: number;
  /** Messages handled per second, averaged over some reports; 0 when less than one. */
  readonly rate: number;
  /** Asks of this actor that have no reply yet; the first {@link LIST_LIMITS.waits}. */
  readonly waitsFor?: readonly {
    /** Of the actor that was asked. */
    readonly key?: string;
    readonly path: string;
    readonly messageType: string;
    readonly sinceMs: number;
  }[];
  readonly lastCrash?: CrashInfo;
  /** How its last life ended, whatever has come since. Known of ends that a viewer was there for. */
  readonly lastEnd?: EndInfo;
  /** The message whose turn has not ended. `sinceMs`: for so long at least. */
  readonly handling?: { readonly messageType: string; readonly seq: number; readonly sinceMs: number };
  /** Messages its full mailbox refused or dropped, since a viewer looks. */
  readonly refused?: number;
  /** Messages it has set aside. */
  readonly setAside?: number;
  /** Asks it was sent and has not answered. */
  readonly owes?: number;
  /** Messages it sent that reached nobody, since a viewer looks. */
  readonly deadLetters?: number;
  /** Children that started below it per second, averaged; absent when less than one. */
  readonly births?: number;
  /** It has left the tree: one of the last {@link LEFT_KEPT} children of its parent that failed and were not to be restarted, or all
   * of a system that stops. */
  readonly left?: true;
  /** Children that failed and were not to be restarted, those still shown included. */
  readonly leftChildren?: number;
  readonly supervisor?: SupervisorInfo;
  /** The OS process that this actor stands for, as it is or was last. */
  readonly process?: ProcessInfo;
  /** OS processes that it runs for others, which no actor stands for; the first {@link LIST_LIMITS.processes}. */
  readonly runs?: readonly ProcessInfo[];
  readonly runsLeftOut?: number;
  readonly denials?: DenialInfo;
}

/** Failed children that a parent keeps in sight. */
export const LEFT_KEPT = 5;

export interface SystemRow {
  /** Identifies the system within this program; a later one of the same name has another. */
  readonly id: string;
  readonly name: string;
  /** Key of the top actor. */
  readonly root: string;
  readonly health: HealthReport;
  /** It has stopped, and this is its last report. `cause`: key of the actor with which it began; `crash`: that actor's, with its stack. */
  readonly end?: EndInfo & { readonly cause?: string; readonly crash?: CrashInfo };
}

export interface HealthReport {
  readonly status: "up" | "degraded" | "down";
  readonly actors: number;
  readonly supervisors: number;
  /** Messages per second over the last report interval. */
  readonly throughput: number;
  readonly restarts: number;
  readonly deadLetters: number;
  /** Milliseconds by which the event loop is late. */
  readonly loopDelayMs: number;
  readonly timestamp: number;
}

export type InspectEvent =
  | {
      readonly kind: "crashed";
      readonly at: number;
      readonly key: string;
      readonly path: string;
      readonly crash: CrashInfo;
    }
  | {
      readonly kind: "restarted";
      readonly at: number;
      readonly key: string;
      readonly path: string;
      readonly incarnation: number;
    }
  | {
      readonly kind: "escalated";
      readonly at: number;
      readonly key: string;
      readonly path: string;
      readonly text: string;
    }
  | {
      readonly kind: "deadLetter";
      readonly at: number;
      readonly path: string;
      /** Path of who sent it; absent when nobody is known to have. */
      readonly sender?: string;
      readonly messageType: string;
      readonly reason: string;
    }
  | {
      readonly kind: "mailboxFull";
      readonly at: number;
      readonly key: string;
      readonly path: string;
      readonly capacity: number;
    }
  | {
      readonly kind: "systemStopped";
      readonly at: number;
      readonly system: string;
      readonly text: string;
      /** `normal` and `shutdown` are orderly; absent from older runtimes. */
      readonly reason?: EndInfo["kind"];
      /** Key of the actor with which the end began. */
      readonly cause?: string;
    };

/**
 * Frames a program sends. `seq` rises by one with each `snapshot`, `delta` and `gap`. `systems` is always the whole list, those
 * that have stopped since the last report included, up to
 * {@link LIST_LIMITS.systems}; `systemsLeftOut` says how many more there are.
 */
export type ProgramFrame =
  | {
      readonly type: "hello";
      readonly protocol: number;
      /** Version of `airssys-rt`. */
      readonly runtime: string;
      readonly pid: number;
      readonly node: string;
      /** Path of the main script. */
      readonly program: string;
      readonly capabilities: readonly Capability[];
      /** Characters of the longest frame it takes; default {@link MAX_FRAME_LENGTH}. */
      readonly frameLimit?: number;
      readonly token?: string;
      /** This is not the program but the thread beside it that a viewer asked for, and that answers while the program cannot. */
      readonly watchdog?: true;
    }
  /** The whole truth: whatever the viewer held before is void. Of a large tree the first rows; the others follow in deltas. */
  | {
      readonly type: "snapshot";
      readonly seq: number;
      readonly at: number;
      readonly systems: readonly SystemRow[];
      readonly systemsLeftOut?: number;
      readonly actors: readonly ActorRow[];
    }
  /**
   * What changed: whole rows, parents before their children. At most {@link LIST_LIMITS.rows} change in one report: of a tree in which
   * more does, the others follow in the next ones, those that wait longest first.
   */
  | {
      readonly type: "delta";
      readonly seq: number;
      readonly at: number;
      readonly systems: readonly SystemRow[];
      readonly systemsLeftOut?: number;
      readonly changed: readonly ActorRow[];
      readonly removed: readonly string[];
      readonly events: readonly InspectEvent[];
    }
  /** `missed` events were dropped: they were too many, or the viewer was slow. The rows that follow are right all the same. */
  | { readonly type: "gap"; readonly seq: number; readonly at: number; readonly missed: number }
  /** `more`: this is a part of the value, and another reply with the same `id` follows. */
  | { readonly type: "reply"; readonly id: number; readonly ok: true; readonly value?: unknown; readonly more?: true }
  | { readonly type: "reply"; readonly id: number; readonly ok: false; readonly code: string; readonly message: string }
  /** The state of some message breakpoints has changed. */
  | { readonly type: "armed"; readonly stops: readonly Armed[] }
  /** The program stops for the debugger in a moment, and this is why. `key` is empty, `messageSeq` negative where there is none. */
  | {
      readonly type: "stopped";
      readonly reason: StopReason;
      /** `id` of the message breakpoint. */
      readonly stop?: string;
      readonly key: string;
      readonly messageSeq: number;
      /** One line. */
      readonly text: string;
    }
  | { readonly type: "error"; readonly code: InspectErrorCode; readonly message: string };

/** Frames a viewer sends. Requests carry an `id`, answered by one `reply`. */
export type ViewerFrame =
  /** `frameLimit`: characters of the longest frame it takes, at least {@link MIN_FRAME_LIMIT}; default {@link MAX_FRAME_LENGTH}. */
  | { readonly type: "welcome"; readonly protocol: number; readonly frameLimit?: number }
  /** Refuses the program: the session is over. */
  | { readonly type: "error"; readonly code: InspectErrorCode; readonly message: string }
  /**
   * Starts the flow: one snapshot, then a delta every `intervalMs` (100 to 10000; default 400) in which something changed. `quiet`: nobody
   * looks at the rows. A row that only counts on is then not told, and what is told of the systems comes with every look.
   */
  | { readonly type: "subscribe"; readonly id: number; readonly intervalMs?: number; readonly quiet?: boolean }
  | { readonly type: "unsubscribe"; readonly id: number }
  /** The reply's value is a {@link Tree}; of a large one in parts, each a tree with further rows and the same systems. */
  | { readonly type: "snapshot"; readonly id: number }
  | { readonly type: "health"; readonly id: number }
  /** The reply's value is a {@link SourceLocation}, or `null` when unknown. */
  | { readonly type: "locate"; readonly id: number; readonly key: string }
  /** The reply's value is the last {@link CrashInfo} with its stack, or `null`. */
  | { readonly type: "crash"; readonly id: number; readonly key: string }
  /** An actor goes on when the last viewer that suspended it has resumed it or is gone; `resume` resumes it for all. */
  | { readonly type: "kill" | "restart" | "stop" | "suspend" | "resume"; readonly id: number; readonly key: string }
  | { readonly type: "send"; readonly id: number; readonly key: string; readonly message: unknown }
  /**
   * Sends as `send` does and waits for what becomes of the message: the reply's value is an {@link Answer}. `timeoutMs`: above 0, at
   * most {@link ASK_LIMITS}. Nobody is the sender, as of a message from outside of any actor.
   */
  | {
      readonly type: "ask";
      readonly id: number;
      readonly key: string;
      readonly message: unknown;
      readonly timeoutMs?: number;
    }
  /** To the group of a process that the actor stands for or runs. The reply's value says whether it still ran. */
  | {
      readonly type: "signal";
      readonly id: number;
      readonly key: string;
      readonly pid: number;
      readonly signal: ProcessSignal;
    }
  /** The reply's value is an {@link OutputPart}. What comes after the first one is kept while somebody goes on asking. */
  | { readonly type: "output"; readonly id: number; readonly key: string; readonly pid: number; readonly from: number }
  | { readonly type: "go"; readonly id: number }
  /** Answered by the event loop of the program: silence means that it does not turn. */
  | { readonly type: "ping"; readonly id: number }
  /** Who keeps the event loop: the reply's value is a {@link Runner}, or `null` when it is no actor. Answered at once, also from within
   * a loop that does not turn. `held`: a debugger holds the program, and no watchdog is to blame anybody for that. */
  | { readonly type: "who"; readonly id: number; readonly held?: true }
  /** Starts the thread that answers `who` while the program cannot, or ends it. It connects to the viewer as the program did. */
  | { readonly type: "watchdog"; readonly id: number; readonly on: boolean }
  /**
   * What follows is refused with `ERR_NOT_SUPPORTED` where no debugger is attached, and is void when the viewer leaves or has said nothing
   * for some 20 seconds of running.
   *
   * The whole list of message breakpoints; the reply's value is a list of {@link Armed} in the same order.
   */
  | { readonly type: "arm"; readonly id: number; readonly stops: readonly MessageStop[] }
  /**
   * Stops once: where the actor `key` handles the message `seq` (`receiver`), or its next message that is not `seq` (`nextMessage`).
   */
  | {
      readonly type: "step";
      readonly id: number;
      readonly kind: "receiver" | "nextMessage";
      readonly seq: number;
      readonly key: string;
    }
  /**
   * At what else to stop; what is not named is off. `crash`: what callbacks of actors throw is to be seen as caught by nobody, so that a
   * debugger which stops at uncaught exceptions stops there. `mailboxDepth`: so many messages wait.
   */
  | {
      readonly type: "stopOn";
      readonly id: number;
      readonly crash?: boolean;
      readonly deadLetter?: boolean;
      readonly escalation?: boolean;
      readonly mailboxDepth?: number;
    }
  /** Whether the call stack of a handler goes on into who sent its message. */
  | { readonly type: "causes"; readonly id: number; readonly on: boolean }
  /** The viewer goes, as far as the program is concerned: nothing more is reported, and whom it suspended goes on. Not answered. */
  | { readonly type: "leave" };

/** What became of a message that was sent by `ask`. `ms`: after so many milliseconds. */
export type Answer =
  /** `payload`: what was replied, as data for people to read ({@link PAYLOAD_LIMITS}); `isCut`: there was more. */
  | { readonly outcome: "replied"; readonly ms: number; readonly payload: unknown; readonly isCut?: true }
  /** The handler has finished, and was asked nothing that it answers. */
  | { readonly outcome: "handled"; readonly ms: number }
  /** It was not handled, or not to its end, or was answered with an error: `text` in one line, `code` where the error has one. */
  | { readonly outcome: "failed"; readonly ms: number; readonly text: string; readonly code?: string }
  /** No reply yet. The actor may still act on the message; its reply is then a dead letter. */
  | { readonly outcome: "timedOut"; readonly ms: number };
/** Which messages to stop at, when their turn begins. What is not named is any. */
export interface MessageStop {
  readonly id: string;
  readonly messageType?: string;
  /** Of who handles it; `*` stands for one part. */
  readonly path?: string;
  /** Class name, or the name given to `defineActor`, of who handles it. */
  readonly definition?: string;
  /** Path of who sent it; `*` stands for one part. */
  readonly sender?: string;
  /** An expression over `message`, `sender`, `actor` (paths) and `incarnation`. */
  readonly condition?: string;
  /** Tells this in the debugger's console instead of stopping; with expressions in braces. */
  readonly log?: string;
  /** Only the match of that number, from 1. */
  readonly hits?: number;
}

/**
 * - `armed`: it can be hit
 * - `noHandler`: nobody lives who handles that; it is armed when somebody does
 * - `badCondition`: its condition or text cannot be read, or has thrown; `text` says how
 */
export interface Armed {
  readonly id: string;
  readonly state: "armed" | "noHandler" | "badCondition";
  readonly text?: string;
}

export type StopReason = "message" | "step" | "deadLetter" | "escalation" | "mailbox";

/** The message sent last. */
export interface LastSent {
  readonly seq: number;
  /** Path of the recipient. */
  readonly path: string;
  readonly type: string;
  /** Key of the recipient. */
  readonly key: string;
}

/** The value of a reply to `snapshot`. */
export interface Tree {
  readonly systems: readonly SystemRow[];
  readonly systemsLeftOut?: number;
  readonly actors: readonly ActorRow[];
}

/** An actor whose callback runs right now. */
export interface Runner {
  readonly key: string;
  readonly path: string;
  /** `type` of the message it handles; absent for a start, a signal or an end. */
  readonly messageType?: string;
  /** Path of who sent that message. */
  readonly sender?: string;
}

export interface SourceLocation {
  /** `file:` URL or path of the script as Node loaded it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export type InspectErrorCode =
  | "ERR_PROTOCOL_VERSION"
  | "ERR_BAD_FRAME"
  | "ERR_BAD_TOKEN"
  | "ERR_FRAME_TOO_LONG"
  | "ERR_UNKNOWN_ACTOR"
  /** The actor has no process of that number, or it has exited. */
  | "ERR_UNKNOWN_PROCESS"
  /** Too many requests are under way. */
  | "ERR_TOO_MANY_REQUESTS"
  | "ERR_NOT_SUPPORTED"
  | "ERR_ACTION_FAILED";

/** The object at `globalThis[Symbol.for(HOOK_KEY)]` of every program that has loaded the runtime. */
export interface InspectionHook {
  readonly protocol: number;
  /** Begins a session whose frames go to the global function named in `boot`. Ends the one that was there. */
  attach(boot: Boot): void;
  /** Takes one {@link ViewerFrame} of the attached session as JSON; returns the answer as JSON (also while paused), or `""`
   * when it is pushed later. Of an answer in parts the first ones are pushed before it returns the last. Never throws. */
  receive(frame: string): string;
  /** The user's function that handles messages of that type, for function breakpoints. */
  handlerOf(path: string, messageType: string): unknown;
  /** The message being handled right now. */
  readonly current:
    | {
        readonly actor: string;
        readonly type: string;
        readonly messageId: string;
        readonly seq: number;
        readonly sender?: string;
        /** Whether its sender waits for an answer. */
        readonly isAsked: boolean;
      }
    | undefined;
  /** That message itself, as the program has it. */
  readonly message: unknown;
  /** Whether an actor's code runs right now: its turn, or what follows an `await` in it. */
  readonly isInActor: boolean;
  /** The message sent last, while a debugger has armed anything. */
  readonly lastSent: LastSent | undefined;
  /** The object that is the actor's behavior in its present life. */
  behaviorOf(key: string): unknown;
  /** Who keeps the event loop right now. */
  readonly runner: Runner | undefined;
  /** Sequence number of the message sent last. */
  readonly lastSentSeq: number;
  /** Lets a held program go on. */
  go(): void;
}
