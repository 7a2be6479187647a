// A program that is much to look at, for bench-view.mjs: ten thousand actors, eight thousand messages a second, and as its
// environment says a thousand births a second.
//
//   LOAD=steady    100 supervisors of 100 workers, who get the messages in turn
//   LOAD=births    the same, and 1,000 children a second that live a fifth of a second, beside 10,000 that stay under one parent
//   LOAD=churn     the same births under a parent that has no others
import { Actor, ActorSystem, supervisor } from "airssys-rt";

const load = process.env.LOAD ?? "steady";
const TICK_MS = 5;
const PER_SECOND = 8_000;
const BIRTHS = 1_000;

class Worker extends Actor {
  handleMessage(message, context) {
    if (message.type === "live") setTimeout(() => context.self.tell({ type: "end" }), 200);
    if (message.type === "end") context.stop();
  }
}

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
every(TICK_MS, (ms) => {
  for (let n = Math.round((PER_SECOND * ms) / 1_000); n > 0; n--) workers[at++ % workers.length].tell({ type: "work" });
});

/** Calls `act` with how long it has been since: a machine that is busy gets the same load. */
function every(ms, act) {
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    act(Math.min(1_000, now - last));
    last = now;
  }, ms);
}
