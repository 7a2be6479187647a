// A program to be stopped: a gateway asks orders, which tell a packer; and actors that crash in each way. They do what they are sent.
import { Actor, ActorSystem, defineActor, supervisor } from "airssys-rt";

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

class Packer extends Actor {
  handleMessage({ type, orderId }) {
    if (type === "pack") this.packed = orderId;
  }
}

class Orders extends Actor {
  async handleMessage({ orderId }, context) {
    const packer = context.whereis("packer");
    packer.tell({ type: "pack", orderId });
    if (orderId >= 100) await new Promise((resolve) => setTimeout(resolve, 300));
    context.reply(`order ${orderId}`);
  }
}

const gateway = defineActor({
  name: "gateway",
  init: () => 0,
  handlers: {
    async request(count, { orderId }, context) {
      const orders = context.whereis(orderId >= 100 ? "slow" : "orders");
      const answer = await orders.ask({ type: "place", orderId });
      const length = answer.length;
      return count + length;
    },
    lose(count, _message, context) {
      context.whereis("gone").tell({ type: "pack", orderId: 0 });
      return count;
    },
    flood(count, _message, context) {
      const packer = context.whereis("packer");
      for (let orderId = 0; orderId < 5; orderId++) packer.tell({ type: "pack", orderId });
      return count;
    },
  },
});

class Crasher extends Actor {
  async handleMessage({ type }, context) {
    if (type === "caught") {
      try {
        throw new Error("caught by the program");
      } catch {}
    }
    if (type === "early") throw new Error("early");
    if (type === "pipe")
      context.pipeToSelf(pause(), () => {
        throw new Error("pipe");
      });
    if (type === "late") {
      await pause();
      throw new Error("late");
    }
  }
}

class SyncCrasher extends Actor {
  handleMessage({ type }) {
    if (type === "sync") throw new Error("sync");
  }
  postStop() {
    if (this.constructor.fails) throw new Error("postStop");
  }
}

class Gone extends Actor {
  preStart(context) {
    context.stop();
  }
  handleMessage() {}
}

const fragile = supervisor({
  name: "fragile",
  maxRestarts: 0,
  children: [{ id: "glass", start: () => new SyncCrasher() }],
});
const root = supervisor({
  maxRestarts: 100,
  children: [
    { id: "packer", start: () => new Packer() },
    { id: "orders", start: () => new Orders() },
    { id: "gateway", start: gateway },
    { id: "slow", start: () => new Orders() },
    { id: "other gateway", start: gateway },
    { id: "crasher", start: () => new Crasher() },
    { id: "sync", start: () => new SyncCrasher() },
    { id: "gone", start: () => new Gone(), restart: "transient" },
    { id: "fragile", start: fragile },
  ],
});
const system = await ActorSystem.start({ name: "shop", root, logger: false });
const stayAlive = setInterval(() => {}, 1_000);
await system.whenStopped;
clearInterval(stayAlive);
