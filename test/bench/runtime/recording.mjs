// What it costs a message that the program records itself: alternating, the same rounds with nothing, with types, with values.
// Of the thread that runs the actors, and of the whole process: the file is packed and written beside it.
// node test/bench/runtime/recording.mjs [rounds]
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Actor, ActorSystem } from "airssys-rt";

/** Not behind a door: only the environment turns it on. */
const { Recorder } = await import(new URL("recording/recorder.js", import.meta.resolve("airssys-rt")).href);

const ROUNDS = Number(process.argv[2] ?? 15);
const MESSAGES = 100_000;
const LEVELS = ["off", "types", "values"];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-bench-"));
const file = path.join(folder, "bench.airssys");

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

/** @returns nanoseconds of processor time for a message: of this thread, and of the process. */
async function round(players, level) {
  const recorder = level === "off" ? undefined : new Recorder(file, { payloads: level, hidden: [] });
  const [thread, whole] = [process.threadCpuUsage(), process.cpuUsage()];
  await new Promise((done) => players[0].tell({ type: "ball", left: MESSAGES, other: players[1], done }));
  const spent = [process.threadCpuUsage(thread), process.cpuUsage(whole)];
  recorder?.end();
  return spent.map(({ user, system }) => ((user + system) * 1_000) / MESSAGES);
}

for (const work of [0, 700]) {
  const system = await ActorSystem.start({ name: "bench", logger: false });
  const players = ["a", "b"].map((id) => system.spawn(() => new Player(work), { id }));
  const best = {};
  for (let i = 0; i < ROUNDS; i++)
    for (const level of LEVELS) {
      const spent = await round(players, level);
      best[level] = spent.map((ns, at) => Math.min(best[level]?.[at] ?? Number.POSITIVE_INFINITY, ns));
    }
  console.log(work === 0 ? "bare ping-pong" : "handlers that work");
  for (const [level, spent] of Object.entries(best)) {
    const told = spent.map((ns, at) => {
      const more = ns - best.off[at];
      return `${ns.toFixed(0).padStart(6)} ns  +${more.toFixed(0)} ns  ${((100 * more) / best.off[at]).toFixed(1)} %`;
    });
    console.log(`  ${level.padEnd(7)} thread ${told[0]}   process ${told[1]}`);
  }
  await system.stop();
}
console.log(`${(fs.statSync(file).size / MESSAGES).toFixed(1)} bytes a message in the last file`);
fs.rmSync(folder, { recursive: true });
