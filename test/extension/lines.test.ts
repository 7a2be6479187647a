import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { LineReader, LineTooLongError } from "../../extension/src/inspect/lines.ts";

suite("lines", () => {
  test("are put together again, wherever the chunks end", () => {
    const bytes = Buffer.from("one\ntwö🌲\n\nthree\nfour");
    for (let size = 1; size < bytes.length; size++) {
      const reader = new LineReader(100);
      const lines: string[] = [];
      for (let at = 0; at < bytes.length; at += size) lines.push(...reader.push(bytes.subarray(at, at + size)));
      assert.deepEqual(lines, ["one", "twö🌲", "three"]);
    }
  });

  test("are refused when they grow too long, before they end", () => {
    const reader = new LineReader(10);
    reader.push(Buffer.from("12345678"));
    assert.throws(() => reader.push(Buffer.from("90123")), LineTooLongError);
    assert.throws(() => new LineReader(3).push(Buffer.from("1234\n")), LineTooLongError);
  });
});
