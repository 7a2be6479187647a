import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BLOCK_ROWS, type MessageRow, parseLine } from "../../../runtime/src/recording/recording-line.ts";
import { RowText } from "../../../runtime/src/recording/row-text.ts";

const whole = fc.oneof(
  fc.constantFrom(
    -1,
    0,
    1,
    9,
    10,
    99,
    100,
    999_999,
    2 ** 30,
    2 ** 31 - 1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ),
  fc.maxSafeInteger(),
);
const count = fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 31 - 1));
/** Milliseconds with microseconds, as long as a double has them. */
const tick = fc.integer({ min: -(10 ** 13), max: 10 ** 13 }).map((us) => us / 1_000);
const row: fc.Arbitrary<MessageRow> = fc.tuple(
  ...[whole, whole, fc.constantFrom(-1, 0, 7, 12_345), count, count],
  tick,
  ...[whole, whole, fc.constantFrom(0, 1, 2, 3, 4, 5), fc.constantFrom(0, 1, 2, 3), whole],
) as fc.Arbitrary<never>;

const taken = (text: RowText): string => Buffer.from(text.take()).toString("latin1");

test("rows are read back as the numbers that were written, an answer only where there is one", () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
      const text = new RowText();
      for (const each of rows) text.add(each);
      assert.equal(text.rows, rows.length);
      const line = `{"m":[${taken(text)}]}`;
      assert.deepEqual(parseLine(line), {
        m: rows.map((each) => (each[9] === 0 ? each.slice(0, 9) : each).map((value) => (value === 0 ? 0 : value))),
      });
      assert.deepEqual([text.rows, taken(text)], [0, ""]);
    }),
    { numRuns: 2_000, seed: 15 },
  );
});

test("a whole block of the longest rows has room", () => {
  const text = new RowText();
  const least = Number.MIN_SAFE_INTEGER;
  const longest: MessageRow = [least, least, least, least, least, least / 1_000, least, least, least, least, least];
  while (!text.isFull) text.add(longest);
  const rows = JSON.parse(`[${taken(text)}]`) as unknown[][];
  assert.deepEqual([rows.length, rows.at(-1)?.[4], rows.at(-1)?.length], [BLOCK_ROWS, least, 11]);
});
