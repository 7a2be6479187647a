import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Capability } from "airssys-rt/inspect";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram, Node } from "../../extension/src/programs/node.ts";
import { Outline } from "../../extension/src/tree/outline.ts";
import { present as presentIn } from "../../extension/src/tree/presentation.ts";
import { actor, delta, shop, snapshot, supervisor, surroundings } from "./rows.ts";

const present = (node: Node, change: Partial<typeof surroundings> = {}) =>
  presentIn(node, { ...surroundings, ...change });

function program(id: string, rows = shop(), can: (capability: Capability) => boolean = () => true): LiveProgram {
  const tree = new ProgramTree(() => 0);
  tree.apply(snapshot(rows));
  return { id, title: `${id}.ts`, detail: "pid 1", tree, can, request: () => Promise.resolve() };
}

function outline(...programs: LiveProgram[]): Outline {
  const made = new Outline();
  made.show(programs, []);
  return made;
}

function labels(nodes: readonly Node[]): string[] {
  return nodes.map((node) => present(node).label);
}

function crowd(size: number): LiveProgram {
  return program("crowd", [supervisor("shop"), ...Array.from({ length: size }, (_, n) => actor(`shop/${n}`, n))]);
}

const span = { uri: "file:///main.ts", range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };

suite("the outline", () => {
  test("one program shows its systems", () => {
    const tree = outline(program("main"));
    assert.deepEqual(labels(tree.children()), ["shop"]);
    assert.deepEqual(labels(tree.children(tree.children()[0])), ["payments", "ledger"]);
  });

  test("one program that is watched stands above its systems, and says so", () => {
    const watched = { ...program("main"), isWatched: true };
    const tree = outline(watched);
    const [top] = tree.children();
    assert.deepEqual(labels(tree.children(top)), ["shop"]);
    const { icon, context } = present(top as Node);
    assert.deepEqual([icon.id, context], ["eye", "program watched"]);
  });

  test("two programs stand side by side, with their systems below", () => {
    const tree = outline(program("one"), program("two"));
    assert.deepEqual(labels(tree.children()), ["one.ts", "two.ts"]);
    assert.deepEqual(labels(tree.children(tree.children()[1])), ["shop"]);
  });

  test("a program without a system says so", () => {
    const tree = outline(program("main", []));
    const [only] = tree.children();
    assert.ok(only);
    assert.equal(present(only).description, "pid 1 · no actor system yet");
    assert.equal(present(only).expands, "open");
  });

  test("before anything runs it shows the source", () => {
    const tree = new Outline();
    tree.show(
      [],
      [
        {
          id: "shop",
          kind: "supervisor",
          spec: span,
          strategy: "one_for_all",
          children: [{ kind: "unknown", spec: span, unknown: "computed", children: [] }],
        },
      ],
    );
    assert.deepEqual(labels(tree.children()), ["shop"]);
    const [child] = tree.children(tree.children()[0]);
    assert.ok(child);
    assert.equal(present(child).description, "computed");
    assert.equal(present(child).icon.id, "question");
  });

  test("the same place is the same object and the same id after every change", () => {
    const live = program("main");
    const tree = outline(live);
    const [top] = tree.children();
    const before = tree.children(top);
    live.tree.apply(delta(2, [actor("shop/z", 5)]));
    const after = tree.children(top);
    assert.equal(after[0], before[0]);
    assert.equal(after.length, 3);
  });

  test("what has gone is forgotten, with all below it", () => {
    const live = program("main");
    const tree = outline(live);
    const [top] = tree.children();
    tree.children(tree.children(top)[0]);
    live.tree.apply(delta(2, [], ["shop/payments/card", "shop/payments/invoice", "shop/payments"]));
    tree.children(top);
    assert.deepEqual(
      [...tree.all].map(({ id }) => id),
      ["a:main:shop", "a:main:shop/ledger"],
    );
  });

  test("a hundred children stand for themselves, the others below one row", () => {
    const tree = outline(crowd(1_000));
    const rows = tree.children(tree.children()[0]);
    assert.equal(rows.length, 101);
    assert.equal(present(rows.at(-1) as Node).label, "… 900 more");
    assert.equal(tree.children(rows.at(-1)).length, 9);
    assert.deepEqual(labels(tree.children(tree.children(rows.at(-1))[8])).at(-1), "999");
  });

  test("no row has more than about a hundred below it, with a million actors too", () => {
    const tree = outline(crowd(120_000));
    let rows = tree.children(tree.children()[0]);
    for (let depth = 0; rows.length > 0 && depth < 10; depth++) {
      assert.ok(rows.length <= 101, String(rows.length));
      rows = tree.children(rows.at(-1));
    }
  });

  test("an actor is found below its groups", () => {
    const live = crowd(1_000);
    const tree = outline(live);
    const found = tree.find(live, "shop/731");
    assert.equal(found?.parent?.kind, "range");
    assert.equal(found?.parent?.parent?.kind, "range");
    assert.equal(tree.find(live, "shop/none"), undefined);
  });
});

suite("the outline in trouble", () => {
  test("a program that does not answer stands above its systems while nobody can tell who keeps it", () => {
    const mute = { ...program("main"), silence: { ms: 6_400, runner: undefined } };
    const [only] = outline(mute).children();
    assert.ok(only);
    assert.deepEqual([present(only).label, present(only).description], ["main.ts", "last seen 6 s ago"]);
    const known = { ...program("main"), silence: { ms: 6_400, runner: { key: "shop/ledger", path: "shop/ledger" } } };
    assert.deepEqual(labels(outline(known).children()), ["shop"]);
  });

  test("children that come and go by the hundred are a number, not rows", () => {
    const children = Array.from({ length: 40 }, (_, n) => actor(`shop/${n}`, n));
    const live = program("main", [supervisor("shop", 0, { births: 1_012 }), ...children]);
    const tree = outline(live);
    const [top] = tree.children();
    assert.ok(top);
    assert.deepEqual(tree.children(top), []);
    const { description, expands } = present(top);
    assert.deepEqual([description, expands], ["about 40 · 1,000 starts/s · one_for_one", "never"]);
  });
});
