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
