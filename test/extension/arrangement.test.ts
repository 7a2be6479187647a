// In which order rows stand, and which of them are shown.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ActorRow } from "airssys-rt/inspect";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram, Order } from "../../extension/src/programs/node.ts";
import { Arranger } from "../../extension/src/tree/arrangement.ts";
import { Outline } from "../../extension/src/tree/outline.ts";
import { actor, delta, shop, snapshot, supervisor } from "./rows.ts";

interface Stage {
  readonly arranger: Arranger;
  readonly tree: ProgramTree;
  readonly program: LiveProgram;
  passes(ms: number): void;
  ids(key: string): readonly string[];
}

function stage(rows: readonly ActorRow[], order: Order = "start", filter = ""): Stage {
  let now = 0;
  const tree = new ProgramTree(() => now);
  tree.apply(snapshot(rows));
  const program = {
    id: "p",
    tree,
    title: "main.ts",
    detail: "",
    can: () => false,
    request: async () => undefined,
  } as LiveProgram;
  const arranger = new Arranger(() => now);
  arranger.arrangement = { order, filter };
  return {
    arranger,
    tree,
    program,
    passes: (ms) => {
      now += ms;
    },
    ids: (key) => arranger.children(program, key).map((child) => tree.row(child)?.id ?? child),
  };
}

const workers = (...changes: Partial<ActorRow>[]): ActorRow[] => [
  supervisor("top"),
  ...changes.map((change, n) => actor(`top/${change.id ?? `w${n}`}`, n, change)),
];
const deep = (depth: number): Partial<ActorRow> => ({ mailbox: { depth, capacity: null, overflow: "reject" } });
const DOWN: Partial<ActorRow> = {
  state: "stopped",
  lastEnd: { at: 0, incarnation: 1, kind: "crashed", text: "crashed in receive: x" },
};

suite("rows in an order", () => {
  test("stand as they were started, or by name with numbers by their value", () => {
    const rows = workers({ id: "w10" }, { id: "w2" }, { id: "alpha" });
    assert.deepEqual(stage(rows).ids("top"), ["w10", "w2", "alpha"]);
    assert.deepEqual(stage(rows, "name").ids("top"), ["alpha", "w2", "w10"]);
  });

  test("by trouble have those that are down first, then those in trouble, also with it below them", () => {
    const rows = [
      supervisor("top"),
      actor("top/calm", 0),
      actor("top/held", 1, { state: "suspended" }),
      supervisor("top/group", 2),
      actor("top/group/one", 0, DOWN),
      actor("top/later", 3),
    ];
    assert.deepEqual(stage(rows, "trouble").ids("top"), ["group", "held", "calm", "later"]);
  });

  test("by mailbox or rate follow the highest below them, in steps, in start order within a step", () => {
    const rows = [
      supervisor("top"),
      actor("top/a", 0, deep(5)),
      actor("top/b", 1, deep(9)),
      supervisor("top/c", 2),
      actor("top/c/full", 0, deep(300)),
      actor("top/d", 3, { rate: 50 }),
    ];
    assert.deepEqual(stage(rows, "mailbox").ids("top"), ["c", "a", "b", "d"]);
    assert.deepEqual(stage(rows, "rate").ids("top"), ["d", "a", "b", "c"]);
  });

  test("do not jump with each number: up at once, down after five seconds without a reason", () => {
    const { tree, ids, passes, arranger, program } = stage(workers(deep(0), deep(2), deep(1)), "mailbox");
    assert.deepEqual(ids("top"), ["w1", "w2", "w0"]);
    const before = arranger.children(program, "top");
    let seq = 2;
    const becomes = (id: number, depth: number) => tree.apply(delta(seq++, [actor(`top/w${id}`, id, deep(depth))]));
    becomes(2, 3);
    assert.equal(arranger.children(program, "top"), before, "the same step: the same list");
    becomes(2, 20);
    assert.deepEqual(ids("top"), ["w2", "w1", "w0"]);
    for (let n = 0; n < 9; n++) {
      becomes(2, n % 2 === 0 ? 0 : 20);
      assert.deepEqual(ids("top"), ["w2", "w1", "w0"]);
      passes(1_000);
    }
    becomes(2, 20);
    ids("top");
    becomes(2, 0);
    ids("top");
    passes(4_999);
    becomes(2, 0);
    assert.deepEqual(ids("top"), ["w2", "w1", "w0"]);
    passes(1);
    becomes(2, 0);
    assert.deepEqual(ids("top"), ["w1", "w0", "w2"]);
  });

  test("of more than a hundred, those in trouble come first in any case, and are found where they stand", () => {
    const many = Array.from({ length: 250 }, (_, n) =>
      n === 230 ? DOWN : n === 120 ? { state: "suspended" as const } : {},
    );
    const { ids, program, arranger } = stage(workers(...many));
    assert.deepEqual(ids("top").slice(0, 3), ["w230", "w120", "w0"]);
    const outline = new Outline((of, key) => arranger.children(of, key));
    outline.show([program], []);
    const [top] = outline.children();
    assert.ok(top);
    const shown = outline.children(top);
    assert.equal(shown.length, 101, "a hundred, and one for the rest");
    assert.deepEqual(shown[0]?.kind === "actor" && shown[0].key, "top/w230");
    const last = outline.find(program, "top/w249");
    assert.equal(last?.parent?.kind, "range");
    assert.equal(stage(workers(...many.slice(0, 100))).ids("top")[0], "w0", "a hundred are read as they were started");
  });
});

suite("many rows", () => {
  test("are placed once for each change, however many ask", () => {
    const many = Array.from({ length: 10_000 }, (_, n) => deep(n % 7));
    for (const order of ["start", "mailbox"] as const) {
      const { tree, arranger, program } = stage(workers(...many), order);
      let looks = 0;
      const [way, trouble] = [tree.way.bind(tree), tree.trouble.bind(tree)];
      const counted =
        <R>(look: (key: string) => R) =>
        (key: string): R => {
          looks++;
          return look(key);
        };
      tree.way = counted(way);
      tree.trouble = counted(trouble);
      const first = arranger.children(program, "top");
      const once = looks;
      assert.ok(once > 0 && once <= 10_000, `${once} looks`);
      for (let asked = 0; asked < 200; asked++) assert.equal(arranger.children(program, "top"), first);
      assert.equal(looks, once);
    }
  });
});

suite("rows that are filtered", () => {
  test("are those with the text in their path below the system, definition or name, and all above them", () => {
    const shown = (filter: string, rows = shop()) => {
      const { ids } = stage(rows, "start", filter);
      return [ids("shop"), ids("shop/payments")];
    };
    assert.deepEqual(shown("CARD"), [["payments"], ["card"]]);
    assert.deepEqual(shown("payments"), [["payments"], ["card", "invoice"]]);
    assert.deepEqual(shown("shop"), [[], []], "the system is in every path, and tells nothing");
    const named = shop().map((row) =>
      row.key === "shop/ledger" ? { ...row, name: "the Books", definition: "Ledger" } : row,
    );
    assert.deepEqual(shown("books", named), [["ledger"], []]);
    assert.deepEqual(shown("ledger", named), [["ledger"], []]);
  });

  test("come and go with the actors, and it is known when nothing is left", () => {
    const { ids, tree, arranger, program } = stage(shop(), "start", "guest");
    assert.deepEqual(ids("shop"), []);
    assert.equal(arranger.hidesAll([program]), true);
    tree.apply(delta(2, [actor("shop/payments/guest-7", 9)]));
    assert.deepEqual([ids("shop"), ids("shop/payments")], [["payments"], ["guest-7"]]);
    assert.equal(arranger.hidesAll([program]), false);
    arranger.arrangement = { order: "start", filter: "" };
    assert.equal(arranger.children(program, "shop"), tree.children("shop"), "without a filter nothing is copied");
  });
});
