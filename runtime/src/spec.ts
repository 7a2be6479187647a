/** The door `airssys-rt/spec`: what supervision and security contexts mean, without the machine that carries it out. */
export { type ArgumentFault, type FittingArgument, fitArguments } from "./os/argument-pattern.ts";
export type { ArgumentPattern, FileGrant, FilePermission, Grants, RunGrant, SingleArgument } from "./os/grant.ts";
export { NEEDED_PERMISSIONS } from "./os/grant.ts";
export { widenedFields } from "./os/narrowing.ts";
export type { ContextFault, DenialReason } from "./os/os-errors.ts";
export { below, type PathParts, pathParts } from "./os/path-parts.ts";
export { checkBackoff } from "./spec/backoff.ts";
export {
  type AnyChildSpec,
  AUTO_SHUTDOWNS,
  type AutoShutdown,
  type BackoffSpec,
  type ChildSpec,
  DEFAULT_AUTO_SHUTDOWN,
  DEFAULT_MAX_RESTART_PERIOD_MS,
  DEFAULT_MAX_RESTARTS,
  DEFAULT_RESTART,
  DEFAULT_START_TIMEOUT_MS,
  DEFAULT_STRATEGY,
  DEFAULT_SUPERVISOR_SHUTDOWN,
  DEFAULT_WORKER_SHUTDOWN,
  RESTART_TYPES,
  type RestartType,
  type Shutdown,
  STRATEGIES,
  type Strategy,
  type SupervisorSpec,
} from "./spec/child-spec.ts";
export { RestartIntensity } from "./spec/restart-intensity.ts";
export {
  afterExit,
  endsBySignificance,
  type PlannedChild,
  type RestartPlan,
  restartPlan,
} from "./spec/restart-plan.ts";
export { checkChildSpec, checkMailbox, checkSupervisorSpec } from "./spec/spec-check.ts";
export { InvalidSpecError, type Path, type SpecFault, type SpecFaultCode, UNKNOWN } from "./spec/spec-fault.ts";
export { type ExitReason, isOrderly } from "./values/exit-reason.ts";
export {
  DEFAULT_MAILBOX_CAPACITY,
  type MailboxSpec,
  OVERFLOW_POLICIES,
  type OverflowPolicy,
} from "./values/mailbox-spec.ts";
