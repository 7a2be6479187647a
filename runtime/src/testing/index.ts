/** The door `airssys-rt/testing`: tests of programs made of actors, in virtual time and under every schedule. */

// One actor alone
export { BehaviorKit, type BehaviorKitOptions } from "./behavior-kit.ts";
export type { ExplorationCoverage, MessagePair } from "./coverage.ts";
// A whole program
export type { CrashMoment, CrashPoint } from "./crash-plan.ts";
export type { Effect } from "./effect.ts";
export { EffectRef, type RefEffect } from "./effect-ref.ts";
export {
  type Claim,
  ExpectationError,
  ExplorationError,
  type FailureFacts,
  InjectedCrash,
  InvariantError,
  ReplayError,
  ScheduleError,
  UnsettledError,
  ViolationError,
} from "./errors.ts";
export type { ExplorationReport } from "./exploration.ts";
// Ports
export type { CodePlace } from "./exploration-place.ts";
export { DEFAULT_RUNS, type ExploreOptions, explore } from "./explore.ts";
export {
  ENV_EXPLORE,
  ENV_SCHEDULE,
  ENV_SEED,
  ENV_STOP_AT,
  type Strategy,
} from "./explore-environment.ts";
export { Invariants } from "./invariants.ts";
export { DEFAULT_SILENCE_MS, DEFAULT_WITHIN_MS, Probe } from "./probe.ts";
export type { Race, RaceSide } from "./race.ts";
// A recorded life, once more
export { type ReplayDifference, type ReplayOptions, type ReplayReport, replayActor } from "./replay.ts";
export type { Handling, PlacedRace, PlacedSide } from "./run-notes.ts";
export { SeededRandom } from "./seeded-random.ts";
export { SeededScheduler, type SeededSchedulerOptions } from "./seeded-scheduler.ts";
export {
  ENV_TEST_EVENTS,
  type ExploredEvent,
  type ExploringEvent,
  type FailedEvent,
  type TestEvent,
  type ToldPlace,
} from "./test-events.ts";
export { type NextTurn, TestScheduler, type Turn } from "./test-scheduler.ts";
export { DEFAULT_UNTIL_MS, TestSystem, type TestSystemOptions } from "./test-system.ts";
export { type PendingTimer, VirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";
export type { InvariantOptions, SharedObject, World } from "./world.ts";
