/** What one file says, as plain data: no compiler object is reachable from here. */
import type { ActorFact } from "./actor-fact.ts";
import type { Dispatch } from "./dispatch.ts";
import type { FunctionCall } from "./function-call.ts";
import type { Incident } from "./incident.ts";
import type { ModuleAccess } from "./module-access.ts";
import type { RegistrationFacts } from "./registration.ts";
import type { SecurityFacts } from "./security-fact.ts";
import type { Send } from "./send.ts";
import type { SpawnFacts } from "./spawn.ts";
import type { SupervisorFact } from "./supervisor-fact.ts";
import type { Suppression } from "./suppression.ts";
import type { TestFile } from "./test-file.ts";
import type { TestRun } from "./test-run.ts";
import type { Uncloneable } from "./uncloneable.ts";
import type { Unread } from "./unread.ts";

export interface FileFacts {
  readonly path: string;
  /** Other files whose function bodies were looked into. */
  readonly reads: readonly string[];
  /** What could not be known though it is there. */
  readonly unread: readonly Unread[];
  readonly actors: readonly ActorFact[];
  readonly dispatches: readonly Dispatch[];
  readonly supervisors: readonly SupervisorFact[];
  readonly sends: readonly Send[];
  readonly calls: readonly FunctionCall[];
  readonly incidents: readonly Incident[];
  readonly accesses: readonly ModuleAccess[];
  readonly registrations: RegistrationFacts;
  readonly spawns: SpawnFacts;
  readonly testRuns: readonly TestRun[];
  /** Its tests that use the testkit; absent where it has none. */
  readonly tests?: TestFile | undefined;
  readonly uncloneables: readonly Uncloneable[];
  readonly security: SecurityFacts;
  readonly suppressions: readonly Suppression[];
  /** What went wrong while reading, for the log. Empty unless the server has a fault. */
  readonly failures: readonly string[];
}
