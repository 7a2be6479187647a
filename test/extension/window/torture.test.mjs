// The short form of `npm run torture`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KINDS, table, tooSlow, torture } from "../../workbench/torture.mjs";

test("what is killed comes back within two seconds of what the platform takes, and leaves nothing", async () => {
  // The host is killed under a program in a terminal.
  const kinds = KINDS.filter((kind) => kind !== "terminal");
  const { kills, leftovers, failures } = await torture({ times: 1, kinds });
  assert.deepEqual(failures, []);
  assert.deepEqual(tooSlow(kills), [], table(kills));
  assert.deepEqual(leftovers, []);
});
