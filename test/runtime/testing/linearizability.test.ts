// What can be told as if it had happened one after the other: the checker against trying every order.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Operation, SequentialModel } from "../../../runtime/src/testing/linearizability.ts";

const { judge } = (await import(
  new URL("linearizability.js", import.meta.resolve("airssys-rt/testing")).href
)) as typeof import("../../../runtime/src/testing/linearizability.ts");

/** An operation on a register. */
interface Use extends Operation {
  readonly does: "read" | "write";
  readonly value: number;
}

const register: SequentialModel<Use, number> = {
  first: 0,
  textOf: String,
  step: (state, { does, value, ended }) => {
    if (does === "write") return { state: value };
    return ended === undefined || state === value ? { state } : undefined;
  },
};

const use = (does: Use["does"], value: number, began: number, ended: number | undefined): Use => ({
  ...{ does, value, began, ended },
});

const TABLE: readonly (readonly [title: string, operations: readonly Use[], isLinearizable: boolean])[] = [
  ["nothing", [], true],
  ["a read of what is there", [use("read", 0, 1, 2)], true],
  ["a read of what is not", [use("read", 1, 1, 2)], false],
  ["a read after a write", [use("write", 1, 1, 2), use("read", 1, 3, 4)], true],
  ["an old value after a write has ended", [use("write", 1, 1, 2), use("read", 0, 3, 4)], false],
  ["an old value during a write", [use("write", 1, 1, 4), use("read", 0, 2, 3)], true],
  ["a new value during a write", [use("write", 1, 1, 4), use("read", 1, 2, 3)], true],
  ["new, then old, during a write", [use("write", 1, 1, 6), use("read", 1, 2, 3), use("read", 0, 4, 5)], false],
  ["old, then new, during a write", [use("write", 1, 1, 6), use("read", 0, 2, 3), use("read", 1, 4, 5)], true],
  ["a write that never ends, seen", [use("write", 1, 1, undefined), use("read", 1, 2, 3)], true],
  ["a write that never ends, not seen", [use("write", 1, 1, undefined), use("read", 0, 2, 3)], true],
  [
    "a write that never ends, seen and forgotten",
    [use("write", 1, 1, undefined), use("read", 1, 2, 3), use("read", 0, 4, 5)],
    false,
  ],
  ["what is seen before it began", [use("read", 1, 1, 2), use("write", 1, 3, undefined)], false],
];

for (const [title, operations, isLinearizable] of TABLE)
  test(`${title}: ${isLinearizable ? "" : "not "}linearizable`, () => {
    assert.equal(judge(operations, register, 1_000).is, isLinearizable ? "linearizable" : "not linearizable");
  });

/** Tries every order of every choice of those that never ended. */
function canBeOrdered(left: readonly Use[], state: number): boolean {
  if (left.every(({ ended }) => ended === undefined)) return true;
  const firstEnd = Math.min(...left.map(({ ended }) => ended ?? Number.POSITIVE_INFINITY));
  return left.some((operation) => {
    if (operation.began > firstEnd) return false;
    const next = register.step(state, operation);
    return (
      next !== undefined &&
      canBeOrdered(
        left.filter((other) => other !== operation),
        next.state,
      )
    );
  });
}

/** Histories of moments in some order, of which each operation has two. */
const histories = fc
  .array(
    fc.record({ does: fc.constantFrom("read" as const, "write" as const), value: fc.nat(2), isOpen: fc.boolean() }),
    {
      maxLength: 6,
    },
  )
  .chain((uses) =>
    fc
      .shuffledSubarray(
        Array.from({ length: uses.length * 2 }, (_, at) => at + 1),
        { minLength: uses.length * 2 },
      )
      .map((moments) =>
        uses.map(({ does, value, isOpen }, at) => {
          const pair = moments.slice(at * 2, at * 2 + 2).sort((one, other) => one - other) as [number, number];
          return use(does, value, pair[0], isOpen && at % 3 === 0 ? undefined : pair[1]);
        }),
      ),
  );

test("the verdict is that of trying every order", () => {
  const counts = { yes: 0, no: 0 };
  fc.assert(
    fc.property(histories, (operations) => {
      const { is } = judge(operations, register, 100_000);
      const expected = canBeOrdered(operations, 0);
      counts[expected ? "yes" : "no"]++;
      assert.equal(is, expected ? "linearizable" : "not linearizable");
    }),
    { numRuns: 2_000, seed: 3 },
  );
  assert.ok(counts.yes > 200 && counts.no > 200, JSON.stringify(counts));
});

test("the answer that no order explains is the furthest that was come to", () => {
  const wrong = use("read", 7, 5, 6);
  const verdict = judge([use("write", 1, 1, 2), use("read", 1, 3, 4), wrong, use("read", 1, 7, 8)], register, 1_000);
  assert.deepEqual(verdict, { is: "not linearizable", until: wrong });
});

test("a history with too many orders is undecided after so many states, and memory makes many decidable", () => {
  const writes = Array.from({ length: 16 }, (_, at) => use("write", at, at + 1, 100 + at));
  const impossible = use("read", 99, 200, 201);
  assert.deepEqual(judge([...writes, impossible], register, 1_000), { is: "undecided", tried: 1_000 });
  // Of as many writes of one value there are as many orders, and few states.
  const alike = writes.map((write) => ({ ...write, value: 1 })).slice(0, 10);
  assert.equal(judge([...alike, impossible], register, 20_000).is, "not linearizable");
});
