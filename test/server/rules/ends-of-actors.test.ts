/** What is left over at the end of an actor, as people write it. */
import { twins } from "../twins.ts";

const IMPORTS = `import { Actor, type ActorContext, type ActorRef, type Ask, type Signal } from "airssys-rt";`;
twins(
  "a server of Node that only a message closes",
  "resource-not-released",
  `${IMPORTS}
import { createServer, type Server } from "node:http";
type M = { type: "count" } | { type: "close" };
export class Web extends Actor<M> {
  #server: Server | undefined;
  #count = 0;
  override async preStart(): Promise<void> {
    this.#server = createServer((_request, response) => response.end());
    await this.#listen(this.#server);
  }
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "count": console.log(++this.#count); break;
      case "close":
        this.#server?.close(); //!
        context.stop();
    }
  }
  #listen(server: Server): Promise<void> {
    return new Promise((resolve) => { server.listen(8080, resolve); });
  }
}`,
  `${IMPORTS}
import { createServer, type Server } from "node:http";
type M = { type: "count" } | { type: "close" };
export class Web extends Actor<M> {
  #server: Server | undefined;
  #count = 0;
  override async preStart(): Promise<void> {
    this.#server = createServer((_request, response) => response.end());
    await this.#listen(this.#server);
  }
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "count": console.log(++this.#count); break;
      case "close": context.stop();
    }
  }
  override postStop(): void { this.#server?.close(); }
  #listen(server: Server): Promise<void> {
    return new Promise((resolve) => { server.listen(8080, resolve); });
  }
}`,
);
twins(
  "a map of owners that a start refuses",
  "resource-not-released",
  `${IMPORTS}
type M = { type: "leave" } | { type: "work" };
const owners = new Map<string, string>();
export class Room extends Actor<M> {
  constructor(private readonly id: string) { super(); }
  override preStart(): void { this.#take(); }
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "work") console.log(this.id);
    else {
      this.#free();
      context.stop();
    }
  }
  #take(): void {
    if (owners.has(this.id)) throw new Error("room is taken");
    owners.set(this.id, "me");
  }
  #free(): void {
    owners.delete(this.id); //!
  }
}`,
  `${IMPORTS}
type M = { type: "leave" } | { type: "work" };
const owners = new Map<string, string>();
export class Room extends Actor<M> {
  constructor(private readonly id: string) { super(); }
  override preStart(): void { owners.set(this.id, "me"); }
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "work") console.log(this.id);
    else {
      owners.delete(this.id);
      context.stop();
    }
  }
}`,
);
twins(
  "a child that ends after its one job",
  "send-to-stopped",
  `${IMPORTS}
type Job = Ask<{ type: "job"; n: number }, number>;
class Once extends Actor<Job> {
  override handleMessage({ n }: Job, context: ActorContext<Job>): void {
    context.reply(n * 2);
    context.stop();
  }
}
export class Desk extends Actor<{ type: "double"; n: number }> {
  #worker: ActorRef<Job> | undefined;
  override preStart(context: ActorContext<{ type: "double"; n: number }, never>): void {
    this.#worker = context.spawn(() => new Once());
  }
  override async handleMessage({ n }: { type: "double"; n: number }): Promise<void> {
    console.log(await this.#worker?.ask({ type: "job", n })); //!
  }
}`,
  `${IMPORTS}
type Job = Ask<{ type: "job"; n: number }, number>;
class Once extends Actor<Job> {
  override handleMessage({ n }: Job, context: ActorContext<Job>): void {
    context.reply(n * 2);
    context.stop();
  }
}
export class Desk extends Actor<{ type: "double"; n: number }> {
  #worker: ActorRef<Job> | undefined;
  override async handleMessage({ n }: { type: "double"; n: number }, context: ActorContext<{ type: "double"; n: number }>): Promise<void> {
    this.#worker = context.spawn(() => new Once());
    console.log(await this.#worker.ask({ type: "job", n }));
  }
}`,
);
twins(
  "a child of another file that ends when it was idle",
  "send-to-stopped",
  `${IMPORTS}
import { Batcher, type Row } from "./batcher.ts";
export class Door extends Actor<{ type: "open"; text: string }> {
  #batcher: ActorRef<Row> | undefined;
  override handleMessage({ text }: { type: "open"; text: string }, context: ActorContext<{ type: "open"; text: string }>): void {
    this.#batcherOf(context);
    this.#batcher?.tell({ type: "row", text }); //!
  }
  #batcherOf(context: ActorContext<{ type: "open"; text: string }>): void {
    this.#batcher ??= context.spawn(() => new Batcher());
  }
}
export const use = (door: ActorRef<{ type: "open"; text: string }>): boolean => door.tell({ type: "open", text: "" });
//- /batcher.ts
${IMPORTS}
export type Row = { type: "row"; text: string } | { type: "idle" };
export class Batcher extends Actor<Row> {
  #rows: string[] = [];
  override handleMessage(m: Row, context: ActorContext<Row>): void {
    switch (m.type) {
      case "row":
        this.#rows = [...this.#rows, m.text];
        context.timers.startOnce("idle", { type: "idle" }, 100);
        return;
      case "idle":
        console.log(this.#rows);
        context.stop();
    }
  }
}`,
  `${IMPORTS}
import { Batcher, type Row } from "./batcher.ts";
export class Door extends Actor<{ type: "open"; text: string }> {
  #batcher: ActorRef<Row> | undefined;
  override handleMessage({ text }: { type: "open"; text: string }, context: ActorContext<{ type: "open"; text: string }>): void {
    if (this.#batcher === undefined || !this.#batcher.isAlive) this.#batcher = context.spawn(() => new Batcher());
    this.#batcher.tell({ type: "row", text });
  }
}
export const use = (door: ActorRef<{ type: "open"; text: string }>): boolean => door.tell({ type: "open", text: "" });
//- /batcher.ts
${IMPORTS}
export type Row = { type: "row"; text: string } | { type: "idle" };
export class Batcher extends Actor<Row> {
  #rows: string[] = [];
  override handleMessage(m: Row, context: ActorContext<Row>): void {
    switch (m.type) {
      case "row":
        this.#rows = [...this.#rows, m.text];
        context.timers.startOnce("idle", { type: "idle" }, 100);
        return;
      case "idle":
        console.log(this.#rows);
        context.stop();
    }
  }
}`,
);
twins(
  "a child kept, and one that is told to end",
  "send-to-stopped",
  `${IMPORTS}
type W = { type: "work" } | { type: "tick" };
class Worker extends Actor<W> {
  override preStart(context: ActorContext<W, never>): void { context.timers.startPeriodic("tick", { type: "tick" }, 1_000); }
  override handleMessage(m: W, context: ActorContext<W>): void {
    if (m.type === "tick") {
      console.log("enough");
      context.stop();
    } else console.log("work");
  }
}
export class Boss extends Actor<{ type: "go" }> {
  #worker: ActorRef<W> | undefined;
  override handleMessage(_m: { type: "go" }, context: ActorContext<{ type: "go" }>): void {
    if (!this.#worker) this.#worker = context.spawn(() => new Worker());
    this.#worker.tell({ type: "work" }); //!
  }
}`,
  `${IMPORTS}
type W = { type: "work" } | { type: "end" };
class Worker extends Actor<W> {
  override handleMessage(m: W, context: ActorContext<W>): void {
    if (m.type === "end") context.stop();
    else console.log("work");
  }
}
export class Boss extends Actor<{ type: "go" } | { type: "end" }> {
  #worker: ActorRef<W> | undefined;
  override handleMessage(m: { type: "go" } | { type: "end" }, context: ActorContext<{ type: "go" } | { type: "end" }>): void {
    this.#worker ??= context.spawn(() => new Worker());
    if (m.type === "go") this.#worker.tell({ type: "work" });
    else this.#worker.tell({ type: "end" });
  }
}
export const use = (boss: ActorRef<{ type: "go" } | { type: "end" }>): void => {
  boss.tell({ type: "go" });
  boss.tell({ type: "end" });
};`,
);
