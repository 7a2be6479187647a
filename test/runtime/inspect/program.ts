// A program to be inspected: says what its actor is told, until it is told to stop.
import { Actor, type ActorContext, ActorSystem } from "../../../runtime/src/index.ts";

interface Word {
  readonly type: string;
}

class Echo extends Actor<Word> {
  override async handleMessage({ type }: Word, context: ActorContext<Word>): Promise<void> {
    console.log(type);
    if (type === "stop") context.stop();
    if (type === "spinLater") await new Promise((resolve) => setImmediate(resolve));
    if (type.startsWith("spin")) spin();
  }
}

/** Keeps the event loop, until it is killed or for a while. */
function spin(): void {
  for (const end = performance.now() + 20_000; performance.now() < end; );
}

const system = await ActorSystem.start({ name: "echo", logger: false });
const echo = system.spawn(() => new Echo(), { id: "echo" });
system.subscribe((event) => {
  if (event.type === "ended" && event.actor === echo) void system.stop();
});
echo.tell({ type: "first" });
console.log("started");
// Stays alive while nothing but a viewer is there to tell it anything.
const stayAlive = setInterval(() => {}, 60_000);
await system.whenStopped;
clearInterval(stayAlive);
