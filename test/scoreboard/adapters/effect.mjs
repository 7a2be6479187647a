/** Effect: fibers that take from queues; a parent's fibers end with it, `retry` begins again. */
import { Deferred, Effect, Exit, Fiber, Queue } from "effect";

const later = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

/** A counter as a fiber: its state is new each time it begins. */
function counter(queue) {
  return Effect.suspend(() => {
    let count = 0;
    return Effect.forever(
      Effect.gen(function* () {
        const message = yield* Queue.take(queue);
        if (message.type === "crash") return yield* Effect.fail(new Error("told to crash"));
        if (message.type === "add") count++;
        else yield* Deferred.succeed(message.reply, count);
      }),
    );
  });
}

function start(around) {
  const queue = Effect.runSync(Queue.unbounded());
  return { queue, fiber: Effect.runFork(around(counter(queue))) };
}

const again = (body) => Effect.retry(body, { while: () => true });
const send = ({ queue }, type, reply) => Queue.offerUnsafe(queue, { type, reply });
const ask = (ref, type) => {
  const reply = Deferred.makeUnsafe();
  send(ref, type, reply);
  return Promise.race([Effect.runPromise(Deferred.await(reply)), later(200).then(() => "nothing")]);
};

/** What is not here it does not have. */
export const conformance = {
  permanent_abnormal: async () => {
    const a = start(again);
    for (const type of ["add", "crash"]) send(a, type);
    await later();
    return (await ask(a, "count")) === 0;
  },
  temporary_abnormal: async () => {
    const [a, b] = [start(again), start((body) => body)];
    send(b, "crash");
    await later();
    return (await ask(a, "count")) === 0 && (await ask(b, "count")) === "nothing";
  },
  one_for_one: async () => {
    const [a, b] = [start(again), start(again)];
    for (const ref of [a, b]) send(ref, "add");
    send(b, "crash");
    await later();
    return (await ask(a, "count")) === 1 && (await ask(b, "count")) === 0;
  },
  one_for_one_escalation: async () => {
    const a = start((body) => Effect.retry(body, { times: 2 }));
    for (let times = 0; times < 3; times++) send(a, "crash");
    return Exit.isFailure(await Effect.runPromise(Fiber.await(a.fiber)));
  },
  queued_messages: async () => {
    const a = start(again);
    for (const type of ["crash", "add", "add"]) send(a, type);
    return (await ask(a, "count")) === 2;
  },
  monitors: async () => {
    const a = start((body) => body);
    send(a, "crash");
    return Exit.isFailure(await Effect.runPromise(Fiber.await(a.fiber)));
  },
  children_end_before: async () => {
    const queue = Effect.runSync(Queue.unbounded());
    let child;
    const parent = Effect.runFork(
      Effect.gen(function* () {
        child = yield* Effect.forkChild(counter(queue));
        yield* Effect.never;
      }),
    );
    await later();
    await Effect.runPromise(Fiber.interrupt(parent));
    return (await ask({ queue, fiber: child }, "count")) === "nothing";
  },
};
