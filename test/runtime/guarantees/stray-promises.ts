// A program of its own, since Node's test runner listens for unhandled rejections too. Prints what happened as JSON.
// With the argument `listener`, it listens itself; with `copy` and a folder, a copy of the package from there runs beside.
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

const [beside, folder] = process.argv.slice(2);
if (beside === "listener") process.on("unhandledRejection", () => {});
const other = beside === "copy" ? await startCopy(folder as string) : undefined;

/** A system of another copy, whose actors leave promises behind too. */
async function startCopy(from: string): Promise<(id: string) => void> {
  const copy = (await import(from)) as typeof import("airssys-rt");
  const copied = await copy.ActorSystem.start({ name: "copy", logger: false });
  copied.subscribe((event) => {
    if (event.type === "lostRejection") heard.push(`lost ${event.actor?.id ?? "nobody's"}: ${String(event.cause)}`);
    if (event.type === "ended") heard.push(`${event.actor.id} ${copy.describeExit(event.reason)}`);
  });
  return (id) => void copied.spawn(() => new Stray() as never, { id }).tell({ type: "stray" } as never);
}

/** What the other copy tells. */
const heard: string[] = [];
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
for (const id of ["first", "second"]) {
  other?.(id);
  await pause();
}
await system.stop();
if (heard.length > 0) events.push("copy", ...heard);
console.log(JSON.stringify(events));
