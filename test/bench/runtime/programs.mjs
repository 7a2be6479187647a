/**
 * Small actor programs in the spirit of the Savina suite (Imam and Sarkar 2014), written against an adapter, so that every library
 * runs the same program. Each makes its actors, then times only the work, then ends them.
 *
 * An adapter is `{ spawn(handler), send(ref, message), stop(ref), spawnServer(answer), ask(ref, message), spawnSupervised(make) }`,
 * with `handler(message, self)`; `spawn` may return a promise. What a library cannot do it leaves out.
 *
 * @typedef {{ operations: number, wallMs: number, cpuMs: number, extra?: Record<string, number> }} Measure
 */

/** Runs `work` and measures it: CPU time of the whole process, helper threads included, beside wall time. */
async function measure(work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const operations = await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { operations, wallMs, cpuMs: (user + system) / 1_000 };
}

function signal() {
  let done;
  const promise = new Promise((resolve) => {
    done = resolve;
  });
  return { promise, done };
}

async function spawnAll(adapter, count, handlerOf) {
  const refs = [];
  for (let i = 0; i < count; i++) refs.push(await adapter.spawn(handlerOf(i)));
  return refs;
}

const stopAll = (adapter, refs) => {
  for (const ref of refs) adapter.stop(ref);
};

/** Two actors and one ball: one message in flight, nothing to batch. */
async function pingPong(adapter, count, wrap) {
  const { promise, done } = signal();
  let left = count;
  const pong = await adapter.spawn(wrap((message, self) => adapter.send(message.from, { type: "pong", from: self })));
  const ping = await adapter.spawn(
    wrap((_message, self) => {
      if (left-- > 0) adapter.send(pong, { type: "ping", from: self });
      else done();
    }),
  );
  const result = await measure(async () => {
    adapter.send(ping, { type: "start", from: null });
    await promise;
    return 2 * count;
  });
  stopAll(adapter, [ping, pong]);
  return result;
}

/** A token runs round a ring. */
async function ring(adapter, count) {
  const size = 1_000;
  const { promise, done } = signal();
  const refs = [];
  for (let i = 0; i < size; i++) {
    const next = (i + 1) % size;
    refs.push(
      await adapter.spawn((message) => {
        if (message.left === 0) done();
        else adapter.send(refs[next], { type: "token", left: message.left - 1 });
      }),
    );
  }
  const result = await measure(async () => {
    adapter.send(refs[0], { type: "token", left: count });
    await promise;
    return count + 1;
  });
  stopAll(adapter, refs);
  return result;
}

/** A thousand producers, one consumer, in rounds of ten messages each. */
async function manyToOne(adapter, count) {
  const producers = 1_000;
  const each = 10;
  const rounds = Math.max(1, Math.round(count / (producers * (each + 1))));
  const { promise, done } = signal();
  let left = rounds;
  let received = 0;
  let consumer;
  const refs = await spawnAll(adapter, producers, () => () => {
    for (let i = 0; i < each; i++) adapter.send(consumer, { type: "value", value: i });
  });
  consumer = await adapter.spawn((message) => {
    if (message.type === "value" && ++received < producers * each) return;
    received = 0;
    if (left-- === 0) done();
    else for (const ref of refs) adapter.send(ref, { type: "go" });
  });
  const result = await measure(async () => {
    adapter.send(consumer, { type: "go" });
    await promise;
    return rounds * producers * (each + 1);
  });
  stopAll(adapter, [...refs, consumer]);
  return result;
}

/** Actors that live for one message, in waves of a thousand. */
async function forkJoin(adapter, count) {
  const { promise, done } = signal();
  let left = count;
  let wave = 0;
  const work = (message, self) => {
    Math.sin(message.value);
    adapter.send(collector, { type: "done" });
    adapter.stop(self);
  };
  const collector = await adapter.spawn((message) => {
    if (message.type === "done" && --wave > 0) return;
    if (left === 0) return done();
    wave = Math.min(1_000, left);
    left -= wave;
    for (let i = wave; i > 0; i--) {
      const ref = adapter.spawn((m, self) => work(m, self));
      if (adapter.spawnsLater) ref.then((later) => adapter.send(later, { type: "work", value: 1 }));
      else adapter.send(ref, { type: "work", value: 1 });
    }
  });
  const result = await measure(async () => {
    adapter.send(collector, { type: "go" });
    await promise;
    return count;
  });
  adapter.stop(collector);
  return result;
}

/** A hundred askers of one server, each with one ask under way. */
async function asks(adapter, count) {
  const askers = 100;
  const each = Math.ceil(count / askers);
  const server = await adapter.spawnServer((message) => message.value + 1);
  const result = await measure(async () => {
    const asker = async () => {
      let value = 0;
      for (let i = 0; i < each; i++) value = await adapter.ask(server, { type: "add", value, reply: null });
    };
    await Promise.all(Array.from({ length: askers }, asker));
    return each * askers;
  });
  adapter.stop(server);
  return result;
}

/** A supervised actor crashes, comes back, answers. */
async function restarts(adapter, count) {
  const { promise, done } = signal();
  const boom = new Error("boom");
  let left = count;
  let starts = 0;
  let driver;
  const worker = await adapter.spawnSupervised(() => {
    starts++;
    return (message) => {
      if (message.type === "crash") throw boom;
      adapter.send(driver, { type: "ok" });
    };
  });
  driver = await adapter.spawn(() => {
    if (left-- === 0) return done();
    adapter.send(worker, { type: "crash" });
    adapter.send(worker, { type: "hello" });
  });
  const before = starts;
  const result = await measure(async () => {
    adapter.send(driver, { type: "go" });
    await promise;
    return count;
  });
  if (starts - before < count) throw new Error(`${starts - before} restarts instead of ${count}`);
  stopAll(adapter, [worker, driver]);
  return result;
}

/** Bytes of heap of an actor that does nothing. Needs `--expose-gc`. */
async function memory(adapter, count, spawn) {
  const settle = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    globalThis.gc();
    globalThis.gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const idle = () => {};
  for (let i = 0; i < 2_000; i++) adapter.stop(await spawn(idle));
  const before = await settle();
  const refs = new Array(count);
  const result = await measure(async () => {
    for (let i = 0; i < count; i++) refs[i] = await spawn(idle);
    return count;
  });
  const bytes = ((await settle()) - before - 8 * count) / count;
  return { ...result, extra: { bytes: Math.round(bytes), kept: refs.length } };
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;

/** Two hundred ping-pong pairs as load; beside them a probe's round trips, and how late a 10 ms timer is. One second. */
async function latency(adapter) {
  const pairs = 200;
  const refs = [];
  const trips = [];
  const late = [];
  let stop = false;
  let messages = 0;
  let sentAt = 0;
  let began = 0;
  // A library that starves timers never sees the interval below: it is cut by the count.
  const isOverdue = () => (++messages & 255) === 0 && performance.now() > began + 3_000;
  for (let i = 0; i < pairs; i++) {
    const pong = await adapter.spawn((message, self) => {
      if (isOverdue()) stop = true;
      adapter.send(message.from, { type: "pong", from: self });
    });
    const ping = await adapter.spawn((_message, self) => {
      messages++;
      if (!stop) adapter.send(pong, { type: "ping", from: self });
    });
    refs.push(ping, pong);
  }
  const echo = await adapter.spawn((message) => adapter.send(message.from, { type: "echo", from: null }));
  const probe = await adapter.spawn((_message, self) => {
    const now = performance.now();
    if (sentAt > 0) trips.push(now - sentAt);
    sentAt = now;
    if (!stop) adapter.send(echo, { type: "probe", from: self });
  });
  const result = await measure(async () => {
    began = performance.now();
    let due = began + 10;
    await new Promise((resolve) => {
      const timer = setInterval(() => {
        const now = performance.now();
        late.push(Math.max(0, now - due));
        due = now + 10;
        if (now - began < 1_000) return;
        stop = true;
        clearInterval(timer);
        resolve();
      }, 10);
      for (let i = 0; i < refs.length; i += 2) adapter.send(refs[i], { type: "go", from: null });
      adapter.send(probe, { type: "go", from: null });
    });
    return messages;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  stopAll(adapter, [...refs, echo, probe]);
  trips.sort((a, b) => a - b);
  late.sort((a, b) => a - b);
  const micros = (q) => Math.round(quantile(trips, q) * 10_000) / 10;
  const extra = {
    probeP50Us: micros(0.5),
    probeP99Us: micros(0.99),
    timerLateP99Ms: Math.round(quantile(late, 0.99) * 100) / 100,
  };
  return { ...result, extra };
}

/** One actor is flooded; how long does another one's message to itself take? */
async function bystander(adapter) {
  const trips = [];
  let sentAt = 0;
  let stop = false;
  let flooded;
  let messages = 0;
  const flood = await adapter.spawn((_message, self) => {
    for (let i = 0; i < 500; i++) adapter.send(flooded, { type: "noise" });
    if (!stop) adapter.send(self, { type: "again" });
  });
  flooded = await adapter.spawn(() => {
    messages++;
  });
  const calm = await adapter.spawn((_message, self) => {
    const now = performance.now();
    if (sentAt > 0) trips.push(now - sentAt);
    sentAt = now;
    if (trips.length < 20_000) adapter.send(self, { type: "tick" });
    else stop = true;
  });
  const result = await measure(async () => {
    adapter.send(flood, { type: "again" });
    adapter.send(calm, { type: "tick" });
    while (!stop) await new Promise((resolve) => setImmediate(resolve));
    return messages;
  });
  stopAll(adapter, [flood, flooded, calm]);
  trips.sort((a, b) => a - b);
  return { ...result, extra: { bystanderP50Us: Math.round(quantile(trips, 0.5) * 10_000) / 10 } };
}

/** A supervisor of `count` children is started and ended, as often as it takes to have made 100,000. */
async function children(adapter, count) {
  const rounds = 100_000 / count;
  return measure(async () => {
    for (let i = 0; i < rounds; i++) await adapter.startMany(count);
    return rounds * count;
  });
}

const plain = (handler) => handler;
const asynchronous = (handler) => async (message, self) => handler(message, self);

/** `needs`: what the adapter must offer. `base`: the first count tried; `fixed` programs run once with it. */
export const programs = {
  pingpong: { needs: "spawn", unit: "message", base: 1_000, run: (adapter, n) => pingPong(adapter, n, plain) },
  pingasync: {
    unit: "message",
    base: 1_000,
    needs: "awaitsHandlers",
    run: (adapter, n) => pingPong(adapter, n, asynchronous),
  },
  ring1000: { needs: "spawn", unit: "message", base: 2_000, run: ring },
  n1: { needs: "spawn", unit: "message", base: 11_000, run: manyToOne },
  fjcreate: { needs: "spawn", unit: "actor", base: 1_000, run: forkJoin },
  ask100: { unit: "ask", base: 1_000, needs: "ask", run: asks },
  restart: { unit: "restart", base: 200, needs: "spawnSupervised", run: restarts },
  memory: {
    needs: "spawn",
    unit: "actor",
    base: 100_000,
    fixed: true,
    run: (adapter, n) => memory(adapter, n, adapter.spawn),
  },
  memorySupervised: {
    unit: "actor",
    base: 50_000,
    fixed: true,
    needs: "spawnSupervisedIdle",
    run: (adapter, n) => memory(adapter, n, adapter.spawnSupervisedIdle),
  },
  memorySupervisedAlike: {
    unit: "actor",
    base: 50_000,
    fixed: true,
    needs: "spawnSupervisedAlike",
    run: (adapter, n) => memory(adapter, n, adapter.spawnSupervisedAlike),
  },
  memoryInstance: {
    unit: "actor",
    base: 50_000,
    fixed: true,
    needs: "spawnInstance",
    run: (adapter, n) => memory(adapter, n, adapter.spawnInstance),
  },
  children1000: { needs: "startMany", unit: "child", base: 1_000, fixed: true, run: children },
  children100000: { needs: "startMany", unit: "child", base: 100_000, fixed: true, run: children },
  restarts1000: { needs: "spawnSupervised", unit: "restart", base: 1_000, fixed: true, run: restarts },
  restarts10000: { needs: "spawnSupervised", unit: "restart", base: 10_000, fixed: true, run: restarts },
  restarts100000: { needs: "spawnSupervised", unit: "restart", base: 100_000, fixed: true, run: restarts },
  latency: { needs: "spawn", unit: "message", base: 1, fixed: true, run: latency },
  bystander: { needs: "spawn", unit: "message", base: 1, fixed: true, run: bystander },
};
