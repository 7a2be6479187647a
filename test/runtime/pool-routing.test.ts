import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { choiceOf, type Routee, STICKY_KEYS_KEPT } from "../../runtime/src/groups/pool-routing.ts";
import { SeededRandom } from "../../runtime/src/testing/seeded-random.ts";

const random = new SeededRandom(1).next;

/** Workers with these loads. */
const routees = (...loads: readonly number[]): Routee[] => loads.map((load, slot) => ({ slot, load }));
const idle = (count: number): Routee[] => routees(...new Array<number>(count).fill(0));
const keys = Array.from({ length: 20_000 }, (_, n) => `customer ${n}`);

test("round robin gives everybody the same, within one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 200 }), (size, messages) => {
      const choice = choiceOf("round_robin", random);
      const counts = new Array<number>(size).fill(0);
      for (let i = 0; i < messages; i++) {
        const { slot } = choice.pick(idle(size), "");
        counts[slot] = (counts[slot] ?? 0) + 1;
      }

      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
    }),
  );
});

test("random reaches everybody about equally", () => {
  const choice = choiceOf("random", random);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 40_000; i++) {
    const { slot } = choice.pick(idle(4), "");
    counts[slot] = (counts[slot] ?? 0) + 1;
  }

  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 500, String(counts));
});

test("least loaded picks one with the smallest load, and takes turns among equals", () => {
  const choice = choiceOf("least_loaded", random);
  fc.assert(
    fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }), (loads) => {
      assert.equal(choice.pick(routees(...loads), "").load, Math.min(...loads));
    }),
  );

  const picked = new Set(Array.from({ length: 3 }, () => choice.pick(idle(3), "").slot));
  assert.equal(picked.size, 3);
});

test("consistent hash: a key keeps its worker; growing by one moves at most 1/n of the keys, all to the new one", () => {
  const choice = choiceOf("consistent_hash", random);
  for (const size of [1, 2, 3, 5, 8, 16]) {
    const before = keys.map((key) => choice.pick(idle(size), key).slot);
    const after = keys.map((key) => choice.pick(idle(size + 1), key).slot);
    const moved = after.filter((slot, index) => slot !== before[index]);

    assert.ok(
      moved.every((slot) => slot === size),
      "to the new one only",
    );
    assert.ok(moved.length <= keys.length / size, `${moved.length} of ${keys.length} moved from ${size}`);
    assert.ok(moved.length >= (keys.length / (size + 1)) * 0.9, "and the new one gets its share");
  }
});

test("consistent hash: when a worker goes, only its keys move", () => {
  const choice = choiceOf("consistent_hash", random);
  const all = idle(6);
  const without = all.filter(({ slot }) => slot !== 2);

  for (const key of keys.slice(0, 2_000)) {
    const { slot } = choice.pick(all, key);
    if (slot !== 2) assert.equal(choice.pick(without, key).slot, slot);
  }
});

test("consistent hash spreads keys evenly", () => {
  const choice = choiceOf("consistent_hash", random);
  const counts = new Array<number>(8).fill(0);
  for (const key of keys) {
    const { slot } = choice.pick(idle(8), key);
    counts[slot] = (counts[slot] ?? 0) + 1;
  }

  for (const count of counts) assert.ok(Math.abs(count - keys.length / 8) < keys.length / 80, String(counts));
});

test("sticky gives a new key to the least loaded and stays with it, however loaded it gets", () => {
  const choice = choiceOf("sticky", random);

  assert.equal(choice.pick(routees(3, 0, 5), "a").slot, 1);
  assert.equal(choice.pick(routees(0, 99, 0), "a").slot, 1);
  assert.equal(choice.pick(routees(0, 99).slice(0, 1), "a").slot, 0, "its worker is gone");
});

test("sticky forgets the keys that were not used for longest", () => {
  const choice = choiceOf("sticky", random);
  choice.pick(routees(0, 1), "old");
  choice.pick(routees(0, 1), "kept");
  for (let n = 0; n < STICKY_KEYS_KEPT - 1; n++) {
    choice.pick(routees(0, 1), `other ${n}`);
    choice.pick(routees(0, 1), "kept");
  }

  assert.equal(choice.pick(routees(1, 0), "kept").slot, 0);
  assert.equal(choice.pick(routees(1, 0), "old").slot, 1);
});
