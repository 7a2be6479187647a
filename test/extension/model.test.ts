import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import { actor, delta, shop, snapshot, supervisor, system } from "./rows.ts";

function grown(): ProgramTree {
  const tree = new ProgramTree();
  tree.apply(snapshot(shop()));
  return tree;
}

suite("the tree of a program", () => {
  test("children stand in start order, whatever the order of the rows", () => {
    const tree = new ProgramTree();
    tree.apply(snapshot([actor("shop/b", 1), actor("shop/c", 2), actor("shop/a", 0), supervisor("shop")]));
    assert.deepEqual(tree.children("shop"), ["shop/a", "shop/b", "shop/c"]);
  });

  test("a snapshot voids everything before it", () => {
    const tree = grown();
    assert.equal(tree.apply(snapshot([supervisor("other")])), "all");
    assert.equal(tree.size, 1);
    assert.deepEqual(tree.children("shop"), []);
  });

  test("a delta names the rows it changed, and no others", () => {
    const tree = grown();
    const changed = tree.apply(delta(2, [actor("shop/payments/card", 0, { handled: 7 })]));
    assert.deepEqual(changed, new Set(["shop/payments/card"]));
    assert.equal(tree.row("shop/payments/card")?.handled, 7);
  });

  test("a new child and a removed one change their parent", () => {
    const tree = grown();
    const changed = tree.apply(delta(2, [actor("shop/payments/voucher", 2)], ["shop/payments/invoice"]));
    assert.ok(changed !== "all" && changed.has("shop/payments"));
    assert.deepEqual(tree.children("shop/payments"), ["shop/payments/card", "shop/payments/voucher"]);
  });

  test("trouble is counted all the way up, and no longer when it is over", () => {
    const tree = grown();
    const changed = tree.apply(delta(2, [actor("shop/payments/card", 0, { state: "restarting" })]));
    assert.deepEqual(changed, new Set(["shop/payments/card", "shop/payments", "shop"]));
    assert.deepEqual(tree.trouble("shop"), { warned: 0, down: 1 });
    assert.deepEqual(tree.troubleBelow("shop/payments"), { warned: 0, down: 1 });
    assert.deepEqual(tree.troubleBelow("shop/payments/card"), { warned: 0, down: 0 }, "not itself: nobody is below it");
    assert.equal(tree.worst, "shop/payments/card");
    tree.apply(delta(3, [actor("shop/payments/card", 0, { incarnation: 2 })]));
    assert.deepEqual(tree.trouble("shop"), { warned: 0, down: 0 });
    assert.equal(tree.worst, undefined);
  });

  test("an actor that comes back below another parent leaves the first", () => {
    const tree = grown();
    tree.apply(delta(2, [actor("shop/payments/card", 9, { parent: "shop" })]));
    assert.deepEqual(tree.children("shop/payments"), ["shop/payments/invoice"]);
    assert.deepEqual(tree.children("shop"), ["shop/payments", "shop/ledger", "shop/payments/card"]);
  });

  test("a circle of parents does not hang it", () => {
    const tree = new ProgramTree();
    tree.apply(snapshot([actor("a", 0, { parent: "b", state: "restarting" }), actor("b", 0, { parent: "a" })]));
    assert.ok(tree.trouble("b").down > 0);
  });

  test("another system changes everything", () => {
    assert.equal(grown().apply(delta(2, [], [], { systems: [system("shop"), system("bank")] })), "all");
  });

  test("ten thousand actors are taken in and changed at once", () => {
    const tree = new ProgramTree();
    const rows = [supervisor("big"), ...Array.from({ length: 10_000 }, (_, n) => actor(`big/${n}`, n))];
    const start = performance.now();
    tree.apply(snapshot(rows));
    tree.apply(
      delta(
        2,
        rows.slice(1).map((row) => ({ ...row, state: "restarting" as const })),
        [],
        { systems: [system("big")] },
      ),
    );
    assert.equal(tree.trouble("big").down, 10_000);
    assert.equal(tree.children("big").length, 10_000);
    assert.ok(performance.now() - start < 2_000, "not linear");
  });
});
