// What it costs a message that a debugger could stop: alternating, the same rounds with nothing, with a trace, with Break on Crash, with both.
// node test/bench/runtime/stops.mjs [rounds]
import { compareModes } from "./volley.mjs";

/** Not behind a door: only a debugger turns these on. */
const { observeSystems } = await import(new URL("health/systems.js", import.meta.resolve("airssys-rt")).href);

const ROUNDS = Number(process.argv[2] ?? 15);

const quiet = { sent() {}, begins() {}, returned() {}, ended() {} };
const MODES = {
  off: { trace: undefined, stopsAtCrash: false },
  trace: { trace: quiet, stopsAtCrash: false },
  crash: { trace: undefined, stopsAtCrash: true },
  both: { trace: quiet, stopsAtCrash: true },
};

let env;
observeSystems((system, isRunning) => {
  if (isRunning) env = system.env;
});

await compareModes(ROUNDS, Object.keys(MODES), (mode) => Object.assign(env, MODES[mode]));
