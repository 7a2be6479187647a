// What it costs a message that a debugger could stop: alternating, the same rounds with nothing, with a trace, with Break on Crash, with both.
// node test/bench/runtime/stops.mjs [rounds]
import { Actor, ActorSystem } from "airssys-rt";

/** Not behind a door: only a debugger turns these on. */
const { observeSystems } = await import(new URL("health/systems.js", import.meta.resolve("airssys-rt")).href);

const ROUNDS = Number(process.argv[2] ?? 15);
const MESSAGES = 100_000;

const quiet = { sent() {}, begins() {}, returned() {}, ended() {} };
const MODES = {
  off: { trace: undefined, stopsAtCrash: false },
  trace: { trace: quiet, stopsAtCrash: false },
  crash: { trace: undefined, stopsAtCrash: true },
  both: { trace: quiet, stopsAtCrash: true },
};

/** Passes a message to and fro, and works for a while at each. */
class Player extends Actor {
  constructor(work) {
    super();
    this.work = work;
  }
  handleMessage(message, _context) {
    let sum = 0;
    for (let i = 0; i < this.work; i++) sum += Math.sqrt(i + message.left);
    this.sum = sum;
    if (message.left === 0) message.done();
    else message.other.tell({ type: "ball", left: message.left - 1, other: this.self, done: message.done });
  }
  preStart(context) {
    this.self = context.self;
  }
}

let env;
observeSystems((system, isRunning) => {
  if (isRunning) env = system.env;
});

/** @returns nanoseconds of processor time for a message. */
async function round(players, mode) {
  Object.assign(env, MODES[mode]);
  const before = process.cpuUsage();
  await new Promise((done) => players[0].tell({ type: "ball", left: MESSAGES, other: players[1], done }));
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / MESSAGES;
}

for (const work of [0, 700]) {
  const system = await ActorSystem.start({ name: "bench", logger: false });
  const players = ["a", "b"].map((id) => system.spawn(() => new Player(work), { id }));
  const best = {};
  for (let i = 0; i < ROUNDS; i++)
    for (const mode of Object.keys(MODES))
      best[mode] = Math.min(best[mode] ?? Number.POSITIVE_INFINITY, await round(players, mode));
  console.log(work === 0 ? "bare ping-pong" : "handlers that work");
  for (const [mode, ns] of Object.entries(best))
    console.log(
      `  ${mode.padEnd(6)} ${ns.toFixed(0).padStart(6)} ns  +${(ns - best.off).toFixed(0)} ns  ${((100 * (ns - best.off)) / best.off).toFixed(1)} %`,
    );
  await system.stop();
}
