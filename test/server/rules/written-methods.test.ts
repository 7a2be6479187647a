/** What actors do in their methods, in functions of their file and through other names. */
import { twins } from "../twins.ts";

const IMPORTS = `import { Actor, defineActor, supervisor, type ActorContext, type ActorRef, type Ask, type ReplyPort, type Signal } from "airssys-rt";`;
twins(
  "a switch in a private method that the handler goes on to",
  "unhandled-message",
  `${IMPORTS}
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Actor<M> {
  #in = 0;
  override async handleMessage(m: M): Promise<void> {
    await this.#route(m);
  }
  async #route(m: M): Promise<void> {
    switch (m.type) { //!
      case "in": this.#in++; return;
      case "out": this.#in--; return;
    }
  }
}`,
  `${IMPORTS}
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Actor<M> {
  #in = 0;
  override async handleMessage(m: M): Promise<void> {
    await this.#route(m);
  }
  async #route(m: M): Promise<void> {
    switch (m.type) {
      case "in": this.#in++; return;
      case "out": this.#in--; return;
      case "shut": this.#in = 0;
    }
  }
}`,
);
twins(
  "a method that answers on one path only",
  "missing-reply",
  `${IMPORTS}
type M = Ask<{ type: "get"; key: string }, number> | { type: "put"; key: string; n: number };
export class Store extends Actor<M> {
  readonly #all = new Map<string, number>();
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "get": return this.#get(m.key, context); //!
      case "put": this.#all.set(m.key, m.n);
    }
  }
  #get(key: string, context: ActorContext<M>): void {
    const found = this.#all.get(key);
    if (found === undefined) return;
    context.reply(found);
  }
}`,
  `${IMPORTS}
type M = Ask<{ type: "get"; key: string }, number> | { type: "put"; key: string; n: number };
export class Store extends Actor<M> {
  readonly #all = new Map<string, number>();
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "get": return this.#get(m.key, context);
      case "put": this.#all.set(m.key, m.n);
    }
  }
  #get(key: string, context: ActorContext<M>): void {
    const found = this.#all.get(key);
    if (found === undefined) throw new Error(key);
    context.reply(found);
  }
}`,
);
twins(
  "a function of the file that never answers",
  "missing-reply",
  `${IMPORTS}
type M = Ask<{ type: "get"; key: string }, number>;
async function lookUp(key: string, context: ActorContext<M>): Promise<void> {
  if (key.length > 3) {
    context.reply(await Promise.resolve(key.length));
  }
}
export class Store extends Actor<M> {
  override async handleMessage({ key }: M, context: ActorContext<M>): Promise<void> { //!
    await lookUp(key, context);
  }
}`,
  `${IMPORTS}
type M = Ask<{ type: "get"; key: string }, number>;
async function lookUp(key: string, context: ActorContext<M>): Promise<void> {
  if (key.length > 3) {
    context.reply(await Promise.resolve(key.length));
  } else context.reply(0);
}
export class Store extends Actor<M> {
  override async handleMessage({ key }: M, context: ActorContext<M>): Promise<void> {
    await lookUp(key, context);
  }
}`,
);
twins(
  "an answer after a method that has answered",
  "double-reply",
  `${IMPORTS}
type M = Ask<{ type: "get"; key: string }, number>;
export class Store extends Actor<M> {
  override handleMessage({ key }: M, context: ActorContext<M>): void {
    this.#answer(key, context);
    context.reply(1); //!
  }
  #answer(key: string, context: ActorContext<M>): void {
    context.reply(key.length);
  }
}`,
  `${IMPORTS}
type M = Ask<{ type: "get"; key: string }, number>;
export class Store extends Actor<M> {
  override handleMessage({ key }: M, context: ActorContext<M>): void {
    if (key === "") return this.#answer(key, context);
    context.reply(1);
  }
  #answer(key: string, context: ActorContext<M>): void {
    context.reply(key.length);
  }
}`,
);
twins(
  "an ask that a function of the file loses",
  "floating-ask",
  `${IMPORTS}
type L = Ask<{ type: "log"; text: string }, boolean>;
type M = { type: "go" };
function note(log: ActorRef<L>, text: string): void {
  log.ask({ type: "log", text }); //!
}
export class A extends Actor<M> {
  constructor(private readonly log: ActorRef<L>) { super(); }
  override handleMessage(): void { note(this.log, "go"); }
}`,
  `${IMPORTS}
type L = Ask<{ type: "log"; text: string }, boolean>;
type M = { type: "go" };
function note(log: ActorRef<L>, text: string): Promise<boolean> {
  return log.ask({ type: "log", text });
}
export class A extends Actor<M> {
  constructor(private readonly log: ActorRef<L>) { super(); }
  override async handleMessage(): Promise<void> { await note(this.log, "go"); }
}`,
);
twins(
  "a message changed through its own name",
  "mutation-after-send",
  `${IMPORTS}
type Sink = { type: "rows"; rows: string[] };
export class A extends Actor<{ type: "go" }> {
  constructor(private readonly sink: ActorRef<Sink>) { super(); }
  override handleMessage(): void {
    const message: Sink = { type: "rows", rows: ["a"] };
    this.sink.tell(message);
    message.rows.push("b"); //!
  }
}`,
  `${IMPORTS}
type Sink = { type: "rows"; rows: string[] };
export class A extends Actor<{ type: "go" }> {
  constructor(private readonly sink: ActorRef<Sink>) { super(); }
  override handleMessage(): void {
    const message: Sink = { type: "rows", rows: ["a"] };
    message.rows.push("b");
    this.sink.tell(message);
  }
}`,
);
twins(
  "a list that is sorted after it was sent",
  "mutation-after-send",
  `${IMPORTS}
type Sink = { type: "rows"; rows: readonly string[] };
export class A extends Actor<{ type: "go" }> {
  constructor(private readonly sink: ActorRef<Sink>) { super(); }
  override handleMessage(): void {
    const rows = ["b", "a"];
    for (const _ of [1]) this.sink.tell({ type: "rows", rows });
    rows.sort(); //!
    console.log(rows);
  }
}`,
  `${IMPORTS}
type Sink = { type: "rows"; rows: readonly string[] };
export class A extends Actor<{ type: "go" }> {
  constructor(private readonly sink: ActorRef<Sink>) { super(); }
  override handleMessage(): void {
    const rows = ["b", "a"];
    this.sink.tell({ type: "rows", rows });
    console.log(rows.toSorted());
  }
}`,
);
twins(
  "a counter of another module that two actors change",
  "shared-module-state",
  `${IMPORTS}
import { counters } from "./counters.ts";
type M = { type: "go" };
export class A extends Actor<M> { override handleMessage(): void { counters.set("a", 1); } } //!
export class B extends Actor<M> { override handleMessage(): void { console.log(counters.get("a")); } }
//- /counters.ts
export const counters = new Map<string, number>();
`,
  `${IMPORTS}
import { limits } from "./counters.ts";
type M = { type: "go" };
export class A extends Actor<M> { override handleMessage(): void { console.log(limits.get("b")); } }
export class B extends Actor<M> { override handleMessage(): void { console.log(limits.get("a")); } }
//- /counters.ts
export const limits = new Map<string, number>([["a", 1]]);
`,
);
twins(
  "an actor that asks itself through a constant, in a method",
  "self-ask",
  `${IMPORTS}
type M = Ask<{ type: "sum" }, number> | Ask<{ type: "one" }, number>;
export class A extends Actor<M> {
  override async handleMessage(m: M, context: ActorContext<M>): Promise<void> {
    if (m.type === "one") context.reply(1);
    else context.reply(await this.#two(context));
  }
  async #two(context: ActorContext<M>): Promise<number> {
    const me = context.self;
    return 1 + (await me.ask({ type: "one" })); //!
  }
}`,
  `${IMPORTS}
type M = Ask<{ type: "sum" }, number> | Ask<{ type: "one" }, number>;
export class A extends Actor<M> {
  override async handleMessage(m: M, context: ActorContext<M>): Promise<void> {
    if (m.type === "one") context.reply(this.#one());
    else context.reply(1 + this.#one());
  }
  #one(): number { return 1; }
}`,
);
twins(
  "an end that a base class has and a kill leaves out",
  "skipped-post-stop",
  `${IMPORTS}
abstract class Closing<M> extends Actor<M> {
  override postStop(): void { console.log("closed"); }
}
class Door extends Closing<{ type: "go" }> { override handleMessage(): void {} }
export const root = supervisor({ children: [{ id: "door", start: () => new Door(), shutdown: "brutal_kill" }] }); //!
`,
  `${IMPORTS}
abstract class Closing<M> extends Actor<M> {
  override postStop(): void { console.log("closed"); }
}
class Door extends Closing<{ type: "go" }> { override handleMessage(): void {} }
export const root = supervisor({ children: [{ id: "door", start: () => new Door(), shutdown: 1_000 }] });
`,
);
twins(
  "a message that an any lets through",
  "untyped-send",
  `${IMPORTS}
type Till = { type: "pay"; cents: number } | { type: "close" };
type M = { type: "go" };
export class A extends Actor<M> {
  constructor(private readonly till: ActorRef<Till>) { super(); }
  override handleMessage(): void {
    (this.till as ActorRef<any>).tell({ type: "payy", cents: 1 }); //!
  }
}`,
  `${IMPORTS}
type Till = { type: "pay"; cents: number } | { type: "close" };
type M = { type: "go" };
export class A extends Actor<M> {
  constructor(private readonly till: ActorRef<Till>) { super(); }
  override handleMessage(): void {
    this.till.tell({ type: "pay", cents: 1 });
  }
}`,
);
twins(
  "a context sent in a list in a message, by a constant",
  "escaped-context",
  `${IMPORTS}
type M = { type: "go" };
export class A extends Actor<M> {
  constructor(private readonly other: ActorRef<{ type: "take"; from: ActorContext<M> }>) { super(); }
  override handleMessage(_m: M, context: ActorContext<M>): void {
    const from = context;
    this.other.tell({ type: "take", from }); //!
  }
}`,
  `${IMPORTS}
type M = { type: "go" };
export class A extends Actor<M> {
  constructor(private readonly other: ActorRef<{ type: "take"; from: ActorRef<M> }>) { super(); }
  override handleMessage(_m: M, context: ActorContext<M>): void {
    const from = context.self;
    this.other.tell({ type: "take", from });
  }
}`,
);
twins(
  "state of defineActor that is sent with its rows",
  "leaked-actor-state",
  `${IMPORTS}
type M = { type: "add"; row: string } | Ask<{ type: "all" }, { readonly rows: readonly string[] }>;
export const rows = defineActor<M, { rows: string[] }>({
  init: () => ({ rows: [] }),
  handlers: {
    add: (state, { row }) => { state.rows.push(row); },
    all: (state, _m, context) => { context.reply({ rows: state.rows }); }, //!
  },
});`,
  `${IMPORTS}
type M = { type: "add"; row: string } | Ask<{ type: "all" }, { readonly rows: readonly string[] }>;
export const rows = defineActor<M, { readonly rows: readonly string[] }>({
  init: () => ({ rows: [] }),
  handlers: {
    add: (state, { row }) => ({ rows: [...state.rows, row] }),
    all: (state, _m, context) => { context.reply({ rows: state.rows }); },
  },
});`,
);
