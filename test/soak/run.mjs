/**
 * `npm run soak`: ten minutes of everything that a program does over and over again. Ends with 0 when the heap stayed flat and
 * everything that was begun has ended; otherwise it says what did not, and ends with 1. `npm run soak -- 60`: so many seconds.
 */
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { Actor, ActorPool, ActorSystem, SHUTDOWN, startChild, supervisor, terminateChild } from "airssys-rt";
import { heapTrend } from "./heap-trend.ts";

const seconds = Number(process.argv[2] ?? 600);
if (!(seconds >= 3)) throw new RangeError("npm run soak -- SECONDS: a number of at least 3");
const { gc } = globalThis;
if (gc === undefined) throw new Error("run it with node --expose-gc");

/** Milliseconds an ask waits; one that is answered late is answered after that. */
const ASK_MS = 20;
const READINGS = Math.min(600, Math.max(40, seconds * 4));

const counts = {
  ...{ rounds: 0, answered: 0, timedOut: 0, aborted: 0, failed: 0, crashes: 0, restarts: 0, spawned: 0, ended: 0 },
  ...{ ticks: 0, jobs: 0, viewers: 0, frames: 0, asked: 0 },
};
const faults = [];
process.on("unhandledRejection", (error) => faults.push(`a promise rejected and nobody handled it: ${error}`));

/** Does what it is told, among it everything that goes wrong. */
class Worker extends Actor {
  #memory = new Array(100).fill(0);
  preStart(context) {
    context.timers.startPeriodic("tick", { type: "tick" }, 5);
    context.timers.startOnce("once", { type: "tick" }, 1);
  }
  async handleMessage(message, context) {
    switch (message.type) {
      case "tick":
        counts.ticks++;
        this.#memory[counts.ticks % 100] = counts.ticks;
        return;
      case "answer":
        context.reply({ of: message.of });
        return;
      case "late": {
        const port = context.deferReply();
        void sleep(ASK_MS * 2).then(() => port.reply("too late"));
        return;
      }
      case "never":
        context.deferReply();
        return;
      case "crash":
        throw new Error(`crash number ${counts.crashes++}`, { cause: { text: "x".repeat(500) } });
      case "slow":
        await turn();
        context.reply("slowly");
        return;
      default:
        context.timers.cancel("tick");
        context.timers.startPeriodic("tick", { type: "tick" }, 5);
    }
  }
}

/** Lives for one message. */
class Mayfly extends Actor {
  handleMessage(_message, context) {
    context.stop();
  }
}

const never = Number.MAX_SAFE_INTEGER;
const pool = new ActorPool({ start: () => new Worker(), size: 4, maxRestarts: never });
const names = ["a", "b", "c", "d"];
const root = supervisor({
  maxRestarts: never,
  children: [
    ...names.map((id) => ({ id, start: () => new Worker() })),
    { id: "crew", start: supervisor({ maxRestarts: never, children: [] }) },
    { id: "pool", start: pool.definition },
  ],
});
const system = await ActorSystem.start({ name: "soak", root, logger: false });
const endCounting = system.subscribe(({ type }) => {
  if (type === "restarted") counts.restarts++;
});
const hook = globalThis[Symbol.for("airssys.inspect")];
globalThis.toViewer = () => {
  counts.frames++;
};

/** Notes how an ask ends. */
async function asks(ref, message, options) {
  counts.asked++;
  try {
    await ref.ask(message, { timeoutMs: ASK_MS, ...options });
    counts.answered++;
  } catch (error) {
    if (error.code === "ERR_ASK_TIMEOUT") counts.timedOut++;
    else if (error.name === "AbortError") counts.aborted++;
    else counts.failed++;
  }
}

/** An ask that is given up before it is answered. */
async function asksInVain(ref) {
  const controller = new AbortController();
  const asking = asks(ref, { type: "never" }, { signal: controller.signal });
  await turn();
  controller.abort();
  await asking;
}

async function spawns() {
  const mayfly = system.spawn(() => new Mayfly());
  const idle = system.spawn(() => new Mayfly());
  counts.spawned += 2;
  mayfly.tell({ type: "go" });
  system.exit(idle, SHUTDOWN);
  const crew = system.whereis("crew");
  const id = `guest-${counts.rounds % 7}`;
  await startChild(crew, { id, start: () => new Worker(), restart: "temporary" });
  await terminateChild(crew, id);
  counts.ended++;
}

const say = (frame) => hook.receive(JSON.stringify(frame));

/** A viewer comes, looks, holds an actor and goes, or is followed by another. */
function looks(round) {
  counts.viewers++;
  hook.attach({ binding: "toViewer" });
  say({ type: "welcome", protocol: 1 });
  say({ type: "subscribe", id: 1, intervalMs: 100 });
  const { actors } = JSON.parse(say({ type: "snapshot", id: 2 })).value;
  const { key } = actors.find(({ id }) => id === "d");
  say({ type: "suspend", id: 3, key });
  say({ type: "crash", id: 4, key });
  if (round % 2 === 0) say({ type: "leave" });
}

async function round() {
  const number = counts.rounds++;
  const [a, b, c, d] = names.map((name) => system.whereis(name));
  const asking = [
    ...[a, b, c, d].map((ref, of) => asks(ref, { type: "answer", of })),
    asks(pool, { type: "slow" }),
    asks(pool, { type: "answer", of: number }),
    asksInVain(b),
  ];
  if (number % 5 === 0) asking.push(asks(c, { type: "late" }), asks(c, { type: "never" }), asks(a, { type: "crash" }));
  if (number % 3 === 0) d.tell({ type: "crash" });
  if (number % 4 === 0) pool.tell({ type: "crash" });
  b.tell({ type: "timers" });
  counts.jobs += pool.tell({ type: "tick" }) ? 1 : 0;
  await spawns();
  if (number % 50 === 0) looks(number / 50);
  if (number % 100 === 99) await pool.resize(3 + (number % 3));
  await Promise.all(asking);
}

const readings = [];
const startMs = performance.now();
const elapsedMs = () => performance.now() - startMs;
while (elapsedMs() < seconds * 1_000) {
  await Promise.all([round(), round(), sleep(2)]);
  if (elapsedMs() < (readings.length * seconds * 1_000) / READINGS) continue;
  gc();
  readings.push(process.memoryUsage().heapUsed);
}

say({ type: "leave" });
await sleep(ASK_MS * 4);
endCounting();
await system.stop();
const left = process.getActiveResourcesInfo().filter((what) => what === "Timeout").length;
const settled = counts.answered + counts.timedOut + counts.aborted + counts.failed;
const trend = heapTrend(readings);
const mega = (bytes) => (bytes / 1e6).toFixed(2);

if (settled !== counts.asked) faults.push(`${counts.asked} asks, and ${settled} of them have ended`);
for (const [what, count] of Object.entries(counts)) if (count === 0) faults.push(`there were no ${what}`);
if (left > 0) faults.push(`${left} timers are left`);
if (!trend.isFlat) faults.push(`the heap grew by ${mega(trend.grown)} MB, from ${mega(trend.early)} MB`);
console.log(
  Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(", "),
);
console.log(`heap ${mega(trend.early)} MB early, ${mega(trend.late)} MB late, ${readings.length} readings`);
for (const fault of faults) console.error(`✖ ${fault}`);
console.log(faults.length === 0 ? "the soak held" : "the soak did not hold");
process.exitCode = faults.length === 0 ? 0 : 1;
