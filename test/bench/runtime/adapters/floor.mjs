/**
 * The bare loop: one ring of (actor, message), drained by one function. No mailboxes, no envelopes, no fairness, no errors, no
 * supervision: what JavaScript on one thread can do at most, not an actor system.
 */
export default async () => {
  let ring = new Array(1 << 16).fill(undefined);
  let mask = ring.length - 1;
  let head = 0;
  let tail = 0;
  let isAwake = false;

  const grow = () => {
    const bigger = new Array(ring.length * 2).fill(undefined);
    const used = tail - head;
    for (let i = 0; i < used; i++) bigger[i] = ring[(head + i) & mask];
    ring = bigger;
    mask = ring.length - 1;
    head = 0;
    tail = used;
  };
  const drain = () => {
    for (let left = 200_000; head !== tail && left > 0; left--) {
      const at = head & mask;
      const actor = ring[at];
      const message = ring[at + 1];
      ring[at + 1] = undefined;
      head += 2;
      actor.handler(message, actor);
    }
    if (head === tail) isAwake = false;
    else setImmediate(drain);
  };
  const spawn = (handler) => ({ handler });
  const send = (actor, message) => {
    if (tail - head >= mask) grow();
    const at = tail & mask;
    ring[at] = actor;
    ring[at + 1] = message;
    tail += 2;
    if (isAwake) return;
    isAwake = true;
    queueMicrotask(drain);
  };
  return {
    spawn,
    send,
    stop: () => {},
    spawnServer: (answer) => spawn((message) => message.reply(answer(message))),
    ask: (actor, message) =>
      new Promise((reply) => {
        message.reply = reply;
        send(actor, message);
      }),
  };
};
