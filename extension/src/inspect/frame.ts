/** Reads the frames a program sends. What arrives is data of unknown origin: every field is checked and bounded. */
import type {
  ActorRow,
  Answer,
  Armed,
  CrashInfo,
  DenialInfo,
  EndInfo,
  HealthReport,
  InspectErrorCode,
  InspectEvent,
  LastSent,
  OutputPart,
  ProcessInfo,
  ProfileReport,
  ProfileRow,
  ProgramFrame,
  Runner,
  SourceLocation,
  SupervisorInfo,
  SystemRow,
  Tree,
} from "airssys-rt/inspect";
import { LIST_LIMITS, MAX_FRAME_LENGTH, PROFILE_ROWS, PROTOCOL_VERSION, TEXT_LIMITS } from "airssys-rt/inspect";
import { say } from "../sentence.ts";
import { messagesFrame, statsFrame, unfollowedFrame } from "./message-frames.ts";
import {
  anything,
  boolean,
  list,
  name,
  number,
  object,
  oneOf,
  orNull,
  type Shape,
  ShapeError,
  text,
  yes,
} from "./shape.ts";

const MAX_KEY = 4_096;
/** A program of another version may take more room; what is too much of a list ends the conversation. */
const MAX_ROWS = 40 * LIST_LIMITS.rows;
const MAX_EVENTS = 10 * LIST_LIMITS.events;
const MAX_SYSTEMS = 5 * LIST_LIMITS.systems;

/** A frame that cannot be used. `fatal`: the sender does not speak the protocol. */
export class FrameError extends Error {
  override readonly name = "FrameError";
  readonly code: InspectErrorCode;
  readonly fatal: boolean;
  constructor(code: InspectErrorCode, message: string, fatal: boolean) {
    super(message);
    this.code = code;
    this.fatal = fatal;
  }
}

const key = name(MAX_KEY);
const line = text(TEXT_LIMITS.text);
const actorPath = text(TEXT_LIMITS.path);

const crash: Shape<CrashInfo> = object(
  { at: number, incarnation: number, where: line, text: line },
  { stack: text(TEXT_LIMITS.stack), messageType: line },
);

const endFields = {
  at: number,
  incarnation: number,
  kind: oneOf(["normal", "shutdown", "killed", "noproc", "crashed", "gaveUp"]),
  text: line,
} as const;
const end: Shape<EndInfo> = object(endFields);

const supervisor: Shape<SupervisorInfo> = object({
  strategy: line,
  maxRestarts: number,
  maxRestartPeriodMs: number,
  restartsInWindow: number,
  autoShutdown: line,
});

/** Lines of stderr, and the longest piece of output. */
const MAX_STDERR = 4_000;
const MAX_OUTPUT = 1_000_000;

const osProcess: Shape<ProcessInfo> = object(
  { pid: number, command: line, args: line, state: oneOf(["starting", "ready", "exited"]), startedAt: number },
  {
    usage: orNull(object({ memoryBytes: number }, { cpuPercent: number })),
    stderr: text(MAX_STDERR),
    code: number,
    signal: line,
  },
);

const denials: Shape<DenialInfo> = object(
  { count: number, at: number, operation: line, target: line, reason: line, hint: line },
  { grant: line },
);

const actor: Shape<ActorRow> = object(
  {
    key,
    order: number,
    id: line,
    path: actorPath,
    kind: oneOf(["actor", "supervisor"]),
    definition: line,
    state: oneOf(["starting", "idle", "ready", "busy", "waiting", "suspended", "restarting", "stopping", "stopped"]),
    incarnation: number,
    restarts: number,
    mailbox: object({ depth: number, capacity: orNull(number), overflow: line }, { oldestMs: number }),
    handled: number,
    rate: number,
  },
  {
    parent: key,
    name: line,
    restart: line,
    significant: yes,
    shutdown: (value, at) =>
      typeof value === "number" ? number(value, at) : oneOf(["brutal_kill", "infinity"])(value, at),
    dynamic: yes,
    waitsFor: list(
      object({ path: actorPath, messageType: line, sinceMs: number }, { key, kind: oneOf(["ask", "room"]) }),
      1_000,
    ),
    lastCrash: crash,
    lastEnd: end,
    handling: object({ messageType: line, seq: number, sinceMs: number }),
    refused: number,
    setAside: number,
    owes: number,
    deadLetters: number,
    births: number,
    left: yes,
    leftChildren: number,
    supervisor,
    process: osProcess,
    runs: list(osProcess, 1_000),
    runsLeftOut: number,
    denials,
  },
);

const health: Shape<HealthReport> = object({
  status: oneOf(["up", "degraded", "down"]),
  actors: number,
  supervisors: number,
  throughput: number,
  restarts: number,
  deadLetters: number,
  loopDelayMs: number,
  timestamp: number,
});

const systems: Shape<readonly SystemRow[]> = list(
  object({ id: key, name: line, root: key, health }, { end: object(endFields, { cause: key, crash }) }),
  MAX_SYSTEMS,
);

const keys: Shape<readonly string[]> = list(key, 1_000);
type EventKind = InspectEvent["kind"];
const events: { readonly [K in EventKind]: Shape<Omit<Extract<InspectEvent, { kind: K }>, "kind">> } = {
  crashed: object({ at: number, key, path: line, crash }),
  restarting: object({ at: number, key, path: line, failed: key, stop: keys, start: keys }),
  restarted: object({ at: number, key, path: line, incarnation: number }),
  escalated: object({ at: number, key, path: line, text: line }, { failed: key }),
  deadLetter: object({ at: number, path: line, messageType: line, reason: line }, { sender: line }),
  mailboxFull: object({ at: number, key, path: line, capacity: number }),
  systemStopped: object({ at: number, system: line, text: line }, { reason: endFields.kind, cause: key }),
};

/** Kinds of events this version does not know are left out: a newer runtime may have more. */
const eventList: Shape<readonly InspectEvent[]> = (value, at) =>
  list(anything, MAX_EVENTS)(value, at).flatMap((event, index) => {
    const kind = (event as { readonly kind?: unknown } | null)?.kind;
    if (typeof kind !== "string" || !Object.hasOwn(events, kind)) return [];
    return [{ kind, ...events[kind as EventKind](event, `${at}[${index}]`) } as InspectEvent];
  });

const version = object({ protocol: number }, { runtime: line });
const greeting = object(
  { protocol: number, runtime: line, pid: number, node: line, program: line, capabilities: list(name(100), 100) },
  { token: name(1_024), watchdog: yes, frameLimit: number, watching: yes, copies: number },
);

/** The version comes first: nothing else is known of a hello of another version. */
const hello: Shape<object> = (value, at) => {
  const { protocol, runtime } = version(value, at);
  if (protocol === PROTOCOL_VERSION) return greeting(value, at);
  const message = say(
    "the program's airssys-rt {0} speaks inspection protocol {1}; this extension speaks {2}",
    runtime ?? say("of an unknown version"),
    protocol,
    PROTOCOL_VERSION,
  );
  throw new FrameError("ERR_PROTOCOL_VERSION", message, true);
};

const location: Shape<SourceLocation> = object({ file: name(MAX_KEY), line: number, column: number });

const armed: Shape<readonly Armed[]> = list(
  object({ id: line, state: oneOf(["armed", "noHandler", "badCondition"]) }, { text: line, at: location }),
  10 * LIST_LIMITS.stops,
);

type FrameType = ProgramFrame["type"];
const frames: { readonly [K in FrameType]: Shape<object> } = {
  hello,
  snapshot: object({ seq: number, at: number, systems, actors: list(actor, MAX_ROWS) }, { systemsLeftOut: number }),
  delta: object(
    {
      seq: number,
      at: number,
      systems,
      changed: list(actor, MAX_ROWS),
      removed: list(key, MAX_ROWS),
      events: eventList,
    },
    { systemsLeftOut: number },
  ),
  gap: object({ seq: number, at: number, missed: number }),
  armed: object({ stops: armed }),
  stopped: object(
    {
      reason: oneOf(["message", "step", "deadLetter", "escalation", "mailbox"]),
      key,
      messageSeq: number,
      text: line,
    },
    { stop: line },
  ),
  messages: messagesFrame,
  stats: statsFrame,
  unfollowed: unfollowedFrame,
  bye: object({ reason: oneOf(["exit", "silence"]) }),
  reply: object({ id: number, ok: boolean }, { value: anything, more: boolean, code: line, message: line }),
  error: object({ code: line, message: line }),
};

/**
 * Reads one frame.
 *
 * @throws {FrameError} fatal, when it is too long, no JSON, of another version or not as the protocol says; not fatal when only
 * its type is unknown.
 */
export function readFrame(json: string): ProgramFrame {
  if (json.length > MAX_FRAME_LENGTH) throw new FrameError("ERR_FRAME_TOO_LONG", say("the frame is too long"), true);
  const value = parse(json);
  const type = (value as { readonly type?: unknown } | null)?.type;
  if (typeof type !== "string") throw new FrameError("ERR_BAD_FRAME", say("the frame has no type"), true);
  if (!Object.hasOwn(frames, type)) {
    throw new FrameError("ERR_NOT_SUPPORTED", say('frames of type "{0}" are not known', type.slice(0, 40)), false);
  }
  try {
    return { type, ...frames[type as FrameType](value, "") } as ProgramFrame;
  } catch (error) {
    if (error instanceof ShapeError) throw new FrameError("ERR_BAD_FRAME", `${type}: ${error.message}`, true);
    throw error;
  }
}

const tree: Shape<Tree> = object({ systems, actors: list(actor, MAX_ROWS) }, { systemsLeftOut: number });

/** Reads the parts of the reply to `snapshot`. @throws {ShapeError} */
export function readTree(parts: readonly unknown[]): Tree {
  const trees = parts.map((part) => tree(part, ""));
  return { systems: [], ...trees.at(-1), actors: trees.flatMap(({ actors }) => actors) };
}

/** Reads the value of the reply to `crash`; `undefined` when there was none, or something else is said. */
export function readCrash(value: unknown): CrashInfo | undefined {
  return ifSaid(crash, value);
}

const answer: Shape<{ readonly outcome: Answer["outcome"]; readonly ms: number }> = object(
  { outcome: oneOf(["replied", "handled", "failed", "timedOut"]), ms: number },
  { payload: anything, isCut: yes, text: line, code: line },
);

/** Reads the value of the reply to `ask`. @throws {ShapeError} */
export function readAnswer(value: unknown): Answer {
  const read = answer(value, say("the answer")) as Answer & { readonly text?: string };
  return read.outcome === "failed" ? { ...read, text: read.text ?? "" } : read;
}

const runner: Shape<Runner> = object({ key, path: name(MAX_KEY) }, { messageType: line, sender: name(MAX_KEY) });

/** Reads the value of the reply to `who`; `undefined` when it is no actor, or something else is said. */
export function readRunner(value: unknown): Runner | undefined {
  return ifSaid(orNull(runner), value) ?? undefined;
}

const profileRow: Shape<ProfileRow> = object(
  { key, path: actorPath, definition: line, ms: number, turns: number },
  { messageType: line, hot: object({ name: line, file: name(MAX_KEY), line: number, column: number }) },
);
const profile: Shape<ProfileReport> = object(
  { ms: number, idleMs: number, otherMs: number, rows: list(profileRow, 10 * PROFILE_ROWS) },
  { isCut: yes, profile: name(MAX_FRAME_LENGTH) },
);

/** Reads the value of the reply to the end of a `profile`. @throws {ShapeError} */
export function readProfile(value: unknown): ProfileReport {
  return profile(value, say("the profile"));
}

const output: Shape<OutputPart> = object({ text: text(MAX_OUTPUT), next: number, lost: number });

/** Reads the value of the reply to `output`; `undefined` when something else is said. */
export function readOutput(value: unknown): OutputPart | undefined {
  return ifSaid(output, value);
}

/** Reads the value of the reply to `arm`; empty when something else is said. */
export function readArmed(value: unknown): readonly Armed[] {
  return ifSaid(armed, value) ?? [];
}

const sent: Shape<LastSent> = object({ seq: number, path: actorPath, type: line, key });

/** Reads what the hook says of the message sent last; `undefined` when there is none, or something else is said. */
export function readSent(value: unknown): LastSent | undefined {
  return ifSaid(sent, value);
}

/** The message that an actor handles. */
export interface Handled {
  readonly seq: number;
  /** Its sender waits for an answer. */
  readonly isAsked: boolean;
  /** Who waits, by path, and the number of the message that it handles meanwhile. */
  readonly asker?: { readonly actor: string; readonly seq: number };
}

const handled: Shape<Handled> = object(
  { seq: number, isAsked: boolean },
  { asker: object({ actor: actorPath, seq: number }) },
);

/** Reads what the hook says of the message that is being handled; `undefined` when there is none, or something else is said. */
export function readHandled(value: unknown): Handled | undefined {
  return ifSaid(handled, value);
}

/** Reads the value of the reply to `locate`; `undefined` when the program does not know or says something else. */
export function readLocation(value: unknown): SourceLocation | undefined {
  return ifSaid(location, value);
}

/** What a shape reads; `undefined` when something else is said. */
function ifSaid<T>(shape: Shape<T>, value: unknown): T | undefined {
  try {
    return shape(value, "");
  } catch {
    return undefined;
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new FrameError("ERR_BAD_FRAME", say("the frame is not JSON"), true);
  }
}
