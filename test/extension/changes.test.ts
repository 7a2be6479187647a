import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram, Node } from "../../extension/src/programs/node.ts";
import { Changes } from "../../extension/src/tree/changes.ts";
import { Outline } from "../../extension/src/tree/outline.ts";
import { present, type Surroundings } from "../../extension/src/tree/presentation.ts";
import { actor, delta, shop, snapshot, surroundings } from "./rows.ts";

/** A view that has drawn the whole tree. */
function drawn(rows = shop()) {
  const tree = new ProgramTree(() => 0);
  tree.apply(snapshot(rows));
  const program: LiveProgram = {
    id: "main",
    title: "main.ts",
    detail: "",
    tree,
    can: () => true,
    request: () => Promise.resolve(),
  };
  const outline = new Outline();
  outline.show([program], []);
  const view: Surroundings = { ...surroundings, isFolded: ({ kind }) => (kind === "actor" ? false : undefined) };
  const changes = new Changes(outline, () => view);
  const draw = (node?: Node) => {
    for (const child of outline.children(node)) {
      changes.drawn(child);
      draw(child);
    }
  };
  draw();
  const change = (...rows: ReturnType<typeof actor>[]) => changes.add(program, tree.apply(delta(2, rows)));
  const taken = (onlyAlerts = false) => {
    const nodes = changes.take(onlyAlerts);
    return nodes === "all" ? "all" : nodes.map(({ id }) => id.replace(/^a:main:|^r:.*:/, "")).sort();
  };
  const labels = (prefix: string) =>
    [...outline.all].filter(({ id }) => id.startsWith(prefix)).map((node) => present(node, surroundings).label);
  return { change, taken, changes, draw, labels };
}

suite("what is drawn again", () => {
  test("is only what looks different", () => {
    const { change, taken } = drawn();
    change(actor("shop/payments/card", 0, { handled: 9 }), actor("shop/ledger", 1, { rate: 3 }));
    assert.deepEqual(taken(), ["shop/ledger"]);
    assert.deepEqual(taken(), []);
  });

  test("is the parent when a child comes, and all above when one is in trouble", () => {
    const { change, taken } = drawn();
    change(actor("shop/payments/voucher", 2));
    assert.deepEqual(taken(), ["shop/payments"]);
    change(actor("shop/ledger", 1, { state: "restarting" }));
    assert.deepEqual(taken(), ["shop", "shop/ledger"].sort());
  });

  test("is what stands above, when a row has children for the first time: all, when nothing does", () => {
    const { change, taken, draw } = drawn();
    change(actor("shop/late", 9));
    assert.deepEqual(taken(), ["shop"]);
    draw();
    change(actor("shop/late/first", 0));
    assert.deepEqual(taken(true), ["shop"]);
    draw();
    change(actor("shop/late/second", 1));
    assert.deepEqual(taken(true), ["shop/late"]);
    const top = drawn([actor("shop", 0)]);
    top.change(actor("shop/first", 0));
    assert.equal(top.taken(true), "all");
    assert.deepEqual(top.taken(), []);
  });

  test("waits for numbers, and not for alerts", () => {
    const { change, taken, changes } = drawn();
    change(actor("shop/payments/card", 0, { rate: 5 }), actor("shop/ledger", 1, { restarts: 1, incarnation: 2 }));
    assert.deepEqual(taken(true), ["shop/ledger"]);
    assert.ok(!changes.isEmpty);
    assert.ok(taken().includes("shop/payments/card"));
    assert.ok(changes.isEmpty);
  });

  test("is everything after a snapshot, once", () => {
    const { taken, changes } = drawn();
    changes.addAll();
    assert.equal(taken(true), "all");
    assert.deepEqual(taken(), []);
  });

  test("is one row when more come than are shown, with their number; the hundred that are shown stay as they are", () => {
    const { change, taken, draw, labels } = drawn();
    const many = Array.from({ length: 150 }, (_, n) => actor(`shop/payments/w${n}`, n + 2));
    change(...many);
    taken();
    draw();
    assert.deepEqual(labels("r:"), ["… 52 more"]);
    change(actor("shop/payments/late", 999));
    assert.deepEqual(taken(true), []);
    assert.deepEqual(taken(), ["rest"]);
    assert.deepEqual(labels("r:"), ["… 53 more"]);
  });
});
