// What it costs to look for the next order systematically, beside as many random runs of the same programs.
//
//   npm run build && node test/bench/runtime/explore.mjs [rounds]
import { explore } from "airssys-rt/testing";
import * as programs from "../../runtime/testing/racy-programs.ts";

const rounds = Number(process.argv[2] ?? 8);
/** Runs of a program in each round. */
const RUNS = 120;
/** At least so many orders: what a run costs is then more than what an exploration does. */
const { expiredLease, lostUpdate, manySenders, noisyExpiredLease } = programs;

/** Microseconds of processor time for each run. */
async function costOf(program, strategy) {
  const quiet = (world) => program(world).catch(() => {});
  const before = process.cpuUsage();
  let runs = 0;
  // The first run of each is made twice.
  while (runs < RUNS) runs += 1 + (await explore({ runs: 28, strategy }, quiet)).runs;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

for (const [name, program] of Object.entries({ lostUpdate, expiredLease, noisyExpiredLease, manySenders })) {
  const random = [];
  const systematic = [];
  for (let round = 0; round < rounds + 2; round++) {
    const pair = [await costOf(program, "random"), await costOf(program, "systematic")];
    // The first two warm up.
    if (round < 2) continue;
    random.push(pair[0]);
    systematic.push(pair[1]);
  }
  const ratio = median(systematic) / median(random);
  console.log(`${name}: ${ratio.toFixed(2)} of a random run, which takes ${median(random).toFixed(0)} µs`);
}
