/** The door `airssys-rt`: everything a program of actors needs, and nothing of how it works. */

export {
  type ActorDefinition,
  Become,
  become,
  defineActor,
  type FunctionalActor,
  type Handlers,
  type Next,
} from "./actor/define-actor.ts";
// The system
export { DEAD_LETTERS_KEPT, type DeadLetters } from "./environment/dead-letters.ts";
export type { EventListener } from "./environment/hub.ts";
export { type Callback, type CallbackName, type Instrument, surround } from "./environment/instrument.ts";
export type { Logger } from "./environment/reporter.ts";
export type { Scheduler } from "./environment/scheduler.ts";
export type { Breaker, Outcome } from "./guards/breaker.ts";
export { Bulkhead, type BulkheadOptions } from "./guards/bulkhead.ts";
export {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitEvent,
  type CircuitState,
  DEFAULT_CIRCUIT_OPEN_MS,
  DEFAULT_CIRCUIT_TRIAL_CALLS,
} from "./guards/circuit-breaker.ts";
export {
  ConsecutiveBreaker,
  type ConsecutiveBreakerOptions,
  DEFAULT_CONSECUTIVE_FAILURES,
} from "./guards/consecutive-breaker.ts";
export { CountBreaker, type CountBreakerOptions } from "./guards/count-breaker.ts";
export { BulkheadFullError, CircuitOpenError, PoolClosedError, RateLimitError } from "./guards/fault-errors.ts";
export type { GuardedCall, Policy } from "./guards/policy.ts";
export { RateLimit, type RateLimitOptions } from "./guards/rate-limit.ts";
export {
  DEFAULT_RETRY_ATTEMPTS,
  DEFAULT_RETRY_BACKOFF,
  type FailedAttempt,
  Retry,
  type RetryOptions,
} from "./guards/retry.ts";
export {
  DEFAULT_SAMPLING_MINIMUM_CALLS,
  SamplingBreaker,
  type SamplingBreakerOptions,
} from "./guards/sampling-breaker.ts";
export {
  DEFAULT_LOOP_DELAY_LIMIT_MS,
  DEFAULT_QUEUE_LIMIT,
  DEFAULT_TURN_LIMIT_MS,
  type HealthLimits,
  QUEUE_PATIENCE_MS,
  type QueueHealth,
  type SupervisorHealth,
  type TurnHealth,
} from "./health/concerns.ts";
export type { ActorSystemHealth, DeadLetterSender, HealthStatus } from "./health/health.ts";
// Guarding calls that fail
export { DEFAULT_BACKOFF_FACTOR, DEFAULT_BACKOFF_JITTER } from "./spec/backoff.ts";
// Supervision
export type {
  AnyChildSpec,
  AnyTemplateSpec,
  AutoShutdown,
  BackoffSpec,
  ChildSpec,
  ListSupervisorSpec,
  RestartType,
  Shutdown,
  Strategy,
  SupervisorDefinition,
  SupervisorSpec,
  TemplateSupervisorSpec,
} from "./spec/child-spec.ts";
export { InvalidSpecError, type SpecFault, type SpecFaultCode } from "./spec/spec-fault.ts";
export {
  countChildren,
  deleteChild,
  getChildSpec,
  restartChild,
  startChild,
  startInstance,
  terminateChild,
  updateSpec,
  whichChildren,
} from "./supervision/children.ts";
export { supervisor } from "./supervision/supervisor.ts";
export type { ChildCounts, ChildInfo, ChildName, FullChildSpec } from "./supervision/supervisor-request.ts";
export { ActorSystem, type ActorSystemOptions } from "./system.ts";
// Actors
export {
  Actor,
  type ActorContext,
  type ActorTimers,
  type AnyActorContext,
  type AnyStart,
  type Definition,
  IGNORE,
  type ReplyPort,
  type SpawnOptions,
  type Start,
  type StartArgs,
  type StartedBy,
} from "./values/actor.ts";
// Ports
export { type Clock, realClock, type Timer, type Undated } from "./values/clock.ts";
export type { Envelope } from "./values/envelope.ts";
// Errors
export {
  ActorStoppedError,
  AirssysError,
  AlreadyRepliedError,
  AskTimeoutError,
  BufferClaimedError,
  type ChildRefusal,
  InvalidArgumentError,
  MailboxFullError,
  NameTakenError,
  NoReplyError,
  NoReplyExpectedError,
  NotStartedError,
  RuntimeFaultError,
  SelfAskError,
  StaleContextError,
  StartError,
  StashFullError,
  SupervisorGaveUpError,
  SupervisorRequestError,
  SystemStoppedError,
  UnexpectedMessageError,
  UnhandledMessageError,
} from "./values/errors.ts";
export type { DeadLetter, DeadLetterReason, RuntimeEvent } from "./values/event.ts";
// Ends
export {
  type Crash,
  type CrashSite,
  crashed,
  describeExit,
  type ExitReason,
  isOrderly,
  KILLED,
  NOPROC,
  NORMAL,
  SHUTDOWN,
  shutdown,
} from "./values/exit-reason.ts";
export { DEFAULT_MAILBOX_CAPACITY, type MailboxSpec, type OverflowPolicy } from "./values/mailbox-spec.ts";
export type { Ask, AskMap, AskOf, ReplyMap, ReplyOf, TypeOf, Variant } from "./values/message.ts";
export { type Random, realRandom } from "./values/random.ts";
export {
  type ActorRef,
  type AnyActorRef,
  type AskOptions,
  DEFAULT_ASK_TIMEOUT_MS,
  type TellOptions,
} from "./values/ref.ts";
export type { Monitor, Signal } from "./values/signal.ts";

// Messages without copies, and who blocks the others

export { DEFAULT_BLOCKED_MS, type EventLoopHealth, type LoopBlock, type WatchdogOptions } from "./health/watchdog.ts";
export { OwnedBuffer } from "./values/owned-buffer.ts";

// Many actors at once: groups, topics, routing, pools

export type { Runnable, Turn, Turns } from "./environment/turns.ts";
export { ActorPool, DEFAULT_DRAIN_TIMEOUT_MS, type PoolSpec } from "./groups/pool.ts";
export { type PoolRouting, STICKY_KEYS_KEPT } from "./groups/pool-routing.ts";
export { type GroupChange, type GroupMonitor, ProcessGroups } from "./groups/process-groups.ts";
export { MessageRouter } from "./groups/router.ts";
export { type Topic, Topics, topic } from "./groups/topics.ts";
