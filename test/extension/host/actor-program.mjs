// A real program with one actor of which there is much to see: private fields, a mailbox, messages set aside, ties, timers, lives.
//
//   it does what it is told by messages to `orders`: `busy` keeps the event loop, `hold` waits, `ask` waits for the ledger
import { Actor, ActorSystem, supervisor } from "airssys-rt";

class Customer {
  #card = "4929 0000";
  constructor(name) {
    this.name = name;
    this.password = "open sesame";
  }
  pays() {
    return this.#card !== "";
  }
}

class OrderTaker extends Actor {
  #records = new Map(Array.from({ length: 250 }, (_, at) => [`order-${at + 1}`, { id: at + 1, paid: at % 2 === 0 }]));
  #customers = new Map([[17, new Customer("ann")]]);
  #lastOrderId = 17;
  secretKey = "never shown";
  handled = 0;

  preStart(context) {
    context.link(context.whereis("sales/inventory"));
    context.monitor(context.whereis("ledger"));
    context.timers.startPeriodic("flush", { type: "flush" }, 3_600_000);
    context.timers.startOnce("close the day", { type: "close" }, 7_200_000);
  }

  async handleMessage(message, context) {
    this.handled++;
    this.#lastOrderId += this.#records.size + this.#customers.size === 0 ? 1 : 0;
    switch (message.type) {
      case "busy":
        for (const end = performance.now() + message.ms; performance.now() < end; );
        break;
      case "hold":
        await new Promise((resolve) => setTimeout(resolve, message.ms ?? 600_000));
        break;
      case "later":
        context.stash();
        break;
      case "fail":
        throw new RangeError("no such order");
      case "ask":
        await context.whereis("ledger").ask({ type: "append" }, { timeoutMs: 600_000 });
        break;
      default:
    }
  }

  handleSignal() {}
}

class Silent extends Actor {
  preStart(context) {
    context.trapExit(true);
  }
  handleMessage(_message, context) {
    context.deferReply?.();
  }
  handleSignal() {}
}

/** Handles nothing to its end: whoever sends to it waits for room. */
class Gate extends Actor {
  handleMessage() {
    return new Promise(() => {});
  }
}

class Pusher extends Actor {
  handleMessage(message, context) {
    return context.whereis("gate").tellAsync(message);
  }
}

class Dispatch extends Actor {
  async handleMessage(message, context) {
    if (message.type === "watch") context.monitor(context.whereis("sales/orders"));
    else
      for (let n = 0; n < 180; n++)
        context.whereis("sales/orders").tell({ type: n === 2 ? "packed" : "place", n, token: "x" });
  }
  handleSignal() {}
}

const silent = (id) => ({ id, start: () => new Silent(), shutdown: "brutal_kill" });
const system = await ActorSystem.start({
  name: "order-desk",
  logger: false,
  root: supervisor({
    name: "order-desk",
    maxRestarts: 100,
    children: [
      silent("ledger"),
      {
        id: "sales",
        start: supervisor({
          name: "sales",
          maxRestarts: 100,
          children: [
            silent("inventory"),
            { id: "orders", start: () => new OrderTaker(), mailbox: { capacity: 1_000 }, shutdown: "brutal_kill" },
          ],
        }),
      },
      { id: "dispatch", start: () => new Dispatch(), shutdown: "brutal_kill" },
      { id: "gate", start: () => new Gate(), mailbox: { capacity: 2, overflow: "block" }, shutdown: "brutal_kill" },
      ...["north", "south"].map((id) => ({ id, start: () => new Pusher(), shutdown: "brutal_kill" })),
    ],
  }),
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const orders = () => system.whereis("sales/orders");
if (process.env.SCENE === "full") {
  for (let life = 0; life < 2; life++) {
    await pause(1_500);
    orders().tell({ type: "fail" });
  }
  await pause(500);
  system.whereis("dispatch").tell({ type: "watch" });
  for (let n = 0; n < 3; n++) orders().tell({ type: "later", n });
  for (let n = 0; n < 3; n++) system.whereis("gate").tell({ type: "pass", n });
  for (const id of ["north", "south"]) system.whereis(id).tell({ type: "pass" });
  // Messages that are handled while somebody looks.
  setTimeout(
    async () => {
      for (let n = 0; n < 20; n++) orders().tell({ type: "place", n });
      await pause(100);
      orders().tell({ type: "ask" });
      system.whereis("dispatch").tell({ type: "fill" });
    },
    Number(process.env.SCENE_AFTER_MS ?? 8_000),
  );
}
setInterval(() => {}, 60_000);
await system.whenStopped;
