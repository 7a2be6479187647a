/** `actor`: generator tasks; the mailbox is an array, and a task that has nothing to do is suspended. */
import * as Task from "actor";

export default async () => {
  function* loop(ref, handler) {
    ref.task = yield* Task.current();
    while (!ref.hasStopped) {
      for (let i = 0; i < ref.queue.length && !ref.hasStopped; i++) handler(ref.queue[i], ref);
      ref.queue.length = 0;
      ref.isIdle = true;
      yield* Task.suspend();
    }
  }
  const spawn = (handler) => {
    const ref = { queue: [], isIdle: false, hasStopped: false, task: undefined };
    const fork = Task.fork(loop(ref, handler));
    fork.resume?.();
    fork.then(
      () => {},
      () => {},
    );
    return ref;
  };
  const send = (ref, message) => {
    ref.queue.push(message);
    if (!ref.isIdle) return;
    ref.isIdle = false;
    Task.resume(ref.task);
  };
  return {
    spawn,
    send,
    stop: (ref) => {
      ref.hasStopped = true;
    },
    spawnServer: (answer) => spawn((message) => message.reply(answer(message))),
    ask: (ref, message) =>
      new Promise((reply) => {
        message.reply = reply;
        send(ref, message);
      }),
  };
};
