/** Programs put together at random of everything whose order can matter. */
import { Actor, type ActorContext, type ActorRef, type Signal, topic } from "airssys-rt";
import type { TestSystem } from "airssys-rt/testing";
import fc from "fast-check";
import type { Program } from "./racy-programs.ts";

/** What an actor does with one of its messages. Numbers are actors, modulo how many there are. */
export type Action =
  | {
      readonly do: "tell" | "ask" | "kill" | "exit" | "link" | "unlink" | "monitor" | "spawn" | "look";
      readonly to: number;
    }
  | {
      readonly do:
        | "stop"
        | "stash"
        | "unstash"
        | "join"
        | "leave"
        | "broadcast"
        | "subscribe"
        | "publish"
        | "timer"
        | "write";
    };
export type Kind = Action["do"];

export interface Script {
  readonly capacity: number | undefined;
  readonly traps: boolean;
  readonly name: boolean;
  /** By the number of its message, from 0; later ones do nothing. */
  readonly reactions: readonly (readonly Action[])[];
}

interface Message {
  readonly type: string;
}

const TO: ReadonlySet<Kind> = new Set([
  "tell",
  "ask",
  "kill",
  "exit",
  "link",
  "unlink",
  "monitor",
  "spawn",
  "look",
] as const);
const MOST_TURNS = 24;
const news = topic<Message>("news");

export function scripts(kinds: readonly Kind[], actors: number): fc.Arbitrary<readonly Script[]> {
  const action = fc.oneof(
    { weight: 3, arbitrary: fc.nat(actors - 1).map((to): Action => ({ do: "tell", to })) },
    ...kinds.map((kind) => ({
      weight: 1,
      arbitrary: fc.nat(actors - 1).map((to): Action => (TO.has(kind) ? { do: kind, to } : { do: kind }) as Action),
    })),
  );
  const script = fc.record({
    capacity: kinds.includes("tell") ? fc.constantFrom(undefined, 1) : fc.constant(undefined),
    traps: fc.boolean(),
    name: fc.boolean(),
    reactions: fc.array(fc.array(action, { maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  });
  return fc.array(script, { minLength: 2, maxLength: actors });
}

class Player extends Actor<Message> {
  readonly #script: Script;
  readonly #stage: Stage;
  readonly #id: number;
  #handled = 0;
  #isUnstashed = false;

  constructor(script: Script, stage: Stage, id: number) {
    super();
    this.#script = script;
    this.#stage = stage;
    this.#id = id;
  }

  override preStart(context: ActorContext<Message>): void {
    context.trapExit(this.#script.traps);
  }

  override async handleMessage({ type }: Message, context: ActorContext<Message>): Promise<void> {
    const actions = this.#script.reactions[this.#handled++] ?? [];
    if (type === "question") (context as ActorContext<never> as { reply(value: unknown): void }).reply(this.#handled);
    for (const action of actions) await this.#act(action, context);
  }

  override handleSignal(_signal: Signal): void {
    this.#handled++;
  }

  async #act(action: Action, context: ActorContext<Message>): Promise<void> {
    const stage = this.#stage;
    const { groups, topics } = stage.test.system;
    if (stage.isWornOut()) return;
    const message = { type: `of ${this.#id}` };
    switch (action.do) {
      case "tell":
        stage.ref(action.to).tell(message);
        break;
      case "ask":
        if (stage.ref(action.to) !== context.self) await stage.ask(action.to);
        break;
      case "kill":
        context.kill(stage.ref(action.to));
        break;
      case "exit":
        context.exit(stage.ref(action.to), { kind: "shutdown" });
        break;
      case "link":
        context.link(stage.ref(action.to));
        break;
      case "unlink":
        context.unlink(stage.ref(action.to));
        break;
      case "monitor":
        context.monitor(stage.ref(action.to));
        break;
      case "spawn":
        stage.spawnBelow(context, action.to)?.tell(message);
        break;
      case "look":
        context.whereis<Message>(`name ${action.to}`)?.tell(message);
        break;
      case "stop":
        context.stop();
        break;
      case "stash":
        context.stash();
        break;
      case "unstash":
        if (!this.#isUnstashed) context.unstashAll();
        this.#isUnstashed = true;
        break;
      case "join":
        groups.join("group", context.self);
        break;
      case "leave":
        groups.leave("group", context.self);
        break;
      case "broadcast":
        stage.test.system.router.broadcast("group", message);
        break;
      case "subscribe":
        topics.subscribe(news, context.self);
        break;
      case "publish":
        topics.publish(news, message);
        break;
      case "timer":
        context.timers.startOnce(`timer ${this.#handled}`, { type: "timer" }, 10);
        break;
      case "write":
        stage.write(context.self);
        break;
    }
  }
}

/** What the players of one run have in common. */
class Stage {
  readonly test: TestSystem;
  readonly #refs: ActorRef<Message>[] = [];
  readonly #scripts: readonly Script[];
  readonly #shared: { write(): void };
  #lastWriter: ActorRef<Message> | undefined;
  #acts = 0;

  constructor(test: TestSystem, scripts: readonly Script[], shared: { write(): void }) {
    this.test = test;
    this.#scripts = scripts;
    this.#shared = shared;
    for (const [id, script] of scripts.entries())
      this.#refs.push(
        test.system.spawn(() => new Player(script, this, id), {
          id: `p${id}`,
          ...(script.name ? { name: `name ${id}` } : {}),
          ...(script.capacity === undefined ? {} : { mailbox: { capacity: script.capacity } }),
        }),
      );
  }

  /** Programs that never end are not looked at: how often they act does not depend on the order. */
  isWornOut(): boolean {
    return ++this.#acts > MOST_TURNS;
  }

  get hasWornOut(): boolean {
    return this.#acts > MOST_TURNS;
  }

  ref(to: number): ActorRef<Message> {
    return this.#refs[to % this.#refs.length] as ActorRef<Message>;
  }

  async ask(to: number): Promise<void> {
    const ref = this.ref(to) as unknown as { ask(message: unknown, options: object): Promise<unknown> };
    await ref.ask({ type: "question" }, { timeoutMs: 20 }).catch(() => {});
  }

  spawnBelow(context: ActorContext<Message>, to: number): ActorRef<Message> | undefined {
    const script = { ...(this.#scripts[to % this.#scripts.length] as Script), capacity: undefined, reactions: [] };
    try {
      return context.spawn(() => new Player(script, this, 100 + to), script.name ? { name: `name ${to}` } : {});
    } catch {
      // The name is taken.
      return undefined;
    }
  }

  /** Who wrote before is told who writes now. */
  write(writer: ActorRef<Message>): void {
    this.#shared.write();
    if (this.#lastWriter !== undefined) this.#lastWriter.tell({ type: "overwritten" });
    this.#lastWriter = writer;
  }
}

/** What is thrown where a program did more than is looked at. */
export class WornOut extends Error {}

export function programOf(scripts: readonly Script[]): Program {
  return async (world) => {
    const test = await world.start();
    const stage = new Stage(test, scripts, world.shared("the writer"));
    for (let id = 0; id < scripts.length; id++) stage.ref(id).tell({ type: "go" });
    await test.settle();
    await test.advance(10);
    await test.advance(20);
    if (stage.hasWornOut) throw new WornOut("acts too often");
  };
}

/** What an exploration has to see as using the same thing: without one of these, an order would be missed. */
export const KINDS: readonly (readonly [what: string, kinds: readonly Kind[]])[] = [
  ["asks", ["tell", "ask"]],
  ["full mailboxes", ["tell"]],
  ["spawn and names", ["spawn", "look", "stop"]],
  ["stop and kill", ["stop", "kill", "exit", "ask"]],
  ["links and monitors", ["link", "unlink", "monitor", "stop", "exit"]],
  ["groups", ["join", "leave", "broadcast", "stop"]],
  ["topics", ["subscribe", "publish", "kill"]],
  ["stash", ["stash", "unstash", "tell", "kill"]],
  ["timers", ["timer", "tell", "ask"]],
  ["shared objects", ["write", "tell"]],
  [
    "everything together",
    ["tell", "ask", "kill", "exit", "link", "monitor", "spawn", "look", "stop", "stash", "unstash", "join", "timer"],
  ],
];
