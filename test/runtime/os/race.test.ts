// The short form of `npm run attack`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type RaceKind, race } from "./race.ts";

const TRIES: Readonly<Record<RaceKind, number>> = {
  read: 20_000,
  write: 5_000,
  append: 5_000,
  move: 2_000,
  delete: 2_000,
  makeDirectory: 5_000,
};

for (const [kind, tries] of Object.entries(TRIES) as [RaceKind, number][])
  test(`a directory that is swapped for a link in a loop lets no ${kind} out`, async () => {
    const result = await race(kind, tries);
    assert.equal(result.escapes, 0);
    assert.ok(result.swaps > 100, `${result.swaps} swaps`);
    assert.ok(result.done > 0 && result.denied + result.missing > 0, JSON.stringify(result));
  });
