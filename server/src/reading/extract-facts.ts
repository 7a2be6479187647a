/** Reads all facts of a file. A reader that fails on some code costs its own facts only. */

import { ts } from "ts-morph";
import type { FileFacts } from "../facts/file-facts.ts";
import type { RegistrationFacts } from "../facts/registration.ts";
import { NO_SECURITY } from "../facts/security-fact.ts";
import { unknownSend } from "../facts/send.ts";
import type { SpawnFacts } from "../facts/spawn.ts";
import { readActorCode } from "./actor-code.ts";
import { readOtherRuntimes } from "./other-runtime.ts";
import { readActors } from "./read-actors.ts";
import { readChildProcesses } from "./read-child-processes.ts";
import { readDroppedReplies } from "./read-dropped-replies.ts";
import { readHabits } from "./read-habits.ts";
import { readRegistrations } from "./read-registrations.ts";
import { readReplyIncidents } from "./read-reply-incidents.ts";
import { readSecurity } from "./read-security.ts";
import { readSends } from "./read-sends.ts";
import { readSharing } from "./read-sharing.ts";
import { readSpawns } from "./read-spawns.ts";
import { readSupervisors } from "./read-supervisors.ts";
import { readSuppressions } from "./read-suppressions.ts";
import { readTestRuns } from "./read-test-runs.ts";
import { readTests } from "./read-tests.ts";
import { readTurnIncidents } from "./read-turn-incidents.ts";
import { readUncloneables } from "./read-uncloneables.ts";
import { readBrokenCode, readMissingRuntime } from "./read-unread.ts";
import { readSharedFunctions } from "./shared-functions.ts";
import { readUndeliveredExits } from "./signal-handlers.ts";
import type { SourceUnit } from "./source-unit.ts";
import { TurnCode } from "./turn-code.ts";

const NO_SPAWNS: SpawnFacts = { spawns: [], systems: [], systemStops: [], lookups: [], directCalls: [] };
const NO_REGISTRATIONS: RegistrationFacts = { made: [], kept: [], ties: [] };

/** Throws only what a cancellation of the checker throws. */
export function extractFacts(source: Omit<SourceUnit, "reads">): FileFacts {
  const unit: SourceUnit = { ...source, reads: new Set() };
  const failures: string[] = [];
  /** Code that is being typed can have any form; what cannot be read is left out, and told. */
  const attempt = <T>(read: () => T, nothing: T): T => {
    try {
      return read();
    } catch (cause) {
      if (cause instanceof ts.OperationCanceledException) throw cause;
      failures.push(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
      return nothing;
    }
  };
  const { actors, dispatches, unread } = attempt(() => readActors(unit), { actors: [], dispatches: [], unread: [] });
  const code = attempt(() => readActorCode(unit), []);
  const sharing = attempt(() => readSharing(unit, code), { incidents: [], accesses: [] });
  const shared = attempt(() => readSharedFunctions(unit, code), []);
  const turns = attempt(() => readTurnIncidents(unit, code), []);
  const exits = attempt(() => readUndeliveredExits(unit, code), []);
  const copies = attempt(() => readOtherRuntimes(unit), []);
  const habits = attempt(() => readHabits(unit, code), []);
  const replies = attempt(() => readReplyIncidents(unit, code, actors, dispatches), []);
  const walk = new TurnCode(unit, [...code, ...shared], dispatches, actors);
  const sends = attempt(() => readSends(unit, walk), []);
  const dropped = attempt(() => readDroppedReplies(unit, code, walk, actors, sends), []);
  const started = attempt(() => readChildProcesses(unit, code), []);
  const tests = attempt(() => readTestRuns(unit), { runs: [], incidents: [] });
  const { incidents: asked, ...security } = attempt(() => readSecurity(unit), { ...NO_SECURITY, incidents: [] });
  return {
    path: unit.file.fileName,
    unread: [
      ...attempt(() => readBrokenCode(unit), []),
      ...[...attempt(() => readMissingRuntime(unit), []), ...unread],
    ],
    actors,
    dispatches,
    sends,
    calls: attempt(() => walk.calls(), []),
    incidents: [
      ...[...turns, ...exits, ...habits, ...copies, ...replies, ...dropped, ...sharing.incidents],
      ...[...started, ...asked, ...tests.incidents],
    ],
    security,
    accesses: sharing.accesses,
    registrations: attempt(() => readRegistrations(unit, code, dispatches, sends), NO_REGISTRATIONS),
    spawns: attempt(() => readSpawns(unit, walk), NO_SPAWNS),
    testRuns: tests.runs,
    tests: attempt(() => readTests(unit), undefined),
    supervisors: attempt(() => readSupervisors(unit), []),
    uncloneables: attempt(() => readUncloneables(unit), []),
    suppressions: attempt(() => readSuppressions(unit.file), []),
    reads: [...unit.reads],
    failures,
  };
}

/** Facts of a file that is not read: it may send anything, and start anybody. */
export function unknownFacts(path: string, failures: readonly string[] = []): FileFacts {
  const nowhere = { start: 0, end: 0 };
  return {
    path,
    unread: [],
    actors: [],
    dispatches: [],
    sends: [unknownSend("tell", nowhere, nowhere)],
    calls: [],
    incidents: [],
    registrations: NO_REGISTRATIONS,
    uncloneables: [],
    accesses: [],
    spawns: { ...NO_SPAWNS, spawns: [{ span: nowhere, by: "context", isOpen: true }] },
    supervisors: [],
    testRuns: [],
    security: {
      ...NO_SECURITY,
      holders: [
        { kind: "files", context: undefined },
        { kind: "processManager", context: undefined },
      ],
    },
    suppressions: [],
    reads: [],
    failures,
  };
}
