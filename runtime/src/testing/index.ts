/** The door `airssys-rt/testing`: tests of programs made of actors, in virtual time and under every schedule. */

// One actor alone
export { BehaviorKit, type BehaviorKitOptions } from "./behavior-kit.ts";
// A whole program
export type { CrashMoment, CrashPoint } from "./crash-plan.ts";
export type { Effect } from "./effect.ts";
export { EffectRef, type RefEffect } from "./effect-ref.ts";
export {
  ExpectationError,
  ExplorationError,
  InjectedCrash,
  InvariantError,
  ReplayError,
  UnsettledError,
} from "./errors.ts";
export { DEFAULT_SEEDS, ENV_SEED, type ExploreOptions, explore, type World } from "./explore.ts";
export { Invariants } from "./invariants.ts";
export { DEFAULT_SILENCE_MS, DEFAULT_WITHIN_MS, Probe } from "./probe.ts";
// A recorded life, once more
export { type ReplayDifference, type ReplayOptions, type ReplayReport, replayActor } from "./replay.ts";
// Ports
export { SeededRandom } from "./seeded-random.ts";
export { SeededScheduler, type SeededSchedulerOptions, type Turn } from "./seeded-scheduler.ts";
export { TestSystem, type TestSystemOptions } from "./test-system.ts";
export { type PendingTimer, VirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";
