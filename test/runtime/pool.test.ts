import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, ActorPool, type Ask, type PoolSpec, startChild, supervisor } from "airssys-rt";
import { explore, TestSystem } from "airssys-rt/testing";

type Job =
  | { readonly type: "job"; readonly key: string; readonly ms?: number }
  | { readonly type: "fail" }
  | Ask<{ readonly type: "who" }, string>;

interface Done {
  readonly worker: string;
  readonly key: string;
}

class Worker extends Actor<Job> {
  readonly #done: Done[];
  constructor(done: Done[]) {
    super();
    this.#done = done;
  }
  override async handleMessage(job: Job, context: ActorContext<Job>): Promise<void> {
    switch (job.type) {
      case "job":
        if (job.ms !== undefined)
          await new Promise<void>((resolve) => void context.clock.setTimer(resolve, job.ms ?? 0));
        this.#done.push({ worker: context.self.id, key: job.key });
        return;
      case "fail":
        throw new Error("failed");
      case "who":
        context.reply(context.self.id);
        return;
    }
  }
}

async function open(
  spec: Partial<PoolSpec<Job>> = {},
): Promise<{ run: TestSystem; pool: ActorPool<Job>; done: Done[] }> {
  const run = await TestSystem.start({ root: supervisor({ maxRestarts: 10, children: [] }) });
  const done: Done[] = [];
  const pool = await ActorPool.start<Job>(run.system.root, {
    id: "pool",
    start: () => new Worker(done),
    size: 3,
    maxRestarts: 10,
    ...spec,
  });
  return { run, pool, done };
}

const job = (key: string, ms?: number): Job => ({ type: "job", key, ...(ms === undefined ? {} : { ms }) });

test("a pool spreads messages over its workers in turn", async () => {
  const { run, pool, done } = await open();
  for (let n = 0; n < 9; n++) assert.equal(pool.tell(job(String(n))), true);

  await run.settle();

  const shares = pool.workers.map(({ id }) => done.filter(({ worker }) => worker === id).length);
  assert.deepEqual(shares, [3, 3, 3]);
  await run.stop();
});

test("a pool is part of the tree: it can stand in a spec, and its workers are instances of a template", async () => {
  const done: Done[] = [];
  const pool = new ActorPool<Job>({ size: 2, start: () => new Worker(done) });
  const run = await TestSystem.start({ root: supervisor({ children: [{ id: "pool", start: pool.definition }] }) });

  assert.equal(pool.workers.length, 2);
  for (const { id } of pool.workers) assert.match(id, /^test\/pool\/workers\/\$\d+$/);
  await run.stop();
  assert.deepEqual(pool.workers, []);
  assert.equal(pool.tell(job("late")), false);
});

test("an ask goes to one worker and is typed like its own", async () => {
  const { run, pool } = await open();

  const who: string = await pool.ask({ type: "who" });

  assert.ok(pool.workers.some(({ id }) => id === who));
  await run.stop();
});

test("a worker that crashes is restarted in its place, with the messages that wait", async () => {
  const { run, pool, done } = await open({ size: 1 });
  const [worker] = pool.workers;
  pool.tell({ type: "fail" });
  pool.tell(job("after"));

  await run.settle();

  assert.deepEqual(pool.workers, [worker]);
  assert.equal(worker?.incarnation, 2);
  assert.deepEqual(
    done.map(({ key }) => key),
    ["after"],
  );
  await run.stop();
});

test("a pool whose workers crash too often gives up, and is filled again by the supervisor above it", async () => {
  const { run, pool, done } = await open({ size: 2, maxRestarts: 0 });
  const before = pool.workers;

  pool.tell({ type: "fail" });
  await run.settle();

  assert.equal(pool.workers.length, 2);
  assert.ok(pool.workers.every((worker) => !before.includes(worker)));
  pool.tell(job("again"));
  await run.settle();
  assert.equal(done.length, 1);
  await run.stop();
});

test("a worker that ended for good gets nothing more", async () => {
  const { run, pool, done } = await open({ size: 3, restart: "temporary" });
  const [gone] = pool.workers;
  pool.tell({ type: "fail" });
  await run.settle();
  for (let n = 0; n < 4; n++) pool.tell(job(String(n)));
  await run.settle();

  assert.equal(pool.workers.length, 2);
  assert.ok(done.length === 4 && done.every(({ worker }) => worker !== gone?.id));
  await run.stop();
});

test("the least loaded worker is the one that is free", async () => {
  const { run, pool, done } = await open({ routing: "least_loaded" });
  pool.tell(job("long", 100));
  pool.tell(job("long", 100));
  await run.settle();
  for (let n = 0; n < 4; n++) {
    pool.tell(job(`short ${n}`));
    await run.settle();
  }

  assert.equal(new Set(done.map(({ worker }) => worker)).size, 1);
  assert.equal(done.length, 4);
  await run.stop();
});

for (const routing of ["consistent_hash", "sticky"] as const) {
  test(`with ${routing}, messages of one key go to one worker, in order`, async () => {
    const { run, pool, done } = await open({
      size: 4,
      routing,
      key: (message) => (message.type === "job" ? (message.key.split(" ")[0] as string) : ""),
    });
    for (let n = 0; n < 10; n++) for (const key of ["a", "b", "c", "d", "e"]) pool.tell(job(`${key} ${n}`));
    await run.settle();

    for (const key of ["a", "b", "c", "d", "e"]) {
      const own = done.filter((each) => each.key.startsWith(key));
      assert.equal(new Set(own.map(({ worker }) => worker)).size, 1);
      assert.deepEqual(
        own.map((each) => each.key),
        Array.from({ length: 10 }, (_, n) => `${key} ${n}`),
      );
    }
    await run.stop();
  });
}

test("a broadcast reaches every worker, and cannot be asked", async () => {
  const { run, pool, done } = await open({ routing: "broadcast" });

  assert.equal(pool.tell(job("all")), true);
  await run.settle();

  assert.deepEqual(done.map(({ worker }) => worker).sort(), pool.workers.map(({ id }) => id).sort());
  await assert.rejects(pool.ask({ type: "who" }), { code: "ERR_POOL_CLOSED", why: "broadcast" });
  await run.stop();
});

test("a pool grows", async () => {
  const { run, pool } = await open({ size: 2 });
  const before = pool.workers;

  await pool.resize(4);

  assert.equal(pool.size, 4);
  assert.deepEqual(pool.workers.slice(0, 2), before);
  assert.equal(pool.workers.length, 4);
  await run.stop();
});

test("a pool that shrinks finishes what was accepted, and gives those that leave nothing new", async () => {
  const { run, pool, done } = await open({ size: 3 });
  const leaving = pool.workers.slice(1);
  for (let n = 0; n < 6; n++) pool.tell(job(`old ${n}`, 10));
  await run.settle();

  const resizing = pool.resize(1);
  await run.settle();
  for (let n = 0; n < 3; n++) pool.tell(job(`new ${n}`));
  await run.advance(1_000);
  await resizing;

  assert.equal(pool.workers.length, 1);
  assert.equal(done.filter(({ key }) => key.startsWith("old")).length, 6);
  assert.ok(done.filter(({ key }) => key.startsWith("new")).every(({ worker }) => worker === pool.workers[0]?.id));
  assert.ok(leaving.every((worker) => !worker.isAlive));
  assert.equal(run.system.deadLetters.count, 0);
  await run.stop();
});

test("a pool that shrinks waits no longer than its drain time-out", async () => {
  const { run, pool } = await open({ size: 2, drainTimeoutMs: 100, shutdown: "brutal_kill" });
  for (let n = 0; n < 2; n++) pool.tell(job("endless", 1_000_000));
  await run.settle();

  const resizing = pool.resize(1);
  await run.advance(100);
  await resizing;

  assert.equal(run.clock.monotonicMs(), 100);
  assert.equal(pool.workers.length, 1);
  await run.stop();
});

test("a pool that drains refuses what is new, finishes what is old, and can be opened again", async () => {
  const { run, pool, done } = await open();
  for (let n = 0; n < 6; n++) pool.tell(job(String(n), 10));

  const draining = pool.drain();
  assert.equal(pool.tell(job("new")), false);
  await assert.rejects(pool.ask({ type: "who" }), { code: "ERR_POOL_CLOSED", why: "draining" });
  await run.advance(100);

  assert.equal(await draining, true);
  assert.equal(done.length, 6);
  assert.equal(run.eventsOf("deadLetter")[0]?.reason, "no_recipient");
  pool.reopen();
  assert.equal(pool.tell(job("new")), true);
  await run.stop();
});

test("draining waits for room in a mailbox that is full", async () => {
  const { run, pool, done } = await open({ size: 1, mailbox: { capacity: 2 } });
  for (let n = 0; n < 2; n++) pool.tell(job(String(n), 30));

  const draining = pool.drain();
  await run.advance(200);

  assert.equal(await draining, true);
  assert.equal(done.length, 2);
  await run.stop();
});

test("a drain that takes too long says so", async () => {
  const { run, pool } = await open({ size: 1, drainTimeoutMs: 50, shutdown: "brutal_kill" });
  pool.tell(job("endless", 1_000_000));
  await run.settle();

  const draining = pool.drain();
  await run.advance(50);

  assert.equal(await draining, false);
  await run.stop();
});

test("a pool runs once at a time", async () => {
  const { run, pool } = await open();
  const second = { id: "again", start: pool.definition };

  await assert.rejects(startChild(run.system.root, second), { code: "ERR_START_FAILED" });

  assert.equal(pool.workers.length, 3);
  await run.stop();
});

test("a pool whose first worker does not start does not start", async () => {
  const run = await TestSystem.start();
  const start = (): Worker => {
    throw new Error("no");
  };

  await assert.rejects(ActorPool.start(run.system.root, { id: "pool", size: 2, start }), { code: "ERR_START_FAILED" });

  await run.stop();
});

test("a drain does not wait for a worker that has ended for good, nor after the pool has", async () => {
  const { run, pool } = await open({ size: 2, restart: "temporary" });
  for (const message of [{ type: "fail" }, job("a"), job("b"), job("c", 60_000), job("d")] as const) pool.tell(message);

  const drained = pool.drain();
  await run.settle();
  for (const worker of pool.workers) run.system.kill(worker);
  await run.settle();

  assert.equal(await drained, true);
  assert.equal(run.clock.monotonicMs(), 0);
  await run.stop();
});

test("a pool that ends while it shrinks or drains keeps no process alive", async () => {
  const { run, pool } = await open({ size: 2 });
  for (const key of ["a", "b", "c", "d"]) pool.tell(job(key, 60_000));
  await run.settle();
  const drained = pool.drain();
  const resized = assert.rejects(pool.resize(1), { code: "ERR_ACTOR_STOPPED" });
  await run.settle();

  run.system.kill(run.system.root);
  await run.stop();

  await Promise.all([drained, resized]);
  const left = run.clock.pendingTimers().filter(({ keepsAlive, dueMs }) => keepsAlive && dueMs !== 60_000);
  assert.deepEqual(left, [], "but the workers' own");
});

test("a drain that was given up leaves no timer behind, also where a mailbox is full", async () => {
  const { run, pool } = await open({ size: 1, mailbox: { capacity: 1 }, drainTimeoutMs: 100 });
  pool.tell(job("long", 60_000));
  await run.settle();
  pool.tell(job("waits"));

  const drained = pool.drain();
  await run.advance(200);

  assert.equal(await drained, false);
  const waiting = run.clock.pendingTimers().filter(({ keepsAlive }) => keepsAlive);
  assert.deepEqual(
    waiting.map(({ dueMs }) => dueMs),
    [60_000],
  );
  await run.stop();
});

test("nonsense in a pool's spec is refused with every fault", () => {
  const spec = { sise: 2, size: 0, routing: "nearest", start: () => new Worker([]) } as never;
  assert.throws(
    () => new ActorPool(spec),
    (error: { readonly faults?: readonly string[] }) => error.faults?.length === 3,
  );
  assert.throws(() => new ActorPool({ size: 1, routing: "sticky", start: () => new Worker([]) }), {
    code: "ERR_INVALID_ARGUMENT",
    message: /sticky needs a key/,
  });
  assert.throws(() => new ActorPool({ size: 1, start: () => new Worker([]), maxRestarts: -1 }), {
    code: "ERR_INVALID_SPEC",
  });
});

test("a size that is none is refused at once, a spec that is none by start too, and a pool that has stopped cannot be resized", async () => {
  const { run, pool } = await open();

  for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "3"])
    assert.throws(() => void pool.resize(size as number), { code: "ERR_INVALID_ARGUMENT" });
  await assert.rejects(ActorPool.start(run.system.root, undefined as never), { code: "ERR_INVALID_ARGUMENT" });
  assert.equal(pool.size, 3);

  await run.stop();
  await assert.rejects(pool.resize(1), { code: "ERR_POOL_CLOSED", why: "empty" });
});

test("under 50 schedules, with crashes, a pool that is resized loses no job but those that crash", async () => {
  await explore({ seeds: 50 }, async (world) => {
    const run = await world.start();
    const done: Done[] = [];
    const pool = await ActorPool.start<Job>(run.system.root, {
      id: "pool",
      start: () => new Worker(done),
      size: 3,
      maxRestarts: 1_000,
      routing: world.random.pick(["round_robin", "random", "least_loaded"]),
    });
    let sent = 0;
    for (let step = 0; step < 20; step++) {
      if (pool.tell(job(String(step), world.random.below(5)))) sent++;
      if (world.random.isHit(0.2)) pool.tell({ type: "fail" });
      if (world.random.isHit(0.2)) void pool.resize(1 + world.random.below(5));
      if (world.random.isHit(0.3)) await run.advance(3);
    }

    await run.advance(20_000);

    assert.equal(done.length, sent);
    assert.equal(pool.workers.length, pool.size);
  });
});
