// What is said of a CPU profile, and what of one is believed.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ProfileReport } from "airssys-rt/inspect";
import { readProfile } from "../../extension/src/inspect/frame.ts";
import { hotWords, profileLine, profileSummary } from "../../extension/src/tree/profile-words.ts";

const report: ProfileReport = {
  ms: 10_000,
  idleMs: 5_000,
  otherMs: 900,
  rows: [
    {
      key: "desk#3",
      path: "desk/payments/cards",
      definition: "Cards",
      messageType: "charge",
      ms: 4_100,
      turns: 312,
      hot: { name: "luhn", file: "file:///app/src/cards.ts", line: 31, column: 3 },
    },
    { key: "desk#4", path: "desk/$(alert)", definition: "X", ms: 12, turns: 0 },
  ],
};

suite("a profile by actor", () => {
  test("says of each actor and message how long, which share, how many turns, and where most of it went", () => {
    const [cards, other] = report.rows;
    assert.ok(cards && other);
    assert.deepEqual(profileLine(cards, report), {
      label: "cards · charge",
      description: "4.1 s · 41 % · 312 turns · desk/payments/cards",
    });
    assert.equal(hotWords(cards), "most in luhn, cards.ts:31");
    assert.equal(profileLine(other, report).label, "$ (alert) · after an await");
    assert.equal(hotWords(other), undefined);
  });

  test("says in one line where the time went, and that turns were left out", () => {
    assert.equal(profileSummary(report), "10 s: 4.1 s in actors, 5 s idle, 900 ms elsewhere");
    assert.match(profileSummary({ ...report, isCut: true }), /There were more turns than are noted\.$/);
  });

  test("is believed only as the protocol has it", () => {
    assert.deepEqual(readProfile(JSON.parse(JSON.stringify(report))), report);
    for (const bad of [null, {}, { ...report, ms: "1" }, { ...report, rows: [{}] }, { ...report, profile: 3 }])
      assert.throws(() => readProfile(bad), { name: "ShapeError" });
  });
});
