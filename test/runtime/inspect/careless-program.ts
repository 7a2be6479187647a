// A program whose only actor changes what it was sent, or keeps the event loop; its arguments say which, and what stands in the options.
import { Actor, ActorSystem, supervisor } from "../../../runtime/src/index.ts";
import { HOOK_KEY, type InspectionHook } from "../../../runtime/src/inspect/protocol.ts";

interface Order {
  readonly type: "order" | "spin";
  cents: number;
}

const does = process.argv.slice(2);

class Careless extends Actor<Order> {
  override handleMessage(order: Order): void {
    if (order.type === "spin") keep();
    else order.cents = 2;
  }
}

/** Keeps the event loop, at work of its own; halfway a debugger looks, perhaps. */
function keep(): void {
  work(40);
  if (does.includes("held")) hook().receive(JSON.stringify({ type: "who", id: 1, held: true }));
  work(40);
}

/** By the processor's time: on a busy machine others take a part of any other. */
function work(ms: number): void {
  const before = process.cpuUsage();
  const usedMs = (): number => (process.cpuUsage(before).user + process.cpuUsage(before).system) / 1_000;
  while (usedMs() < ms);
}

function hook(): InspectionHook {
  return (globalThis as unknown as Record<symbol, InspectionHook>)[Symbol.for(HOOK_KEY)] as InspectionHook;
}

const system = await ActorSystem.start({
  name: "desk",
  root: supervisor({
    maxRestarts: 5,
    children: [{ id: "careless", start: () => new Careless(), restart: "temporary" }],
  }),
  ...(does.includes("never") && { freezeMessages: false }),
});
if (does.includes("held")) hook().attach({ binding: "nobody" });
const order: Order = { type: does.includes("spin") ? "spin" : "order", cents: 1 };
system.whereis<Order>("careless")?.tell(order);
await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
if (order.type === "order") console.log(order.cents);
await system.stop();
