/** nact: actors below one system, `query` with a time-out, `onCrash` that resets. */
import nact from "nact";

export default async () => {
  const system = nact.start();
  let count = 0;
  const spawn = (handle, options) => nact.spawn(system, handle, `a${count++}`, options);
  return {
    awaitsHandlers: true,
    spawn: (handler) =>
      spawn((state, message, context) => {
        const result = handler(message, context.self);
        return result instanceof Promise ? result.then(() => state) : state;
      }),
    send: nact.dispatch,
    stop: nact.stop,
    spawnServer: (answer) =>
      spawn((state, message) => {
        nact.dispatch(message.reply, answer(message));
        return state;
      }),
    ask: (ref, message) => nact.query(ref, (reply) => Object.assign(message, { reply }), 10_000),
    spawnSupervised: (make) =>
      spawn(
        (handler, message, context) => {
          handler(message, context.self);
          return handler;
        },
        { initialStateFunc: make, onCrash: (_message, _error, context) => context.reset },
      ),
  };
};
