import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DEAD_LETTERS_KEPT, DeadLetters } from "../../runtime/src/environment/dead-letters.ts";
import type { DeadLetter } from "../../runtime/src/values/event.ts";

test("all dead letters are counted and the last ones kept, oldest first", () => {
  fc.assert(
    fc.property(fc.nat(DEAD_LETTERS_KEPT * 3), (count) => {
      const letters = new DeadLetters();
      const all = Array.from({ length: count }, (_, i) => ({ envelope: { message: i } }) as unknown as DeadLetter);
      for (const letter of all) letters.add(letter);
      assert.equal(letters.count, count);
      assert.deepEqual(letters.recent, all.slice(-DEAD_LETTERS_KEPT));
    }),
  );
});
