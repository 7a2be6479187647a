import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { supervisor } from "airssys-rt";
import { TestSystem } from "airssys-rt/testing";
import { bakery } from "../../runtime/examples/trouble/src/bakery.ts";
import { type Fault, readFaults } from "../../runtime/examples/trouble/src/faults.ts";
import type { OrdersMessage, PackerMessage } from "../../runtime/examples/trouble/src/messages.ts";
import { Orders } from "../../runtime/examples/trouble/src/orders.ts";

async function open(t: TestContext, ...faults: readonly Fault[]): Promise<TestSystem> {
  const world = await TestSystem.start({ name: "bakery", root: bakery(new Set(faults)) });
  t.after(() => world.stop());
  return world;
}

const crashesOf = (world: TestSystem): string[] => world.eventsOf("crashed").map(({ actor }) => actor.id);

test("without a fault nothing is wrong in the bakery", async (t) => {
  const world = await open(t);

  await world.advance(60_000);

  assert.deepEqual(crashesOf(world), []);
  assert.equal(world.system.health.check().status, "up");
  assert.equal(world.eventsOf("deadLetter").length, 0);
});

test("crash: the packer crashes now and then, is restarted, and nobody else notices", async (t) => {
  const world = await open(t, "crash");

  await world.advance(3_000);

  assert.deepEqual(crashesOf(world), ["bakery/counter/packer", "bakery/counter/packer"]);
  assert.equal(world.system.whereis("packer")?.incarnation, 3);
});

test("wrong: of twenty orders one is packed a loaf short", async (t) => {
  const children = [{ id: "orders", name: "orders", start: () => new Orders(new Set<Fault>(["wrong"])) }];
  const world = await TestSystem.start({ root: supervisor({ children }) });
  t.after(() => world.stop());
  const received: PackerMessage[] = [];
  world.system.spawn<PackerMessage>(() => ({ handleMessage: (message) => void received.push(message) }), {
    name: "packer",
  });
  const orders = world.system.whereis<OrdersMessage>("orders");
  assert.ok(orders);

  for (let orderId = 1; orderId <= 20; orderId++) orders.tell({ type: "order", order: { orderId, loaves: 6 } });
  await world.settle();

  assert.equal(received.length, 20);
  assert.deepEqual(
    received.filter(({ order }) => order.loaves !== 6),
    [{ type: "pack", order: { orderId: 2, loaves: 5 } }],
  );
});

test("hang: orders and stock wait for each other, and the orders queue up", async (t) => {
  const world = await open(t, "hang");

  await world.advance(10_000);

  const { longestQueue } = world.system.health.check();
  assert.equal(longestQueue?.actor, "bakery/counter/orders");
  assert.ok(longestQueue.length > 90);
  assert.deepEqual(crashesOf(world), []);
});

test("slow: orders wait for their price longer and longer", async (t) => {
  const world = await open(t, "slow");

  for (let second = 0; second < 10; second++) await world.advance(1_000);

  const { longestQueue } = world.system.health.check();
  assert.equal(longestQueue?.actor, "bakery/counter/pricing");
});

test("fall: the second oven takes along whoever relies on the kitchen", async (t) => {
  const world = await open(t, "fall");

  await world.advance(3_000);
  assert.deepEqual(
    world
      .eventsOf("ended")
      .map(({ actor }) => actor.id)
      .sort(),
    ["bakery/kitchen/cooling", "bakery/kitchen/dough", "bakery/kitchen/oven"],
  );

  await world.advance(2_000);
  const ended = new Set(world.eventsOf("ended").map(({ actor }) => actor.id));
  assert.ok(ended.has("bakery/counter/orders") && ended.has("bakery/customers"));
  assert.ok(!ended.has("bakery/stock"));
});

test("missing: the vouchers do not start, and what is sent to them reaches nobody", async (t) => {
  const world = await open(t, "missing");

  await world.advance(1_000);

  assert.equal(world.system.whereis("vouchers")?.isAlive, false);
  assert.equal(world.eventsOf("deadLetter").length, 10);
  assert.equal(world.system.health.check().status, "up");
});

test("a fault that there is not is refused with those that there are", () => {
  assert.throws(() => readFaults(["crash", "crush", "toString"]), {
    name: "RangeError",
    message: "no such fault: crush, toString (there are crash, wrong, hang, slow, fall, missing)",
  });
});
