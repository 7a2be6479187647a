import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, suite, test } from "node:test";
import { FIRST_LOAD_MS, MOST_LOADS, PageLoad } from "../../extension/src/messages/page-load.ts";

suite("a page of a view", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  /** What happens to one, in order. */
  function page(isSeen = true) {
    const told: string[] = [];
    const missed = (ms: number, isLast: boolean): void => void told.push(`missed ${ms}${isLast ? ", the last" : ""}`);
    return { told, one: new PageLoad({ load: () => told.push("load"), missed }, isSeen) };
  }

  test("that says it is there is loaded once", () => {
    const { told, one } = page();
    assert.equal(one.isReady, false);
    mock.timers.tick(FIRST_LOAD_MS - 1);
    one.heard();
    mock.timers.tick(1_000_000);
    assert.deepEqual(told, ["load"]);
    assert.equal(one.isReady, true);
  });

  test("of which nothing is heard is loaded anew, later and later, and given up in the end", () => {
    const { told } = page();
    mock.timers.tick(FIRST_LOAD_MS);
    assert.deepEqual(told, ["load", "missed 10000", "load"]);
    mock.timers.tick(FIRST_LOAD_MS * 2);
    mock.timers.tick(1_000_000);
    assert.equal(told.filter((one) => one === "load").length, MOST_LOADS);
    assert.equal(told.at(-1), "missed 40000, the last");
  });

  test("that comes late is taken all the same", () => {
    const { told, one } = page();
    mock.timers.tick(FIRST_LOAD_MS);
    one.heard();
    mock.timers.tick(1_000_000);
    assert.deepEqual(told, ["load", "missed 10000", "load"]);
  });

  test("that nobody sees has time, and that is gone has all of it", () => {
    const { told, one } = page(false);
    mock.timers.tick(1_000_000);
    assert.deepEqual(told, ["load"]);
    one.attend(true);
    mock.timers.tick(FIRST_LOAD_MS - 1);
    one.attend(false);
    mock.timers.tick(1_000_000);
    assert.deepEqual(told, ["load"]);
    one.attend(true);
    mock.timers.tick(FIRST_LOAD_MS);
    assert.deepEqual(told, ["load", "missed 10000", "load"]);
    one.dispose();
    mock.timers.tick(1_000_000);
    assert.equal(told.length, 3);
  });
});
