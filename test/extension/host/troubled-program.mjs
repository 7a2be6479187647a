// A real program in the trouble its environment asks for: rows of every kind, a loop that does not turn, a deadlock, a system that
// gives up, children that come and go; or one whose actors take their time to start.
//
//   TROUBLE=calm|rows|spin|native|deadlock|held|gaveUp|folding|churn   once, when all has started; any actor does what it is sent
//   TROUBLE=slowStart
import { Actor, ActorSystem, supervisor } from "airssys-rt";

const trouble = process.env.TROUBLE ?? "calm";
const others = new Map();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Worker extends Actor {
  #owed = [];

  async preStart() {
    if (trouble === "slowStart") await pause(400);
  }

  async handleMessage(message, context) {
    switch (message.type) {
      case "crash":
        throw new RangeError(message.text ?? "no issuer has card numbers that begin with 9");
      case "change":
        message.cents = 2;
        break;
      case "fail":
        throw new Error(message.text);
      case "charge":
        for (const end = performance.now() + message.ms; performance.now() < end; );
        break;
      case "sleepNatively":
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, message.ms);
        break;
      case "hold":
        await new Promise((resolve) => setTimeout(resolve, message.ms ?? 600_000));
        break;
      case "ask":
        await others.get(message.of)?.ask({ type: message.what, ms: 600_000 }, { timeoutMs: 600_000 });
        break;
      case "askThenAsked":
        await new Promise((resolve) => setTimeout(resolve, 300));
        await others.get(message.of)?.ask({ type: "reserve" }, { timeoutMs: 600_000 });
        break;
      case "setAside":
        context.stash();
        break;
      case "owe":
        this.#owed.push(context.deferReply());
        break;
      case "reserve":
        context.reply("reserved");
        break;
      case "visitors":
        for (let n = 0; n < message.count; n++) context.spawn(() => new Worker(), { id: `visitor-${n + 1}` });
        break;
      case "births":
        for (;;) {
          for (let n = 0; n < 50; n++) context.spawn(() => new Worker()).tell({ type: "leave" });
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      case "leave":
        setTimeout(() => context.self.tell({ type: "leaveNow" }), 200);
        break;
      case "leaveNow":
        context.stop();
        break;
      default:
    }
  }
}

const worker = (id, change = {}) => ({ id, start: () => new Worker(), shutdown: "brutal_kill", ...change });
const group = (name, strategy, children, change = {}) => ({
  id: name,
  start: supervisor({ name, strategy, maxRestarts: 5, maxRestartPeriodMs: 10_000, children, ...change }),
});

const system = await ActorSystem.start({
  name: "order-desk",
  ...(process.env.TROUBLE_LOGS !== "1" && { logger: false }),
  root: supervisor({
    name: "order-desk",
    strategy: "rest_for_one",
    maxRestarts: 0,
    children: [
      worker("ledger"),
      group("payments", "one_for_one", [worker("cards"), worker("vouchers")]),
      group("fulfilment", "rest_for_one", [
        worker("dispatch"),
        group("packers", "one_for_one", [
          worker("packer-1"),
          worker("gift-wrap", { restart: "temporary" }),
          worker("packer-3", { mailbox: { capacity: 5 } }),
        ]),
      ]),
      group("sales", "one_for_all", [worker("inventory"), worker("orders"), worker("returns")]),
      worker("visitors"),
      worker("gateway"),
    ],
  }),
});

const at = (path) => system.whereis(path);
for (const path of ["ledger", "sales/inventory", "sales/orders"]) others.set(path.replace(/.*\//, ""), at(path));
const crash = async (path, times, message = { type: "crash" }) => {
  for (let n = 0; n < times; n++) {
    at(path)?.tell(message);
    await pause(20);
  }
};

const SCENES = {
  calm: () => setInterval(() => at("gateway")?.tell({ type: "work" }), 5),
  async rows() {
    setInterval(() => at("gateway")?.tell({ type: "work" }), 5);
    at("visitors").tell({ type: "visitors", count: 2_000 });
    await crash("payments/cards", 4);
    await crash("fulfilment/packers/packer-1", 1, { type: "leaveNow" });
    await crash("fulfilment/packers/gift-wrap", 1, { type: "fail", text: "no ribbon left" });
    for (let n = 0; n < 18; n++) at("fulfilment/packers/packer-3").tell({ type: "hold" });
    for (let n = 0; n < 3; n++) at("sales/inventory").tell({ type: "setAside" });
    at("sales/orders").tell({ type: "ask", of: "ledger", what: "hold" });
    for (let n = 0; n < 180; n++) at("sales/orders").tell({ type: "work" });
  },
  spin: () => at("payments/cards").tell({ type: "charge", ms: 30_000 }),
  native: () => at("payments/cards").tell({ type: "sleepNatively", ms: 30_000 }),
  deadlock() {
    at("sales/orders").tell({ type: "askThenAsked", of: "inventory" });
    at("sales/inventory").tell({ type: "askThenAsked", of: "orders" });
  },
  held() {
    at("sales/orders").tell({ type: "ask", of: "ledger", what: "hold" });
    at("gateway").tell({ type: "ask", of: "orders", what: "reserve" });
  },
  gaveUp: () => crash("payments/cards", 7),
  folding: () => setInterval(() => at("payments/cards")?.tell({ type: "crash" }), 2_100),
  churn: () => at("visitors").tell({ type: "births" }),
};
const stayAlive = setInterval(() => {}, 60_000);
if (trouble !== "calm") await pause(Number(process.env.TROUBLE_AFTER_MS ?? 1_000));
void SCENES[trouble]?.();
await system.whenStopped;
if (process.env.TROUBLE_STAYS !== "1") clearInterval(stayAlive);
