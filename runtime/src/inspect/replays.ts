/** A replay that takes the place of a program: whoever is asked for one starts no actor. What replays is not known here: it is offered. */
import type { SupervisorDefinition } from "../spec/child-spec.ts";
import { AirssysError } from "../values/errors.ts";
import { text } from "../values/safe-text.ts";

/** Environment variable: what is to be replayed, as JSON; see the door `airssys-rt/replay`. */
export const ENV_REPLAY = "AIRSSYS_REPLAY";

/** Gets the program's first system in its place. Ends the process. */
export type Replay = (system: string, root: SupervisorDefinition) => Promise<void>;

let replay: Replay | undefined;

/** A replay is wanted, and nobody here can do that. */
export class NoReplayError extends AirssysError {
  readonly code = "ERR_NO_REPLAY";
  constructor(system: string) {
    super(
      text`${system} is not started: ${ENV_REPLAY} is set, and airssys-rt/replay was not loaded, or by another airssys-rt`,
    );
  }
}

export function offerReplay(offered: Replay): void {
  replay = offered;
}

/** Never settles, unless nobody can replay. @throws {NoReplayError} as a rejection: a program that is to be replayed does not run. */
export async function replayInstead(system: string, root: SupervisorDefinition): Promise<never> {
  if (replay === undefined) throw new NoReplayError(system);
  await replay(system, root);
  return new Promise(() => {});
}
