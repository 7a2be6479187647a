// What the compiler says about actors, as classes and as functions. Compiled, never run; reasons are checked by types.test.ts.
import {
  Actor,
  type ActorContext,
  type ActorRef,
  type ActorSystem,
  type Ask,
  become,
  defineActor,
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
// @ts-expect-error Argument of type '() => string' is not assignable
system.spawn(() => "a cart");
// @ts-expect-error 'capacity' does not exist in type 'SpawnOptions'
system.spawn(() => new Cart(), { capacity: 5 });

export const root = supervisor({
  // @ts-expect-error Type '"one_for_two"' is not assignable to type 'Strategy'
  strategy: "one_for_two",
  children: [
    { id: "cart", start: () => new Cart(), restart: "transient", shutdown: "infinity" },
    { id: "counter", start: counter, mailbox: { capacity: 10, overflow: "reject" } },
    // @ts-expect-error Type '"always"' is not assignable to type 'RestartType'
    { id: "again", start: counter, restart: "always" },
  ],
});
