/**
 * What a program and a viewer say to each other. Plain JSON, told in types and constants alone.
 *
 * One frame is one JSON object. Over a socket or pipe each frame is a line of UTF-8 ending in `\n`; over a debugger each is the
 * argument of a binding, or of `hook.receive`. The program speaks first with `hello`; the viewer answers `welcome` or `error`.
 * Frames of unknown type are answered with `error` and change nothing, so that either side may be newer.
 *
 * Each side says in its first frame how long a frame it takes (`frameLimit`), and sends none that is longer: lists are spread over
 * several frames, texts are cut (`TEXT_LIMITS`). Answers wait for a viewer that does not read: over a socket the program reads
 * its next request when the answers before are under way.
 */

import type { ActorRow, SystemRow } from "./actor-row.ts";
import type { DetailsRequest } from "./details-protocol.ts";
import type { InspectEvent } from "./inspect-event.ts";
import type { FollowFrame, MessagesFrame, StatsFrame, UnfollowedFrame } from "./message-protocol.ts";
import type { ProcessSignal } from "./process-row.ts";
import type { ProfileFrame } from "./profile-protocol.ts";
import type { HOLD_LIMIT_MS, LIST_LIMITS, MAX_FRAME_LENGTH } from "./protocol-limits.ts";
import type { RecordFrame } from "./record-frame.ts";
import type { Armed, LastSent, MessageStop, StopReason } from "./stop-protocol.ts";
import type { ByeFrame, Watch } from "./watch-protocol.ts";

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
/** What a debugger leaves for the runtime. */
export interface Boot {
  /** Name of the global function that takes frames, made by `Runtime.addBinding`. */
  readonly binding: string;
  readonly wait?: boolean;
}

export type Capability =
  /** `record`. */
  | "recordings"
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
  | "causes"
  | "details"
  /** `profile`. */
  | "profile"
  /** `follow`. */
  | "messages"
  | "stats";

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
      /** The viewer only watches ({@link Watch}): it is told types and numbers, and can change nothing. */
      readonly watching?: true;
      /** More than one copy of the package runs in the program. This is the one that came last; of the others nothing is told. */
      readonly copies?: number;
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
  | MessagesFrame
  | StatsFrame
  | UnfollowedFrame
  | ByeFrame
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
  /** One actor, closely. */
  | DetailsRequest
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
  | ProfileFrame
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
  /** Void when the viewer leaves, or has said nothing for some 20 seconds of running. */
  | RecordFrame
  | FollowFrame
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
/** An actor whose callback runs right now. */
export interface Runner {
  readonly key: string;
  readonly path: string;
  /** `type` of the message it handles; absent for a start, a signal or an end. */
  readonly messageType?: string;
  /** Path of who sent that message. */
  readonly sender?: string;
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
  /** Begins a session beside it for a viewer that only watches. Returns `""`, or an `error` frame as JSON that says why not. Never throws. */
  watch(watch: Watch): string;
  /** How many copies of the package have put a hook here, this one included. */
  readonly copies: number;
  /** Takes one {@link ViewerFrame} of the attached session as JSON, or of the one that watches through that `binding`; returns the answer as JSON (also while paused), or `""`
   * when it is pushed later. Of an answer in parts the first ones are pushed before it returns the last. Never throws. */
  receive(frame: string, binding?: string): string;
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
        /** Who waits for that answer, by path, and the number of the message that it handles meanwhile; absent when it handles none. */
        readonly asker?: { readonly actor: string; readonly seq: number };
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
