// A program to be watched: a counter at work, with a secret in what it is told, that ends or blocks when it is to.
import { runningSystems } from "../../../runtime/src/health/systems.ts";
import { Actor, ActorSystem, supervisor } from "../../../runtime/src/index.ts";

interface Add {
  readonly type: "add";
  readonly secret: string;
  /** It never ends. */
  readonly blocks?: true;
}

class Counter extends Actor<Add> {
  total = 0;

  override handleMessage({ blocks }: Add): void {
    this.total++;
    while (blocks);
  }
}

const root = supervisor({ children: [{ id: "counter", start: () => new Counter() }] });
const system = await ActorSystem.start({ name: "watched", root, logger: false });
const timer = setInterval(() => {}, 1_000);
Object.assign(globalThis, {
  add: (count: number) => {
    for (let n = 0; n < count; n++) system.whereis<Add>("counter")?.tell({ type: "add", secret: "hunter2" });
  },
  endNormally: () => setTimeout(() => void system.stop().then(() => clearInterval(timer)), 10) && undefined,
  endAtOnce: () => setTimeout(() => process.exit(3), 10) && undefined,
  endByError: () =>
    setTimeout(() => {
      throw new Error("out of order");
    }, 10) && undefined,
});
process.on("SIGUSR2", () => system.whereis<Add>("counter")?.tell({ type: "add", secret: "hunter2", blocks: true }));
// What somebody who looks on has here, and how far the work is; then there is some more.
process.on("SIGHUP", () => {
  const { env } = runningSystems()[0] ?? {};
  const left = {
    trace: env?.trace !== undefined,
    notes: env?.notesStarters,
    isWatched: env?.hub.isWatched,
    bindings: Object.keys(globalThis).filter((name) => name.startsWith("__airssys_")).length,
    exitListeners: process.listenerCount("exit"),
    sockets: process.getActiveResourcesInfo().filter((kind) => /TCP|Pipe/.test(kind)).length,
  };
  console.log(`left ${JSON.stringify({ ...left, handled: env?.handled })}`);
  for (let n = 0; n < 10; n++) system.whereis<Add>("counter")?.tell({ type: "add", secret: "hunter2" });
});
process.on("SIGTERM", () => process.exit());
console.log("ready");
