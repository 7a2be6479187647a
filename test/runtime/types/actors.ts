// What the compiler says about actors, as classes and as functions. Compiled, never run; reasons are checked by types.test.ts.
import {
  Actor,
  type ActorContext,
  type ActorRef,
  type ActorSystem,
  type AnyActorContext,
  type Ask,
  become,
  type Crash,
  defineActor,
  type Signal,
  type Start,
  startChild,
  startInstance,
  supervisor,
} from "airssys-rt";
import { expectType } from "./expect-type.ts";

type CartMessage =
  | { readonly type: "add"; readonly item: string }
  | { readonly type: "clear" }
  | Ask<{ readonly type: "count" }, number>;

// --- Classes ---

export class Cart extends Actor<CartMessage> {
  #items: string[] = [];
  override handleMessage(message: CartMessage, context: ActorContext<CartMessage>): void {
    switch (message.type) {
      case "add":
        this.#items.push(message.item);
        context.timers.startOnce("clear", { type: "clear" }, 1_000);
        // @ts-expect-error Type '"empty"' is not assignable to type
        context.timers.startOnce("clear", { type: "empty" }, 1_000);
        return;
      case "clear":
        context.self.tell({ type: "add", item: "nothing" });
        // @ts-expect-error Property 'item' does not exist on type
        this.#items = [message.item];
        return;
      case "count":
        context.reply(this.#items.length);
        // @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'number'
        context.reply("many");
        // @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'number'
        context.deferReply().reply("many");
        return;
      default:
        expectType<never>(message);
    }
  }
}

export class Forgetful extends Actor<CartMessage> {
  override handleMessage(message: CartMessage): void {
    switch (message.type) {
      case "add":
      case "count":
        return;
      default:
        // @ts-expect-error is not assignable to parameter of type 'never'
        expectType<never>(message);
    }
  }
}

type Counting = Ask<{ readonly type: "count" }, number>;

/** Only a part of the protocol: what else is sent would meet a handler that was not made for it. */
export class HalfCart extends Actor<CartMessage> {
  // @ts-expect-error Type 'N' is not assignable to type 'Counting'
  override handleMessage(_message: Counting): void {}
}

export class HalfWatcher extends Actor<CartMessage> {
  override handleMessage(): void {}
  // @ts-expect-error Type 'S' is not assignable to type
  override handleSignal(_signal: Extract<Signal, { readonly type: "down" }>): void {}
  // @ts-expect-error Type 'R' is not assignable to type 'Crash'
  override postStop(_context: unknown, _reason: Crash): void {}
}

export class AnyMessage extends Actor<CartMessage> {
  override handleMessage(_message: CartMessage | { readonly type: "more" }): void {}
}

export class Layered<M> extends Actor<M> {
  override handleMessage(_message: M, _context: ActorContext<M>): void {}
}

export class TopLayer extends Layered<CartMessage> {
  override handleMessage(message: CartMessage, context: ActorContext<CartMessage>): void {
    super.handleMessage(message, context);
  }
}

declare class Counter extends Actor<Counting> {
  override preStart(): void;
  override handleMessage(): void;
  override handleSignal(): void;
  override postStop(): void;
}

export class WithOneMethodEach extends Actor<CartMessage> {
  override handleMessage(message: CartMessage, context: ActorContext<CartMessage>): void {
    if (message.type === "count") this.#count(context);
    helpAny(context);
  }

  #count(context: ActorContext<CartMessage, Counting>): void {
    context.reply(1);
    // @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'number'
    context.reply("one");
  }

  override preStart(context: ActorContext<CartMessage, never>): void {
    // @ts-expect-error is not assignable to parameter of type 'never'
    context.reply(1);
    helpAny(context);
  }
}

/** Takes any actor's context. */
function helpAny(context: AnyActorContext): void {
  expectType<string>(context.self.id);
  expectType<unknown>(context.envelope?.message);
  context.monitor(context.self);
  context.timers.cancel("clear");
  expectType<ActorRef<CartMessage>>(context.spawn(() => new Cart()));
  // @ts-expect-error Property 'reply' does not exist on type 'AnyActorContext'
  context.reply(1);
  // @ts-expect-error is not assignable to parameter of type 'never'
  context.whereis("cart")?.tell({ type: "clear" });
}

// @ts-expect-error Non-abstract class 'Mute' does not implement inherited abstract member handleMessage
export class Mute extends Actor<CartMessage> {}

// --- Functions ---

export const counter = defineActor<CartMessage, number>({
  init: () => 0,
  handlers: {
    add: (count, message) => {
      expectType<string>(message.item);
      return count + 1;
    },
    clear: () => 0,
    count: (count, _message, context) => context.reply(count),
  },
});

type TwoQuestions =
  | { readonly type: "note" }
  | Ask<{ readonly type: "many" }, number>
  | Ask<{ readonly type: "name" }, string>;

export const answering = defineActor<TwoQuestions, number>({
  init: (context) => {
    // @ts-expect-error is not assignable to parameter of type 'never'
    context.reply(1);
    return 0;
  },
  handlers: {
    many: (state, _message, context) => {
      expectType<ActorRef<TwoQuestions>>(context.self);
      context.timers.startOnce("note", { type: "note" }, 1);
      helpAny(context);
      context.reply(state);
      // @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'number'
      context.reply("the reply of the other question");
    },
    name: (_state, _message, context) => {
      context.deferReply().reply("name");
      // @ts-expect-error Argument of type 'number' is not assignable to parameter of type 'string'
      context.deferReply().reply(1);
    },
    note: (_state, _message, context) => {
      // @ts-expect-error is not assignable to parameter of type 'never'
      context.reply("nobody asked");
    },
  },
  // @ts-expect-error is not assignable to parameter of type 'never'
  onSignal: (_state, _signal, context) => context.reply("to whom?"),
});

export const incomplete = defineActor<CartMessage, number>({
  init: () => 0,
  // @ts-expect-error Property 'count' is missing in type
  handlers: { add: (count) => count + 1, clear: () => 0 },
});

export const surplus = defineActor<CartMessage, number>({
  init: () => 0,
  handlers: {
    add: (count) => count + 1,
    clear: () => 0,
    count: (count, _message, context) => context.reply(count),
    // @ts-expect-error 'remove' does not exist in type
    remove: (count: number) => count - 1,
  },
});

export const wrongState = defineActor<CartMessage, number>({
  init: () => 0,
  handlers: {
    // @ts-expect-error is not assignable to type
    add: (_count, message) => message.item,
    // @ts-expect-error Property 'item' does not exist on type
    clear: (_count, message) => message.item.length,
    // @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'number'
    count: (_count, _message, context) => context.reply("many"),
  },
});

export const wrongBeginning = defineActor<CartMessage, number>({
  // @ts-expect-error Type 'string' is not assignable to type 'number | Promise<number>'
  init: () => "zero",
  handlers: { add: (count) => count, clear: () => 0, count: (count, _message, context) => context.reply(count) },
});

export const changing = defineActor<{ readonly type: "toggle" }, boolean>({
  init: () => false,
  handlers: { toggle: () => become<{ readonly type: "toggle" }, boolean>({ toggle: () => false }, true) },
});

// --- Starting ---

declare const system: ActorSystem;

expectType<ActorRef<CartMessage>>(system.spawn(() => new Cart()));
expectType<ActorRef<CartMessage>>(system.spawn(counter, { id: "counter" }));
expectType<ActorRef<CartMessage> | undefined>(system.whereis<CartMessage>("cart"));
// @ts-expect-error Object is possibly 'undefined'
system.whereis<CartMessage>("cart").tell({ type: "clear" });
expectType<ActorRef<Counting>>(system.spawn(() => new Counter()));
// @ts-expect-error is not assignable to parameter of type 'never'
system.whereis("cart")?.tell({ type: "clear" });
// @ts-expect-error is not assignable to parameter of type 'never'
system.whereis("cart")?.ask({ type: "count" });
// @ts-expect-error is not assignable to type
system.spawn<CartMessage>(() => new Counter());
// @ts-expect-error Argument of type '() => string' is not assignable
system.spawn(() => "a cart");
// @ts-expect-error 'capacity' does not exist in type 'SpawnOptions'
system.spawn(() => new Cart(), { capacity: 5 });

export const root = supervisor({
  // @ts-expect-error Type '"one_for_two"' is not assignable to type '"one_for_one" | "one_for_all" | "rest_for_one" | "simple_one_for_one"'
  strategy: "one_for_two",
  children: [
    { id: "cart", start: () => new Cart(), restart: "transient", shutdown: "infinity" },
    { id: "counter", start: counter, mailbox: { capacity: 10, overflow: "reject" } },
    // @ts-expect-error Type '"always"' is not assignable to type 'RestartType'
    { id: "again", start: counter, restart: "always" },
  ],
});

// --- Instances of a template ---

const startNamed = (_name: string, _size?: number): Cart => new Cart();

export const pool = supervisor({ strategy: "simple_one_for_one", children: [{ id: "cart", start: startNamed }] });
// @ts-expect-error Property 'strategy' is missing in type
export const listed = supervisor({ children: [{ id: "cart", start: startNamed }] });
// @ts-expect-error Target signature provides too few arguments
export const each = supervisor({ strategy: "one_for_one", children: [{ id: "cart", start: startNamed }] });
// @ts-expect-error Target signature provides too few arguments
startChild(system.root, { id: "cart", start: startNamed });

expectType<Promise<ActorRef<CartMessage> | undefined>>(startInstance<typeof startNamed>(system.root, "a", 1));
expectType<Promise<ActorRef<CartMessage> | undefined>>(startInstance<typeof counter>(system.root));
expectType<Promise<ActorRef<CartMessage> | undefined>>(startInstance<Start<CartMessage>>(system.root));
// @ts-expect-error Argument of type 'number' is not assignable to parameter of type 'string'
startInstance<typeof startNamed>(system.root, 1);
// @ts-expect-error Expected 2-3 arguments, but got 1
startInstance<typeof startNamed>(system.root);
// @ts-expect-error is not assignable to parameter of type 'never'
(await startInstance(system.root))?.ask("anything");
// @ts-expect-error Argument of type '[string]' is not assignable
startInstance(system.root, "a");
