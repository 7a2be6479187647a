// Schedules as text: short, exact, and refused where they are damaged.
import assert from "node:assert/strict";
import { test } from "node:test";
import { explore, ScheduleError } from "airssys-rt/testing";
import fc from "fast-check";
import type { Schedule } from "../../../runtime/src/testing/schedule.ts";

const { choiceOf, readSchedule, readyOf, scheduleText } = (await import(
  new URL("schedule.js", import.meta.resolve("airssys-rt/testing")).href
)) as typeof import("../../../runtime/src/testing/schedule.ts");

const choice = fc
  .tuple(fc.integer({ min: 2, max: 5_000 }), fc.nat(4_999))
  .map(([count, index]) => choiceOf(count, index % count));
const schedules: fc.Arbitrary<Schedule> = fc.record(
  {
    seed: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
    choices: fc.option(fc.array(fc.oneof(choice, fc.constant(0)), { maxLength: 200 }), { nil: undefined }),
  },
  { noNullPrototype: true },
);

function refusal(text: unknown): string {
  try {
    readSchedule(text);
  } catch (error) {
    assert.ok(error instanceof ScheduleError);
    assert.equal(error.code, "ERR_SCHEDULE");
    return error.message;
  }
  return assert.fail(`${String(text)} was taken`);
}

test("what was written is read again", () => {
  fc.assert(
    fc.property(schedules, (schedule) => {
      assert.deepEqual(readSchedule(scheduleText(schedule)), schedule);
    }),
    { numRuns: 500 },
  );
});

test("a choice says among how many it was made", () => {
  for (let count = 2; count < 60; count++)
    for (let index = 0; index < count; index++) assert.deepEqual(readyOf(choiceOf(count, index)), { count, index });
});

test("a thousand turns of the same choice take ten characters, and a thousand different ones less than three each", () => {
  const same = scheduleText({ seed: 1, choices: Array.from({ length: 1_000 }, () => 0) });
  const different = scheduleText({ seed: 1, choices: Array.from({ length: 1_000 }, (_, n) => (n * 7) % 20) });

  assert.ok(same.length <= 16, same);
  assert.ok(different.length < 3_000, String(different.length));
});

test("a schedule that was cut off anywhere, or changed in one character, is refused", () => {
  const text = scheduleText({ seed: 7, choices: [0, 1, 3, 3, 3, 2, 9, 0, 0, 4] });
  for (let end = 0; end < text.length - 1; end++) assert.match(refusal(text.slice(0, end)), /cannot be used/);
  for (let at = 3; at < text.length; at++) {
    const other = text[at] === "A" ? "Q" : "A";
    assert.match(refusal(text.slice(0, at) + other + text.slice(at + 1)), /cannot be used/);
  }
});

test("another version, another text and no text at all are refused, each with its reason", () => {
  assert.match(refusal("v2:AgA"), /its version is "v2:"; this testkit reads "v1:"/);
  assert.match(refusal("fifo"), /it does not begin with "v1:"/);
  assert.match(refusal("v1:"), /it ends too early/);
  assert.match(refusal("v1:Ag ABC"), /cannot be read from character 6 on: a character that does not belong there/);
  assert.match(refusal(undefined), /a schedule is a text/);
  assert.match(refusal({ toString: () => "v1:AgA" }), /a schedule is a text/);
  assert.match(refusal("v1:".padEnd(9_000_000, "A")), /too long/);
});

test("hostile texts are refused at once, whatever they say they hold", () => {
  const bytesOf = (...bytes: number[]): string => {
    let hash = 0x811c9dc5;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    const sum = ((hash >>> 16) ^ hash) & 0xffff;
    return `v1:${Buffer.from([...bytes, sum & 255, sum >> 8]).toString("base64url")}`;
  };
  assert.match(refusal(bytesOf(2, 1, 255, 255, 255, 255, 127, 1, 0)), /more than a run can have/);
  assert.match(refusal(bytesOf(2, 1, 3, 1, 100)), /more choices than it says/);
  assert.match(refusal(bytesOf(2, 1, 3, 0)), /it ends too early/);
  assert.match(refusal(bytesOf(2, 7)), /an unknown kind/);
  assert.match(refusal(bytesOf(2, 0, 0)), /there is more than the schedule says/);
  assert.match(refusal(bytesOf(...Array.from({ length: 60 }, () => 255))), /a number that is too large/);
});

test("explore refuses a schedule that cannot be read before it runs anything", async () => {
  let runs = 0;
  const program = async (): Promise<void> => {
    runs++;
  };
  await assert.rejects(explore({ schedule: "v1:nonsense" }, program), { code: "ERR_SCHEDULE" });
  process.env["AIRSSYS_SCHEDULE"] = "v9:AgA";
  try {
    await assert.rejects(explore({}, program), { code: "ERR_SCHEDULE" });
  } finally {
    delete process.env["AIRSSYS_SCHEDULE"];
  }
  assert.equal(runs, 0);
});
