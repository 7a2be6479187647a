import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, topic } from "airssys-rt";
import { TestSystem } from "airssys-rt/testing";

type Price = { readonly type: "price"; readonly cents: number };
const prices = topic<Price>("prices");

test("what is published reaches every subscriber once, in order, as the same object", async () => {
  await using run = await TestSystem.start();
  const { topics } = run.system;
  const [one, two] = [run.probe<Price>("one"), run.probe<Price>("two")];
  topics.subscribe(prices, one.ref);
  topics.subscribe(prices, two.ref);
  topics.subscribe(prices, two.ref);
  const first: Price = { type: "price", cents: 1 };

  assert.equal(topics.publish(prices, first), 2);
  assert.equal(topics.publish(prices, { type: "price", cents: 2 }), 2);
  await run.settle();

  assert.deepEqual(two.received, [first, { type: "price", cents: 2 }]);
  assert.equal(one.received[0], two.received[0]);
});

test("two topics of the same name are one, and of different names are two", async () => {
  await using run = await TestSystem.start();
  const probe = run.probe<Price>();
  run.system.topics.subscribe(topic<Price>("prices"), probe.ref);

  assert.equal(run.system.topics.publish(prices, { type: "price", cents: 1 }), 1);
  assert.equal(run.system.topics.publish(topic<Price>("old prices"), { type: "price", cents: 2 }), 0);

  assert.deepEqual(run.system.topics.names(), ["prices"]);
});

test("who unsubscribes or ends gets nothing more", async () => {
  await using run = await TestSystem.start();
  const { topics } = run.system;
  const [one, two] = [run.probe<Price>("one"), run.probe<Price>("two")];
  for (const { ref } of [one, two]) topics.subscribe(prices, ref);

  assert.equal(topics.unsubscribe(prices, one.ref), true);
  assert.equal(topics.unsubscribe(prices, one.ref), false);
  run.system.kill(two.ref);
  await run.settle();

  assert.deepEqual(topics.subscribers(prices), []);
  assert.deepEqual(topics.names(), []);
  assert.equal(topics.publish(prices, { type: "price", cents: 1 }), 0);
  assert.equal(topics.subscribe(prices, two.ref), false);
  assert.equal(run.system.deadLetters.count, 0);
});

test("the publisher is the sender, and a subscriber that is full refuses for itself", async () => {
  await using run = await TestSystem.start();
  const { topics } = run.system;
  const probe = run.probe<Price>();
  class Narrow extends Actor<Price> {
    override handleMessage(): void {}
  }
  const narrow = run.system.spawn(() => new Narrow(), { mailbox: { capacity: 1 } });
  topics.subscribe(prices, probe.ref);
  topics.subscribe(prices, narrow);
  const taken: number[] = [];
  class Shop extends Actor<{ readonly type: "open" }> {
    override handleMessage(): void {
      for (const cents of [1, 2]) taken.push(topics.publish(prices, { type: "price", cents }));
    }
  }
  const shop = run.system.spawn(() => new Shop());
  shop.tell({ type: "open" });

  await probe.expectMessage("price");

  assert.equal(probe.lastSender, shop);
  assert.deepEqual(taken, [2, 1]);
  assert.equal(run.eventsOf("deadLetter")[0]?.reason, "mailbox_full");
});

test("a topic needs a name", () => {
  assert.throws(() => topic(""), { code: "ERR_INVALID_ARGUMENT" });
});

test("a name is no topic: it is refused, and nobody is subscribed", async () => {
  await using run = await TestSystem.start();
  const { topics, router } = run.system;
  const probe = run.probe<Price>();

  for (const wrong of ["prices", undefined, null, {}] as never[])
    for (const act of [
      () => topics.subscribe(wrong, probe.ref),
      () => topics.unsubscribe(wrong, probe.ref),
      () => topics.publish(wrong, { type: "price", cents: 1 } as never),
      () => topics.subscribers(wrong),
      () => router.publish(wrong, { type: "price", cents: 1 } as never),
    ])
      assert.throws(act, { code: "ERR_INVALID_ARGUMENT" }, String(act));

  assert.deepEqual(topics.names(), []);
});
