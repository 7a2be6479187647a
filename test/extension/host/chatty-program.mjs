// Actors that talk without end: some 20,000 messages a second, or as many as are asked for, a crash and a refused message now and then.
import { Actor, ActorSystem, supervisor } from "airssys-rt";

const WORKERS = 6;
const EACH_MS = 10;
const ROUNDS = Number(process.env.CHATTY_ROUNDS ?? 16);

class Worker extends Actor {
  handleMessage(message, context) {
    if (message.type === "fall") throw new RangeError("no number begins with 9");
    if (message.type === "job" && message.left > 0)
      context.whereis(`team/worker-${(message.at + 1) % WORKERS}`)?.tell({
        type: message.left % 2 === 0 ? "job" : "errand",
        left: message.left - 1,
        at: (message.at + 1) % WORKERS,
        password: "not for you",
      });
  }
}

const children = Array.from({ length: WORKERS }, (_, at) => ({
  id: `worker-${at}`,
  start: () => new Worker(),
  mailbox: { capacity: 50 },
}));
const team = supervisor({ name: "team", maxRestarts: 1e6, children });
const root = supervisor({ name: "chatty", maxRestarts: 1e6, children: [{ id: "team", start: team }] });
const system = await ActorSystem.start({ name: "chatty", root, logger: false });

let rounds = 0;
setInterval(() => {
  rounds++;
  for (let at = 0; at < ROUNDS; at++)
    system.whereis(`team/worker-${at % WORKERS}`)?.tell({ type: "job", left: 12, at });
  if (rounds % 100 === 0) system.whereis("team/worker-3")?.tell({ type: "fall" });
  if (rounds % 150 === 0)
    for (let count = 0; count < 60; count++) system.whereis("team/worker-5")?.tell({ type: "flood" });
}, EACH_MS);
