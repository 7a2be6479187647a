import assert from "node:assert/strict";
import { test } from "node:test";
import { topic } from "airssys-rt";
import { TestSystem } from "airssys-rt/testing";

type Note = { readonly type: "note" };
const note: Note = { type: "note" };

test("a message goes directly to a name or a path", async () => {
  await using run = await TestSystem.start();
  const probe = run.probe<Note>("inbox");

  assert.equal(run.system.router.direct("inbox", note), true);

  assert.equal(await probe.expectMessage("note"), note);
});

test("a broadcast reaches every member of a group once, however often it joined", async () => {
  await using run = await TestSystem.start();
  const [one, two] = [run.probe<Note>("one"), run.probe<Note>("two")];
  for (const { ref } of [one, two, two]) run.system.groups.join("all", ref);

  assert.equal(run.system.router.broadcast("all", note), 2);
  await run.settle();

  assert.deepEqual([one.received, two.received], [[note], [note]]);
});

test("a publication reaches the subscribers of its topic", async () => {
  await using run = await TestSystem.start();
  const notes = topic<Note>("notes");
  const probe = run.probe<Note>();
  run.system.topics.subscribe(notes, probe.ref);

  assert.equal(run.system.router.publish(notes, note), 1);

  await probe.expectMessage("note");
});

test("what nobody takes becomes a dead letter that says where it was to go", async () => {
  await using run = await TestSystem.start();
  const { router } = run.system;

  assert.equal(router.direct("nobody/here", note), false);
  assert.equal(router.broadcast("nobody", note), 0);
  assert.equal(router.publish(topic<Note>("nothing"), note), 0);

  assert.equal(router.deadLetters.count, 3);
  assert.deepEqual(
    run.eventsOf("deadLetter").map(({ envelope, reason }) => [envelope.recipient.id, reason, envelope.message]),
    [
      ["test/nobody/here", "no_recipient", note],
      ["test/group nobody", "no_recipient", note],
      ["test/topic nothing", "no_recipient", note],
    ],
  );
  assert.match(JSON.stringify(router.deadLetters.recent[0]), /"recipient":"test\/nobody\/here"/);
});
