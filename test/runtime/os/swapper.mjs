// Runs as a thread: swaps a directory for a link to another one, as fast as it can, until it is told to end.
import fs from "node:fs";
import { workerData } from "node:worker_threads";

const { top, stop } = workerData;
const flag = new Int32Array(stop);
const at = (name) => `${top}/${name}`;

// in/dir is a directory; in/link leads to secret. They change names by way of a third.
while (Atomics.load(flag, 0) === 0) {
  fs.renameSync(at("in/dir"), at("in/aside"));
  fs.renameSync(at("in/link"), at("in/dir"));
  Atomics.add(flag, 1, 1);
  fs.renameSync(at("in/dir"), at("in/link"));
  fs.renameSync(at("in/aside"), at("in/dir"));
}
