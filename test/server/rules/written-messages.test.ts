/** Messages as people take them apart, answer them and wait for what they begin. */
import { twins } from "../twins.ts";

twins(
  "a cycle of questions through a function of another file",
  "ask-cycle",
  `
import { Actor, supervisor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";
import { levelOf } from "./questions.ts";
export type DepotMessage = Ask<{ type: "level" }, number> | Ask<{ type: "fill" }, boolean>;
export type PumpMessage = Ask<{ type: "run" }, boolean>;
class Depot extends Actor<DepotMessage> {
  override async handleMessage(m: DepotMessage, ctx: ActorContext<DepotMessage>): Promise<void> {
    if (m.type === "level") return ctx.reply(1);
    const pump = ctx.whereis<PumpMessage>("pump");
    if (pump === undefined) throw new Error("no pump");
    ctx.reply(await pump.ask({ type: "run" }, { timeoutMs: 4_000 })); //!
  }
}
class Pump extends Actor<PumpMessage> {
  override async handleMessage(_m: PumpMessage, ctx: ActorContext<PumpMessage>): Promise<void> {
    const level = await levelOf(ctx); 
    ctx.reply(level < 10);
  }
}
export const root = supervisor({ children: [{ id: "depot", start: () => new Depot() }, { id: "pump", start: () => new Pump() }] });
//- /questions.ts
import type { ActorContext } from "airssys-rt";
import type { DepotMessage, PumpMessage } from "./main.ts";
export const levelOf = async (ctx: ActorContext<PumpMessage>): Promise<number> => {
  const depot = ctx.whereis<DepotMessage>("depot");
  return depot === undefined ? 0 : await depot.ask({ type: "level" }, { timeoutMs: 1_000 });
};
`,
  `
import { Actor, supervisor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";
import { levelOf } from "./questions.ts";
export type DepotMessage = Ask<{ type: "level" }, number> | { type: "fill" };
export type PumpMessage = { type: "run" } | { type: "go" };
class Depot extends Actor<DepotMessage> {
  override handleMessage(m: DepotMessage, ctx: ActorContext<DepotMessage>): void {
    if (m.type === "level") return ctx.reply(1);
    ctx.whereis<PumpMessage>("pump")?.tell({ type: "run" });
    ctx.whereis<PumpMessage>("pump")?.tell({ type: "go" });
  }
}
class Pump extends Actor<PumpMessage> {
  override async handleMessage(m: PumpMessage, ctx: ActorContext<PumpMessage>): Promise<void> {
    const level = await levelOf(ctx);
    if (m.type === "run") console.log(level < 10);
    else console.log("go", level);
  }
}
export const begin = (depot: ActorRef<DepotMessage>): boolean => depot.tell({ type: "fill" });
export const root = supervisor({ children: [{ id: "depot", start: () => new Depot() }, { id: "pump", start: () => new Pump() }] });
//- /questions.ts
import type { ActorContext } from "airssys-rt";
import type { DepotMessage, PumpMessage } from "./main.ts";
export const levelOf = async (ctx: ActorContext<PumpMessage>): Promise<number> => {
  const depot = ctx.whereis<DepotMessage>("depot");
  return depot === undefined ? 0 : await depot.ask({ type: "level" }, { timeoutMs: 1_000 });
};
`,
);
twins(
  "an arrow kept in a field whose promise is lost",
  "floating-promise-in-handler",
  `
import { Actor } from "airssys-rt";
import { writeFile } from "node:fs/promises";
export class Journal extends Actor<{ line: string }> {
  readonly #write = async (line: string): Promise<void> => {
    await writeFile("journal", line);
  };
  override handleMessage({ line }: { line: string }): void {
    this.#write(line); //!
  }
}`,
  `
import { Actor } from "airssys-rt";
import { writeFile } from "node:fs/promises";
export class Journal extends Actor<{ line: string }> {
  readonly #write = async (line: string): Promise<void> => {
    await writeFile("journal", line);
  };
  override handleMessage({ line }: { line: string }): Promise<void> {
    return this.#write(line);
  }
}`,
);
twins(
  "a function that is run at once and waited for by nobody",
  "floating-promise-in-handler",
  `
import { Actor } from "airssys-rt";
import { writeFile } from "node:fs/promises";
export class Journal extends Actor<{ line: string }> {
  override handleMessage({ line }: { line: string }): void {
    (async () => { //!
      await writeFile("journal", line);
    })();
  }
}`,
  `
import { Actor } from "airssys-rt";
import { writeFile } from "node:fs/promises";
export class Journal extends Actor<{ line: string }> {
  override async handleMessage({ line }: { line: string }): Promise<void> {
    await (async () => {
      await writeFile("journal", line);
    })();
  }
}`,
);
twins(
  "Promise.all that nobody waits for",
  "floating-promise-in-handler",
  `
import { Actor } from "airssys-rt";
import { rm } from "node:fs/promises";
export class Sweeper extends Actor<{ files: readonly string[] }> {
  override handleMessage({ files }: { files: readonly string[] }): void {
    Promise.all(files.map((file) => rm(file))).then(() => console.log("swept")); //!
  }
}`,
  `
import { Actor } from "airssys-rt";
import { rm } from "node:fs/promises";
export class Sweeper extends Actor<{ files: readonly string[] }> {
  override async handleMessage({ files }: { files: readonly string[] }): Promise<void> {
    await Promise.all(files.map((file) => rm(file))).then(() => console.log("swept"));
  }
}`,
);
twins(
  "a loop with for await forgotten: of promises",
  "floating-promise-in-handler",
  `
import { Actor } from "airssys-rt";
import { rm } from "node:fs/promises";
export class Sweeper extends Actor<{ files: readonly string[] }> {
  override handleMessage({ files }: { files: readonly string[] }): void {
    for (const file of files) rm(file, { force: true }).finally(() => console.log(file)); //!
  }
}`,
  `
import { Actor } from "airssys-rt";
import { rm } from "node:fs/promises";
export class Sweeper extends Actor<{ files: readonly string[] }> {
  override async handleMessage({ files }: { files: readonly string[] }): Promise<void> {
    for (const file of files) await rm(file, { force: true }).finally(() => console.log(file));
  }
}`,
);
twins(
  "asks of a list that is dropped",
  "floating-promise-in-handler",
  `
import { Actor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";
type Shard = Ask<{ type: "sync" }, void>;
export class Group extends Actor<{ type: "sync" }> {
  constructor(private readonly shards: readonly ActorRef<Shard>[]) { super(); }
  override handleMessage(): void {
    Promise.allSettled(this.shards.map((shard) => shard.ask({ type: "sync" }))); //!
  }
}`,
  `
import { Actor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";
type Shard = Ask<{ type: "sync" }, void>;
export class Group extends Actor<{ type: "sync" }> {
  constructor(private readonly shards: readonly ActorRef<Shard>[]) { super(); }
  override async handleMessage(): Promise<void> {
    await Promise.allSettled(this.shards.map((shard) => shard.ask({ type: "sync" })));
  }
}`,
);
twins(
  "a timer of Node that is only unref'd",
  "global-timer-in-actor",
  `
import { Actor } from "airssys-rt";
export class Poller extends Actor<{ type: "poll" }> {
  #polls = 0;
  override preStart(): void {
    setInterval(() => this.#poll(), 1_000).unref(); //!
  }
  override handleMessage(): void { this.#poll(); }
  #poll(): void { console.log(++this.#polls); }
}`,
  `
import { Actor } from "airssys-rt";
export class Poller extends Actor<{ type: "poll" }> {
  #polls = 0;
  #timer: NodeJS.Timeout | undefined;
  override preStart(): void {
    this.#timer = setInterval(() => this.#poll(), 1_000).unref();
  }
  override handleMessage(): void { this.#poll(); }
  override postStop(): void { clearInterval(this.#timer); }
  #poll(): void { console.log(++this.#polls); }
}`,
);
twins(
  "a bound method for a timer of Node",
  "global-timer-in-actor",
  `
import { Actor } from "airssys-rt";
export class Poller extends Actor<{ type: "poll" }> {
  #polls = 0;
  override handleMessage(): void {
    setTimeout(this.#poll.bind(this), 1_000); //!
  }
  #poll(): void { console.log(++this.#polls); }
}`,
  `
import { Actor, type ActorContext, type ActorRef } from "airssys-rt";
type M = { type: "poll" } | { type: "again" };
export class Poller extends Actor<M> {
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "poll") context.timers.startOnce("again", { type: "again" }, 1_000);
    else console.log("again");
  }
}
export const begin = (poller: ActorRef<M>): boolean => poller.tell({ type: "poll" });
`,
);
twins(
  "a timer of Node begun by a helper that preStart calls",
  "global-timer-in-actor",
  `
import { Actor, type ActorContext } from "airssys-rt";
import { every } from "./every.ts";
export class Poller extends Actor<{ type: "poll" }> {
  override preStart(context: ActorContext<{ type: "poll" }>): void { every(context); } //!
  override handleMessage(): void {}
}
//- /every.ts
import type { ActorContext } from "airssys-rt";
export function every(context: ActorContext<{ type: "poll" }>): void {
  setInterval(() => context.self.tell({ type: "poll" }), 50);
}`,
  `
import { Actor, type ActorContext } from "airssys-rt";
import { every } from "./every.ts";
export class Poller extends Actor<{ type: "poll" }> {
  override preStart(context: ActorContext<{ type: "poll" }>): void { every(context); }
  override handleMessage(): void {}
}
//- /every.ts
import type { ActorContext } from "airssys-rt";
export function every(context: ActorContext<{ type: "poll" }>): void {
  const timer = setInterval(() => context.self.tell({ type: "poll" }), 50);
  context.signal.addEventListener("abort", () => clearInterval(timer));
}`,
);
twins(
  "a reply from setImmediate",
  "message-context-outlives-turn",
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "sum"; of: readonly number[] }, number>;
export class Sums extends Actor<M> {
  override handleMessage({ of }: M, context: ActorContext<M>): void {
    setImmediate(() => { //! global-timer-in-actor
      context.reply(of.reduce((a, b) => a + b, 0)); //!
    });
  }
}`,
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "sum"; of: readonly number[] }, number>;
export class Sums extends Actor<M> {
  override handleMessage({ of }: M, context: ActorContext<M>): void {
    const port = context.deferReply();
    setImmediate(() => {
      port.reply(of.reduce((a, b) => a + b, 0));
    });
  }
}`,
);
twins(
  "a reply from process.nextTick and queueMicrotask",
  "message-context-outlives-turn",
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "one" }, number> | Ask<{ type: "two" }, number>;
export class Sums extends Actor<M> {
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "one") process.nextTick(() => context.reply(1)); //!
    else queueMicrotask(() => context.reply(2)); //!
  }
}`,
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "one" }, number> | Ask<{ type: "two" }, number>;
export class Sums extends Actor<M> {
  override async handleMessage(m: M, context: ActorContext<M>): Promise<void> {
    if (m.type === "one") await new Promise<void>((done) => process.nextTick(() => { context.reply(1); done(); }));
    else context.reply(2);
  }
}`,
);
twins(
  "a reply from a callback of Node",
  "message-context-outlives-turn",
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
import { readFile } from "node:fs";
type M = Ask<{ type: "text" }, string>;
export class Texts extends Actor<M> {
  override handleMessage(_m: M, context: ActorContext<M>): void {
    readFile("a", "utf8", (error, text) => {
      if (error) context.reply(""); //!
      else context.reply(text); //!
    });
  }
}`,
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
import { readFile } from "node:fs";
type M = Ask<{ type: "text" }, string>;
export class Texts extends Actor<M> {
  override handleMessage(_m: M, context: ActorContext<M>): void {
    const port = context.deferReply();
    readFile("a", "utf8", (error, text) => port.reply(error ? "" : text));
  }
}`,
);

twins(
  "an actor over a mixin",
  "unhandled-message",
  `
import { Actor } from "airssys-rt";
type M = { type: "in" } | { type: "out" };
type Ctor = abstract new (...args: any[]) => Actor<M>;
function counted<B extends Ctor>(Base: B) {
  abstract class Counted extends Base { protected count = 0; }
  return Counted;
}
export class Gate extends counted(Actor<M>) {
  override handleMessage(m: M): void {
    switch (m.type) { //!
      case "in": this.count++;
    }
  }
}`,
  `
import { Actor } from "airssys-rt";
type M = { type: "in" } | { type: "out" };
type Ctor = abstract new (...args: any[]) => Actor<M>;
function counted<B extends Ctor>(Base: B) {
  abstract class Counted extends Base { protected count = 0; }
  return Counted;
}
export class Gate extends counted(Actor<M>) {
  override handleMessage(m: M): void {
    switch (m.type) {
      case "in": this.count++; break;
      case "out": this.count--;
    }
  }
}`,
);
twins(
  "an abstract base with a method of its own for each message",
  "unhandled-message",
  `
import { Actor, type ActorContext } from "airssys-rt";
abstract class Logged<M extends { type: string }> extends Actor<M> {
  override handleMessage(message: M, context: ActorContext<M>): void {
    console.log(message.type);
    this.receive(message, context);
  }
  protected abstract receive(message: M, context: ActorContext<M>): void;
}
type M = { type: "in" } | { type: "out" };
export class Gate extends Logged<M> {
  #in = 0;
  protected receive(message: M): void {
    if (message.type === "in") this.#in++; //!
  }
}`,
  `
import { Actor, type ActorContext } from "airssys-rt";
abstract class Logged<M extends { type: string }> extends Actor<M> {
  override handleMessage(message: M, context: ActorContext<M>): void {
    console.log(message.type);
    this.receive(message, context);
  }
  protected abstract receive(message: M, context: ActorContext<M>): void;
}
type M = { type: "in" } | { type: "out" };
export class Gate extends Logged<M> {
  #in = 0;
  protected receive(message: M): void {
    if (message.type === "in") this.#in++;
    else this.#in--;
  }
}`,
);
twins(
  "a generic base that takes one message itself",
  "unhandled-message",
  `
import { Actor, type ActorContext } from "airssys-rt";
type Ping = { type: "ping" };
abstract class Pinged<M extends { type: string }> extends Actor<M | Ping> {
  override handleMessage(message: M | Ping, context: ActorContext<M | Ping>): void {
    if (message.type === "ping") console.log(context.self.id);
    else this.take(message as M, context);
  }
  abstract take(message: M, context: ActorContext<M | Ping>): void;
}
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Pinged<M> {
  #in = 0;
  take(message: M): void {
    switch (message.type) { //!
      case "in": this.#in++; break;
      case "out": this.#in--; break;
    }
  }
}`,
  `
import { Actor, type ActorContext } from "airssys-rt";
type Ping = { type: "ping" };
abstract class Pinged<M extends { type: string }> extends Actor<M | Ping> {
  override handleMessage(message: M | Ping, context: ActorContext<M | Ping>): void {
    if (message.type === "ping") console.log(context.self.id);
    else this.take(message as M, context);
  }
  abstract take(message: M, context: ActorContext<M | Ping>): void;
}
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Pinged<M> {
  #in = 0;
  take(message: M): void {
    switch (message.type) {
      case "in": this.#in++; break;
      case "out": this.#in--; break;
      case "shut": this.#in = 0;
    }
  }
}`,
);

twins(
  "a destructured discriminant after notes",
  "unhandled-message",
  `
import { Actor } from "airssys-rt";
type M = { type: "in"; n: number } | { type: "out"; n: number } | { type: "shut" };
const log = { debug(..._: unknown[]): void {} };
export class Gate extends Actor<M> {
  #in = 0;
  readonly #seen = new Set<string>();
  override handleMessage(message: M): void {
    log.debug("got", JSON.stringify(message));
    this.#seen.add(message.type);
    const { type } = message;
    if (type === "in") this.#in += message.n; //!
    else if (type === "out") this.#in -= message.n;
    log.debug(this.#in, this.#seen.size);
  }
}`,
  `
import { Actor } from "airssys-rt";
type M = { type: "in"; n: number } | { type: "out"; n: number } | { type: "shut" };
const log = { debug(..._: unknown[]): void {} };
export class Gate extends Actor<M> {
  #in = 0;
  readonly #seen = new Set<string>();
  override handleMessage(message: M): void {
    log.debug("got", JSON.stringify(message));
    this.#seen.add(message.type);
    const { type } = message;
    if (type === "in") this.#in += message.n;
    else if (type === "out") this.#in -= message.n;
    else this.#in = 0;
    log.debug(this.#in, this.#seen.size);
  }
}`,
);
twins(
  "a switch over true",
  "unhandled-message",
  `
import { Actor } from "airssys-rt";
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(message: M): void {
    switch (true) { //!
      case message.type === "in":
        this.#in++;
        break;
      case message.type === "out":
        this.#in--;
        break;
    }
  }
}`,
  `
import { Actor } from "airssys-rt";
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(message: M): void {
    switch (true) {
      case message.type === "in":
        this.#in++;
        break;
      case message.type === "out":
      case message.type === "shut":
        this.#in--;
        break;
    }
  }
}`,
);
twins(
  "tuples taken apart",
  "unhandled-message",
  `
import { Actor } from "airssys-rt";
type M = ["in", number] | ["out", number] | ["shut"];
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(message: M): void {
    const [type] = message;
    switch (type) { //!
      case "in": this.#in += message[1]; return;
      case "out": this.#in -= message[1]; return;
    }
  }
}`,
  `
import { Actor } from "airssys-rt";
type M = ["in", number] | ["out", number] | ["shut"];
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(message: M): void {
    const [type] = message;
    switch (type) {
      case "in": this.#in += message[1]; return;
      case "out": this.#in -= message[1]; return;
      case "shut": this.#in = 0; return;
    }
  }
}`,
);
twins(
  "a map of handlers that is asked whether it has one",
  "unhandled-message",
  `
import { Actor } from "airssys-rt";
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(message: M): void {
    const table: { [K in M["type"]]?: () => void } = {
      in: () => { this.#in++; },
      out: () => { this.#in--; },
    };
    const act = table[message.type]; //!
    if (act) act();
  }
}`,
  `
import { Actor } from "airssys-rt";
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(message: M): void {
    const table: { [K in M["type"]]: () => void } = {
      in: () => { this.#in++; },
      out: () => { this.#in--; },
      shut: () => { this.#in = 0; },
    };
    table[message.type]();
  }
}`,
);
twins(
  "classes told apart by instanceof",
  "unhandled-message",
  `
import { Actor } from "airssys-rt";
class In { readonly type = "in"; }
class Out { readonly type = "out"; }
class Shut { readonly type = "shut"; }
type M = In | Out | Shut;
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(message: M): void {
    if (message instanceof In) { //!
      this.#in++;
      return;
    }
    if (message instanceof Out) {
      this.#in--;
      return;
    }
  }
}`,
  `
import { Actor } from "airssys-rt";
class In { readonly type = "in"; }
class Out { readonly type = "out"; }
class Shut { readonly type = "shut"; }
type M = In | Out | Shut;
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(message: M): void {
    if (message instanceof In) {
      this.#in++;
      return;
    }
    if (message instanceof Out) {
      this.#in--;
      return;
    }
    this.#in = 0;
  }
}`,
);
twins(
  "type guards of the project",
  "unhandled-message",
  `
import { Actor } from "airssys-rt";
type In = { type: "in" };
type Out = { type: "out" };
type Shut = { type: "shut" };
type M = In | Out | Shut;
const isIn = (m: M): m is In => m.type === "in";
const isOut = (m: M): m is Out => m.type === "out";
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(m: M): void {
    if (isIn(m)) this.#in++; //!
    else if (isOut(m)) this.#in--;
  }
}`,
  `
import { Actor } from "airssys-rt";
type In = { type: "in" };
type Out = { type: "out" };
type Shut = { type: "shut" };
type M = In | Out | Shut;
const isIn = (m: M): m is In => m.type === "in";
const isOut = (m: M): m is Out => m.type === "out";
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(m: M): void {
    if (isIn(m)) this.#in++;
    else if (isOut(m)) this.#in--;
    else this.#in = 0;
  }
}`,
);
twins(
  "lists of kinds with includes",
  "unhandled-message",
  `
import { Actor } from "airssys-rt";
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(m: M): void {
    if (m.type === "in" || m.type === "out") { //!
      this.#in += m.type === "in" ? 1 : -1;
    }
  }
}`,
  `
import { Actor } from "airssys-rt";
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Actor<M> {
  #in = 0;
  override handleMessage(m: M): void {
    if (["in", "out"].includes(m.type)) this.#in += m.type === "in" ? 1 : -1;
    if (m.type === "shut") this.#in = 0;
  }
}`,
);

twins(
  "one message, an early return",
  "missing-reply",
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "find"; id: string }, string>;
export class Index extends Actor<M> {
  readonly #known = new Map<string, string>();
  override handleMessage({ id }: M, context: ActorContext<M>): void {
    const found = this.#known.get(id);
    if (!found) return; //!
    context.reply(found);
  }
}`,
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "find"; id: string }, string | undefined>;
export class Index extends Actor<M> {
  readonly #known = new Map<string, string>();
  override handleMessage({ id }: M, context: ActorContext<M>): void {
    const found = this.#known.get(id);
    if (!found) return context.reply(undefined);
    context.reply(found);
  }
}`,
);
twins(
  "a reply after the switch that one arm leaves before",
  "missing-reply",
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "inc" }, number> | Ask<{ type: "dec" }, number>;
export class Counter extends Actor<M> {
  #n = 0;
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "inc":
        this.#n++;
        break;
      case "dec":
        if (this.#n === 0) return; //!
        this.#n--;
        break;
    }
    context.reply(this.#n);
  }
}`,
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "inc" }, number> | Ask<{ type: "dec" }, number>;
export class Counter extends Actor<M> {
  #n = 0;
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "inc":
        this.#n++;
        break;
      case "dec":
        if (this.#n === 0) break;
        this.#n--;
        break;
    }
    context.reply(this.#n);
  }
}`,
);
twins(
  "a reply in the arrow of a table",
  "missing-reply",
  `
import { type Ask, defineActor } from "airssys-rt";
type M = Ask<{ type: "get"; key: string }, number> | { type: "put"; key: string; n: number };
export const store = defineActor<M, ReadonlyMap<string, number>>({
  init: () => new Map<string, number>(),
  handlers: {
    get: (state, { key }, context) => { //!
      const found = state.get(key);
      if (found !== undefined) context.reply(found);
    },
    put: (state, { key, n }) => new Map([...state, [key, n]]),
  },
});`,
  `
import { type Ask, defineActor } from "airssys-rt";
type M = Ask<{ type: "get"; key: string }, number> | { type: "put"; key: string; n: number };
export const store = defineActor<M, ReadonlyMap<string, number>>({
  init: () => new Map<string, number>(),
  handlers: {
    get: (state, { key }, context) => {
      const found = state.get(key);
      context.reply(found ?? 0);
    },
    put: (state, { key, n }) => new Map([...state, [key, n]]),
  },
});`,
);
twins(
  "two replies, one in a helper",
  "double-reply",
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "get"; key: string }, number>;
export class Store extends Actor<M> {
  override handleMessage({ key }: M, context: ActorContext<M>): void {
    if (key === "") context.reply(0);
    context.reply(key.length); //!
  }
}`,
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "get"; key: string }, number>;
export class Store extends Actor<M> {
  override handleMessage({ key }: M, context: ActorContext<M>): void {
    if (key === "") return context.reply(0);
    context.reply(key.length);
  }
}`,
);
twins(
  "replies through what is bound, and through a class of answers",
  "missing-reply",
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "get" }, number> | Ask<{ type: "top" }, number>;
export class Store extends Actor<M> {
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "get":
        context.reply(1);
        return;
      case "top":
        console.log("top");
        return; //!
    }
  }
}`,
  `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type M = Ask<{ type: "get" }, number> | Ask<{ type: "top" }, number>;
class Answers {
  constructor(private readonly context: ActorContext<M>) {}
  get(): void { this.context.reply(1); }
  top(): void { this.context.reply(2); }
}
export class Store extends Actor<M> {
  override handleMessage(m: M, context: ActorContext<M>): void {
    const respond = context.reply.bind(context);
    if (m.type === "get") respond(4);
    else new Answers(context)[m.type]();
  }
}`,
);
