/** Child specifications and supervisor flags: their shape and their defaults. Plain data; see `spec-check.ts` for the rules. */
import type { Definition, Start } from "../values/actor.ts";
import type { MailboxSpec } from "../values/mailbox-spec.ts";

/**
 * Which children a supervisor ends and starts when one ends.
 *
 * | strategy | ended (in reverse start order) | started (in start order) |
 * |---|---|---|
 * | `one_for_one` | none | the one that ended |
 * | `one_for_all` | all others | all |
 * | `rest_for_one` | those after it in start order | it and those after it |
 * | `simple_one_for_one` | none | the one that ended; children are instances of one template, added at run time |
 */
export type Strategy = "one_for_one" | "one_for_all" | "rest_for_one" | "simple_one_for_one";

/**
 * | restart | after `normal`, `shutdown` | after anything else |
 * |---|---|---|
 * | `permanent` | restarted | restarted |
 * | `transient` | stays down, spec kept | restarted |
 * | `temporary` | forgotten | forgotten |
 */
export type RestartType = "permanent" | "transient" | "temporary";

/** How a child is told to end: killed at once, given that many milliseconds (>= 0), or waited for without limit. */
export type Shutdown = "brutal_kill" | number | "infinity";

/** Whether a supervisor ends by itself (with `shutdown`) when significant children end by themselves. OTP 24. */
export type AutoShutdown = "never" | "any_significant" | "all_significant";

/** Waiting before each restart of one child, and before each further attempt when its start fails. Opt-in; all are still counted. */
export interface BackoffSpec {
  /** Milliseconds before the first delayed restart; > 0. */
  readonly minMs: number;
  /** Milliseconds; >= `minMs`. */
  readonly maxMs: number;
  /** Each delay is this many times the one before; >= 1; default 2. */
  readonly factor?: number;
  /** Part of each delay that is random, 0 to 1; default 0.2. */
  readonly jitter?: number;
  /** Milliseconds of life after which the delays begin at `minMs` again; default `maxMs`. */
  readonly resetAfterMs?: number;
}

/** One child of a supervisor. */
export interface ChildSpec<M = never, Args extends readonly unknown[] = readonly []> {
  /** Unique among the children of this supervisor, and its part of the path. Not empty, without `/`. */
  readonly id: string;
  readonly start: Start<M, Args>;
  /** Default `permanent`. */
  readonly restart?: RestartType;
  /** Default 5000 ms for a worker, `infinity` for a supervisor. */
  readonly shutdown?: Shutdown;
  /** Its own end may end the supervisor; see {@link AutoShutdown}. Not with `permanent`. Default false. */
  readonly significant?: boolean;
  /** Default: `supervisor` when `start` is one, else `worker`. Only counted and shown. */
  readonly type?: "worker" | "supervisor";
  readonly mailbox?: MailboxSpec;
  /** Name in the registry; taken by each incarnation when it starts. Default: none. */
  readonly name?: string;
  readonly backoff?: BackoffSpec;
  /** Milliseconds a start may take, `preStart` included. Default 5000 for a worker, `infinity` (OTP's) for a supervisor. */
  readonly startTimeoutMs?: number | "infinity";
}

/** A child spec of any message type, as a list of children holds it. */
// biome-ignore lint/suspicious/noExplicitAny: a list of children mixes message types; `Start` is invariant in them
export type AnyChildSpec = ChildSpec<any>;

/** The template of a `simple_one_for_one` supervisor: its start may have parameters, which `startInstance` gives. */
// biome-ignore lint/suspicious/noExplicitAny: stands for templates of all messages and arguments
export type AnyTemplateSpec = ChildSpec<any, any>;

interface SupervisorFlags {
  /** For people: trees, reports. Default `supervisor`. */
  readonly name?: string;
  /** At most so many restarts within {@link maxRestartPeriodMs}; a whole number >= 0. Default 1 (OTP's intensity). */
  readonly maxRestarts?: number;
  /** Milliseconds; > 0. Default 5000 (OTP's period). */
  readonly maxRestartPeriodMs?: number;
  /** Default `never`. */
  readonly autoShutdown?: AutoShutdown;
}

/** A supervisor of children that are listed. */
export interface ListSupervisorSpec extends SupervisorFlags {
  /** Default `one_for_one`. */
  readonly strategy?: Exclude<Strategy, "simple_one_for_one">;
  /** In start order. */
  readonly children: readonly AnyChildSpec[];
}

/** A supervisor of instances of one template. */
export interface TemplateSupervisorSpec extends SupervisorFlags {
  readonly strategy: "simple_one_for_one";
  /** Exactly one: the template. */
  readonly children: readonly AnyTemplateSpec[];
}

/** A supervisor: flags and children (OTP's `init/1` result). */
export type SupervisorSpec = ListSupervisorSpec | TemplateSupervisorSpec;

/** What `supervisor()` returns: startable like any actor. */
// biome-ignore lint/suspicious/noExplicitAny: nobody sends a supervisor messages of a type of its own; it fits every list of children
export interface SupervisorDefinition extends Definition<any> {
  readonly spec: SupervisorSpec;
}

export const STRATEGIES: readonly Strategy[] = ["one_for_one", "one_for_all", "rest_for_one", "simple_one_for_one"];
export const RESTART_TYPES: readonly RestartType[] = ["permanent", "transient", "temporary"];
export const AUTO_SHUTDOWNS: readonly AutoShutdown[] = ["never", "any_significant", "all_significant"];

export const DEFAULT_STRATEGY: Strategy = "one_for_one";
export const DEFAULT_MAX_RESTARTS = 1;
export const DEFAULT_MAX_RESTART_PERIOD_MS = 5_000;
export const DEFAULT_RESTART: RestartType = "permanent";
export const DEFAULT_WORKER_SHUTDOWN: Shutdown = 5_000;
export const DEFAULT_SUPERVISOR_SHUTDOWN: Shutdown = "infinity";
export const DEFAULT_AUTO_SHUTDOWN: AutoShutdown = "never";
export const DEFAULT_START_TIMEOUT_MS = 5_000;
