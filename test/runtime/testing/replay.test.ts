// One life of one actor, run again from a recording.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { Actor, type ActorContext, type ActorRef, ActorSystem, type Ask, type ReplyPort, supervisor } from "airssys-rt";
import { type Recording, readRecording } from "airssys-rt/recording";
import { ReplayError, replayActor } from "airssys-rt/testing";

const { Recorder } = (await import(
  new URL("recording/recorder.js", import.meta.resolve("airssys-rt")).href
)) as typeof import("../../../runtime/src/recording/recorder.ts");

type StockMessage = Ask<{ readonly type: "take"; readonly item: string }, number>;

class Stock extends Actor<StockMessage> {
  override handleMessage(_message: StockMessage, context: ActorContext<StockMessage>): void {
    context.reply(7);
  }
}

type DeskMessage =
  | { readonly type: "order"; readonly item: string; readonly from?: ActorRef<never>; readonly password?: string }
  | { readonly type: "count"; readonly again: number }
  | Ask<{ readonly type: "total" }, number>
  | { readonly type: "fail" }
  | { readonly type: "sleep" };

interface Packed {
  readonly type: "packed";
  readonly item: string;
  readonly left: number;
  readonly at: number;
  readonly luck: number;
  readonly total: number;
}

/** Its answers come from its state, the clock, chance, a name and another actor. */
class Desk extends Actor<DeskMessage> {
  #total = 0;
  override async handleMessage(message: DeskMessage, context: ActorContext<DeskMessage>): Promise<void> {
    switch (message.type) {
      case "order": {
        const stock = context.whereis<StockMessage>("stock");
        const left = (await stock?.ask({ type: "take", item: message.item })) ?? 0;
        this.#total++;
        const packed = { type: "packed", item: message.item, left, total: this.total(this.#total) } as const;
        context.whereis<Packed>("sink")?.tell({ ...packed, at: context.clock.now(), luck: context.random() });
        context.self.tell({ type: "count", again: 1 });
        return;
      }
      case "count":
        if (message.again > 0) context.self.tell({ type: "count", again: message.again - 1 });
        return;
      case "total":
        context.reply(this.#total);
        return;
      case "fail":
        throw new RangeError("failed");
      case "sleep":
        await new Promise((resolve) => setTimeout(resolve, 5));
        return;
    }
  }
  protected total(total: number): number {
    return total;
  }
}

class ChangedDesk extends Desk {
  protected override total(total: number): number {
    return total * 10;
  }
}

class Sink extends Actor<Packed> {
  override handleMessage(): void {}
}

let folder = "";
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-replay-"));
});
after(() => fs.rmSync(folder, { recursive: true }));

/** Records a program from before its start, or only from when it runs. */
async function record(
  payloads: "types" | "values",
  work: (desk: ActorRef<DeskMessage>) => Promise<unknown>,
  isLate = false,
): Promise<Recording> {
  const file = path.join(folder, "run.airssys");
  const begin = () => new Recorder(file, { payloads, hidden: [] });
  let recorder = isLate ? undefined : begin();
  const root = supervisor({
    maxRestarts: 10,
    children: [
      { id: "stock", name: "stock", start: () => new Stock() },
      { id: "sink", name: "sink", start: () => new Sink() },
      { id: "desk", start: () => new Desk() },
    ],
  });
  const system = await ActorSystem.start({ name: "shop", root, logger: false });
  recorder ??= begin();
  const desk = system.whereis<DeskMessage>("desk");
  assert.ok(desk);
  await work(desk);
  await system.stop();
  recorder.end();
  return readRecording([fs.readFileSync(file)]);
}

async function threeOrders(desk: ActorRef<DeskMessage>): Promise<void> {
  for (const item of ["tea", "milk", "cake"]) desk.tell({ type: "order", item });
  for (let round = 0; round < 3; round++) assert.equal(await desk.ask({ type: "total" }), 3);
}

const start = () => new Desk();
const NONE = { differences: [], stopped: undefined, losses: [] };

test("a life that is replayed sends what it sent: its state, time, chance, names and answers are the recorded ones", async () => {
  const recording = await record("values", threeOrders);
  const report = await replayActor({ recording, actor: "shop/desk", start });
  assert.deepEqual(report, { ...NONE, messages: report.recorded, recorded: report.recorded });
  assert.ok(report.recorded >= 10, `${report.recorded} messages`);
});

test("a handler that was changed sends something else, and each difference is told", async () => {
  const recording = await record("values", threeOrders);
  const { differences, stopped } = await replayActor({ recording, actor: "shop/desk", start: () => new ChangedDesk() });
  assert.equal(stopped, undefined);
  assert.equal(differences.length, 3);
  const [first] = differences;
  assert.match(
    first?.recorded ?? "",
    /^packed to shop\/sink: \{"type":"packed","item":"tea","left":7,"total":1,"at":\d+,/,
  );
  assert.match(first?.replayed ?? "", /"total":10,/);
  assert.equal(recording.at(recording.indexOf(first?.seq ?? -1)).type, "order");
});

test("a crash is replayed, and the life after it begins anew", async () => {
  const recording = await record("values", async (desk) => {
    desk.tell({ type: "order", item: "tea" });
    await desk.ask({ type: "total" });
    desk.tell({ type: "fail" });
    desk.tell({ type: "order", item: "milk" });
    assert.equal(await desk.ask({ type: "total" }), 1);
  });
  const first = await replayActor({ recording, actor: "shop/desk", start });
  assert.deepEqual({ ...first, recorded: 0, messages: 0 }, { ...NONE, recorded: 0, messages: 0 });
  assert.equal(first.messages, first.recorded);
  const second = await replayActor({ recording, actor: "shop/desk", incarnation: 2, start });
  assert.deepEqual(second.differences, []);
  assert.equal(second.stopped, undefined);

  class Careful extends Desk {
    override async handleMessage(message: DeskMessage, context: ActorContext<DeskMessage>): Promise<void> {
      if (message.type !== "fail") return super.handleMessage(message, context);
    }
  }
  const { differences } = await replayActor({ recording, actor: "shop/desk", start: () => new Careful() });
  assert.deepEqual(
    differences.map(({ recorded, replayed }) => [recorded, replayed]),
    [["crash: RangeError: failed", undefined]],
  );
});

test("what was hidden or cannot be made again is told, since a difference may come from it", async () => {
  const recording = await record("values", async (desk) => {
    desk.tell({ type: "order", item: "tea", password: "pw-1" });
    await desk.ask({ type: "total" });
  });
  const { losses, differences } = await replayActor({ recording, actor: "shop/desk", start });
  assert.match(losses.join(), /^message \d+: a hidden field$/);
  assert.deepEqual(differences, []);
});

test("what a handler waits for and nobody recorded ends the replay, with the reason", async () => {
  class Waiting extends Desk {
    override async handleMessage(message: DeskMessage, context: ActorContext<DeskMessage>): Promise<void> {
      if (message.type === "order") await context.whereis<StockMessage>("stock")?.ask({ type: "take", item: "other" });
      await super.handleMessage(message, context);
    }
  }
  const recording = await record("values", threeOrders);
  const { stopped, messages, recorded } = await replayActor({
    ...{ recording, actor: "shop/desk", start: () => new Waiting(), withinMs: 50 },
  });
  assert.match(stopped?.reason ?? "", /waits for something that was not recorded/);
  assert.ok(messages < recorded);
});

test("a life whose begin or whose values were not recorded is not replayed", async () => {
  const late = await record("values", threeOrders, true);
  const types = await record("types", threeOrders);
  const refused = (recording: Recording, actor: string, said: RegExp) =>
    assert.rejects(
      replayActor({ recording, actor, start }),
      (error: unknown) => error instanceof ReplayError && said.test(error.message),
    );
  await refused(late, "shop/desk", /shop\/desk cannot be replayed: the begin of that life is not in the recording/);
  await refused(late, "shop/nobody", /the begin of that life/);
  await refused(types, "shop/desk", /the values of messages were not recorded/);
});

type ClerkMessage =
  | Ask<{ readonly type: "sell"; readonly item: string }, string>
  | { readonly type: "sold"; readonly item: string; readonly left: number };

/** Looks into the stock before it begins; asks it in work that no turn waits for, and answers in a later turn. */
class Clerk extends Actor<ClerkMessage> {
  readonly #waiting = new Map<string, ReplyPort<string>>();
  #begunWith = 0;
  override async preStart(context: ActorContext<ClerkMessage>): Promise<void> {
    this.#begunWith = (await context.whereis<StockMessage>("stock")?.ask({ type: "take", item: "none" })) ?? -1;
  }
  override handleMessage(message: ClerkMessage, context: ActorContext<ClerkMessage>): void {
    if (message.type === "sold") {
      this.#waiting.get(message.item)?.reply(this.words(`${message.item}, ${message.left} of ${this.#begunWith}`));
      return;
    }
    const { item } = message;
    this.#waiting.set(item, context.deferReply() as ReplyPort<string>);
    const taking = async (): Promise<number> => {
      await Promise.resolve();
      const stock = context.whereis<StockMessage>("stock");
      return (await stock?.ask({ type: "take", item: "paper" })) === 7
        ? ((await stock?.ask({ type: "take", item })) ?? 0)
        : 0;
    };
    context.pipeToSelf(taking(), (taken) => ({
      type: "sold",
      item,
      left: taken.status === "fulfilled" ? taken.value : -1,
    }));
  }
  protected words(text: string): string {
    return text;
  }
}

class RudeClerk extends Clerk {
  protected override words(text: string): string {
    return `${text}!`;
  }
}

test("what preStart asked, work that no turn waited for, and answers that were put off are replayed", async () => {
  const file = path.join(folder, "clerk.airssys");
  const recorder = new Recorder(file, { payloads: "values", hidden: [] });
  const children = [
    { id: "stock", name: "stock", start: () => new Stock() },
    { id: "clerk", start: () => new Clerk() },
  ];
  const system = await ActorSystem.start({ name: "shop", root: supervisor({ children }), logger: false });
  const clerk = system.whereis<ClerkMessage>("clerk");
  assert.ok(clerk);
  assert.deepEqual(await Promise.all(["tea", "milk"].map((item) => clerk.ask({ type: "sell", item }))), [
    "tea, 7 of 7",
    "milk, 7 of 7",
  ]);
  await system.stop();
  recorder.end();
  const recording = await readRecording([fs.readFileSync(file)]);
  const report = await replayActor({ recording, actor: "shop/clerk", start: () => new Clerk() });
  assert.deepEqual(report, { ...NONE, messages: 4, recorded: 4 });
  const { differences } = await replayActor({ recording, actor: "shop/clerk", start: () => new RudeClerk() });
  assert.deepEqual(
    differences.map(({ recorded, replayed }) => [recorded, replayed]),
    ["tea", "milk"].map((item) => [`reply: "${item}, 7 of 7"`, `reply: "${item}, 7 of 7!"`]),
  );
});
