// A program of its own, since Node's test runner listens for unhandled rejections too. Prints what happened as JSON.
import { Actor, type ActorContext, type ActorRef, ActorSystem, type Ask, describeExit, shutdown } from "airssys-rt";

type Question = Ask<{ readonly type: "question" }, number>;

class Mute extends Actor<Question> {
  override handleMessage(_: Question, context: ActorContext<Question>): void {
    context.deferReply();
  }
}

type Order = { readonly type: "ask" | "tell" | "wait" | "refuse"; readonly of: ActorRef<Question> };

/** Does not listen to what becomes of what it sends. */
class Careless extends Actor<Order> {
  override async handleMessage({ type, of }: Order, context: ActorContext<Order>): Promise<void> {
    if (type === "ask") void of.ask({ type: "question" }, { timeoutMs: 10 });
    if (type === "tell") for (let i = 0; i < 3; i++) void of.tellAsync({ type: "question" });
    if (type === "wait") void new Promise((_, reject) => context.signal.addEventListener("abort", reject));
    if (type === "refuse") void of.ask({ type: "question" }, { timeoutMs: 60_000 });
  }
}

const events: string[] = [];
const system = await ActorSystem.start({ name: "test", logger: false });
system.subscribe((event) => {
  if (event.type === "lostRejection") events.push(`lost ${event.actor?.id ?? "nobody's"}`);
  if (event.type === "ended") events.push(`${event.actor.id} ${describeExit(event.reason)}`);
});
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 40));
const mute = system.spawn(() => new Mute(), { id: "mute" });
const careless = (id: string): ActorRef<Order> => system.spawn(() => new Careless(), { id });

// The time-out comes in a timer that somebody else has set.
const careful = system.spawn(() => new Careless(), { id: "careful" });
mute.ask({ type: "question" }, { timeoutMs: 10 }).catch(() => {});
careless("asks").tell({ type: "ask", of: mute });
await pause();

const full = system.spawn(() => new Mute(), { id: "full", mailbox: { capacity: 1, overflow: "block" } });
careless("tells").tell({ type: "tell", of: full });
system.kill(full);
await pause();

const gone = careless("gone");
gone.tell({ type: "ask", of: mute });
await Promise.resolve();
system.exit(gone, shutdown("early"));
await pause();

careful.tell({ type: "wait", of: mute });
careful.tell({ type: "refuse", of: mute });
await pause();
events.push("stop");
await system.stop();
await pause();
console.log(JSON.stringify(events));
