import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import { withStack } from "../../extension/src/tree/last-crash.ts";
import { actor } from "./rows.ts";

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
