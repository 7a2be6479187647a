import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { Node } from "../../extension/src/programs/node.ts";
import { crashedOf, withStack } from "../../extension/src/tree/last-crash.ts";
import { actor, snapshot } from "./rows.ts";

const lastCrash = { at: 0, incarnation: 2, where: "receive", text: "x" };
const row = actor("shop/a", 0, { lastCrash });

function program(answer: () => Promise<unknown>, can = true) {
  const asked: unknown[] = [];
  const live = {
    ...{ id: "1", title: "main.ts", detail: "", tree: new ProgramTree(), can: () => can },
    request: (request: unknown) => {
      asked.push(request);
      return answer();
    },
  };
  return { live, asked };
}

test("the stack of a crash is asked for when somebody wants to see it, and shown if it is of that crash", async () => {
  const { live, asked } = program(async () => ({ ...lastCrash, stack: "Error: x\n at y" }));
  assert.equal((await withStack(live, row)).lastCrash?.stack, "Error: x\n at y");
  assert.deepEqual(asked, [{ type: "crash", key: "shop/a" }]);

  const later = program(async () => ({ ...lastCrash, incarnation: 3, stack: "Error: another" }));
  assert.equal(await withStack(later.live, row), row);
});

test("a program that cannot tell, refuses or says something else leaves the row as it is", async () => {
  for (const { live } of [
    program(() => assert.fail("asked"), false),
    program(() => Promise.reject(new Error("gone"))),
    program(async () => null),
    program(async () => ({ stack: 7 })),
  ])
    assert.equal(await withStack(live, row), row);
});

test("of a system that gave up, the stack is told after the program has ended", async () => {
  const { live, asked } = program(() => assert.fail("asked"));
  const crash = { ...lastCrash, stack: "Error: x\n at y" };
  const end = { at: 1, incarnation: 1, kind: "gaveUp", text: "gave up", cause: row.key, crash } as const;
  const systems = [{ id: "shop#1", name: "shop", root: "shop", health: {} as never, end }];
  const ended = { ...live, tree: Object.assign(Object.create(live.tree), {}) as ProgramTree };
  Object.defineProperty(ended.tree, "systems", { value: systems });
  assert.equal((await withStack(ended, row)).lastCrash?.stack, crash.stack);
  assert.deepEqual(asked, []);
});

test("where nobody says which crash, it is that of the selected row, else the last one of all programs", () => {
  const crashAt = (at: number) => ({ lastCrash: { ...lastCrash, at } });
  const [first, second] = [
    [actor("shop/a", 0, crashAt(1)), actor("shop/b", 1)],
    [actor("till/c", 0, crashAt(3)), actor("till/d", 1, crashAt(2))],
  ].map((rows) => {
    const tree = new ProgramTree(() => 0);
    tree.apply(snapshot(rows));
    return { ...program(() => assert.fail("asked")).live, tree };
  });
  assert.ok(first && second);
  const node = (live: typeof first, key: string) =>
    ({ kind: "actor", id: key, parent: undefined, program: live, key }) as const;
  const keyOf = (selected: Node | undefined, programs = [first, second]) => {
    const found = crashedOf(selected, programs);
    return found?.kind === "actor" ? found.key : undefined;
  };

  assert.equal(keyOf(undefined), "till/c");
  assert.equal(keyOf(node(first, "shop/a")), "shop/a");
  assert.equal(keyOf(node(first, "shop/b")), "till/c");
  assert.equal(keyOf(node(first, "shop/gone")), "till/c");
  assert.equal(keyOf(undefined, [first]), "shop/a");
  assert.equal(keyOf(undefined, []), undefined);
});
