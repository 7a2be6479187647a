// Who waits for whom, and which actors are of a definition.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ActorRow } from "airssys-rt/inspect";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import { waitChain } from "../../extension/src/programs/wait-chain.ts";
import { instancesOf } from "../../extension/src/tree/instances.ts";
import { hangsOn, waitLine } from "../../extension/src/tree/wait-words.ts";
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
    assert.equal(end, "They wait for each other: neither can go on.");
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
