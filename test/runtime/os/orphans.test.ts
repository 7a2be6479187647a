// Nothing survives the program, however it ends. The long form is `npm run attack`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Death, orphansAfter } from "./orphans.ts";

const DEATHS: readonly (readonly [title: string, death: Death])[] = [
  ["is killed", "SIGKILL"],
  ["is killed while processes are being started", "between"],
  ["ends by an exception", "uncaught"],
  ["is killed after its watcher was", "watcher"],
];

for (const [title, death] of DEATHS)
  test(`no process outlives a program that ${title}, also one that left its group`, async () => {
    const { before, left } = await orphansAfter(death);
    assert.equal(left, 0);
    if (death !== "between") assert.ok(before >= 3, `${before} processes were there`);
  });
