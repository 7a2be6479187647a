import assert from "node:assert/strict";
import { test } from "node:test";
import { bucketOf, Latencies } from "../../../runtime/src/inspect/latency.ts";

test("a bucket holds times up to twice as long as the one before; the last holds all that is longer", () => {
  for (const [us, bucket] of [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [1_023, 10],
    [1_024, 11],
    [2 ** 22 - 1, 22],
    [2 ** 22, 23],
    [2 ** 31 - 1, 23],
  ] as const)
    assert.equal(bucketOf(us), bucket, String(us));
});

test("times are told where something has changed, all that were since the begin", () => {
  const latencies = new Latencies();
  const [a, b] = [latencies.begin("Cards", "charge"), latencies.begin("Cards", "refund")];

  a?.note(0, 5, false);
  a?.note(3, 5, true);
  const [first, ...others] = latencies.take();
  assert.deepEqual(others, []);
  assert.deepEqual(first?.slice(0, 4), ["Cards", "charge", 2, 1]);
  assert.deepEqual([first?.[4][0], first?.[4][2], first?.[5][3]], [1, 1, 2]);

  b?.note(0, 0, false);
  assert.deepEqual(
    latencies.take().map(([, type, count]) => [type, count]),
    [["refund", 1]],
  );
});

test("kinds of messages that are too many have no times", () => {
  const latencies = new Latencies();
  for (let i = 0; i < 5_000; i++) assert.ok(latencies.begin("A", `type ${i}`));
  assert.equal(latencies.begin("A", "one more"), undefined);
});
