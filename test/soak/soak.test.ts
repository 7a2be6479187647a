import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { test } from "node:test";
import { heapTrend } from "./heap-trend.ts";

/** Readings that vary by as much as a collection leaves behind, and grow by so much each. */
const readings = (growth: number): number[] =>
  Array.from({ length: 60 }, (_, at) => 8_000_000 + ((at * 7919) % 13) * 10_000 + at * growth);

test("a heap that varies is flat, one that fills up while it gets warm is, and one that grows slowly is not", () => {
  assert.equal(heapTrend(readings(0)).isFlat, true);
  assert.equal(heapTrend(readings(0).map((bytes, at) => (at < 15 ? bytes / 2 : bytes))).isFlat, true);
  const { isFlat, grown } = heapTrend(readings(20_000));
  assert.equal(isFlat, false);
  assert.ok(grown > 400_000);
  assert.throws(() => heapTrend([1, 2, 3]), RangeError);
});

test("twelve seconds of everything leave a flat heap, no ask that has not ended, and no timer", async () => {
  const run = path.join(import.meta.dirname, "run.mjs");
  const child = spawn(process.execPath, ["--expose-gc", run, "12"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (text) => {
    said += text;
  });
  child.stderr.on("data", (text) => {
    said += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 0, said);
  assert.match(said, /the soak held/);
});
