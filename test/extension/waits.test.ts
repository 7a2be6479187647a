// Who waits for whom, and which actors are of a definition.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ActorRow } from "airssys-rt/inspect";
import { bottleneckOf } from "../../extension/src/programs/bottleneck.ts";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import { waitChain } from "../../extension/src/programs/wait-chain.ts";
import { instancesOf } from "../../extension/src/tree/instances.ts";
import { bottleneckWords, hangsOn, waitLine, waitTooltip } from "../../extension/src/tree/wait-words.ts";
import { actor, snapshot, supervisor } from "./rows.ts";

const asks = (of: string, messageType: string, sinceMs: number, change: Partial<ActorRow> = {}): Partial<ActorRow> => ({
  state: "waiting",
  waitsFor: [
    { key: "shop/nobody", path: "shop/nobody", messageType: "young", sinceMs: 1 },
    { key: of, path: of, messageType, sinceMs },
  ],
  ...change,
});

function explain(...rows: ActorRow[]): { readonly lines: readonly string[]; readonly end: string } {
  const tree = new ProgramTree(() => 0);
  tree.apply(snapshot([supervisor("shop"), ...rows]));
  const chain = waitChain(tree, "shop/a", 2_000);
  return {
    lines: chain.waits.map((wait) => Object.values(waitLine(wait)).join(" | ")),
    end: hangsOn(chain),
  };
}

suite("what an actor waits for", () => {
  test("is followed by the oldest question of each, to the one that everything hangs on", () => {
    const { lines, end } = explain(
      actor("shop/a", 0, asks("shop/b", "get", 4_000)),
      actor("shop/b", 1, asks("shop/c", "read", 3_000)),
      actor("shop/c", 2, { state: "busy", handling: { messageType: "work", seq: 1, sinceMs: 1_000 } }),
    );
    assert.deepEqual(lines, ["a waits for b | get · 6 s", "b waits for c | read · 5 s"]);
    assert.equal(end, "c handles work for 3 s, and asks nobody.");
  });

  test("in a circle ends where it began", () => {
    const { lines, end } = explain(
      actor("shop/a", 0, asks("shop/b", "get", 4_000)),
      actor("shop/b", 1, asks("shop/a", "reserve", 4_000)),
    );
    assert.equal(lines.length, 2);
    assert.equal(end, "a and b wait for each other: neither can go on.");
  });

  test("is told in a tooltip, line by line, with a link to each question that is known", () => {
    const tree = grown(actor("shop/a", 0, waits("shop/b")), actor("shop/b", 1, waits("shop/a")));
    const chain = waitChain(tree, "shop/a", 0);
    assert.equal(
      waitTooltip(chain, new Map([[1, "[b.ts:7](file:///b.ts#L7,3)"]])),
      "- a waits for b · get · 4 s\n- b waits for a · get · 4 s · [b.ts:7](file:///b.ts#L7,3)\n\na and b wait for each other\\: neither can go on\\.",
    );
    assert.equal(waitTooltip(waitChain(tree, "shop", 0), new Map()), undefined);
  });

  test("says of the last why there is no reply", () => {
    const ends = (b: Partial<ActorRow>) =>
      explain(actor("shop/a", 0, asks("shop/b", "get", 2)), actor("shop/b", 1, b)).end;
    assert.equal(ends({ state: "suspended" }), "b is suspended, and takes no message.");
    assert.equal(ends({ state: "restarting" }), "b is down.");
    assert.equal(ends({ left: true }), "b is gone: no reply will come.");
    assert.equal(ends({ mailbox: { depth: 2, capacity: null, overflow: "reject" } }), "2 messages wait for b.");
    assert.equal(ends({}), "b has handled the question, and owes the reply.");
    assert.equal(explain(actor("shop/a", 0, asks("shop/b", "get", 2))).end, "b is gone: no reply will come.");
    assert.equal(explain(actor("shop/a", 0)).end, "It waits for nobody.");
  });
});

const waits = (of: string, change: Partial<ActorRow> = {}): Partial<ActorRow> => ({
  state: "waiting",
  waitsFor: [{ key: of, path: of, kind: "ask", messageType: "get", sinceMs: 4_000 }],
  ...change,
});

function grown(...rows: ActorRow[]): ProgramTree {
  const tree = new ProgramTree(() => 0);
  tree.apply(snapshot([supervisor("shop"), ...rows]));
  return tree;
}

suite("actors that wait for each other", () => {
  test("are found circle by circle, also where one leads into another", () => {
    const tree = grown(
      actor("shop/z", 0, {
        state: "waiting",
        waitsFor: ["shop/a", "shop/y"].map((key) => ({ key, path: key, messageType: "get", sinceMs: 4_000 })),
      }),
      actor("shop/a", 1, waits("shop/b")),
      actor("shop/b", 2, waits("shop/c")),
      actor("shop/c", 3, waits("shop/a")),
      actor("shop/y", 4, waits("shop/z")),
      actor("shop/outside", 5, waits("shop/a")),
    );
    assert.deepEqual(
      tree.deadlocks.map((circle) => [...circle].sort()),
      [
        ["shop/a", "shop/b", "shop/c"],
        ["shop/y", "shop/z"],
      ],
    );
    assert.ok(!tree.isDeadlocked("shop/outside"));
  });

  test("are none while one of them could still answer, has only just asked, or has left", () => {
    const circle = (change: Partial<ActorRow>) =>
      grown(actor("shop/a", 0, waits("shop/b")), actor("shop/b", 1, waits("shop/a", change))).deadlocks;
    assert.equal(circle({}).length, 1);
    assert.deepEqual(circle({ state: "idle" }), []);
    assert.deepEqual(circle({ left: true }), []);
    const young = [{ key: "shop/a", path: "shop/a", messageType: "get", sinceMs: 400 }];
    assert.deepEqual(circle({ waitsFor: young }), []);
  });

  test("may wait for room in a mailbox", () => {
    const room = [{ key: "shop/b", path: "shop/b", kind: "room", messageType: "get", sinceMs: 4_000 } as const];
    const tree = grown(actor("shop/a", 0, waits("shop/b", { waitsFor: room })), actor("shop/b", 1, waits("shop/a")));
    assert.deepEqual(tree.deadlocks, [["shop/a", "shop/b"]]);
    const chain = waitChain(tree, "shop/a", 0);
    assert.equal(waitLine(chain.waits[0] as never).label, "a waits for room in the mailbox of b");
    assert.equal(hangsOn(chain), "a and b wait for each other: neither can go on.");
    const behind = grown(
      ...[
        ["a", "b"],
        ["b", "a"],
        ["c", "a"],
      ].map(([who, whom], at) => actor(`shop/${who}`, at, waits(`shop/${whom}`))),
    );
    assert.equal(hangsOn(waitChain(behind, "shop/c", 0)), "a and b wait for each other: neither can go on.");
  });

  test("may do so through a supervisor, which waits for a child to start or to end", () => {
    const through = (state: "starting" | "stopping") =>
      grown(
        supervisor("shop/staff", 0, { state: "waiting" }),
        actor("shop/staff/new", 0, waits("shop/front", { state })),
        actor("shop/front", 1, waits("shop/staff")),
      );
    for (const [state, words] of [
      ["starting", "staff waits for new to start"],
      ["stopping", "staff waits for new to end"],
    ] as const) {
      const tree = through(state);
      assert.deepEqual([...(tree.deadlocks[0] ?? [])].sort(), ["shop/front", "shop/staff", "shop/staff/new"]);
      const chain = waitChain(tree, "shop/staff", 0);
      assert.ok(chain.isCircle);
      assert.deepEqual(waitLine(chain.waits[0] as never), { label: words, description: "" });
    }
  });

  test("are explained by what closes the circle, not by what waits longest", () => {
    const longer = { key: "shop/c", path: "shop/c", messageType: "old", sinceMs: 9_000 };
    const a = waits("shop/b", { waitsFor: [longer, ...(waits("shop/b").waitsFor ?? [])] });
    const tree = grown(actor("shop/a", 0, a), actor("shop/b", 1, waits("shop/a")), actor("shop/c", 2));
    assert.equal(waitChain(tree, "shop/a", 0).waits[0]?.path, "shop/b");
  });
});

suite("the actor that holds up most others", () => {
  const slow = actor("shop/orders", 0, {
    state: "waiting",
    handling: { messageType: "checkout", seq: 1, sinceMs: 3_400 },
  });

  test("is told with what it does, and who waits for it, directly or not", () => {
    const tree = grown(
      slow,
      actor("shop/gateway", 1, waits("shop/orders")),
      actor("shop/door", 2, waits("shop/gateway")),
      actor("shop/bell", 3, waits("shop/orders")),
    );
    const found = bottleneckOf(tree, 0);
    assert.ok(found);
    assert.equal(
      bottleneckWords(found),
      "orders handles checkout for 3.4 s, and asks nobody. gateway and 2 others wait for it.",
    );
  });

  test("is told by name of one or two that wait, and not at all before they have waited long, or in a circle", () => {
    const words = (...rows: ActorRow[]) => {
      const found = bottleneckOf(grown(slow, ...rows), 0);
      return found && bottleneckWords(found).replace(/^.*nobody\. /, "");
    };
    assert.equal(words(actor("shop/a", 1, waits("shop/orders"))), "a waits for it.");
    assert.equal(
      words(actor("shop/a", 1, waits("shop/orders")), actor("shop/b", 2, waits("shop/orders"))),
      "a and b wait for it.",
    );
    assert.equal(words(actor("shop/a", 1, asks("shop/orders", "get", 1_500))), undefined);
    assert.equal(words(actor("shop/a", 1, waits("shop/b")), actor("shop/b", 2, waits("shop/a"))), undefined);
  });
});

suite("the actors of a definition", () => {
  const tree = new ProgramTree();
  tree.apply(
    snapshot([
      supervisor("shop", 0, { definition: "shop" }),
      actor("shop/w10", 0, { definition: "Packer", incarnation: 3 }),
      actor("shop/w2", 1, { definition: "Packer" }),
      actor("shop/gone", 2, { definition: "Packer", left: true }),
      actor("shop/other", 3, { definition: "Ledger" }),
    ]),
  );
  const paths = (...actors: { name: string; child?: string }[]) => instancesOf(tree, actors).map(({ path }) => path);

  test("are all that live, by their paths", () => {
    assert.deepEqual(paths({ name: "Packer" }), ["shop/w2", "shop/w10"]);
    assert.deepEqual(paths({ name: "shop" }), ["shop"]);
    assert.deepEqual(paths({ name: "Nobody" }), []);
  });

  test("of a child in a spec are those with its id, or all when none has it", () => {
    assert.deepEqual(paths({ name: "Packer", child: "w2" }), ["shop/w2"]);
    assert.deepEqual(paths({ name: "Packer", child: "template" }), ["shop/w2", "shop/w10"]);
  });
});
