/** Runs the bakery, with the faults that are named behind it, until it is told to stop. */
import { ActorSystem, describeExit } from "airssys-rt";
import { bakery } from "./bakery.ts";
import { FAULTS, type Faults, readFaults } from "./faults.ts";

/** Says what is wrong with the words, and ends with 2 as command lines do. */
function faultsOf(words: readonly string[]): Faults {
  try {
    return readFaults(words);
  } catch (error) {
    console.error(error instanceof RangeError ? error.message : error);
    process.exit(2);
  }
}

const faults = faultsOf(process.argv.slice(2));
const system = await ActorSystem.start({ name: "bakery", root: bakery(faults) });
if (faults.size === 0)
  console.log(`the bakery is open, and nothing is wrong (${Object.keys(FAULTS).join(", ")} would be)`);
for (const fault of faults) console.log(`the bakery is open: ${FAULTS[fault]}`);

let isOrdered = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    isOrdered = true;
    void system.stop();
  });
}

const reason = await system.whenStopped;
console.log(`the bakery is closed (${describeExit(reason)})`);
process.exitCode = isOrdered ? 0 : 1;
