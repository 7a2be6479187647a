/** Many schedules of one program: half of them explored, half by a test system's own scheduler, which also takes several messages in a turn. */

import { explore, SeededRandom, TestSystem, type TestSystemOptions } from "airssys-rt/testing";
import { isFreshOnly, underOtherSeeds } from "./fresh-seeds.ts";

/** What a program needs of a run. */
export interface Stage {
  readonly random: SeededRandom;
  start(options?: Omit<TestSystemOptions, "seed">): Promise<TestSystem>;
}

/** @param title of the test, by which its failing seeds are known. */
export async function underSchedules(
  title: string,
  count: number,
  program: (stage: Stage) => Promise<void>,
): Promise<void> {
  await underOtherSeeds(title, async (seed) => {
    await explore({ strategy: "random", runs: 1, firstSeed: seed }, program);
    await underSeed(seed, program);
  });
  if (isFreshOnly) return;
  await explore({ runs: count / 2 }, program);
  const only = process.env["AIRSSYS_SEED"];
  const seeds = only === undefined ? Array.from({ length: count / 2 }, (_, at) => at + 1) : [Number(only)];
  for (const seed of seeds) await underSeed(seed, program);
}

async function underSeed(seed: number, program: (stage: Stage) => Promise<void>): Promise<void> {
  const systems: TestSystem[] = [];
  const random = new SeededRandom(seed).fork();
  const start = async (options: Omit<TestSystemOptions, "seed"> = {}): Promise<TestSystem> => {
    const system = await TestSystem.start({ ...options, seed });
    systems.push(system);
    return system;
  };
  try {
    await program({ random, start });
    for (const system of systems) await system.stop();
  } catch (cause) {
    throw new Error(`failed under seed ${seed}: replay it with AIRSSYS_SEED=${seed}`, { cause });
  }
}
