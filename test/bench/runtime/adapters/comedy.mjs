/** Comedy: actors in memory; making one is asynchronous. */
import comedy from "comedy";

export default async () => {
  const system = comedy({ test: true });
  const root = await system.rootActor();
  const make = (handle) => root.createChild({ handle }, { mode: "in-memory" });
  return {
    spawnsLater: true,
    spawn: async (handler) => {
      const box = { ref: undefined };
      box.ref = await make((message) => {
        handler(message, box.ref);
      });
      return box.ref;
    },
    send: (ref, message) => {
      ref.send("handle", message);
    },
    stop: (ref) => {
      ref.destroy();
    },
    spawnServer: (answer) => make((message) => answer(message)),
    ask: (ref, message) => ref.sendAndReceive("handle", message),
  };
};
