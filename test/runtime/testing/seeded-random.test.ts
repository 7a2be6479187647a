import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SeededRandom } from "../../../runtime/src/testing/seeded-random.ts";
import { TestSystem } from "../../../runtime/src/testing/test-system.ts";
import { InvalidArgumentError } from "../../../runtime/src/values/errors.ts";

const take = (random: SeededRandom, count: number): number[] => Array.from({ length: count }, () => random.next());

test("the same seed gives the same numbers, from 0 up to 1", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const numbers = take(new SeededRandom(seed), 50);

      assert.deepEqual(numbers, take(new SeededRandom(seed), 50));
      assert.ok(numbers.every((number) => number >= 0 && number < 1));
    }),
  );
});

test("neighbouring seeds have little in common", () => {
  const firsts = new Set(Array.from({ length: 1_000 }, (_, seed) => new SeededRandom(seed).below(1_000_000)));

  assert.ok(firsts.size > 990, `${firsts.size} different first numbers of 1000`);
});

test("numbers are spread evenly", () => {
  const random = new SeededRandom(4);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const number = random.below(10);
    counts[number] = (counts[number] ?? 0) + 1;
  }

  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 400, String(counts));
});

test("a fork goes on alone, however much is drawn from its origin", () => {
  const [one, other] = [new SeededRandom(9), new SeededRandom(9)];
  const forks = [one.fork(), other.fork()] as const;
  take(one, 17);

  assert.deepEqual(take(forks[0], 20), take(forks[1], 20));
});

test("picking from nothing is refused", () => {
  assert.throws(() => new SeededRandom(1).pick([]), InvalidArgumentError);
});

test("a seed that is no whole number is refused", async () => {
  for (const seed of [1.5, Number.NaN, Number.POSITIVE_INFINITY, "7" as never])
    assert.throws(() => new SeededRandom(seed), { code: "ERR_INVALID_ARGUMENT" });
  await assert.rejects(TestSystem.start({ seed: Number.NaN }), { code: "ERR_INVALID_ARGUMENT" });
});
