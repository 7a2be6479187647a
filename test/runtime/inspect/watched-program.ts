// A program to be watched: a counter at work, with a secret in what it is told, that ends or blocks when it is to.
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
process.on("SIGTERM", () => process.exit());
console.log("ready");
