// The short form of `npm run torture`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beyond, LIMIT_MS, table, torture } from "../../workbench/torture.mjs";

test("what is killed comes back within two seconds of what the platform takes, and leaves nothing", async () => {
  const { kills, leftovers } = await torture({ times: 1 });
  assert.deepEqual(
    kills.filter((kill) => beyond(kill) > LIMIT_MS),
    [],
    table(kills),
  );
  assert.deepEqual(leftovers, []);
});
