// Random runs against the search that tries every order: one program for each kind of what the order can matter for.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { KINDS, programOf, scripts, WornOut } from "./generated-programs.ts";
import { OrdersOf } from "./orders.ts";

const RANDOM_RUNS = 2_000;

for (const [what, kinds] of KINDS) {
  test(`${what}: ${RANDOM_RUNS} random runs of a program with several orders see none that a complete exploration missed`, async () => {
    // The first of a fixed series that is neither small nor too large.
    for (const generated of fc.sample(scripts(kinds, 5), { numRuns: 200, seed: 42 })) {
      const orders = new OrdersOf(programOf(generated));
      const found = await orders.systematically(200).catch((error: unknown) => {
        if (error instanceof WornOut) return undefined;
        throw error;
      });
      if (found?.isWhole !== true || found.signatures.size < 6) continue;
      const seen = await orders.atRandom(RANDOM_RUNS);

      assert.ok(seen.signatures.size > 3, `${seen.signatures.size} orders seen`);
      for (const signature of seen.signatures) assert.ok(found.signatures.has(signature));
      return;
    }
    assert.fail("no such program");
  });
}
