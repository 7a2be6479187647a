import assert from "node:assert/strict";
import { test } from "node:test";
import { RestartLimit } from "../../extension/src/restart-limit.ts";

test("a restart too many within the period is refused, and later ones are not", () => {
  const limit = new RestartLimit(2, 1_000);
  assert.deepEqual(
    [0, 100, 200].map((now) => limit.count(now)),
    [1, 2, undefined],
  );
  assert.equal(limit.count(1_250), 1);
  limit.reset();
  assert.equal(limit.count(1_260), 1);
});

test("what ran for a while may be started again, however often that happens", () => {
  const limit = new RestartLimit(1, 1_000_000);
  for (let now = 0; now < 100_000; now += 10_000) {
    limit.started(now);
    assert.equal(limit.count(now + 10_000), 1);
  }
  limit.started(100_000);
  assert.equal(limit.count(109_999), undefined);
});
