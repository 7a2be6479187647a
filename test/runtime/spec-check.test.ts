import assert from "node:assert/strict";
import { test } from "node:test";
import { checkChildSpec, checkSupervisorSpec, type SpecFaultCode, UNKNOWN } from "airssys-rt/spec";
import fc from "fast-check";

const start = (): never => assert.fail("checking a spec starts nobody");
const sound = { id: "child", start };

/** A field of a child spec, values that will do, and values that will not. */
const FIELDS: Readonly<Record<string, { good: readonly unknown[]; bad: readonly unknown[]; code: SpecFaultCode }>> = {
  id: { good: ["a", "a b", "$1"], bad: ["", "a/b", 7, null, {}], code: "invalid_id" },
  start: { good: [start, { create: start }], bad: ["start", 7, null, {}, []], code: "invalid_start" },
  restart: { good: ["permanent", "transient", "temporary"], bad: ["never", "", 1, null], code: "invalid_restart" },
  shutdown: {
    good: ["brutal_kill", "infinity", 0, 0.5, 5_000],
    bad: [-1, Number.NaN, Number.POSITIVE_INFINITY, "5000", null],
    code: "invalid_shutdown",
  },
  type: { good: ["worker", "supervisor"], bad: ["wrker", 1, null], code: "invalid_type" },
  name: { good: ["a name"], bad: ["", 7, null], code: "invalid_name" },
  startTimeoutMs: { good: [1, "infinity"], bad: [0, -1, Number.POSITIVE_INFINITY, "1"], code: "invalid_start_timeout" },
  mailbox: {
    good: [{}, { capacity: 1 }, { capacity: Number.POSITIVE_INFINITY }, { overflow: "block" }],
    bad: [{ capacity: 0 }, { capacity: 1.5 }, { overflow: "grow" }, 7, null],
    code: "invalid_mailbox",
  },
  backoff: {
    good: [
      { minMs: 1, maxMs: 1 },
      { minMs: 1, maxMs: 2, factor: 1, jitter: 1, resetAfterMs: 5 },
    ],
    bad: [{ minMs: 0, maxMs: 1 }, { minMs: 2, maxMs: 1 }, { minMs: 1, maxMs: 2, factor: 0.5 }, 7, null],
    code: "invalid_backoff",
  },
};

test("each field of a child spec takes its values, and every other is a fault of that field alone", () => {
  for (const [field, { good, bad, code }] of Object.entries(FIELDS)) {
    for (const value of good)
      assert.deepEqual(checkChildSpec({ ...sound, [field]: value }), [], `${field}: ${String(value)}`);
    for (const value of bad) {
      const faults = checkChildSpec({ ...sound, [field]: value });
      assert.deepEqual(
        [faults.length, faults[0]?.code, faults[0]?.path[0]],
        [1, code, field],
        `${field}: ${String(value)}`,
      );
    }
  }
});

test("every combination of sound fields is sound, and of faulty ones has every fault", () => {
  const choice = fc.record(
    Object.fromEntries(
      Object.entries(FIELDS).map(([field, { good, bad }]) => [
        field,
        fc.oneof(
          fc.constantFrom(...good).map((value) => ({ value, isGood: true })),
          fc.constantFrom(...bad).map((value) => ({ value, isGood: false })),
        ),
      ]),
    ),
  );
  fc.assert(
    fc.property(choice, (fields) => {
      const spec = Object.fromEntries(Object.entries(fields).map(([field, { value }]) => [field, value]));
      const expected = Object.entries(fields).flatMap(([field, { isGood }]) => (isGood ? [] : [FIELDS[field]?.code]));
      assert.deepEqual(
        checkChildSpec(spec)
          .map(({ code }) => code)
          .toSorted(),
        expected.toSorted(),
      );
    }),
  );
});

test("what is not known before the program runs is never a fault", () => {
  for (const field of Object.keys(FIELDS)) assert.deepEqual(checkChildSpec({ ...sound, [field]: UNKNOWN }), []);
  assert.deepEqual(checkSupervisorSpec(UNKNOWN), []);
  assert.deepEqual(checkSupervisorSpec({ strategy: UNKNOWN, children: UNKNOWN }), []);
  assert.deepEqual(checkSupervisorSpec({ strategy: "simple_one_for_one", children: [UNKNOWN] }), []);
});

test("a misspelt word is answered with the one that was probably meant", () => {
  const [strategy] = checkSupervisorSpec({ strategy: "one_for_al", children: [] });
  const [key] = checkChildSpec({ ...sound, shutdwon: 1 });
  const [far] = checkChildSpec({ ...sound, restart: "xylophone" });

  assert.deepEqual([strategy?.suggestion, key?.suggestion, far?.suggestion], ["one_for_all", "shutdown", undefined]);
});

test("whatever is handed in, checking never throws", () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (spec, flags) => {
      checkSupervisorSpec(spec);
      checkSupervisorSpec({ children: [spec, spec] });
      checkChildSpec(spec, flags, flags);
    }),
  );
});
