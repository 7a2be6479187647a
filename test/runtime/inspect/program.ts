// A program to be inspected: says what its actor is told, until it is told to stop.
import { Actor, type ActorContext, ActorSystem } from "../../../runtime/src/index.ts";

interface Word {
  readonly type: string;
}

class Echo extends Actor<Word> {
  override handleMessage({ type }: Word, context: ActorContext<Word>): void {
    console.log(type);
    if (type === "stop") context.stop();
  }
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
