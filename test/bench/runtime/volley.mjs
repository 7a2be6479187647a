// A message that goes to and fro between two actors, which work for a while at each: what the costs of looking on are measured by.
import { Actor, ActorSystem } from "airssys-rt";

/** Messages of one volley. */
export const MESSAGES = 100_000;

/** Rounds of a handler's work, from none to some microseconds, by what it is called. */
const WORK = { "bare ping-pong": 0, "handlers that work": 700 };

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

/** Measures with two players of each kind, in a system of their own; `measure` gets what plays one volley. */
export async function withPlayers(measure) {
  for (const [title, work] of Object.entries(WORK)) {
    const system = await ActorSystem.start({ name: "bench", logger: false });
    const [one, other] = ["a", "b"].map((id) => system.spawn(() => new Player(work), { id }));
    await measure(title, () => new Promise((done) => one.tell({ type: "ball", left: MESSAGES, other, done })));
    await system.stop();
  }
}

/** @returns nanoseconds for a message, of what `process.cpuUsage` counts in microseconds */
export const nanoseconds = ({ user, system }) => ((user + system) * 1_000) / MESSAGES;

/** How much more that is than without anybody who looks on. */
export function costText(ns, off) {
  const more = ns - off;
  return `${ns.toFixed(0).padStart(6)} ns  +${more.toFixed(0)} ns  ${((100 * more) / off).toFixed(1)} %`;
}

/** Alternates between modes, the first of which is `off`, and prints what each costs at best. `begin` turns one on. */
export const compareModes = (rounds, modes, begin) =>
  withPlayers(async (title, play) => {
    const best = {};
    for (let i = 0; i < rounds; i++)
      for (const mode of modes) {
        begin(mode);
        const before = process.cpuUsage();
        await play();
        best[mode] = Math.min(best[mode] ?? Number.POSITIVE_INFINITY, nanoseconds(process.cpuUsage(before)));
      }
    console.log(title);
    for (const mode of modes) console.log(`  ${mode.padEnd(8)} ${costText(best[mode], best.off)}`);
  });
