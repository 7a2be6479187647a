import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { backoffDelayMs, checkBackoff, resolveBackoff } from "../../runtime/src/spec/backoff.ts";
import { describeFault } from "../../runtime/src/spec/spec-fault.ts";

const soundSpec = fc
  .record({
    minMs: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
    span: fc.double({ min: 1, max: 1e6, noNaN: true }),
    factor: fc.double({ min: 1, max: 1e3, noNaN: true }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ minMs, span, factor, jitter }) => ({ minMs, maxMs: minMs * span, factor, jitter }));

const randomNumber = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("delays double from minMs up to maxMs when nothing is random", () => {
  const backoff = resolveBackoff({ minMs: 100, maxMs: 1_000, jitter: 0 });

  const delays = [1, 2, 3, 4, 5, 6].map((attempt) => backoffDelayMs(backoff, attempt, () => 0.5));

  assert.deepEqual(delays, [100, 200, 400, 800, 1_000, 1_000]);
});

test("defaults: factor 2, a fifth random, and the delays begin again after maxMs of life", () => {
  assert.deepEqual(resolveBackoff({ minMs: 100, maxMs: 1_000 }), {
    minMs: 100,
    maxMs: 1_000,
    factor: 2,
    jitter: 0.2,
    resetAfterMs: 1_000,
  });
});

test("every delay lies between the base shortened by the jitter and the base, and never exceeds maxMs", () => {
  fc.assert(
    fc.property(soundSpec, fc.integer({ min: 1, max: 2_000 }), randomNumber, (spec, attempt, random) => {
      const base = Math.min(spec.maxMs, spec.minMs * spec.factor ** (attempt - 1));

      const delay = backoffDelayMs(resolveBackoff(spec), attempt, () => random);

      assert.ok(delay <= base && delay <= spec.maxMs, `${delay} exceeds ${base}`);
      assert.ok(delay >= base * (1 - spec.jitter) - base * 1e-12, `${delay} is below ${base * (1 - spec.jitter)}`);
    }),
  );
});

test("without jitter a delay is never shorter than the one before", () => {
  fc.assert(
    fc.property(soundSpec, fc.integer({ min: 1, max: 1_000 }), (spec, attempt) => {
      const backoff = resolveBackoff({ ...spec, jitter: 0 });
      assert.ok(backoffDelayMs(backoff, attempt + 1, () => 0) >= backoffDelayMs(backoff, attempt, () => 0));
    }),
  );
});

test("a sound back-off has no faults", () => {
  fc.assert(fc.property(soundSpec, (spec) => assert.deepEqual(checkBackoff(spec, []), [])));
});

test("all faults of a back-off are reported, each with what was expected", () => {
  const faults = checkBackoff({ minMs: 0, maxMs: -5, factor: 0.5, jitter: 2, resetAfterMs: -1, max: 3 }, [
    "children",
    2,
    "backoff",
  ]);

  assert.deepEqual(faults.map(describeFault), [
    'children[2].backoff.max: unknown option "max"',
    "children[2].backoff.minMs: minMs must be milliseconds > 0, not 0",
    "children[2].backoff.maxMs: maxMs must be milliseconds >= minMs, not -5",
    "children[2].backoff.factor: factor must be a number >= 1, not 0.5",
    "children[2].backoff.jitter: jitter must be a number from 0 to 1, not 2",
    "children[2].backoff.resetAfterMs: resetAfterMs must be milliseconds >= 0, not -1",
  ]);
});

test("a back-off of NaN, of strings or of nothing is faulty", () => {
  assert.equal(checkBackoff({ minMs: "1", maxMs: Number.NaN }, []).length, 2);
  assert.deepEqual(checkBackoff(null, ["backoff"]).map(describeFault), ["backoff: expected { minMs, maxMs }"]);
});
