// A program to be watched: a counter at work, with a secret in what it says, that ends when it is told to.
import { Actor, ActorSystem, supervisor } from "../../../runtime/src/index.ts";

interface Add {
  readonly type: "add";
  readonly secret: string;
}

class Counter extends Actor<Add> {
  total = 0;

  override handleMessage(): void {
    this.total++;
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
console.log("ready");
