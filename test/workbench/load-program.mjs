// A program that is much to look at, for bench-view.mjs: ten thousand actors, eight thousand messages a second, and as its
// environment says a thousand births a second.
//
//   LOAD=steady    100 supervisors of 100 workers, who get the messages in turn
//   LOAD=births    the same, and 1,000 children a second that live a fifth of a second, beside 10,000 that stay under one parent
//   LOAD=churn     the same births under a parent that has no others
//   LOAD=all       the same births, their ends and what they are told, and as much besides as makes four thousand messages a second: half of
//                  it passed on by who gets it; one actor gets fifty of them, and five actors a second crash and are started again
import { Actor, ActorSystem, supervisor } from "airssys-rt";

const load = process.env.LOAD ?? "steady";
const TICK_MS = 5;
const BIRTHS = 1_000;
/** Those that are born are told two. */
const PER_SECOND = load === "all" ? 4_000 - 2 * BIRTHS : 8_000;
const CRASHES = 5;

/**
 * @typedef {{ type: "pass", to: import("airssys-rt").ActorRef<Task> } | { type: "work" | "fall" | "live" | "end" }} Task
 *
 * @extends {Actor<Task>}
 */
class Worker extends Actor {
  handleMessage(message, context) {
    if (message.type === "pass") message.to.tell({ type: "work" });
    if (message.type === "fall") throw new RangeError("no number begins with 9");
    if (message.type === "live") setTimeout(() => context.self.tell({ type: "end" }), 200);
    if (message.type === "end") context.stop();
  }
}

/** @extends {Actor<{ type: "visit" | "stay", count: number }>} */
class Parent extends Actor {
  handleMessage({ type, count }, context) {
    for (let n = 0; n < count; n++) {
      const child = context.spawn(() => new Worker());
      if (type === "visit") child.tell({ type: "live" });
    }
  }
}

const groups = load === "births" ? 1 : 100;
const each = load === "births" ? 10 : 100;
const system = await ActorSystem.start({
  name: "load",
  logger: false,
  root: supervisor({
    name: "load",
    children: [
      { id: "parent", name: "parent", start: () => new Parent() },
      ...Array.from({ length: groups }, (_, group) => ({
        id: `group-${group}`,
        start: supervisor({
          name: `group-${group}`,
          maxRestarts: 1e6,
          children: Array.from({ length: each }, (_, n) => ({
            id: `worker-${n}`,
            name: `worker-${group}-${n}`,
            start: () => new Worker(),
          })),
        }),
      })),
    ],
  }),
});

const parent = system.whereis("parent");
if (load === "births") parent.tell({ type: "stay", count: 10_000 });
if (load !== "steady") every(50, (ms) => parent.tell({ type: "visit", count: Math.round((BIRTHS * ms) / 1_000) }));
const workers = Array.from({ length: groups * each }, (_, n) =>
  system.whereis(`worker-${Math.floor(n / each)}-${n % each}`),
);
let at = 0;
const next = () => workers[at++ % workers.length];
if (load === "all") {
  every(TICK_MS, (ms) => {
    for (let n = Math.round((PER_SECOND * ms) / 2_000); n > 0; n--) next().tell({ type: "pass", to: next() });
  });
  every(1_000 / 50, () => workers[0].tell({ type: "pass", to: next() }));
  every(1_000 / CRASHES, () => workers[Math.floor(Math.random() * each)].tell({ type: "fall" }));
} else {
  every(TICK_MS, (ms) => {
    for (let n = Math.round((PER_SECOND * ms) / 1_000); n > 0; n--) next().tell({ type: "work" });
  });
}

/** Calls `act` with how long it has been since: a machine that is busy gets the same load. */
function every(ms, act) {
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    act(Math.min(1_000, now - last));
    last = now;
  }, ms);
}
