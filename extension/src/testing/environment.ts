/** Environment variables by which the testkit is told what to do; their names are those that `airssys-rt/testing` exports. */

export const ENV_SCHEDULE = "AIRSSYS_SCHEDULE";
export const ENV_SEED = "AIRSSYS_SEED";
export const ENV_EXPLORE = "AIRSSYS_EXPLORE";
export const ENV_STOP_AT = "AIRSSYS_STOP_AT";
export const ENV_TEST_EVENTS = "AIRSSYS_TEST_EVENTS";
export const ENV_RECORD = "AIRSSYS_RECORD";
export const ENV_RECORD_VALUES = "AIRSSYS_RECORD_VALUES";

type Env = Readonly<Record<string, string | undefined>>;

/** What the editor itself was started with, and a run of tests must not be: they would take themselves for something else. */
const OWN = /^(ELECTRON_RUN_AS_NODE|NODE_TEST_CONTEXT|VITEST.*|AIRSSYS_.*|VSCODE_.*)$/i;

/** The environment of a run. @param changes what it has besides */
export function environmentOf(env: Env, changes: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !OWN.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...changes };
}
