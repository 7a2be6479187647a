/** Effect: an unbounded queue and a fiber that takes from it; a defect makes the fiber begin again. */
import { Deferred, Effect, Queue } from "effect";

export default async () => {
  const start = (bodyOf) => {
    const ref = { queue: Effect.runSync(Queue.unbounded()), fiber: undefined };
    ref.fiber = Effect.runFork(bodyOf(ref));
    return ref;
  };
  const loop = (ref, handler) =>
    Effect.gen(function* () {
      for (;;) handler(yield* Queue.take(ref.queue), ref);
    });
  const send = (ref, message) => {
    Queue.offerUnsafe(ref.queue, message);
  };
  const spawn = (handler) => start((ref) => loop(ref, handler));
  return {
    spawn,
    send,
    stop: (ref) => Queue.shutdownUnsafe(ref.queue),
    spawnServer: (answer) => spawn((message) => Deferred.doneUnsafe(message.reply, Effect.succeed(answer(message)))),
    ask: (ref, message) => {
      message.reply = Deferred.makeUnsafe();
      send(ref, message);
      return Effect.runPromise(Deferred.await(message.reply));
    },
    spawnSupervised: (make) =>
      start((ref) =>
        Effect.suspend(() => loop(ref, make())).pipe(
          Effect.catchDefect(() => Effect.void),
          Effect.forever,
        ),
      ),
  };
};
