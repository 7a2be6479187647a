// A program to be debugged: orders are passed on to a packer. It does what it is told by `globalThis.tell`.
import {
  Actor,
  type ActorContext,
  type ActorRef,
  ActorSystem,
  defineActor,
  supervisor,
} from "../../../runtime/src/index.ts";

interface Pack {
  readonly type: "pack";
  readonly id: number;
}
type Order = { readonly type: "order"; readonly id: number } | { readonly type: "lost" };

class Packer extends Actor<Pack> {
  override async handleMessage({ id }: Pack, context: ActorContext<Pack>): Promise<void> {
    if (id === 13) throw new Error("nobody packs thirteen");
    if (id >= 100) await new Promise((resolve) => setTimeout(resolve, 20));
    if (context.envelope?.sender !== undefined) console.log(`packed ${id}`);
  }
}

class Orders extends Actor<Order> {
  override handleMessage(order: Order, context: ActorContext<Order>): void {
    const packer = context.whereis<Pack>("packer") as ActorRef<Pack>;
    if (order.type === "order") forward(packer, order.id);
    else loseOne(context);
  }
}

function forward(packer: ActorRef<Pack>, id: number): void {
  packer.tell({ type: "pack", id });
}

function loseOne(context: ActorContext<Order>): void {
  context.whereis<Pack>("gone")?.tell({ type: "pack", id: 0 });
  console.log("lost one");
}

class Gone extends Actor<Pack> {
  override preStart(context: ActorContext<Pack, never>): void {
    context.stop();
  }
  override handleMessage(): void {}
}

const clerk = defineActor<{ readonly type: "note" }, number>({
  name: "clerk",
  init: () => 0,
  handlers: {
    note: () => 0,
  },
});

const root = supervisor({
  maxRestarts: 0,
  children: [
    { id: "packer", start: () => new Packer() },
    { id: "orders", start: () => new Orders(), restart: "temporary" },
    { id: "clerk", start: clerk },
    { id: "gone", start: () => new Gone(), restart: "transient" },
  ],
});
const system = await ActorSystem.start({ name: "desk", root, logger: false });
const stayAlive = setInterval(() => {}, 1_000);
Object.assign(globalThis, {
  order: (id: number) => system.whereis<Order>("orders")?.tell({ type: "order", id }),
  lose: () => system.whereis<Order>("orders")?.tell({ type: "lost" }),
});
console.log("ready");
await system.whenStopped;
clearInterval(stayAlive);
console.log("stopped");
