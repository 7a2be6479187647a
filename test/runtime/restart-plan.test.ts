import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AUTO_SHUTDOWNS,
  afterExit,
  type ExitReason,
  endsBySignificance,
  type PlannedChild,
  RESTART_TYPES,
  restartPlan,
  STRATEGIES,
} from "airssys-rt/spec";
import fc from "fast-check";

const strategies = fc.constantFrom(...STRATEGIES);

/** Children in start order, and which of them failed. */
const failures = fc
  .array(fc.record({ restart: fc.constantFrom(...RESTART_TYPES), running: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  })
  .chain((fields) =>
    fc.record({
      children: fc.constant(fields.map((field, i): PlannedChild => ({ id: `c${i}`, ...field }))),
      failed: fc.nat(fields.length - 1).map((i) => `c${i}`),
    }),
  );

const position = (children: readonly PlannedChild[], id: string): number =>
  children.findIndex((child) => child.id === id);

test("children are stopped in reverse start order and started in start order", () => {
  fc.assert(
    fc.property(strategies, failures, (strategy, { children, failed }) => {
      const { stop, start } = restartPlan(strategy, children, failed);
      const places = (ids: readonly string[]): number[] => ids.map((id) => position(children, id));
      assert.deepEqual(
        places(stop),
        places(stop).toSorted((a, b) => b - a),
      );
      assert.deepEqual(
        places(start),
        places(start).toSorted((a, b) => a - b),
      );
      assert.equal(new Set(start).size, start.length);
    }),
  );
});

test("the child that failed is started, and never stopped or forgotten", () => {
  fc.assert(
    fc.property(strategies, failures, (strategy, { children, failed }) => {
      const plan = restartPlan(strategy, children, failed);
      assert.ok(plan.start.includes(failed));
      assert.ok(!plan.stop.includes(failed) && !plan.forget.includes(failed));
    }),
  );
});

test("only bystanders that run are stopped; each is started again, or forgotten if it is temporary", () => {
  fc.assert(
    fc.property(strategies, failures, (strategy, { children, failed }) => {
      const plan = restartPlan(strategy, children, failed);
      for (const id of plan.stop) {
        const child = children[position(children, id)] as PlannedChild;
        assert.equal(child.running, true);
        assert.equal(plan.start.includes(id), child.restart !== "temporary");
        assert.equal(plan.forget.includes(id), child.restart === "temporary");
      }
    }),
  );
});

test("one_for_one touches nobody else, rest_for_one nobody before, one_for_all everybody", () => {
  fc.assert(
    fc.property(failures, ({ children, failed }) => {
      const touched = (strategy: (typeof STRATEGIES)[number]): string[] => {
        const { stop, forget, start } = restartPlan(strategy, children, failed);
        return [...new Set([...stop, ...forget, ...start])].sort();
      };
      const ids = children.map(({ id }) => id);
      assert.deepEqual(touched("one_for_one"), [failed]);
      assert.deepEqual(touched("simple_one_for_one"), [failed]);
      assert.deepEqual(touched("rest_for_one"), ids.slice(ids.indexOf(failed)));
      assert.deepEqual(touched("one_for_all"), ids);
    }),
  );
});

test("a child that is not there needs no plan", () => {
  for (const strategy of STRATEGIES)
    assert.deepEqual(restartPlan(strategy, [], "x"), { stop: [], forget: [], start: [] });
});

test("what happens to a child depends on its restart type and on whether its end was orderly", () => {
  const orderly: ExitReason[] = [{ kind: "normal" }, { kind: "shutdown" }, { kind: "shutdown", detail: "x" }];
  const others: ExitReason[] = [{ kind: "killed" }, { kind: "noproc" }, { kind: "crashed", cause: 1, where: "exit" }];
  for (const reason of [...orderly, ...others]) {
    assert.equal(afterExit("permanent", reason), "restart");
    assert.equal(afterExit("temporary", reason), "forget");
    assert.equal(afterExit("transient", reason), orderly.includes(reason) ? "keep" : "restart");
  }
});

test("a supervisor ends with a significant child when its mode says so, and with no other", () => {
  const rows = AUTO_SHUTDOWNS.flatMap((mode) =>
    [true, false].flatMap((significant) => [true, false].map((left) => [mode, significant, left] as const)),
  );
  const ends = rows.filter(([mode, significant, left]) => endsBySignificance(mode, significant, left));

  assert.deepEqual(ends, [
    ["any_significant", true, true],
    ["any_significant", true, false],
    ["all_significant", true, false],
  ]);
});
