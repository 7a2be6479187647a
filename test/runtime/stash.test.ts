import assert from "node:assert/strict";
import { test } from "node:test";
import { type AnyChildSpec, supervisor } from "airssys-rt";
import { TestSystem } from "airssys-rt/testing";
import { actor, type Word, word } from "./guarantees/actors.ts";

/** A child that sets its first message aside and then does `next`; later incarnations handle what comes. */
async function runWith(next: () => unknown, seen: string[]): Promise<TestSystem> {
  const start = actor<Word>(async ({ type }, context) => {
    seen.push(`${type} ${context.incarnation}`);
    if (context.incarnation > 1) return;
    context.stash();
    await next();
  });
  const child = { id: "child", start, restart: "permanent" } as AnyChildSpec;
  return TestSystem.start({ root: supervisor({ children: [child] }) });
}

const buried = (run: TestSystem): string[] =>
  run.eventsOf("deadLetter").map(({ envelope, reason }) => `${(envelope.message as Word).type} ${reason}`);

test("the message an actor crashed on is not handled again, although it was set aside in that turn", async () => {
  const seen: string[] = [];
  await using run = await runWith(() => Promise.reject(new Error("crash")), seen);
  for (const type of ["poison", "next"]) run.system.whereis<Word>("child")?.tell(word(type));
  await run.settle();

  assert.deepEqual(seen, ["poison 1", "next 2"]);
  assert.deepEqual(buried(run), ["poison crashed"]);
});

test("a message that was set aside in a turn that a kill abandoned is a dead letter like any other", async () => {
  const seen: string[] = [];
  await using run = await runWith(() => new Promise(() => {}), seen);
  const child = run.system.whereis<Word>("child");
  assert.ok(child !== undefined);
  for (const type of ["first", "second"]) child.tell(word(type));
  await run.settle();
  run.system.kill(child);
  await run.settle();

  assert.deepEqual(seen, ["first 1", "second 2"]);
  assert.deepEqual(buried(run), ["first ended_turn"]);
});
