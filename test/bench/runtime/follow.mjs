// What it costs a message that a viewer follows it: alternating, the same rounds with nothing, with times, with each message, with payloads.
// node test/bench/runtime/follow.mjs [rounds]
import { Actor, ActorSystem } from "airssys-rt";

/** Not behind a door: only a viewer turns it on. */
const { Follow } = await import(new URL("inspect/follow.js", import.meta.resolve("airssys-rt")).href);

const ROUNDS = Number(process.argv[2] ?? 15);
const MESSAGES = 100_000;
const LEVELS = ["off", "stats", "messages", "payloads"];

let characters = 0;
const outlet = {
  push(frame) {
    characters += frame.length;
  },
  isCongested: false,
  limit: 2 ** 20,
};
// A bare ping-pong is faster than what following bears.
const follow = new Follow(outlet, { rate: Number.POSITIVE_INFINITY, heap: 1, heapUsed: () => 0 });

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

/** @returns nanoseconds of processor time for a message. */
async function round(players, level) {
  follow.begin({ type: "follow", id: 1, level });
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
    for (const level of LEVELS)
      best[level] = Math.min(best[level] ?? Number.POSITIVE_INFINITY, await round(players, level));
  console.log(work === 0 ? "bare ping-pong" : "handlers that work");
  for (const [level, ns] of Object.entries(best))
    console.log(
      `  ${level.padEnd(8)} ${ns.toFixed(0).padStart(6)} ns  +${(ns - best.off).toFixed(0)} ns  ${((100 * (ns - best.off)) / best.off).toFixed(1)} %`,
    );
  await system.stop();
}
follow.close();
console.log(`${Math.round(characters / 2 ** 20)} MB of frames`);
