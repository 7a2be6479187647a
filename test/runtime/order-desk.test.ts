import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { ActorSystem, type RuntimeEvent } from "airssys-rt";
import {
  type CardNetwork,
  simulatedCardNetwork,
  TEST_CARDS,
} from "../../runtime/examples/order-desk/src/card-network.ts";
import { type DeskOptions, orderDesk } from "../../runtime/examples/order-desk/src/desk.ts";
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";

const example = path.resolve(import.meta.dirname, "../../runtime/examples/order-desk");

const PACK_MS = 300;

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "order-desk-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The desk on a free port, its time in the test's hand. */
async function openDesk(t: TestContext, options: Partial<DeskOptions> = {}) {
  const ledgerPath = options.ledgerPath ?? path.join(await temporaryFolder(t), "ledger.jsonl");
  const clock = new VirtualClock({ startMs: 1_750_000_000_000 });
  let url = "";
  const system: ActorSystem = await ActorSystem.start({
    name: "order-desk",
    logger: false,
    clock,
    root: orderDesk({
      port: 0,
      ledgerPath,
      network: simulatedCardNetwork(0),
      networkTimeoutMs: 30,
      packMs: PACK_MS,
      health: () => system.health.check(),
      onOpen: (opened) => {
        url = opened;
      },
      ...options,
    }),
  });
  t.after(() => system.stop());

  const events: RuntimeEvent[] = [];
  system.subscribe((event) => events.push(event));
  /** Resolves at the first such event that happens from now on. */
  const next = (type: RuntimeEvent["type"], id: string): Promise<RuntimeEvent> =>
    new Promise((resolve) => {
      const end = system.subscribe((event) => {
        if (event.type !== type || !("actor" in event) || event.actor?.id !== `order-desk/${id}`) return;
        end();
        resolve(event);
      });
    });
  const request = async (method: string, target: string, body?: string) => {
    const response = await fetch(url + target, { method, ...(body === undefined ? {} : { body }) });
    // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of it
    const content = (await response.json()) as any;
    return { status: response.status, headers: response.headers, content };
  };
  const post = (order: unknown) => request("POST", "/orders", JSON.stringify(order));
  const get = (target: string) => request("GET", target);
  const incarnations = (...names: string[]) => names.map((name) => system.whereis(name)?.incarnation);
  const kill = (name: string): void => {
    const ref = system.whereis(name);
    assert.ok(ref, `${name} runs`);
    system.kill(ref);
  };
  const stock = async () => (await get("/stock")).content;
  return { system, clock, ledgerPath, events, next, request, post, get, incarnations, kill, stock, url: () => url };
}

function orderOf(product: string, quantity: number, card: string = TEST_CARDS.approved) {
  return { customer: "Ada", items: [{ product, quantity }], payment: { method: "card", card } };
}

const byVoucher = (product: string, code: string) => ({
  customer: "Grace",
  items: [{ product, quantity: 1 }],
  payment: { method: "voucher", code },
});

async function linesOf(file: string): Promise<unknown[]> {
  const text = await readFile(file, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

test("a good order is paid, written down before it is confirmed, and packed", async (t) => {
  const desk = await openDesk(t);

  const placed = await desk.post(orderOf("tea", 2));

  assert.equal(placed.status, 201);
  assert.equal(placed.headers.get("location"), "/orders/1");
  assert.deepEqual(placed.content, {
    orderId: 1,
    customer: "Ada",
    items: [{ product: "tea", quantity: 2 }],
    totalCents: 1_380,
    receipt: "Visa auth-000001",
    status: "paid",
  });
  const [entry] = await linesOf(desk.ledgerPath);
  assert.deepEqual(entry, {
    kind: "order",
    orderId: 1,
    customer: "Ada",
    items: [{ product: "tea", quantity: 2 }],
    totalCents: 1_380,
    receipt: "Visa auth-000001",
    paidWith: "card",
    paidBy: "4242",
  });

  await desk.clock.advance(PACK_MS);

  const { status, packer } = (await desk.get("/orders/1")).content;
  assert.deepEqual([status, packer], ["packed", "packer-1"]);
  assert.equal((await desk.stock()).tea, 198);
});

test("malformed JSON is answered with 400 and what is wrong", async (t) => {
  const desk = await openDesk(t);

  const { status, content } = await desk.request("POST", "/orders", '{"customer": ');

  assert.equal(status, 400);
  assert.equal(content.error.code, "malformed_json");
  assert.match(content.error.message, /JSON/);
});

test("an order of wrong types is answered with 422 and every fault", async (t) => {
  const desk = await openDesk(t);

  const { status, content } = await desk.post({
    customer: 7,
    items: [{ product: 1, quantity: "two" }],
    payment: { method: "card", card: "4242424242424243" },
  });
  const { content: ofText } = await desk.request("POST", "/orders", '"tea, please"');

  assert.equal(status, 422);
  assert.deepEqual(content.error, {
    code: "invalid_order",
    faults: [
      "customer must be a name of 1 to 100 characters",
      "items[0].product must be a string",
      "items[0].quantity must be a whole number from 1 to 100",
      "payment.card must be a card number of 12 to 19 digits",
    ],
  });
  assert.equal(ofText.error.faults[0], "the order must be an object");
});

test("a body that is too long is refused with 413, an unknown path with 404, a wrong method with 405", async (t) => {
  const desk = await openDesk(t);

  assert.equal((await desk.request("POST", "/orders", "x".repeat(100_000))).status, 413);
  assert.equal((await desk.get("/coffee")).status, 404);
  assert.equal((await desk.get("/orders/77")).status, 404);
  const refused = await desk.get("/orders");
  assert.deepEqual([refused.status, refused.headers.get("allow")], [405, "POST"]);
});

test("an unknown product is refused, and so is more than there is; nothing is taken off the shelf", async (t) => {
  const desk = await openDesk(t);
  const before = await desk.stock();

  const unknown = await desk.post(orderOf("samovar", 1));
  const tooMuch = await desk.post({
    ...orderOf("tea", 1),
    items: [
      { product: "tea", quantity: 1 },
      { product: "first-edition", quantity: 1 },
      { product: "first-edition", quantity: 1 },
    ],
  });

  assert.deepEqual([unknown.status, unknown.content.error], [422, { code: "unknown_product", product: "samovar" }]);
  assert.deepEqual(
    [tooMuch.status, tooMuch.content.error],
    [409, { code: "out_of_stock", product: "first-edition", available: 1 }],
  );
  assert.deepEqual(await desk.stock(), before);
});

test("the last piece is sold once", async (t) => {
  const desk = await openDesk(t);

  const answers = await Promise.all([1, 2, 3].map(() => desk.post(orderOf("first-edition", 1))));

  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409]);
});

test("a declined card is a reply, not a crash, and the goods go back on the shelf", async (t) => {
  const desk = await openDesk(t);

  const { status, content } = await desk.post(orderOf("mug", 1, TEST_CARDS.declined));

  assert.deepEqual([status, content.error], [402, { code: "declined", reason: "the bank declined the card" }]);
  assert.deepEqual(desk.incarnations("cards"), [1]);
  assert.equal((await desk.stock()).mug, 80);
});

test("a silent network is answered with 504; three in a row open the circuit, and nobody waits any more", async (t) => {
  const desk = await openDesk(t);

  for (let n = 0; n < 3; n += 1) {
    const { status, content } = await desk.post(orderOf("mug", 1, TEST_CARDS.timeout));
    assert.deepEqual([status, content.error.code], [504, "payment_timeout"]);
  }
  const { status, headers, content } = await desk.post(orderOf("mug", 1));

  assert.deepEqual([status, content.error.code], [503, "payment_unavailable"]);
  const seconds = Number(headers.get("retry-after"));
  assert.ok(seconds >= 1 && seconds <= 10, `retry-after ${seconds}`);
});

test("a poison card crashes the card actor alone: it is restarted, its sibling and all others live on", async (t) => {
  const desk = await openDesk(t);
  const restarted = desk.next("restarted", "payments/cards");

  const { status, content } = await desk.post(orderOf("mug", 1, TEST_CARDS.poison));
  await restarted;

  assert.deepEqual([status, content.error.code], [502, "payment_crashed"]);
  assert.deepEqual(
    desk.incarnations("cards", "vouchers", "ledger", "dispatch", "orders", "gateway"),
    [2, 1, 1, 1, 1, 1],
  );
  const crash = desk.events.find((event) => event.type === "crashed");
  assert.ok(crash?.type === "crashed" && crash.reason.cause instanceof RangeError);
  assert.equal((await desk.stock()).mug, 80);
  assert.equal((await desk.post(orderOf("mug", 1))).status, 201);
});

test("orders that wait for the card actor while it crashes are served by its next incarnation", async (t) => {
  const desk = await openDesk(t);

  const answers = await Promise.all(
    [TEST_CARDS.approved, TEST_CARDS.poison, TEST_CARDS.approved].map((card) => desk.post(orderOf("tea", 1, card))),
  );

  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 502]);
});

test("six poison cards in ten seconds: payments give up, and everybody who relies on them starts over with them", async (t) => {
  const desk = await openDesk(t);
  const reopened = desk.next("restarted", "gateway");

  for (let n = 0; n < 6; n += 1) await desk.post(orderOf("mug", 1, TEST_CARDS.poison)).catch(() => {});
  await reopened;

  const escalation = desk.events.find((event) => event.type === "escalated");
  assert.ok(escalation?.type === "escalated");
  assert.equal(escalation.supervisor.id, "order-desk/payments");
  assert.deepEqual(desk.incarnations("ledger"), [1]);
  assert.equal((await desk.get("/ready")).status, 200);
  assert.equal((await desk.post(orderOf("mug", 1))).status, 201);
});

test("inventory and orders fall together, and work out what they knew from the ledger", async (t) => {
  const desk = await openDesk(t);
  await desk.post(orderOf("tea", 3));
  const restarted = desk.next("restarted", "sales/orders");

  desk.kill("inventory");
  await restarted;

  assert.deepEqual(desk.incarnations("inventory", "orders", "cards", "dispatch"), [2, 2, 1, 1]);
  assert.equal((await desk.stock()).tea, 197);
  assert.equal((await desk.get("/orders/1")).content.totalCents, 2_070);
  assert.equal((await desk.post(orderOf("tea", 1))).content.orderId, 2);
});

test("a parcel that crashes two packers is put aside; the dispatcher lives on and other parcels are packed", async (t) => {
  const desk = await openDesk(t);

  await desk.post(orderOf("vase", 4));
  await desk.clock.advance(0);
  await desk.post(orderOf("tea", 1));
  await desk.clock.advance(PACK_MS);

  const crashes = desk.events.filter((event) => event.type === "crashed");
  assert.deepEqual(
    crashes.map((event) => event.type === "crashed" && event.actor.id),
    ["order-desk/fulfilment/packers/packer-1", "order-desk/fulfilment/packers/packer-2"],
  );
  assert.equal((await desk.get("/orders/1")).content.status, "stuck");
  assert.equal((await desk.get("/orders/2")).content.status, "packed");
  assert.deepEqual(desk.incarnations("dispatch", "fulfilment/packers/packer-3"), [1, 1]);
});

test("when the dispatcher dies the packers start after it, and no parcel is forgotten", async (t) => {
  const desk = await openDesk(t);
  await desk.post(orderOf("tea", 1));
  const restarted = desk.next("restarted", "fulfilment/packers");

  desk.kill("dispatch");
  await restarted;
  await desk.clock.advance(PACK_MS);

  assert.deepEqual(desk.incarnations("dispatch", "orders", "cards"), [2, 1, 1]);
  assert.equal((await desk.get("/orders/1")).content.status, "packed");
});

test("a gateway that was killed lets go of its port and opens again", async (t) => {
  const desk = await openDesk(t);
  const before = desk.url();
  const restarted = desk.next("restarted", "gateway");

  desk.kill("gateway");
  await restarted;

  assert.notEqual(desk.url(), before);
  assert.equal((await desk.get("/health")).content.status, "up");
  await assert.rejects(fetch(before));
});

test("the next run goes on where the ledger ends, and a line that was torn off is forgotten", async (t) => {
  const ledgerPath = path.join(await temporaryFolder(t), "ledger.jsonl");
  const first = await openDesk(t, { ledgerPath });
  await first.post(orderOf("kettle", 2));
  await first.post(byVoucher("mug", "WELCOME-20"));
  await first.clock.advance(PACK_MS);
  await first.post(orderOf("tea", 1));
  await first.system.stop();
  await appendFile(ledgerPath, '{"kind":"order","orderId":4,"custo');

  const second = await openDesk(t, { ledgerPath });

  assert.equal((await second.get("/orders/1")).content.status, "packed");
  assert.equal((await second.get("/orders/4")).status, 404);
  const stock = await second.stock();
  assert.deepEqual([stock.kettle, stock.mug, stock.tea], [18, 79, 199]);
  const { status, content } = await second.post(byVoucher("mug", "WELCOME-20"));
  assert.deepEqual([status, content.error.reason], [402, "the voucher has 750 cents left"]);
  await second.clock.advance(PACK_MS);
  assert.equal((await second.get("/orders/3")).content.status, "packed", "a parcel that was open is packed now");
  // Order 4 was the voucher's that was just declined; refused orders use up a number, too.
  assert.equal((await second.post(orderOf("tea", 1))).content.orderId, 5);
  assert.equal((await linesOf(ledgerPath)).length, 7);
});

test("the delivery van fills the shelves, and the ledger knows", async (t) => {
  const desk = await openDesk(t, { deliveryEveryMs: 60_000 });
  await desk.post(orderOf("kettle", 15));

  await desk.clock.advance(60_000);

  assert.equal((await desk.stock()).kettle, 15);
  const ledger = desk.system.whereis<{ type: "history" }>("ledger");
  assert.ok(ledger);
  await desk.post(orderOf("tea", 1)); // The ledger writes one thing after the other: the delivery is on the disk now.
  const entries = await linesOf(desk.ledgerPath);
  assert.ok(entries.some((entry) => JSON.stringify(entry) === '{"kind":"delivery","product":"kettle","quantity":10}'));
});

test("it ends in order: the door first, the books last, and an order under way is still answered", async (t) => {
  let answer!: () => void;
  const asked = new Promise<void>((resolveAsked) => {
    answer = resolveAsked;
  });
  let began!: () => void;
  const hasBegun = new Promise<void>((resolve) => {
    began = resolve;
  });
  const network: CardNetwork = async () => {
    began();
    await asked;
    return { isApproved: true, receipt: "late" };
  };
  const desk = await openDesk(t, { network, networkTimeoutMs: 60_000 });
  const order = desk.post(orderOf("tea", 1));
  await hasBegun;

  const stopped = desk.system.stop();
  answer();

  assert.equal((await order).status, 201);
  assert.deepEqual(await stopped, { kind: "shutdown" });
  const ended = desk.events.filter((event) => event.type === "ended").map((event) => event.actor.id);
  assert.deepEqual(ended, [
    "order-desk/gateway",
    "order-desk/sales/orders",
    "order-desk/sales/inventory",
    "order-desk/sales",
    "order-desk/fulfilment/packers/packer-3",
    "order-desk/fulfilment/packers/packer-2",
    "order-desk/fulfilment/packers/packer-1",
    "order-desk/fulfilment/packers",
    "order-desk/fulfilment/dispatch",
    "order-desk/fulfilment",
    "order-desk/payments/vouchers",
    "order-desk/payments/cards",
    "order-desk/payments",
    "order-desk/ledger",
    "order-desk",
  ]);
  assert.equal((await linesOf(desk.ledgerPath)).length, 1);
});

/** Runs a script of the example as a user does. */
function run(t: TestContext, script: string, environment: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [path.join(example, "src", script), ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  let output = "";
  let errors = "";
  child.stderr.on("data", (part: Buffer) => {
    errors += part.toString();
  });
  const lines = createInterface({ input: child.stdout });
  const opened = new Promise<string>((resolve, reject) => {
    lines.on("line", (line) => {
      output += `${line}\n`;
      const url = /open at (\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("exit", () => reject(new Error(`${script} ended: ${output}${errors}`)));
  });
  opened.catch(() => {}); // Scripts that open nothing end without it.
  return { opened, ended: endOf(child, lines), output: () => output, stop: () => child.kill("SIGTERM") };
}

async function endOf(child: ChildProcess, lines: NodeJS.EventEmitter): Promise<number | null> {
  const [[code]] = await Promise.all([once(child, "exit"), once(lines, "close")]);
  return code;
}

test("as a program it serves one of each kind of visit, gives way when its port is taken, and closes on SIGTERM", async (t) => {
  const folder = await temporaryFolder(t);
  const first = run(t, "main.ts", { ORDER_DESK_PORT: "4173", ORDER_DESK_LEDGER: path.join(folder, "1.jsonl") });
  const url = await first.opened;
  const port = new URL(url).port;
  const second = run(t, "main.ts", {
    ORDER_DESK_PORT: port,
    ORDER_DESK_LEDGER: path.join(folder, "2.jsonl"),
    ORDER_DESK_TRAFFIC: "1",
  });
  assert.notEqual(new URL(await second.opened).port, port);
  assert.match(second.output(), new RegExp(`port ${port} is taken, using \\d+`));

  const traffic = run(t, "traffic.ts", {}, "--once", "--url", url);
  assert.equal(await traffic.ended, 0);
  assert.match(traffic.output(), /1 {2}502 poison card/);

  first.stop();
  second.stop();
  assert.deepEqual(await Promise.all([first.ended, second.ended]), [0, 0]);
  assert.match(first.output(), /SIGTERM: closing in order.*\nthe order desk is closed \(shutdown\)/);
});

test("a setting that makes no sense ends the program with all faults", async (t) => {
  const wrong = run(t, "main.ts", { ORDER_DESK_PORT: "http", ORDER_DESK_TRAFFIC: "yes" });
  await assert.rejects(wrong.opened, (error: Error) => {
    assert.match(error.message, /ORDER_DESK_PORT must be a port from 0 to 65535, got "http"/);
    assert.match(error.message, /ORDER_DESK_TRAFFIC must be 0 or 1, got "yes"/);
    return true;
  });
  assert.equal(await wrong.ended, 1);
});
