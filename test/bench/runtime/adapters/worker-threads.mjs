/** Bare worker threads: each server is a thread, each message a `postMessage` with a clone. Only asks make sense there. */
import { Worker } from "node:worker_threads";

const SERVER = `
  const { parentPort, workerData } = require("node:worker_threads");
  const answer = eval(workerData);
  parentPort.on("message", ({ id, message }) => parentPort.postMessage({ id, value: answer(message) }));
`;

export default async () => ({
  // The memory and spawn programs would start a hundred thousand threads.
  spawnServer: (answer) => {
    const worker = new Worker(SERVER, { eval: true, workerData: `(${answer})` });
    const waiting = new Map();
    worker.on("message", ({ id, value }) => {
      waiting.get(id)(value);
      waiting.delete(id);
    });
    return { worker, waiting, count: 0 };
  },
  ask: (ref, message) =>
    new Promise((resolve) => {
      const id = ref.count++;
      ref.waiting.set(id, resolve);
      ref.worker.postMessage({ id, message });
    }),
  stop: ({ worker }) => {
    void worker.terminate();
  },
});
