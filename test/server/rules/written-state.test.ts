/** State, ports, timers, look-ups and listeners as people write them. */
import { twins } from "../twins.ts";

const IMPORTS = `import { Actor, defineActor, supervisor, type ActorContext, type ActorRef, type Ask, type ReplyPort, type Signal, become } from "airssys-rt";`;

twins(
  "a batch handed over, and one that is not",
  "leaked-actor-state",
  `${IMPORTS}
type M = { type: "add"; row: string } | { type: "flush" };
export class Batch extends Actor<M> {
  #rows: string[] = [];
  constructor(private readonly sink: ActorRef<{ rows: readonly string[] }>) { super(); }
  override handleMessage(m: M): void {
    if (m.type === "add") this.#rows.push(m.row);
    else {
      this.sink.tell({ rows: this.#rows }); //!
      this.#rows.length = 0;
    }
  }
}`,
  `${IMPORTS}
type M = { type: "add"; row: string } | { type: "flush" } | { type: "swap" } | { type: "last" };
export class Batch extends Actor<M> {
  #rows: string[] = [];
  constructor(private readonly sink: ActorRef<{ rows: readonly string[] }>) { super(); }
  override handleMessage(m: M): void {
    switch (m.type) {
      case "add": this.#rows.push(m.row); break;
      case "flush": {
        const rows = this.#rows;
        this.#rows = [];
        this.sink.tell({ rows });
        break;
      }
      case "swap":
        try { this.sink.tell({ rows: this.#rows }); } finally { this.#rows = []; }
        break;
      case "last":
        this.sink.tell({ rows: this.#rows.splice(0) });
    }
  }
}`,
);
twins(
  "state in a plain object in a field",
  "leaked-actor-state",
  `${IMPORTS}
type M = { type: "add"; row: string } | Ask<{ type: "all" }, readonly string[]>;
export class Batch extends Actor<M> {
  readonly #state = { rows: [] as string[], added: 0 };
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "all") context.reply(this.#state.rows); //!
    else {
      this.#state.added++;
      this.#state.rows.push(m.row);
    }
  }
}`,
  `${IMPORTS}
type M = { type: "add"; row: string } | Ask<{ type: "all" }, readonly string[]>;
export class Batch extends Actor<M> {
  readonly #state = { rows: [] as string[], added: 0 };
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "all") context.reply(this.#state.rows.slice());
    else {
      this.#state.added++;
      this.#state.rows.push(m.row);
    }
  }
}`,
);
twins(
  "a context in a collection that was given to the actor",
  "escaped-context",
  `${IMPORTS}
type M = { type: "go" };
export class Member extends Actor<M> {
  readonly #all: ActorContext<M, never>[];
  constructor(all: ActorContext<M, never>[]) { super(); this.#all = all; }
  override preStart(context: ActorContext<M, never>): void { this.#all.push(context); } //!
  override handleMessage(): void {}
}`,
  `${IMPORTS}
type M = { type: "go" };
export class Member extends Actor<M> {
  readonly #all: ActorContext<M, never>[] = [];
  override preStart(context: ActorContext<M, never>): void { this.#all.push(context); }
  override handleMessage(): void { console.log(this.#all.length); }
}`,
);
twins(
  "a context in a shared field of the constructor",
  "escaped-context",
  `${IMPORTS}
type M = { type: "go" };
export class Member extends Actor<M> {
  constructor(private readonly all: Map<string, ActorContext<M>>) { super(); }
  override handleMessage(_m: M, context: ActorContext<M>): void { this.all.set(context.self.id, context); } //!
}`,
  `${IMPORTS}
type M = { type: "go" };
export class Member extends Actor<M> {
  constructor(private readonly all: Map<string, ActorContext<M>>) { super(); }
  override handleMessage(_m: M, context: ActorContext<M>): void { this.all.set(context.self.id, context); }
  override postStop(context: ActorContext<M, never>): void { this.all.delete(context.self.id); }
}`,
);
twins(
  "a context in a field made of a module's",
  "escaped-context",
  `${IMPORTS}
type M = { type: "go" };
const members: ActorContext<M>[] = [];
export class Member extends Actor<M> {
  readonly #all = members;
  override handleMessage(_m: M, context: ActorContext<M>): void { this.#all.push(context); } //!
}`,
  `${IMPORTS}
type M = { type: "go" };
const members: ActorRef<M>[] = [];
export class Member extends Actor<M> {
  readonly #all = members;
  override handleMessage(_m: M, context: ActorContext<M>): void { this.#all.push(context.self); }
}`,
);
twins(
  "a default that only counts",
  "hidden-message-variants",
  `${IMPORTS}
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Actor<M> {
  #in = 0;
  #dropped = 0;
  override handleMessage(m: M): void {
    switch (m.type) {
      case "in": this.#in++; break;
      default: //!
        this.#dropped++;
        console.warn("dropped", m.type, this.#dropped);
    }
  }
}`,
  `${IMPORTS}
type M = { type: "in" } | { type: "out" } | { type: "shut" };
export class Gate extends Actor<M> {
  #in = 0;
  #out = 0;
  override handleMessage(m: M): void {
    switch (m.type) {
      case "in": this.#in++; break;
      default:
        this.#out++;
        if (this.#out > this.#in) throw new Error("more out than in");
    }
  }
}`,
);
twins(
  "a catch that counts and notes",
  "swallowed-crash",
  `${IMPORTS}
type M = { type: "work"; n: number };
declare function work(n: number): void;
export class Worker extends Actor<M> {
  #failures = 0;
  override handleMessage({ n }: M): void {
    try {
      work(n);
    } catch (error) { //!
      this.#failures += 1;
      console.error("failed", this.#failures, error);
    }
  }
}`,
  `${IMPORTS}
type M = { type: "work"; n: number };
declare function work(n: number): void;
export class Worker extends Actor<M> {
  #failures = 0;
  override handleMessage({ n }: M): void {
    try {
      work(n);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures > 3) throw error;
    }
  }
}`,
);
twins(
  "a catch that returns what it notes, async",
  "swallowed-crash",
  `${IMPORTS}
type M = { type: "work"; n: number };
declare function work(n: number): Promise<void>;
export class Worker extends Actor<M> {
  override async handleMessage({ n }: M): Promise<void> {
    console.log("begins", n);
    try {
      await work(n);
    } catch { //!
      // next time
    }
  }
}`,
  `${IMPORTS}
type M = { type: "work"; n: number };
declare function work(n: number): Promise<void>;
export class Worker extends Actor<M> {
  override async handleMessage({ n }: M): Promise<void> {
    console.log("begins", n);
    try {
      await work(n);
    } finally {
      console.log("ends", n);
    }
  }
}`,
);
twins(
  "a monitor in a helper, deaf",
  "monitor-without-signal-handler",
  `${IMPORTS}
type M = { type: "watch"; who: ActorRef<never> };
export class Watch extends Actor<M> {
  override handleMessage({ who }: M, context: ActorContext<M>): void { this.#watch(who, context); }
  #watch(who: ActorRef<never>, context: ActorContext<M>): void {
    context.monitor(who); //!
  }
}`,
  `${IMPORTS}
type M = { type: "watch"; who: ActorRef<never> };
export class Watch extends Actor<M> {
  #gone = 0;
  override handleMessage({ who }: M, context: ActorContext<M>): void { this.#watch(who, context); }
  override handleSignal(): void { console.log(++this.#gone); }
  #watch(who: ActorRef<never>, context: ActorContext<M>): void {
    context.monitor(who);
  }
}`,
);
twins(
  "a literal typed by an interface for a thread",
  "uncloneable-payload",
  `${IMPORTS}
import { Worker } from "node:worker_threads";
interface Task { readonly id: number; readonly onDone: (sum: number) => void }
type M = { type: "sum" };
export class Sums extends Actor<M> {
  readonly #worker = new Worker(new URL("./sum.js", import.meta.url));
  override handleMessage(): void {
    const task: Task = { id: 1, onDone: (sum) => console.log(sum) };
    this.#worker.postMessage(task); //!
  }
}`,
  `${IMPORTS}
import { Worker } from "node:worker_threads";
interface Task { readonly id: number; readonly numbers: readonly number[] }
type M = { type: "sum" };
export class Sums extends Actor<M> {
  readonly #worker = new Worker(new URL("./sum.js", import.meta.url));
  override handleMessage(): void {
    const task: Task = { id: 1, numbers: [1] };
    this.#worker.postMessage(task);
  }
}`,
);

twins(
  "a name in a path of ids",
  "unknown-actor-name",
  `${IMPORTS}
type M = { type: "go" };
class Till extends Actor<M> { override handleMessage(): void {} }
class Desk extends Actor<M> {
  override handleMessage(m: M, context: ActorContext<M>): void {
    context.whereis<M>("front/til")?.tell(m); //!
  }
}
const front = supervisor({ name: "front", children: [{ id: "till", start: () => new Till() }] });
export const root = supervisor({ children: [{ id: "front", start: front }, { id: "desk", start: () => new Desk() }] });
`,
  `${IMPORTS}
type M = { type: "go" };
class Till extends Actor<M> { override handleMessage(): void {} }
class Desk extends Actor<M> {
  override handleMessage(m: M, context: ActorContext<M>): void {
    context.whereis<M>("front/till")?.tell(m);
  }
}
const front = supervisor({ name: "front", children: [{ id: "till", start: () => new Till() }] });
export const root = supervisor({ children: [{ id: "front", start: front }, { id: "desk", start: () => new Desk() }] });
`,
);
twins(
  "the wrong protocol through a function of the project",
  "wrong-protocol",
  `${IMPORTS}
type TillMessage = { type: "pay" };
type BoxMessage = { type: "open" };
function must<M>(context: ActorContext<never>, name: string): ActorRef<M> {
  const found = context.whereis<M>(name);
  if (found === undefined) throw new Error(name);
  return found;
}
class Till extends Actor<TillMessage> { override handleMessage(): void {} }
class Box extends Actor<BoxMessage> {
  override handleMessage(_m: BoxMessage, context: ActorContext<BoxMessage>): void {
    must<BoxMessage>(context as never, "till").tell({ type: "open" }); //!
  }
}
export const root = supervisor({ children: [{ id: "till", start: () => new Till() }, { id: "box", start: () => new Box() }] });
`,
  `${IMPORTS}
type TillMessage = { type: "pay" };
type BoxMessage = { type: "open" };
function must<M>(context: ActorContext<never>, name: string): ActorRef<M> {
  const found = context.whereis<M>(name);
  if (found === undefined) throw new Error(name);
  return found;
}
class Till extends Actor<TillMessage> { override handleMessage(): void {} }
class Box extends Actor<BoxMessage> {
  override handleMessage(_m: BoxMessage, context: ActorContext<BoxMessage>): void {
    must<TillMessage>(context as never, "till").tell({ type: "pay" });
  }
}
export const root = supervisor({ children: [{ id: "till", start: () => new Till() }, { id: "box", start: () => new Box() }] });
`,
);
twins(
  "state changed by callbacks of Node, of an emitter, of a promise's failure",
  "state-changed-outside-turn",
  `${IMPORTS}
import { readFile } from "node:fs";
import type { EventEmitter } from "node:events";
type M = { type: "read" } | { type: "listen"; to: EventEmitter } | { type: "load" } | Ask<{ type: "get" }, string>;
declare function load(): Promise<string>;
export class Texts extends Actor<M> {
  #text = "";
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "read":
        readFile("a", "utf8", (_error, text) => {
          this.#text = text; //!
        });
        return;
      case "listen":
        m.to.once("text", (text: string) => {
          this.#text = text; //!
        });
        return;
      case "load":
        load().catch(() => {
          this.#text = ""; //!
        });
        return;
      case "get":
        context.reply(this.#text);
    }
  }
}`,
  `${IMPORTS}
import { readFile } from "node:fs";
import type { EventEmitter } from "node:events";
type M = { type: "read" } | { type: "listen"; to: EventEmitter } | { type: "load" } | { type: "text"; text: string } | Ask<{ type: "get" }, string>;
declare function load(): Promise<string>;
export class Texts extends Actor<M> {
  #text = "";
  override async handleMessage(m: M, context: ActorContext<M>): Promise<void> {
    const { self } = context;
    switch (m.type) {
      case "read":
        readFile("a", "utf8", (_error, text) => self.tell({ type: "text", text }));
        return;
      case "listen":
        m.to.once("text", (text: string) => self.tell({ type: "text", text }));
        return;
      case "load":
        await load().catch(() => {
          this.#text = "";
        });
        return;
      case "text":
        this.#text = m.text;
        return;
      case "get":
        context.reply(this.#text);
    }
  }
}
export const use = (texts: ActorRef<M>, to: EventEmitter): void => {
  texts.tell({ type: "read" });
  texts.tell({ type: "listen", to });
  texts.tell({ type: "load" });
  void texts.ask({ type: "get" });
};`,
);
twins(
  "state changed by a helper that a promise runs",
  "state-changed-outside-turn",
  `${IMPORTS}
type M = { type: "load" } | Ask<{ type: "get" }, string>;
declare function load(): Promise<string>;
export class Texts extends Actor<M> {
  #text = "";
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "get") return context.reply(this.#text);
    void load().then((text) => this.#keep(text)); //!
  }
  #keep(text: string): void { this.#text = text; }
}`,
  `${IMPORTS}
type M = { type: "load" } | Ask<{ type: "get" }, string>;
declare function load(): Promise<string>;
export class Texts extends Actor<M> {
  #text = "";
  override async handleMessage(m: M, context: ActorContext<M>): Promise<void> {
    if (m.type === "get") return context.reply(this.#text);
    await load().then((text) => this.#keep(text));
  }
  #keep(text: string): void { this.#text = text; }
}`,
);
twins(
  "an async helper that nobody waits for changes state after its await",
  "state-changed-outside-turn",
  `${IMPORTS}
type M = { type: "load" } | Ask<{ type: "get" }, string>;
declare function load(): Promise<string>;
export class Texts extends Actor<M> {
  #text = "";
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "get") return context.reply(this.#text);
    void this.#load();
  }
  async #load(): Promise<void> {
    const text = await load();
    this.#text = text; //!
  }
}`,
  `${IMPORTS}
type M = { type: "load" } | Ask<{ type: "get" }, string>;
declare function load(): Promise<string>;
export class Texts extends Actor<M> {
  #text = "";
  override async handleMessage(m: M, context: ActorContext<M>): Promise<void> {
    if (m.type === "get") return context.reply(this.#text);
    await this.#load();
  }
  async #load(): Promise<void> {
    const text = await load();
    this.#text = text;
  }
}`,
);
twins(
  "a first state whose inner list is shared",
  "shared-initial-state",
  `${IMPORTS}
type M = { type: "add"; row: string };
const EMPTY: { rows: string[]; n: number } = { rows: [], n: 0 };
export const rows = defineActor<M, { rows: string[]; n: number }>({
  init: () => ({ ...EMPTY }), //!
  handlers: {
    add: (state, { row }) => { state.rows.push(row); },
  },
});`,
  `${IMPORTS}
type M = { type: "add"; row: string };
const EMPTY: { rows: string[]; n: number } = { rows: [], n: 0 };
export const rows = defineActor<M, { rows: string[]; n: number }>({
  init: () => ({ ...EMPTY, rows: [] }),
  handlers: {
    add: (state, { row }) => { state.rows.push(row); },
  },
});
export const counted = defineActor<M, { rows: string[]; n: number }>({
  init: () => structuredClone(EMPTY),
  handlers: {
    add: (state, { row }) => { state.rows.push(row); state.n++; },
  },
});`,
);
twins(
  "a field that is a module's list",
  "shared-initial-state",
  `${IMPORTS}
type M = { type: "add"; row: string };
const NONE: string[] = [];
export class Rows extends Actor<M> {
  #rows = NONE; //!
  override handleMessage({ row }: M): void { this.#rows.push(row); }
}`,
  `${IMPORTS}
type M = { type: "add"; row: string };
const NONE: readonly string[] = [];
export class Rows extends Actor<M> {
  #rows = NONE;
  override handleMessage({ row }: M): void { this.#rows = [...this.#rows, row]; }
}`,
);
twins(
  "an instance behind a function",
  "shared-initial-state",
  `${IMPORTS}
type M = { type: "go" };
class Till extends Actor<M> { override handleMessage(): void {} }
const till = new Till();
const startTill = () => till; //!
export const root = supervisor({ children: [{ id: "till", start: startTill }] });
`,
  `${IMPORTS}
type M = { type: "go" };
class Till extends Actor<M> { override handleMessage(): void {} }
const startTill = () => new Till();
export const root = supervisor({ children: [{ id: "till", start: startTill }] });
`,
);
twins(
  "exits waited for in a switch",
  "exit-signal-never-delivered",
  `${IMPORTS}
type M = { type: "go" };
export class Parent extends Actor<M> {
  #left = 3;
  override handleMessage(_m: M, context: ActorContext<M>): void { context.stop(); }
  override handleSignal(signal: Signal): void {
    switch (signal.type) {
      case "exit": //!
        this.#left--;
        break;
      default:
        console.log(signal.type, this.#left);
    }
  }
}`,
  `${IMPORTS}
type M = { type: "go" };
export class Parent extends Actor<M> {
  #left = 3;
  override preStart(context: ActorContext<M, never>): void { this.#trap(context); }
  override handleMessage(_m: M, context: ActorContext<M>): void { context.stop(); }
  override handleSignal(signal: Signal): void {
    switch (signal.type) {
      case "exit":
        this.#left--;
        break;
      default:
        console.log(signal.type, this.#left);
    }
  }
  #trap(context: ActorContext<M, never>): void { context.trapExit(true); }
}`,
);
twins(
  "a next state that is made and dropped",
  "lost-next-state",
  `${IMPORTS}
type M = { type: "add"; row: string } | { type: "reset" } | { type: "merge"; rows: readonly string[] };
export const rows = defineActor<M, { readonly rows: readonly string[] }>({
  init: () => ({ rows: [] }),
  handlers: {
    add: (state, { row }) => {
      state = { rows: [...state.rows, row] }; //!
    },
    reset: () => {
      ({ rows: [] }); //!
    },
    merge: (state, { rows: more }) => {
      Object.assign({}, state, { rows: [...state.rows, ...more] }); //!
    },
  },
});`,
  `${IMPORTS}
type M = { type: "add"; row: string } | { type: "reset" } | { type: "merge"; rows: readonly string[] };
export const rows = defineActor<M, { readonly rows: readonly string[] }>({
  init: () => ({ rows: [] }),
  handlers: {
    add: (state, { row }) => {
      state = { rows: [...state.rows, row] };
      return state;
    },
    reset: () => ({ rows: [] }),
    merge: (state, { rows: more }) => Object.assign({}, state, { rows: [...state.rows, ...more] }),
  },
});`,
);
twins(
  "a list that concat leaves as it is",
  "lost-next-state",
  `${IMPORTS}
type M = { type: "add"; row: string };
export const rows = defineActor<M, { readonly rows: readonly string[] }>({
  init: () => ({ rows: [] }),
  handlers: {
    add: (state, { row }) => {
      state.rows.concat(row); //!
    },
  },
});`,
  `${IMPORTS}
type M = { type: "add"; row: string };
export const rows = defineActor<M, { readonly rows: readonly string[] }>({
  init: () => ({ rows: [] }),
  handlers: {
    add: (state, { row }) => ({ rows: state.rows.concat(row) }),
  },
});`,
);
twins(
  "ports in a list that is emptied",
  "dropped-reply",
  `${IMPORTS}
type M = Ask<{ type: "wait" }, string> | { type: "close" } | { type: "open" };
export class Door extends Actor<M> {
  #waiting: ReplyPort<string>[] = [];
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "wait":
        this.#waiting.push(context.deferReply());
        return;
      case "open":
        for (const port of this.#waiting) port.reply("open");
        this.#waiting = [];
        return;
      case "close":
        this.#waiting = []; //!
    }
  }
}`,
  `${IMPORTS}
type M = Ask<{ type: "wait" }, string> | { type: "close" } | { type: "open" };
export class Door extends Actor<M> {
  #waiting: ReplyPort<string>[] = [];
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "wait":
        this.#waiting.push(context.deferReply());
        return;
      case "open":
        for (const port of this.#waiting) port.reply("open");
        this.#waiting = [];
        return;
      case "close":
        this.#waiting.splice(0).forEach((port) => port.reply("closed"));
    }
  }
}`,
);
twins(
  "a map of ports that is cleared",
  "dropped-reply",
  `${IMPORTS}
type M = Ask<{ type: "wait"; id: string }, string> | { type: "close" } | { type: "open"; id: string };
export class Door extends Actor<M> {
  readonly #waiting = new Map<string, ReplyPort<string>>();
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "wait":
        this.#waiting.set(m.id, context.deferReply());
        return;
      case "open":
        this.#waiting.get(m.id)?.reply("open");
        this.#waiting.delete(m.id);
        return;
      case "close":
        this.#waiting.clear(); //!
    }
  }
}`,
  `${IMPORTS}
type M = Ask<{ type: "wait"; id: string }, string> | { type: "close" } | { type: "open"; id: string };
export class Door extends Actor<M> {
  readonly #waiting = new Map<string, ReplyPort<string>>();
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "wait":
        this.#waiting.set(m.id, context.deferReply());
        return;
      case "open":
        this.#waiting.get(m.id)?.reply("open");
        this.#waiting.delete(m.id);
        return;
      case "close":
        for (const port of this.#waiting.values()) port.reply("closed");
        this.#waiting.clear();
    }
  }
}`,
);
twins(
  "a port in a field that a second question overwrites",
  "dropped-reply",
  `${IMPORTS}
type M = Ask<{ type: "wait" }, string> | { type: "open" };
export class Door extends Actor<M> {
  #waiting: ReplyPort<string> | undefined;
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "wait") {
      this.#waiting = context.deferReply(); //!
      return;
    }
    this.#waiting = undefined;
  }
}`,
  `${IMPORTS}
type M = Ask<{ type: "wait" }, string> | { type: "open" };
export class Door extends Actor<M> {
  #waiting: ReplyPort<string> | undefined;
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "wait") {
      this.#waiting?.reply("again");
      this.#waiting = context.deferReply();
      return;
    }
    this.#waiting?.reply("open");
    this.#waiting = undefined;
  }
}`,
);
twins(
  "a stash in a helper",
  "stash-without-unstash",
  `${IMPORTS}
type M = { type: "ready" } | { type: "work"; n: number };
export class Worker extends Actor<M> {
  #isReady = false;
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "ready") this.#isReady = true;
    else if (this.#isReady) console.log(m.n);
    else this.#later(context);
  }
  #later(context: ActorContext<M>): void {
    context.stash(); //!
  }
}`,
  `${IMPORTS}
type M = { type: "ready" } | { type: "work"; n: number };
export class Worker extends Actor<M> {
  #isReady = false;
  override handleMessage(m: M, context: ActorContext<M>): void {
    if (m.type === "ready") this.#begin(context);
    else if (this.#isReady) console.log(m.n);
    else context.stash();
  }
  #begin(context: ActorContext<M>): void {
    this.#isReady = true;
    context.unstashAll();
  }
}`,
);
twins(
  "a look-up in init of what starts later",
  "lookup-before-start",
  `${IMPORTS}
type M = { type: "go" };
export const audit = defineActor<M, number>({ init: () => 0, handlers: { go: (n) => n + 1 } });
export const desk = defineActor<M, { audit: ActorRef<M> }>({
  init: (context) => {
    const audit = context.whereis<M>("audit"); //!
    return { audit: audit! };
  },
  handlers: { go: (state, m) => { state.audit.tell(m); } },
});
export const root = supervisor({ children: [{ id: "desk", start: desk }, { id: "audit", start: audit }] });
export const begin = (ref: ActorRef<M>): boolean => ref.tell({ type: "go" });
`,
  `${IMPORTS}
type M = { type: "go" };
export const audit = defineActor<M, number>({ init: () => 0, handlers: { go: (n) => n + 1 } });
export const desk = defineActor<M, { audit: ActorRef<M> }>({
  init: (context) => {
    const audit = context.whereis<M>("audit");
    return { audit: audit! };
  },
  handlers: { go: (state, m) => { state.audit.tell(m); } },
});
export const root = supervisor({ children: [{ id: "audit", start: audit }, { id: "desk", start: desk }] });
export const begin = (ref: ActorRef<M>): boolean => ref.tell({ type: "go" });
`,
);
twins(
  "two messages that only begin each other",
  "message-never-sent",
  `${IMPORTS}
type M = { type: "tick" } | { type: "tock" } | { type: "go" };
export class Clock extends Actor<M> {
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "go":
        console.log("go");
        break;
      case "tick": //!
        context.self.tell({ type: "tock" });
        break;
      case "tock": //!
        context.timers.startOnce("tick", { type: "tick" }, 10);
        break;
    }
  }
}
export const begin = (clock: ActorRef<M>): boolean => clock.tell({ type: "go" });
`,
  `${IMPORTS}
type M = { type: "tick" } | { type: "tock" } | { type: "go" };
export class Clock extends Actor<M> {
  override handleMessage(m: M, context: ActorContext<M>): void {
    switch (m.type) {
      case "go":
        context.self.tell({ type: "tick" });
        break;
      case "tick":
        context.self.tell({ type: "tock" });
        break;
      case "tock":
        context.timers.startOnce("tick", { type: "tick" }, 10);
        break;
    }
  }
}
export const begin = (clock: ActorRef<M>): boolean => clock.tell({ type: "go" });
`,
);
twins(
  "one key for two timers, by a constant",
  "timer-key-reused",
  `${IMPORTS}
type M = { type: "flush" } | { type: "report" };
const KEY = "every";
export class Sink extends Actor<M> {
  override preStart(context: ActorContext<M, never>): void {
    const { timers } = context;
    timers.startPeriodic(KEY, { type: "flush" }, 100);
    timers.startPeriodic(KEY, { type: "report" }, 1_000); //!
  }
  override handleMessage(): void {}
}`,
  `${IMPORTS}
type M = { type: "flush" } | { type: "report" };
const FLUSH = "flush";
const REPORT = "report";
export class Sink extends Actor<M> {
  override preStart(context: ActorContext<M, never>): void {
    const { timers } = context;
    timers.startPeriodic(FLUSH, { type: "flush" }, 100);
    timers.startPeriodic(REPORT, { type: "report" }, 1_000);
  }
  override handleMessage(): void {}
}`,
);
twins(
  "a subscription whose end is dropped",
  "unreleased-subscription",
  `${IMPORTS}
type M = { type: "changed" };
declare const config: { subscribe(listener: () => void): () => void };
export class Reader extends Actor<M> {
  override preStart(context: ActorContext<M, never>): void {
    config.subscribe(() => context.self.tell({ type: "changed" })); //!
  }
  override handleMessage(): void {}
}`,
  `${IMPORTS}
type M = { type: "changed" };
declare const config: { subscribe(listener: () => void): () => void };
export class Reader extends Actor<M> {
  #end = (): void => {};
  override preStart(context: ActorContext<M, never>): void {
    this.#end = config.subscribe(() => context.self.tell({ type: "changed" }));
  }
  override handleMessage(): void {}
  override postStop(): void { this.#end(); }
}`,
);
twins(
  "a listener on an emitter of another module",
  "unreleased-subscription",
  `${IMPORTS}
import { bus } from "./bus.ts";
type M = { type: "changed" };
export class Reader extends Actor<M> {
  override preStart(context: ActorContext<M, never>): void {
    bus.addListener("changed", () => { context.self.tell({ type: "changed" }); }); //!
  }
  override handleMessage(): void {}
}
//- /bus.ts
import { EventEmitter } from "node:events";
export const bus = new EventEmitter();
`,
  `${IMPORTS}
import { bus } from "./bus.ts";
type M = { type: "changed" };
export class Reader extends Actor<M> {
  readonly #hear = (): unknown => this.#self?.tell({ type: "changed" });
  #self: ActorRef<M> | undefined;
  override preStart(context: ActorContext<M, never>): void {
    this.#self = context.self;
    bus.addListener("changed", this.#hear);
  }
  override handleMessage(): void {}
  override postStop(): void { bus.removeListener("changed", this.#hear); }
}
//- /bus.ts
import { EventEmitter } from "node:events";
export const bus = new EventEmitter();
`,
);
twins(
  "a check and an act, with an early return",
  "check-then-act",
  `${IMPORTS}
type Hall = Ask<{ type: "isFree"; seat: number }, boolean> | { type: "book"; seat: number };
type M = { type: "sell"; seat: number };
export class Agent extends Actor<M> {
  constructor(private readonly hall: ActorRef<Hall>) { super(); }
  override async handleMessage({ seat }: M): Promise<void> {
    if (!(await this.hall.ask({ type: "isFree", seat }))) return;
    this.hall.tell({ type: "book", seat }); //!
  }
}`,
  `${IMPORTS}
type Hall = Ask<{ type: "book"; seat: number }, boolean>;
type M = { type: "sell"; seat: number };
export class Agent extends Actor<M> {
  constructor(private readonly hall: ActorRef<Hall>) { super(); }
  override async handleMessage({ seat }: M): Promise<void> {
    if (!(await this.hall.ask({ type: "book", seat }))) throw new Error("taken");
  }
}`,
);
twins(
  "a check and an act in a helper of the class",
  "check-then-act",
  `${IMPORTS}
type Hall = Ask<{ type: "isFree"; seat: number }, boolean> | Ask<{ type: "book"; seat: number }, void>;
type M = { type: "sell"; seat: number };
export class Agent extends Actor<M> {
  constructor(private readonly hall: ActorRef<Hall>) { super(); }
  override async handleMessage({ seat }: M): Promise<void> {
    const isFree = await this.hall.ask({ type: "isFree", seat });
    if (isFree) {
      await this.hall.ask({ type: "book", seat }); //!
    }
  }
}`,
  `${IMPORTS}
type Hall = Ask<{ type: "isFree"; seat: number }, boolean> | Ask<{ type: "book"; seat: number }, void>;
type M = Ask<{ type: "free"; seat: number }, boolean>;
export class Agent extends Actor<M> {
  constructor(private readonly hall: ActorRef<Hall>) { super(); }
  override async handleMessage({ seat }: M, context: ActorContext<M>): Promise<void> {
    const isFree = await this.hall.ask({ type: "isFree", seat });
    context.reply(isFree);
  }
}`,
);
twins(
  "a blocking call of a package's function behind two files",
  "blocking-call-in-handler",
  `${IMPORTS}
import { readSettings } from "./settings.ts";
type M = { type: "load" };
export class Settings extends Actor<M> {
  #text = "";
  override handleMessage(): void { this.#text = readSettings(); console.log(this.#text); } //!
}
//- /settings.ts
import { textOf } from "./text.ts";
export const readSettings = (): string => textOf("settings");
//- /text.ts
import fs from "node:fs";
export function textOf(name: string): string { return fs.readFileSync(name, "utf8"); }
`,
  `${IMPORTS}
import { readSettings } from "./settings.ts";
type M = { type: "load" };
export class Settings extends Actor<M> {
  #text = "";
  override async handleMessage(): Promise<void> { this.#text = await readSettings(); console.log(this.#text); }
}
//- /settings.ts
import { textOf } from "./text.ts";
export const readSettings = (): Promise<string> => textOf("settings");
//- /text.ts
import fs from "node:fs/promises";
export function textOf(name: string): Promise<string> { return fs.readFile(name, "utf8"); }
`,
);
