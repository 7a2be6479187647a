// A program of its own, since Node's test runner listens for unhandled rejections too. Prints what happened as JSON.
import { Actor, type ActorContext, ActorSystem, describeExit, startChild } from "airssys-rt";

interface Order {
  readonly type: "stray" | "kill";
}

class Stray extends Actor<Order> {
  override handleMessage({ type }: Order, context: ActorContext<Order>): void {
    if (type === "kill") context.kill(context.self);
    void Promise.reject(new Error(`stray of ${context.self.id}`));
  }
}

class Started extends Actor<never> {
  override preStart(): void {
    void Promise.reject(new Error("left behind by preStart"));
  }
  override handleMessage(): void {}
}

class Awaiting extends Actor<{ readonly type: "go" }> {
  override async handleMessage(): Promise<void> {
    await Promise.resolve();
    // Wakes somebody else from a continuation of this turn: what that one leaves behind is not this one's.
    bystander.tell({ type: "stray" });
    twin.tell({ type: "stray" });
  }
}

const events: string[] = [];
const system = await ActorSystem.start({ name: "test", logger: false });
system.subscribe((event) => {
  if (event.type === "lostRejection") events.push(`lost ${event.actor?.id ?? "nobody's"}: ${String(event.cause)}`);
  if (event.type === "ended") events.push(`${event.actor.id} ${describeExit(event.reason)}`);
});
const bystander = system.spawn(() => new Stray(), { id: "bystander" });
const twin = system.spawn(() => new Stray(), { id: "twin" });
/** Turns may have been put off to the end of this round of the event loop. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(() => setImmediate(resolve), 5));

system.spawn(() => new Awaiting(), { id: "awaiting" }).tell({ type: "go" });
await pause();
for (const id of ["second", "third"]) {
  system.spawn(() => new Stray(), { id }).tell({ type: "stray" });
  await pause();
}
system.spawn(() => new Stray(), { id: "killed" }).tell({ type: "kill" });
await pause();
system.spawn(() => new Started(), { id: "started" });
await pause();
await startChild(system.root, { id: "child", start: () => new Started(), restart: "temporary" });
await pause();
await system.stop();
console.log(JSON.stringify(events));
