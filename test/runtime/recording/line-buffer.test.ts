import assert from "node:assert/strict";
import { test } from "node:test";
import { LineBuffer } from "../../../runtime/src/recording/line-buffer.ts";

const textOf = (buffer: LineBuffer): string => Buffer.from(buffer.lines).toString();

test("texts and bytes are kept in the order in which they came, however many are more than there is room for", () => {
  const buffer = new LineBuffer(4);
  let expected = "";
  for (let n = 0; n < 200; n++) {
    const line = `${n} größer 🎈 ${"x".repeat(n)}\n`;
    buffer.add(n % 2 === 0 ? line : Buffer.from(line));
    buffer.add("");
    expected += line;
  }

  assert.equal(textOf(buffer), expected);
  assert.equal(buffer.length, Buffer.byteLength(expected));
});

test("what was read is written over once the buffer is cleared", () => {
  const buffer = new LineBuffer(8);
  buffer.add("one");
  buffer.clear();
  buffer.add("2");

  assert.equal(textOf(buffer), "2");
});

test("half a character at the end of a text is no reason to lose a byte", () => {
  const buffer = new LineBuffer(2);
  buffer.add("a\ud83c");
  buffer.add("b");

  assert.equal(textOf(buffer), "a\ufffdb");
});
