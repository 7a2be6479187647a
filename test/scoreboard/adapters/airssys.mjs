/** airssys-rt: supervisors with OTP's strategies. */
import { Actor, ActorSystem, startChild, supervisor } from "airssys-rt";
import { explore } from "airssys-rt/testing";

class Counter extends Actor {
  count = 0;
  handleMessage(message, context) {
    if (message.type === "add") this.count++;
    else if (message.type === "count") context.reply(this.count);
    else if (message.type === "crash") throw new Error("told to crash");
  }
}

const child = (id, options = {}) => ({ id, start: () => new Counter(), ...options });
const later = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {object} flags of the supervisor under test */
async function withTree(flags, use) {
  const children = [child("a"), child("b"), child("c")];
  const system = await ActorSystem.start({ name: "board", logger: false, root: supervisor({ children: [] }) });
  const start = supervisor({ children, ...flags });
  const sup = await startChild(system.root, { id: "sup", start, restart: "temporary" });
  const [a, b, c] = ["a", "b", "c"].map((id) => system.whereis(`sup/${id}`));
  try {
    return await use({ system, sup, a, b, c });
  } finally {
    await system.stop();
  }
}

const counts = (refs) => Promise.all(refs.map((ref) => ref.ask({ type: "count" })));

/** One message to each, then a crash of `b`. */
const afterCrashOf = (strategy) =>
  withTree({ strategy }, async ({ a, b, c }) => {
    for (const ref of [a, b, c]) ref.tell({ type: "add" });
    b.tell({ type: "crash" });
    await later();
    return (await counts([a, b, c])).join();
  });

export const conformance = {
  permanent_abnormal: async () => (await afterCrashOf("one_for_one")).split(",")[1] === "0",
  temporary_abnormal: () =>
    withTree({ children: [child("a"), child("b", { restart: "temporary" }), child("c")] }, async ({ a, b, sup }) => {
      b.tell({ type: "crash" });
      await later();
      return !b.isAlive && a.isAlive && sup.isAlive;
    }),
  one_for_one: async () => (await afterCrashOf("one_for_one")) === "1,0,1",
  one_for_all: async () => (await afterCrashOf("one_for_all")) === "0,0,0",
  rest_for_one: async () => (await afterCrashOf("rest_for_one")) === "1,0,0",
  one_for_one_escalation: () =>
    withTree({ maxRestarts: 2 }, async ({ sup, a }) => {
      for (let times = 0; times < 3; times++) a.tell({ type: "crash" });
      await later();
      return !sup.isAlive;
    }),
  queued_messages: () =>
    withTree({}, async ({ a }) => {
      for (const type of ["crash", "add", "add"]) a.tell({ type });
      return (await a.ask({ type: "count" })) === 2;
    }),
  call: () =>
    withTree({}, async ({ a }) => {
      const start = performance.now();
      const error = await a.ask({ type: "crash" }).catch((cause) => cause);
      return error instanceof Error && performance.now() - start < 100;
    }),
  monitors: () =>
    withTree({}, async ({ system, a }) => {
      const heard = [];
      class Watcher extends Actor {
        preStart(context) {
          context.monitor(a);
        }
        handleMessage() {}
        handleSignal(signal) {
          heard.push(signal.type);
        }
      }
      system.spawn(() => new Watcher());
      await later();
      a.tell({ type: "crash" });
      await later();
      return heard.join() === "down";
    }),
  links: () =>
    withTree({ children: [child("a", { restart: "temporary" }), child("b"), child("c")] }, async ({ system, a }) => {
      class Linked extends Counter {
        preStart(context) {
          context.link(a);
        }
      }
      const linked = system.spawn(() => new Linked());
      await later();
      a.tell({ type: "crash" });
      await later();
      return !linked.isAlive;
    }),
  children_end_before: () =>
    withTree({}, async ({ system, sup, a, b, c }) => {
      system.kill(sup);
      await later();
      return ![a, b, c].some(({ isAlive }) => isAlive);
    }),
  order_of_children: async () => {
    const ended = [];
    class Telling extends Actor {
      constructor(id) {
        super();
        this.id = id;
      }
      handleMessage() {}
      async postStop() {
        await later(5);
        ended.push(this.id);
      }
    }
    const children = ["a", "b", "c"].map((id) => ({ id, start: () => new Telling(id) }));
    await withTree({ children }, async () => {});
    return ended.join() === "c,b,a";
  },
  names_are_free: () =>
    withTree({}, async ({ system }) => {
      const first = system.spawn(() => new Counter(), { name: "held" });
      system.kill(first);
      await later();
      return system.spawn(() => new Counter(), { name: "held" }).isAlive;
    }),
};

const programs = await import(process.env.RACY_PROGRAMS);

/**
 * `explore` with its defaults on the programs of the testkit's own tests: shrinking and looking for a run that passes are included.
 *
 * @returns {Promise<{ isFound: boolean, runs: number, named: string }>}
 */
export async function search(name, _seed, mostRuns) {
  const error = await explore({ runs: mostRuns }, programs[name]).then(
    () => undefined,
    (cause) => cause,
  );
  const runs = Number(/in run (\d+) of/.exec(error?.message ?? "")?.[1]);
  return { isFound: error !== undefined, runs, named: error?.races.map(({ text }) => text).join(", and ") ?? "" };
}

/** In how many runs every order was tried; `undefined` when that was not said. */
export async function whole(name, mostRuns) {
  const swallowed = async (world) => {
    await programs[name](world).catch(() => {});
  };
  const report = await explore({ runs: mostRuns, strategy: "systematic" }, swallowed);
  return report.isComplete ? report.runs : undefined;
}
