/** Programs that are right and look like what a rule is for. */
import { right } from "../twins.ts";

const IMPORTS = `import { Actor, defineActor, supervisor, type ActorContext, type ActorRef, type Ask, type ReplyPort, type Signal, become } from "airssys-rt";`;
right(
  "a default that counts what a case counts too",
  `${IMPORTS}
type M = { type: "in" } | { type: "out" } | { type: "back" } | Ask<{ type: "n" }, number>;
export class Gate extends Actor<M> {
  #n = 0;
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "in": this.#n++; break;
      case "n": context.reply(this.#n); break;
      default: this.#n--;
    }
  }
}`,
);
right(
  "a default whose count is told",
  `${IMPORTS}
type M = { type: "error" } | { type: "a" } | { type: "b" } | Ask<{ type: "n" }, number>;
export class Gate extends Actor<M> {
  #errors = 0;
  #others = 0;
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "error": this.#errors++; break;
      case "n": context.reply(this.#errors / this.#others); break;
      default: this.#others++;
    }
  }
}`,
);
right(
  "a catch whose count decides",
  `${IMPORTS}
declare function work(): void;
export class W extends Actor<{ type: "w" }> {
  #failures = 0;
  override handleMessage(_m: { type: "w" }, context: ActorContext<{ type: "w" }>): void {
    try { work(); } catch { this.#failures++; }
    if (this.#failures > 3) context.stop();
  }
}`,
);
right(
  "a catch that tells another",
  `${IMPORTS}
declare function work(): void;
export class W extends Actor<{ type: "w" }> {
  constructor(private readonly log: ActorRef<{ type: "failed" }>) { super(); }
  override handleMessage(): void {
    try { work(); } catch (error) { console.error(error); this.log.tell({ type: "failed" }); }
  }
}`,
);
right(
  "its own collection of contexts, made in the constructor",
  `${IMPORTS}
type M = { type: "go" };
export class W extends Actor<M> {
  readonly #all: ActorContext<M>[];
  constructor() { super(); this.#all = []; }
  override handleMessage(_m: M, context: ActorContext<M>): void { this.#all.push(context); }
}`,
);
right(
  "a given collection of refs",
  `${IMPORTS}
type M = { type: "go" };
export class W extends Actor<M> {
  constructor(private readonly all: ActorRef<M>[]) { super(); }
  override handleMessage(_m: M, context: ActorContext<M>): void { this.all.push(context.self); }
}`,
);
right(
  "a callback of Node that a turn waits for",
  `${IMPORTS}
import { readFile } from "node:fs";
type M = Ask<{ type: "text" }, string>;
export class T extends Actor<M> {
  #text = "";
  override async handleMessage(_m: M, context: ActorContext<M>): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      readFile("a", "utf8", (error, text) => {
        if (error) return reject(error);
        this.#text = text;
        resolve();
      });
    });
    context.reply(this.#text);
  }
}`,
);
right(
  "a function of the project called readFile",
  `${IMPORTS}
function readFile(name: string, done: (text: string) => void): void { done(name); }
type M = Ask<{ type: "text" }, string>;
export class T extends Actor<M> {
  #text = "";
  override handleMessage(_m: M, context: ActorContext<M>): void {
    readFile("a", (text) => { this.#text = text; });
    context.reply(this.#text);
  }
}`,
);
right(
  "an async helper that is waited for, or kept",
  `${IMPORTS}
type M = { type: "a" } | { type: "b" };
declare function load(): Promise<string>;
export class T extends Actor<M> {
  #text = "";
  #loading: Promise<void> | undefined;
  override async handleMessage(m: M): Promise<void> {
    if (m.type === "a") await this.#load();
    else {
      this.#loading = this.#load();
      await this.#loading;
    }
    console.log(this.#text);
  }
  async #load(): Promise<void> { this.#text = await load(); }
}`,
);
right(
  "a helper that a promise runs and that tells",
  `${IMPORTS}
type M = { type: "a" } | { type: "done"; text: string };
declare function load(): Promise<string>;
export class T extends Actor<M> {
  #text = "";
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "done") this.#text = m.text;
    else void load().then((text) => this.#tell(text, context.self)).catch(() => {});
    console.log(this.#text);
  }
  #tell(text: string, self: ActorRef<M>): void { self.tell({ type: "done", text }); }
}
export const begin = (t: ActorRef<M>): boolean => t.tell({ type: "a" });`,
);
right(
  "an async helper begun without a wait that only reads",
  `${IMPORTS}
type M = { type: "a" };
declare function save(text: string): Promise<void>;
export class T extends Actor<M> {
  #text = "";
  override handleMessage(): void {
    this.#text += "x";
    this.#save().catch(() => {});
  }
  async #save(): Promise<void> { await save(this.#text); }
}`,
);
right(
  "a shared cache",
  `${IMPORTS}
type M = { type: "put"; key: string };
const cache = new Map<string, number>();
export class T extends Actor<M> {
  readonly #cache = cache;
  override handleMessage({ key }: M): void { this.#cache.set(key, 1); }
}`,
);
right(
  "a field that begins with nothing and is replaced",
  `${IMPORTS}
type M = { type: "put"; key: string };
const noRows: readonly string[] = [];
export class T extends Actor<M> {
  #rows: readonly string[] = noRows;
  override handleMessage({ key }: M): void { this.#rows = [...this.#rows, key]; }
}`,
);
right(
  "a first state whose shared part is only read",
  `${IMPORTS}
type M = { type: "add"; row: string };
const initial = { rows: [] as string[], rules: { max: 3 } };
export const rows = defineActor<M, { rows: string[]; rules: { max: number } }>({
  init: () => ({ ...initial, rows: [] }),
  handlers: { add: (state, { row }) => { if (state.rows.length < state.rules.max) state.rows.push(row); } },
});`,
);
right(
  "a temporary child made before, by a function with a name",
  `${IMPORTS}
class T extends Actor<{ type: "go" }> { override handleMessage(): void {} }
const once = new T();
const give = () => once;
export const root = supervisor({ children: [{ id: "t", start: give, restart: "temporary" }] });`,
);
right(
  "ports emptied at the end of the actor",
  `${IMPORTS}
type M = Ask<{ type: "wait" }, string> | { type: "open" };
export class Door extends Actor<M> {
  #waiting: ReplyPort<string>[] = [];
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "wait") this.#waiting.push(context.deferReply());
    else for (const port of this.#waiting.splice(0)) port.reply("open");
  }
  override postStop(): void { this.#waiting = []; }
}`,
);
right(
  "a port that is answered before another takes its place",
  `${IMPORTS}
type M = Ask<{ type: "wait" }, string> | { type: "open" } | { type: "shut" };
export class Door extends Actor<M> {
  #waiting: ReplyPort<string> | undefined;
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "wait":
        this.#waiting?.reply("another came");
        this.#waiting = context.deferReply();
        return;
      case "open":
        this.#waiting?.reply("open");
        this.#waiting = undefined;
        return;
      case "shut":
        this.#refuse();
        this.#waiting = undefined;
    }
  }
  #refuse(): void { this.#waiting?.reply("shut"); }
}`,
);
right(
  "a list of ports that another has been given",
  `${IMPORTS}
type M = Ask<{ type: "wait" }, string> | { type: "pass" };
export class Door extends Actor<M> {
  #waiting: ReplyPort<string>[] = [];
  constructor(private readonly next: ActorRef<{ ports: readonly ReplyPort<string>[] }>) { super(); }
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "wait") this.#waiting.push(context.deferReply());
    else {
      this.next.tell({ ports: this.#waiting });
      this.#waiting = [];
    }
  }
}`,
);
right(
  "a subscription that returns nothing, and one whose end is kept",
  `${IMPORTS}
type M = { type: "changed" };
declare const topic: { subscribe(listener: () => void): void };
declare const store: { subscribe(listener: () => void): () => void };
export class T extends Actor<M> {
  readonly #ends: (() => void)[] = [];
  override preStart(context: ActorContext<M, never>): void {
    topic.subscribe(() => context.self.tell({ type: "changed" }));
    this.#ends.push(store.subscribe(() => context.self.tell({ type: "changed" })));
  }
  override handleMessage(): void {}
  override postStop(): void { for (const end of this.#ends) end(); }
}`,
);
right(
  "one key for the same timer in two places",
  `${IMPORTS}
type M = { type: "flush"; n: number };
const KEY = "flush";
export class T extends Actor<M> {
  override handleMessage({ n }: M, context: ActorContext<M>): void {
    if (n > 3) context.timers.startOnce(KEY, { type: "flush", n: 0 }, 10);
    else context.timers.startOnce(KEY, { type: "flush", n: n + 1 }, 10);
  }
}
export const begin = (t: ActorRef<M>): boolean => t.tell({ type: "flush", n: 1 });`,
);
right(
  "a stash that a helper takes up",
  `${IMPORTS}
type M = { type: "ready" } | { type: "work"; n: number };
const takeUp = (context: ActorContext<M>): void => { context.unstashAll(); };
export class T extends Actor<M> {
  #isReady = false;
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "ready") { this.#isReady = true; takeUp(context); }
    else if (this.#isReady) console.log(m.n);
    else this.#later(context);
  }
  #later(context: ActorContext<M>): void { context.stash(); }
}`,
);
right(
  "a next state made by concat and returned, a list changed in place",
  `${IMPORTS}
type M = { type: "add"; row: string } | { type: "put"; row: string };
export const rows = defineActor<M, { rows: string[] }>({
  init: () => ({ rows: [] }),
  handlers: {
    add: (state, { row }) => {
      const next = state.rows.concat(row);
      return { rows: next };
    },
    put: (state, { row }) => { state.rows.push(row); },
  },
});`,
);
right(
  "a reply after the switch for every arm that goes on to it",
  `${IMPORTS}
type M = Ask<{ type: "inc" }, number> | Ask<{ type: "dec" }, number> | { type: "note" };
export class C extends Actor<M> {
  #n = 0;
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "inc": this.#n++; break;
      case "dec":
        if (this.#n === 0) { context.reply(0); return; }
        this.#n--;
        break;
      case "note": console.log(this.#n); return;
    }
    if (m.type !== "dec") context.reply(this.#n);
    else context.reply(-this.#n);
  }
}`,
);
right(
  "a reply after the switch by what holds the context",
  `${IMPORTS}
type M = Ask<{ type: "inc" }, number> | Ask<{ type: "dec" }, number>;
declare function answer(n: number, context: ActorContext<M>): void;
export class C extends Actor<M> {
  #n = 0;
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "inc": this.#n++; break;
      case "dec": this.#n--; break;
    }
    answer(this.#n, context);
  }
}`,
);
right(
  "a check whose act is the answer itself",
  `${IMPORTS}
type Hall = Ask<{ type: "isFree"; seat: number }, boolean> | { type: "note"; text: string };
export class A extends Actor<Ask<{ type: "look"; seat: number }, boolean>> {
  constructor(private readonly hall: ActorRef<Hall>, private readonly log: ActorRef<{ type: "note"; text: string }>) { super(); }
  override async handleMessage({ seat }: { type: "look"; seat: number }, context: ActorContext<Ask<{ type: "look"; seat: number }, boolean>>): Promise<void> {
    const isFree = await this.hall.ask({ type: "isFree", seat });
    if (isFree) this.log.tell({ type: "note", text: "free" });
    context.reply(isFree);
  }
}`,
);
right(
  "a timer that is unref'd and kept",
  `${IMPORTS}
export class T extends Actor<{ type: "go" }> {
  #timers: NodeJS.Timeout[] = [];
  #n = 0;
  override handleMessage(): void { this.#timers.push(setTimeout(() => { console.log(this.#n); }, 10).unref()); this.#n++; }
  override postStop(): void { for (const one of this.#timers) clearTimeout(one); }
}`,
);
right(
  "a limit of what runs at once, and a flag that is switched off in the end",
  `${IMPORTS}
type M = { type: "run" } | { type: "load" } | Ask<{ type: "busy" }, boolean>;
declare function work(): Promise<void>;
export class T extends Actor<M> {
  #running = 0;
  #isLoading = false;
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "run": void this.#run(); break;
      case "load":
        this.#isLoading = true;
        void work().finally(() => { this.#isLoading = false; });
        break;
      case "busy": context.reply(this.#running > 0 || this.#isLoading);
    }
  }
  async #run(): Promise<void> {
    this.#running++;
    try { await work(); } finally { this.#running--; }
  }
}`,
);
right(
  "methods that answer by the kind of the message they are given",
  `${IMPORTS}
type M = Ask<{ type: "get"; key: string }, number> | Ask<{ type: "has"; key: string }, boolean> | { type: "put"; key: string };
export class Store extends Actor<M> {
  readonly #all = new Map<string, number>();
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "get":
      case "has":
        this.#read(m, context);
        return;
      case "put":
        this.#all.set(m.key, 1);
        return;
    }
  }
  #read(m: M, context: ActorContext<M>): void {
    if (m.type === "get") context.reply(this.#all.get(m.key) ?? 0);
    else if (m.type === "has") context.reply(this.#all.has(m.key));
  }
}`,
);
right(
  "a method for one question that asks its kind again",
  `${IMPORTS}
type M = Ask<{ type: "get"; key: string }, number> | Ask<{ type: "has"; key: string }, boolean> | { type: "put"; key: string };
export class Store extends Actor<M> {
  readonly #all = new Map<string, number>();
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "get": return this.#read(m, context);
      case "has": return this.#read(m, context);
      case "put": this.#all.set(m.key, 1);
    }
  }
  #read(message: M, context: ActorContext<M>): void {
    if (message.type === "get") context.reply(this.#all.get(message.key) ?? 0);
    else if (message.type === "has") context.reply(this.#all.has(message.key));
  }
}`,
);
right(
  "methods that defer, throw, loop, try, or go on to others",
  `${IMPORTS}
type M = Ask<{ type: "a" }, number> | Ask<{ type: "b" }, number> | Ask<{ type: "c" }, number> | Ask<{ type: "d" }, number> | Ask<{ type: "e" }, number>;
declare function work(): number;
export class Store extends Actor<M> {
  #ports: ReplyPort<number>[] = [];
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "a": return this.#defer(context);
      case "b": return this.#tried(context);
      case "c": return this.#go(context, 3);
      case "d": this.#looped(context); return;
      case "e": this.#begun(context).catch(console.error); return;
    }
  }
  #defer(context: ActorContext<M>): void { this.#ports.push(context.deferReply()); }
  #tried(context: ActorContext<M>): void {
    try { context.reply(work()); } catch { context.reply(0); }
  }
  #go(context: ActorContext<M>, n: number): void {
    if (n === 0) { context.reply(n); return; }
    this.#go(context, n - 1);
  }
  #looped(context: ActorContext<M>): void {
    for (const n of [1, 2]) if (n === 1) context.reply(n);
  }
  async #begun(context: ActorContext<M>): Promise<void> {
    const port = context.deferReply();
    await Promise.resolve();
    port.reply(1);
  }
  flush(): void { for (const port of this.#ports.splice(0)) port.reply(1); }
}`,
);
right(
  "a public method that a class below may replace",
  `${IMPORTS}
type M = Ask<{ type: "a" }, number>;
export class Base extends Actor<M> {
  override handleMessage(_m: M, context: ActorContext<M>): void {
    this.answer(context);
  }
  answer(context: ActorContext<M>): void { console.log(context.self.id); }
}`,
);
right(
  "an object that is changed before and read after it was sent",
  `${IMPORTS}
type Sink = { type: "rows"; rows: readonly string[]; n: number };
export class A extends Actor<{ type: "go" }> {
  constructor(private readonly sink: ActorRef<Sink>) { super(); }
  override handleMessage(): void {
    const message = { type: "rows" as const, rows: ["a"], n: 0 };
    message.rows.push("b");
    message.n = 2;
    this.sink.tell(message);
    console.log(message.rows.length, message.n);
  }
}`,
);
right(
  "a default in a method that only some messages come to",
  `${IMPORTS}
type M = { type: "a" } | { type: "b" } | { type: "c" } | { type: "d" };
export class A extends Actor<M> {
  #n = 0;
  override handleMessage(m: M): void {
    if (m.type === "a" || m.type === "b") return this.#some(m);
    this.#n--;
  }
  #some(m: M): void {
    switch (m.type) {
      case "a": this.#n++; break;
      case "b": this.#n--; break;
      default: break;
    }
    console.log(this.#n);
  }
}`,
);

right(
  "an actor made within another that asks that one",
  `${IMPORTS}
type M = Ask<{ type: "work" }, number> | { type: "hire" };
export class Clerk extends Actor<M> {
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "work") return context.reply(1);
    const boss = context.self;
    class Apprentice extends Actor<{ type: "go" }> {
      override async preStart(): Promise<void> { console.log(await boss.ask({ type: "work" })); }
      override handleMessage(): void {}
    }
    context.spawn(() => new Apprentice());
  }
}
export const begin = (clerk: ActorRef<M>): boolean => clerk.tell({ type: "hire" });`,
);
