// A program that is recorded: what it does is chosen by its first argument.
import fs from "node:fs";
import { Actor, type ActorContext, type ActorRef, ActorSystem, type Ask, supervisor } from "airssys-rt";

/** As if the source had been changed. */
const SHIFT = Number(process.env["ORDERS_SHIFT"] ?? 0);

type PackerMessage =
  | { readonly type: "pack"; readonly orderId: number; readonly to: ActorRef<never>; readonly password?: string }
  | Ask<{ readonly type: "count" }, number>;

class Packer extends Actor<PackerMessage> {
  #packed = 0;
  override handleMessage(message: PackerMessage, context: ActorContext<PackerMessage>): void {
    switch (message.type) {
      case "pack":
        if (message.orderId === 13) throw new RangeError("no ribbon left");
        this.#packed++;
        return;
      case "count":
        context.reply(this.#packed);
        return;
    }
  }
}

/** What was begun is over. */
let whenDone = (_value?: unknown): void => {};

type OrdersMessage =
  | { readonly type: "order"; readonly orderId: number }
  | { readonly type: "burst"; readonly left: number }
  | { readonly type: "ask" }
  | { readonly type: "hang" };

class Orders extends Actor<OrdersMessage> {
  override async handleMessage(message: OrdersMessage, context: ActorContext<OrdersMessage>): Promise<void> {
    const packer = context.whereis<PackerMessage>("packer");
    switch (message.type) {
      case "order":
        context.clock.now();
        context.random();
        packer?.tell({ type: "pack", orderId: message.orderId + SHIFT, to: context.self as never, password: "pw-1" });
        return;
      case "burst":
        if (message.left > 0) context.self.tell({ type: "burst", left: message.left - 1 });
        else whenDone();
        return;
      case "ask":
        await packer?.ask({ type: "count" });
        whenDone();
        return;
      case "hang":
        await new Promise(() => {});
    }
  }
}

const root = supervisor({
  maxRestarts: 5,
  children: [
    { id: "packer", name: "packer", start: () => new Packer() },
    { id: "orders", start: () => new Orders() },
  ],
});

const [, , action = "", count = "0"] = process.argv;
const system = await ActorSystem.start({ name: "shop", root, logger: false });
const orders = system.whereis<OrdersMessage>("orders");
if (orders === undefined) throw new Error("orders has not started");
await new Promise((resolve) => {
  whenDone = resolve;
  for (const orderId of [1, 13, 2]) orders.tell({ type: "order", orderId });
  orders.tell({ type: "ask" });
});
switch (action) {
  case "stop":
    await system.stop();
    break;
  case "burst":
    await new Promise((resolve) => {
      whenDone = resolve;
      orders.tell({ type: "burst", left: Number(count) });
    });
    await system.stop();
    break;
  case "throw":
    setTimeout(() => {
      throw new Error("out of the program");
    });
    break;
  case "wait":
    orders.tell({ type: "hang" });
    setInterval(() => {}, 1_000);
    fs.writeSync(1, "waiting\n");
    break;
  case "listen":
    process.on("SIGTERM", () => {
      orders.tell({ type: "order", orderId: 77 });
      setTimeout(() => process.exit(3), 20);
    });
    setInterval(() => {}, 1_000);
    fs.writeSync(1, "waiting\n");
    break;
  default:
    throw new Error(`there is nothing called ${action}`);
}
