/** Our runtime through its public door with its defaults: envelopes, supervision and the inspection hook compiled in. */
import { Actor, ActorSystem, SHUTDOWN, startChild, startInstance, supervisor } from "airssys-rt";

class Handler extends Actor {
  constructor(handler) {
    super();
    this.handler = handler;
  }
  handleMessage(message, context) {
    return this.handler(message, context.self);
  }
}

class Server extends Actor {
  constructor(answer) {
    super();
    this.answer = answer;
  }
  handleMessage(message, context) {
    context.reply(this.answer(message));
  }
}

const nothing = () => {};
const startIdle = () => new Handler(nothing);

/** Starts a supervisor of so many children, ends it, and tells how long both took. */
async function startMany(count) {
  const children = Array.from({ length: count }, (_, i) => ({ id: `w${i}`, start: startIdle }));
  const root = supervisor({ children: [{ id: "sup", start: supervisor({ children }) }] });
  const system = await ActorSystem.start({ name: "many", root, logger: false });
  await system.stop();
}

export default () => makeAirssys(() => {});

/** @param {(system: ActorSystem) => void} look what watches it */
export async function makeAirssys(look) {
  const root = supervisor({
    maxRestarts: Number.MAX_SAFE_INTEGER,
    children: [
      { id: "workers", start: supervisor({ maxRestarts: Number.MAX_SAFE_INTEGER, children: [] }) },
      {
        id: "instances",
        start: supervisor({
          strategy: "simple_one_for_one",
          children: [{ id: "instance", start: (handler) => new Handler(handler) }],
        }),
      },
    ],
  });
  // Ten crash reports a second would be written to the terminal that also takes the result.
  const system = await ActorSystem.start({ name: "bench", root, logger: false });
  look(system);
  const workers = system.whereis("workers");
  const instances = system.whereis("instances");
  let count = 0;
  const supervised = (start) => startChild(workers, { id: `w${count++}`, start });
  return {
    awaitsHandlers: true,
    spawn: (handler) => system.spawn(() => new Handler(handler)),
    send: (ref, message) => {
      ref.tell(message);
    },
    stop: (ref) => system.exit(ref, SHUTDOWN),
    spawnServer: (answer) => system.spawn(() => new Server(answer)),
    ask: (ref, message) => ref.ask(message, { timeoutMs: 10_000 }),
    spawnSupervised: (make) => supervised(() => new Handler(make())),
    spawnSupervisedIdle: (handler) => supervised(() => new Handler(handler)),
    spawnSupervisedAlike: () => supervised(startIdle),
    spawnInstance: (handler) => startInstance(instances, handler),
    startMany,
  };
}
