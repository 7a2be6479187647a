// A program whose actors wait for each other as its environment says, to be copied into a workspace: the lines of its questions are looked for.
//
//   WAITS=two|three|supervisor|room|outside|busy
import { Actor, type ActorContext, type ActorRef, ActorSystem, type Ask, startChild, supervisor } from "airssys-rt";

type Question = Ask<{ readonly type: "reserve" }, true> | Ask<{ readonly type: "append" }, true>;
type Task = Question | Ask<{ readonly type: "find" }, true> | { readonly type: "begin" | "hire" | "push" | "work" };

const waits = process.env["WAITS"] ?? "two";
const LIMIT = { timeoutMs: 600_000 };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

class Orders extends Actor<Task> {
  override async handleMessage({ type }: Task, context: ActorContext<Task>): Promise<void> {
    if (type === "begin") {
      await pause(300);
      await at("inventory").ask({ type: "reserve" }, LIMIT);
    }
    if (type === "hire") await startChild(at("staff"), { id: "apprentice", start: () => new Apprentice() });
    if (type === "push") {
      await pause(300);
      await at("inventory").tellAsync({ type: "work" });
    }
    if (type === "find") context.reply(true);
  }
}

class Apprentice extends Actor<Task> {
  override async preStart(): Promise<void> {
    await at("orders").ask({ type: "find" }, LIMIT);
  }
  override handleMessage(): void {}
}

class Inventory extends Actor<Task> {
  override async handleMessage({ type }: Task): Promise<void> {
    if (type !== "begin" && type !== "reserve") return;
    await pause(300);
    const next = waits === "three" || waits === "outside" ? "ledger" : "orders";
    if (next === "ledger") await at(next).ask({ type: "append" }, LIMIT);
    else await at(next).ask({ type: "find" }, LIMIT);
  }
}

class Ledger extends Actor<Task> {
  override async handleMessage({ type }: Task): Promise<void> {
    if (type === "work") for (const end = performance.now() + 8_000; performance.now() < end; );
    if (type !== "append" && type !== "begin") return;
    if (waits === "three") await at("orders").ask({ type: "find" }, LIMIT);
    else await pause(600_000);
  }
}

const child = (id: string, start: () => Actor<Task>, capacity = 100) =>
  ({ id, start, mailbox: { capacity, overflow: "block" }, shutdown: "brutal_kill" }) as const;

const system = await ActorSystem.start({
  name: "desk",
  logger: false,
  root: supervisor({
    name: "desk",
    children: [
      child("ledger", () => new Ledger()),
      { id: "staff", start: supervisor({ name: "staff", children: [] }) },
      child("inventory", () => new Inventory(), 1),
      child("orders", () => new Orders()),
    ],
  }),
});

function at(id: string): ActorRef<Task> {
  const ref = system.whereis<Task>(id);
  if (ref === undefined) throw new Error(`no ${id}`);
  return ref;
}

setInterval(() => {}, 60_000);
switch (waits) {
  case "two":
  case "three":
    for (const id of waits === "three" ? ["ledger", "inventory", "orders"] : ["inventory", "orders"])
      at(id).tell({ type: "begin" });
    break;
  case "supervisor":
    at("orders").tell({ type: "hire" });
    break;
  case "room":
    at("orders").tell({ type: "push" });
    at("inventory").tell({ type: "begin" });
    await pause(50);
    at("inventory").tell({ type: "work" });
    break;
  case "outside":
    at("orders").tell({ type: "begin" });
    break;
  case "busy":
    await pause(2_000);
    at("ledger").tell({ type: "work" });
    break;
  default:
    throw new Error(`WAITS=${waits}`);
}
