import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, type ActorRef, type Ask, OwnedBuffer } from "airssys-rt";
import { TestSystem } from "airssys-rt/testing";

interface Order {
  readonly type: "order";
  items: { name: string }[];
  readonly to?: ActorRef<Order>;
  readonly tags?: Map<string, string>;
}

test("a message is passed by reference: the receiver gets the sender's object, however large", async () => {
  await using run = await TestSystem.start();
  const probe = run.probe<{ readonly type: "image"; readonly pixels: Uint8Array }>();
  const message = { type: "image", pixels: new Uint8Array(16_000_000) } as const;

  probe.ref.tell(message);

  assert.equal(await probe.expectMessage("image"), message);
});

test("a message can be frozen when it is sent, through everything plain in it", async () => {
  await using run = await TestSystem.start({ freezeMessages: true });
  const probe = run.probe<Order>();
  const tags = new Map([["a", "b"]]);
  const order: Order = { type: "order", items: [{ name: "cup" }], to: probe.ref, tags };

  probe.ref.tell(order);

  assert.throws(() => {
    order.items = [];
  }, TypeError);
  assert.throws(() => order.items.push({ name: "jug" }), TypeError);
  assert.throws(() => {
    (order.items[0] as { name: string }).name = "mug";
  }, TypeError);
  assert.equal(Object.isFrozen(tags), false, "instances look after themselves");
  assert.equal(probe.ref.tell({ type: "order", items: [] }), true, "refs still work");
  await probe.expectMessage("order");
});

test("freezing reaches every message of an actor, not only its first", async () => {
  await using run = await TestSystem.start({ freezeMessages: true });
  const { ref } = run.probe<Order>();
  const orders = Array.from({ length: 3 }, (): Order => ({ type: "order", items: [] }));

  for (const order of orders) ref.tell(order);

  assert.deepEqual(orders.map(Object.isFrozen), [true, true, true]);
});

test("freezing reaches asks, blocked sends and messages that contain themselves", async () => {
  await using run = await TestSystem.start({ freezeMessages: true });
  class Taker extends Actor<{ readonly type: "any"; self?: unknown }> {
    override handleMessage(): void {}
  }
  const mailbox = { capacity: 1, overflow: "block" } as const;
  const taker = run.system.spawn(() => new Taker(), { mailbox });
  const ring: { readonly type: "any"; self?: unknown } = { type: "any" };
  ring.self = { ring };
  const blocked = { type: "any" } as const;

  taker.tell(ring);
  const room = taker.tellAsync(blocked);

  assert.ok(Object.isFrozen(ring) && Object.isFrozen(ring.self) && Object.isFrozen(blocked));
  await room;
});

test("freezing reaches replies", async () => {
  await using run = await TestSystem.start({ freezeMessages: true });
  const probe = run.probe<Ask<{ readonly type: "list" }, string[]>>();
  const answer = probe.ref.ask({ type: "list" });
  await probe.expectMessage("list");

  probe.reply(["a"]);

  assert.ok(Object.isFrozen(await answer));
});

test("freezing reaches what stands under symbols, and leaves a proxy that cannot be frozen to itself", async () => {
  await using run = await TestSystem.start({ freezeMessages: true });
  const probe = run.probe<{ readonly type: "any"; readonly [other: string | symbol]: unknown }>();
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const hidden: string[] = [];

  assert.equal(probe.ref.tell({ type: "any", proxy, [Symbol("hidden")]: hidden }), true);

  assert.ok(Object.isFrozen(hidden));
});

test("an actor that changes a frozen message crashes, and not the sender", async () => {
  await using run = await TestSystem.start({ freezeMessages: true });
  class Changer extends Actor<Order> {
    override handleMessage(order: Order): void {
      order.items.pop();
    }
  }
  const changer = run.system.spawn(() => new Changer());

  changer.tell({ type: "order", items: [{ name: "cup" }] });
  await run.settle();

  assert.ok(run.eventsOf("crashed")[0]?.reason.cause instanceof TypeError);
});

test("without the option nothing is frozen", async () => {
  await using run = await TestSystem.start();
  const order: Order = { type: "order", items: [] };

  run.probe<Order>().ref.tell(order);

  assert.equal(Object.isFrozen(order), false);
});

type Frame = { readonly type: "frame"; readonly pixels: OwnedBuffer };

test("whoever sends an owned buffer loses it, and who gets it has it without a copy", async () => {
  await using run = await TestSystem.start();
  const probe = run.probe<Frame>();
  const pixels = new Uint8Array([1, 2, 3]);

  probe.ref.tell({ type: "frame", pixels: OwnedBuffer.take(pixels) });

  assert.equal(pixels.byteLength, 0);
  assert.equal(pixels[0], undefined);
  const message = await probe.expectMessage("frame");
  assert.equal(message.pixels.byteLength, 3);
  assert.deepEqual(new Uint8Array(message.pixels.claim()), new Uint8Array([1, 2, 3]));
});

test("an owned buffer is claimed once: of two actors that get it, one has it and the other is told", async () => {
  await using run = await TestSystem.start();
  const claims: string[] = [];
  class Claimer extends Actor<Frame> {
    override handleMessage({ pixels }: Frame, _context: ActorContext<Frame>): void {
      try {
        claims.push(`${pixels.claim().byteLength} bytes`);
      } catch (error) {
        claims.push((error as { readonly code: string }).code);
      }
    }
  }
  const frame: Frame = { type: "frame", pixels: OwnedBuffer.take(new ArrayBuffer(8)) };
  for (let n = 0; n < 2; n++) run.system.spawn(() => new Claimer()).tell(frame);

  await run.settle();

  assert.deepEqual(claims, ["8 bytes", "ERR_BUFFER_CLAIMED"]);
  assert.equal(JSON.stringify(frame), '{"type":"frame","pixels":{"byteLength":8,"isClaimed":true}}');
});

test("only whole buffers that are there and not shared can be taken", () => {
  const whole = new Uint8Array(8);
  const view = new DataView(whole.buffer);
  OwnedBuffer.take(whole);

  for (const wrong of [
    whole,
    view,
    new Uint8Array(new ArrayBuffer(8), 2),
    Buffer.from("part of a pool"),
    new SharedArrayBuffer(8),
    "text",
  ])
    assert.throws(() => OwnedBuffer.take(wrong as unknown as ArrayBuffer), { code: "ERR_INVALID_ARGUMENT" });
  // Not in the types of Node.
  const { Memory } = Reflect.get(globalThis, "WebAssembly") as {
    Memory: new (size: object) => { buffer: ArrayBuffer };
  };
  assert.throws(() => OwnedBuffer.take(new Memory({ initial: 1 }).buffer), {
    faults: ["the buffer cannot be detached"],
  });
});
