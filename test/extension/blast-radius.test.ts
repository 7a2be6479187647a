// What a crash takes along, before it happens, and what it did take along beside what was planned.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ActorRow, InspectEvent } from "airssys-rt/inspect";
import { Aftermaths } from "../../extension/src/programs/aftermath.ts";
import { blastPlanOf } from "../../extension/src/programs/blast-plan.ts";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram } from "../../extension/src/programs/node.ts";
import { BlastRadius, blastOf } from "../../extension/src/tree/blast-radius.ts";
import { actor, delta, snapshot, supervisor } from "./rows.ts";

const flags = (strategy: string, change: object = {}) => ({
  strategy,
  maxRestarts: 3,
  maxRestartPeriodMs: 10_000,
  restartsInWindow: 0,
  autoShutdown: "never",
  ...change,
});

/** The order desk of the pictures. */
function desk(fulfilment: object = {}): ActorRow[] {
  return [
    supervisor("desk", 0, { supervisor: flags("rest_for_one") }),
    actor("desk/ledger", 0),
    supervisor("desk/fulfilment", 1, { supervisor: flags("rest_for_one", fulfilment) }),
    actor("desk/fulfilment/dispatch", 0),
    supervisor("desk/fulfilment/packers", 1),
    ...[1, 2, 3].map((n) => actor(`desk/fulfilment/packers/packer-${n}`, n)),
    actor("desk/fulfilment/gift-wrap", 2, { restart: "temporary" }),
    supervisor("desk/sales", 2),
    actor("desk/sales/orders", 0),
    actor("desk/gateway", 3),
  ];
}

function live(rows: readonly ActorRow[]) {
  const tree = new ProgramTree(() => 0);
  tree.apply(snapshot(rows));
  const aftermaths = new Aftermaths();
  const program = { tree, aftermaths } as unknown as LiveProgram;
  let seq = 1;
  const happens = (events: readonly InspectEvent[], changed: readonly ActorRow[], removed: readonly string[] = []) => {
    aftermaths.before(events, tree);
    tree.apply(delta(++seq, changed, removed));
  };
  return { tree, program, happens };
}

/** Marks as `path: badge words`. */
function marks(program: LiveProgram, key: string): readonly string[] {
  const blast = blastOf(program, key);
  return [...program.tree.rows].flatMap((row) => {
    const mark = blast?.markOf(row.key);
    return mark ? [`${row.id}: ${mark.badge ?? ""} ${mark.words ?? ""} ${mark.icon}`] : [];
  });
}

const DISPATCH = "desk/fulfilment/dispatch";
const crash = { at: 0, incarnation: 1, where: "receive", text: "crashed in receive: boom" };
const crashed = (key: string, at = 1_000): InspectEvent => ({ kind: "crashed", at, key, path: key, crash });
const restarting = (failed: string, stop: string[], start: string[], at = 1_000): InspectEvent => {
  const key = failed.slice(0, failed.lastIndexOf("/"));
  return { kind: "restarting", at, key, path: key, failed, stop, start };
};
const again = (rows: readonly ActorRow[], ...paths: string[]) =>
  rows
    .filter(({ path }) => paths.some((each) => path === each || path.startsWith(`${each}/`)))
    .map((row) => ({ ...row, incarnation: row.incarnation + 1 }));

suite("before a crash", () => {
  test("the rows say who stops and starts again, and who stays down, as the strategy means it", () => {
    const { program } = live(desk());
    assert.equal(blastOf(program, DISPATCH)?.sentence, "When dispatch crashes, 5 restart and gift-wrap stays down.");
    assert.deepEqual(marks(program, DISPATCH), [
      "dispatch: ✕ crashes here target",
      "packers: ↻ stops, starts again debug-restart",
      "packer-1: ↻ state lost debug-restart",
      "packer-2: ↻ state lost debug-restart",
      "packer-3: ↻ state lost debug-restart",
      "gift-wrap: – stops, stays down: temporary circle-slash",
    ]);
  });

  test("one that stands alone, and one that nobody starts again", () => {
    const { program } = live(desk());
    assert.equal(
      blastOf(program, "desk/fulfilment/packers/packer-1")?.sentence,
      "When packer-1 crashes, only it restarts.",
    );
    assert.equal(blastOf(program, "desk/fulfilment/gift-wrap")?.sentence, "When gift-wrap crashes, it stays down.");
    assert.equal(blastOf(program, "desk")?.sentence, "When desk crashes, the system ends, all 12 actors.");
    assert.equal(blastOf(program, "desk/nobody"), undefined);
  });

  test("a supervisor that has used its restarts gives up, and falls as a child of the one above", () => {
    const { program } = live(desk({ restartsInWindow: 3 }));
    assert.equal(blastOf(program, DISPATCH)?.sentence, "When dispatch crashes, fulfilment gives up: 10 restart.");
    assert.ok(marks(program, DISPATCH).includes("fulfilment: ↻ gives up arrow-up"));
    assert.ok(marks(program, DISPATCH).includes("gateway: ↻ state lost debug-restart") === false);
    assert.ok(marks(program, DISPATCH).includes("gateway: ↻ stops, starts again debug-restart"));
    const rows = desk({ restartsInWindow: 3 }).map((row) =>
      row.path === "desk/fulfilment" ? { ...row, restart: "transient" } : row,
    );
    const { sentence } = blastOf(live(rows).program, DISPATCH) ?? {};
    assert.equal(sentence, "When dispatch crashes, fulfilment gives up: 7 stay down.");
  });

  test("a significant child ends its supervisor, where that says so", () => {
    const rows = desk({ autoShutdown: "any_significant" }).map((row) =>
      row.id === "gift-wrap"
        ? { ...row, significant: true as const }
        : row.path === "desk/fulfilment"
          ? { ...row, restart: "temporary" }
          : row,
    );
    const plan = blastPlanOf(live(rows).tree, "desk/fulfilment/gift-wrap");
    assert.deepEqual(plan?.fallen, ["desk/fulfilment"]);
    assert.equal(plan?.fates.get(DISPATCH), "staysDown");
    assert.equal(plan?.fates.get("desk/ledger"), undefined);
  });

  test("what nobody would start again stays down: instances of a template, and what an actor spawned", () => {
    const rows = [
      supervisor("shop", 0, { supervisor: flags("one_for_all") }),
      actor("shop/a", 0),
      supervisor("shop/pool", 1, { supervisor: flags("simple_one_for_one") }),
      actor("shop/pool/1", 0),
      actor("shop/b", 2),
      actor("shop/b/spawned", 0, { restart: undefined as never }),
    ];
    const fates = blastPlanOf(live(rows).tree, "shop/a")?.fates;
    assert.deepEqual(
      ["shop/pool", "shop/pool/1", "shop/b", "shop/b/spawned"].map((key) => fates?.get(key)),
      ["restarts", "staysDown", "restarts", "staysDown"],
    );
  });
});

suite("after a crash", () => {
  const rows = desk();
  const plan = restarting(
    DISPATCH,
    ["desk/fulfilment/gift-wrap", "desk/fulfilment/packers"],
    [DISPATCH, "desk/fulfilment/packers"],
  );

  test("that went as planned, the rows and one sentence say so", () => {
    const { program, happens } = live(rows);
    happens([crashed(DISPATCH), plan], again(rows, DISPATCH, "desk/fulfilment/packers"), ["desk/fulfilment/gift-wrap"]);
    assert.equal(
      blastOf(program, DISPATCH)?.sentence,
      "dispatch crashed: 5 restarted and gift-wrap is down: as planned.",
    );
    assert.deepEqual(marks(program, DISPATCH).slice(0, 2), [
      "dispatch: ✕  target",
      "packers: ↻ as planned debug-restart",
    ]);
  });

  test("that took more, it is said who was not planned and who gave up", () => {
    const { program, happens } = live(rows);
    const gaveUp: InspectEvent = {
      kind: "escalated",
      at: 1_000,
      key: "desk/fulfilment",
      path: "",
      failed: DISPATCH,
      text: "",
    };
    const above = restarting(
      "desk/fulfilment",
      ["desk/gateway", "desk/sales"],
      ["desk/fulfilment", "desk/sales", "desk/gateway"],
    );
    happens([crashed(DISPATCH), gaveUp, above], again(rows, "desk/fulfilment", "desk/sales", "desk/gateway"));
    assert.equal(
      blastOf(program, DISPATCH)?.sentence,
      "dispatch crashed: 6 were to stop, 10 did. fulfilment gave up: more than 3 restarts in 10 s.",
    );
    const shown = marks(program, DISPATCH);
    for (const expected of [
      "fulfilment:  gave up arrow-up",
      "packers: ↻ as planned debug-restart",
      "gift-wrap: ! not planned debug-restart",
      "orders: ! not planned debug-restart",
      "gateway: ! not planned debug-restart",
    ])
      assert.ok(shown.includes(expected), `${expected}\n${shown.join("\n")}`);
  });

  test("a temporary child that comes back in another place with its supervisor has restarted", () => {
    const guest = actor("desk/fulfilment/packers/guest", 9, { restart: "temporary" });
    const { program, happens } = live([...rows, guest]);
    const back = [
      ...again(rows, DISPATCH, "desk/fulfilment/packers"),
      { ...guest, key: "another", parent: "desk/fulfilment/packers" },
    ];
    happens([crashed(DISPATCH), plan], back, [guest.key, "desk/fulfilment/gift-wrap"]);
    assert.equal(
      blastOf(program, DISPATCH)?.sentence,
      "dispatch crashed: 6 restarted and gift-wrap is down: as planned.",
    );
    assert.ok(marks(program, DISPATCH).includes("guest: ↻ as planned debug-restart"));
  });

  test("that is not over, it is said how far it is", () => {
    const { program, happens } = live(rows);
    happens([crashed(DISPATCH), plan], again(rows, "desk/fulfilment/packers"), ["desk/fulfilment/gift-wrap"]);
    assert.equal(blastOf(program, DISPATCH)?.sentence, "dispatch crashed: 5 of 6 done so far.");
  });

  test("what happens seconds later to others is no part of it, and the next crash of the same actor is told instead", () => {
    const { program, happens } = live(rows);
    const orders = "desk/sales/orders";
    happens([crashed(orders)], []);
    happens([restarting(orders, [], [orders])], again(rows, orders));
    assert.equal(blastOf(program, orders)?.sentence, "orders crashed: only it restarted: as planned.");
    happens(
      [crashed("desk/gateway", 9_000), restarting("desk/gateway", [], ["desk/gateway"], 9_000)],
      again(rows, "desk/gateway"),
    );
    assert.equal(blastOf(program, orders)?.sentence, "orders crashed: only it restarted: as planned.");
    happens([crashed(orders, 20_000)], []);
    assert.equal(blastOf(program, orders)?.sentence, "orders crashed: 0 of 1 done so far.");
  });

  test("that is told of together with another is compared with the same lives, and one that comes later with those of then", () => {
    const { program, happens } = live(rows);
    const [orders, gateway] = ["desk/sales/orders", "desk/gateway"];
    const livesBefore = (key: string) => program.aftermaths?.of(key)?.lives;
    happens([crashed(orders), crashed(gateway)], again(rows, orders, gateway));
    assert.ok(livesBefore(orders) !== undefined);
    assert.equal(livesBefore(orders), livesBefore(gateway));
    happens([crashed(gateway, 9_000)], again(again(rows, gateway), gateway));
    assert.equal(livesBefore(orders)?.get(gateway)?.incarnation, 1);
    assert.equal(livesBefore(gateway)?.get(gateway)?.incarnation, 2);
  });

  test("an actor that was killed has ended, and not crashed", () => {
    const { program, happens } = live(rows);
    happens([restarting("desk/ledger", [], ["desk/ledger"])], again(rows, "desk/ledger"));
    assert.equal(blastOf(program, "desk/ledger")?.sentence, "ledger ended: only it restarted: as planned.");
  });

  test("what is shown before a crash becomes what happened, until it is hidden", () => {
    const { program, happens } = live(rows);
    const shown = new BlastRadius();
    assert.equal(shown.show(program, "desk/nobody"), false);
    assert.ok(shown.show(program, "desk/gateway"));
    assert.equal(shown.current?.sentence, "When gateway crashes, only it restarts.");
    happens([crashed("desk/gateway")], again(rows, "desk/gateway"));
    assert.equal(shown.current?.sentence, "gateway crashed: only it restarted: as planned.");
    shown.hide();
    assert.equal(shown.markOf(program, "desk/gateway"), undefined);
  });
});
