// Specs and options are copied when they are given: what their owner does to them later changes nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Actor,
  type ActorContext,
  ActorPool,
  ActorSystem,
  type ChildSpec,
  getChildSpec,
  type MailboxSpec,
  type SpawnOptions,
  type SupervisorSpec,
  startChild,
  supervisor,
  updateSpec,
  whichChildren,
} from "airssys-rt";
import { VirtualClock } from "airssys-rt/testing";

class Worker extends Actor<unknown> {
  override handleMessage(_message: unknown, context: ActorContext<unknown>): void {
    context.exit({ kind: "crashed", cause: "told to", where: "exit" });
  }
}

const start = (): Worker => new Worker();

/** So that it can be changed after it was given. */
type Open<T> = { -readonly [K in keyof T]: T[K] };

function childSpec(): Open<ChildSpec<unknown>> {
  return {
    id: "w",
    start,
    restart: "permanent",
    name: "given",
    mailbox: { capacity: 7, overflow: "reject" },
    backoff: { minMs: 50, maxMs: 50, factor: 1, jitter: 0, resetAfterMs: 1_000 },
  } as Open<ChildSpec<unknown>>;
}

/** Everything in it becomes something else, in place. */
function spoil(spec: Open<ChildSpec<unknown>>): void {
  spec.id = "other";
  spec.restart = "temporary";
  spec.name = "other name";
  (spec.mailbox as Open<MailboxSpec>).capacity = 1;
  Object.assign(spec.backoff as object, { minMs: 9_999, maxMs: 9_999 });
}

test("a supervisor is what its spec said when it was given, whatever happens to the spec afterwards", async () => {
  const clock = new VirtualClock();
  const child = childSpec();
  const children: object[] = [child];
  const spec = { strategy: "one_for_one", maxRestarts: 3, children };
  const root = supervisor(spec as unknown as SupervisorSpec);
  spoil(child);
  spec.strategy = "one_for_all";
  spec.maxRestarts = 0;
  children.push({ id: "more", start });
  const system = await ActorSystem.start({ name: "copied", root, clock, logger: false });
  const worker = system.whereis("given");
  assert.ok(worker);

  worker.tell("crash" as never);
  await clock.advance(50);

  assert.equal(worker.incarnation, 2);
  assert.equal(system.whereis("other name"), undefined);
  assert.deepEqual(
    (await whichChildren(system.root)).map(({ id }) => id),
    ["w"],
  );
  assert.equal((await getChildSpec(system.root, "w")).mailbox?.capacity, 7);
  await system.stop();
});

test("a child that was added is what its spec said when it was given", async () => {
  const clock = new VirtualClock();
  const system = await ActorSystem.start({ name: "copied", clock, logger: false });
  const spec = childSpec();
  const adding = startChild(system.root, spec as ChildSpec<unknown>);
  const worker = await adding;
  assert.ok(worker);
  spoil(spec);

  worker.tell("crash");
  await clock.advance(50);

  assert.equal(worker.incarnation, 2);
  const own = await getChildSpec(system.root, "w");
  assert.deepEqual([own.restart, own.name, own.mailbox?.capacity, own.backoff?.minMs], ["permanent", "given", 7, 50]);
  await system.stop();
});

test("a new spec of a supervisor counts as it was given", async () => {
  const clock = new VirtualClock();
  const system = await ActorSystem.start({ name: "copied", clock, logger: false });
  const child = childSpec();
  const spec = { maxRestarts: 5, children: [child] };
  await updateSpec(system.root, spec as unknown as SupervisorSpec);
  spoil(child);
  spec.maxRestarts = 0;

  const own = await getChildSpec(system.root, "w");

  assert.deepEqual([own.restart, own.name, own.mailbox?.capacity, own.backoff?.minMs], ["permanent", "given", 7, 50]);
  await system.stop();
});

test("options of spawn and of a pool count as they were given", async () => {
  const clock = new VirtualClock();
  const mailbox: Open<MailboxSpec> = { capacity: 2, overflow: "reject" };
  const options: Open<SpawnOptions> = { id: "a", mailbox };
  const pooled = { start, size: 2, mailbox: { capacity: 2, overflow: "reject" as const } };
  const pool = new ActorPool<unknown>(pooled);
  pooled.size = 5;
  pooled.mailbox.capacity = 1;
  const system = await ActorSystem.start({
    name: "copied",
    root: supervisor({ children: [{ id: "pool", start: pool.definition }] }),
    clock,
    logger: false,
  });
  const ref = system.spawn<unknown>(start, options);
  options.id = "b";
  mailbox.capacity = 1;

  assert.equal(pool.workers.length, 2);
  assert.match(ref.id, /\/a$/);
  assert.deepEqual([ref.tell(1), ref.tell(2), ref.tell(3)], [true, true, false]);
  await system.stop();
});
