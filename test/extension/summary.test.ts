// The line above the rows and the item in the status bar: an answer to "what is wrong", the worst first.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ActorRow, SystemRow } from "airssys-rt/inspect";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram } from "../../extension/src/programs/node.ts";
import { type Background, summarize } from "../../extension/src/tree/summary.ts";
import { actor, delta, shop, snapshot, supervisor, system } from "./rows.ts";

function program(rows: readonly ActorRow[] = shop(), health: Partial<SystemRow["health"]> = {}) {
  const tree = new ProgramTree(() => 0);
  const systems =
    rows.length === 0
      ? []
      : [{ ...system("shop"), health: { ...system("shop").health, actors: rows.length, ...health } }];
  tree.apply({ ...snapshot(rows), systems });
  return { title: "main.ts", tree };
}

type Summed = ReturnType<typeof program> & Partial<LiveProgram>;

const say = (programs: readonly Summed[], background: Partial<Background> = {}) =>
  summarize(programs, { hasSource: false, refusals: [], now: 0, ...background });
const both = (...programs: Summed[]) => {
  const { message, status } = say(programs);
  return [message, status.icon, status.text, status.background];
};
const failed = { at: 0, incarnation: 1, kind: "crashed", text: "crashed in receive: boom" } as const;
const waiting = (path: string, on: string) =>
  actor(path, 0, { state: "waiting", waitsFor: [{ key: on, path: on, messageType: "find", sinceMs: 4_000 }] });

suite("the line at the top, and the status bar", () => {
  test("calm: how many actors, and how fast", () => {
    assert.deepEqual(both(program(shop(), { actors: 16, throughput: 340.4 })), [
      "16 actors · 340 msg/s",
      "type-hierarchy",
      "16 actors",
      undefined,
    ]);
    assert.equal(say([program(shop(), { actors: 16 })]).message, "16 actors");
  });

  test("what is watched is marked, while it runs", () => {
    const watched = { ...program(), isWatched: true };
    assert.equal(say([watched]).status.isWatched, true);
    assert.equal(say([program(), watched]).status.isWatched, true);
    assert.equal(say([program()]).status.isWatched, undefined);
    assert.equal(say([{ ...watched, endedAt: 1 }]).status.isWatched, undefined);
  });

  test("trouble comes first", () => {
    const rows = [
      ...shop().slice(0, 2),
      actor("shop/payments/card", 0, { state: "stopped", left: true, lastEnd: failed }),
      actor("shop/ledger", 1, { state: "suspended" }),
    ];
    const live = program(rows, { actors: 16, deadLetters: 12, throughput: 340 });
    assert.deepEqual(both(live), [
      "1 down · 1 in trouble · 12 dead letters · 340 msg/s",
      "error",
      "1 of 16 actors down",
      "warning",
    ]);
  });

  test("a failure the supervisor has dealt with", () => {
    const flags = {
      strategy: "one_for_one",
      maxRestarts: 5,
      maxRestartPeriodMs: 1_000,
      restartsInWindow: 4,
      autoShutdown: "never",
    };
    const rows = [
      supervisor("shop", 0, { supervisor: flags }),
      actor("shop/cards", 0, { incarnation: 2, restarts: 1, lastEnd: failed }),
    ];
    assert.deepEqual(both(program(rows)), ["2 in trouble", "debug-restart", "cards restarted 4/5", undefined]);
  });

  test("no answer: pause to see who, attach where nothing can pause it, or who it is", () => {
    const silence = { ms: 6_300, runner: undefined };
    const pause = () => Promise.resolve();
    assert.deepEqual(both({ ...program(), silence, pause }), [
      "main.ts does not answer for 6 s: pause to see who.",
      "flame",
      "main.ts does not answer, 6 s",
      "error",
    ]);
    assert.equal(say([{ ...program(), silence }]).message, "main.ts does not answer for 6 s: attach to see who.");
    assert.deepEqual(both({ ...program(), silence: { ...silence, isHalted: true }, pause }), [
      "main.ts does not answer for 6 s: its process is stopped (Ctrl+Z or SIGSTOP) until it gets SIGCONT.",
      "flame",
      "main.ts does not answer, 6 s",
      "error",
    ]);
    const runner = { key: "shop/payments/card", path: "shop/payments/card", messageType: "charge" };
    assert.equal(
      say([{ ...program(), silence: { ms: 6_300, runner } }]).message,
      "card has not let go for 6 s: nobody else can run.",
    );
  });

  test("a deadlock names who waits", () => {
    const rows = [
      supervisor("shop"),
      waiting("shop/orders", "shop/inventory"),
      waiting("shop/inventory", "shop/orders"),
    ];
    assert.deepEqual(both(program(rows)), [
      "orders and inventory wait for each other: neither can go on.",
      "sync-ignored",
      "2 actors wait for each other",
      "warning",
    ]);
    const three = [
      supervisor("shop"),
      waiting("shop/a", "shop/b"),
      waiting("shop/b", "shop/c"),
      waiting("shop/c", "shop/a"),
    ];
    assert.equal(say([program(three)]).message, "a, b and c wait for each other: none can go on.");
  });

  test("several deadlocks: the first by name, how many more, and all who wait in the status bar", () => {
    const rows = ["a", "b", "c", "d"].map((name, at) => waiting(`shop/${name}`, `shop/${["b", "a", "d", "c"][at]}`));
    const [message, , status] = both(program([supervisor("shop"), ...rows]));
    assert.equal(message, "a and b wait for each other: neither can go on. There is 1 more circle.");
    assert.equal(status, "4 actors wait for each other");
  });

  test("who holds up others is told, unless one is down", () => {
    const slow = actor("shop/orders", 0, {
      state: "waiting",
      handling: { messageType: "checkout", seq: 1, sinceMs: 3_400 },
    });
    const rows = [supervisor("shop"), slow, waiting("shop/gateway", "shop/orders")];
    assert.equal(
      say([program(rows)]).message,
      "orders handles checkout for 3.4 s, and asks nobody. gateway waits for it.",
    );
    const down = actor("shop/cards", 2, { state: "stopped", left: true, lastEnd: failed });
    assert.equal(say([program([...rows, down])]).message, "1 down · 1 in trouble");
  });

  test("a click on a program that does not answer pauses it where a debugger can, and shows it where none can", () => {
    const silence = { ms: 6_300, runner: undefined };
    assert.equal(say([{ ...program(), silence, pause: () => Promise.resolve() }]).status.click, "pause");
    assert.equal(say([{ ...program(), silence }]).status.click, undefined);
    const halted = { ...silence, isHalted: true };
    assert.equal(say([{ ...program(), silence: halted, pause: () => Promise.resolve() }]).status.click, undefined);
  });

  test("the actors of a system that has ended are not counted as down beside one that runs", () => {
    const live = program();
    const end = { at: 0, incarnation: 1, kind: "gaveUp", text: "" } as const;
    const last = shop().map((row) => ({ ...row, left: true as const, state: "stopped" as const, lastEnd: failed }));
    live.tree.apply(delta(2, last, [], { systems: [{ ...system("shop"), end }] }));
    assert.equal(both(live)[2], "shop gave up");
  });

  test("paused, and where", () => {
    const runner = { key: "shop/payments/card", path: "shop/payments/card", messageType: "charge" };
    assert.deepEqual(both({ ...program(), isPaused: true, runner }), [
      "Paused in card, on charge. Time stands still for all actors.",
      "debug-pause",
      "Paused in card on charge",
      undefined,
    ]);
    assert.equal(
      say([{ ...program(), isPaused: true }]).message,
      "Paused by the debugger: main.ts. Time stands still for all actors.",
    );
  });

  test("ended, and why, until the next start: the tree stays as it was", () => {
    const live = program();
    const at = new Date(2026, 0, 1, 14, 3, 21).getTime();
    const end = { at, incarnation: 1, kind: "gaveUp", text: "", cause: "shop/payments/card" } as const;
    const last = shop().map((row) => ({ ...row, left: true as const, state: "stopped" as const }));
    live.tree.apply(delta(2, last, [], { systems: [{ ...system("shop"), end }] }));
    live.tree.apply(delta(3, [], [], { systems: [] }));
    const over = { ...live, endedAt: at + 50 };
    assert.deepEqual(both(over), [
      "Ended 14:03:21: shop gave up. The cause is card.",
      "circle-slash",
      "shop gave up",
      "warning",
    ]);
    assert.equal(both(live)[0], both(over)[0], "also while its process goes on");
    assert.equal(live.tree.row("shop/ledger")?.left, true);
    live.tree.apply(delta(4, [supervisor("shop")], [], { systems: [system("shop")] }));
    assert.deepEqual([live.tree.failure, live.tree.size], [undefined, 1], "the next start clears it");
  });

  test("before the first system: starting; what is refused is said, not hidden", () => {
    assert.deepEqual(both(program([])), ["main.ts is starting.", "loading~spin", "Actors starting", undefined]);
    assert.equal(say([], { hasSource: true }).message, "Not running. This is what the source says.");
    assert.equal(say([]).message, "");
    const refusals = ["main.ts: the frame is too long"];
    assert.equal(
      say([], { hasSource: true, refusals }).message,
      "The actors cannot be shown. main.ts: the frame is too long.",
    );
  });
});
