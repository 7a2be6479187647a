// What it costs a message that the program records itself: alternating, the same rounds with nothing, with types, with values.
// Of the thread that runs the actors, and of the whole process: the file is packed and written beside it.
// node test/bench/runtime/recording.mjs [rounds]
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { costText, MESSAGES, nanoseconds, withPlayers } from "./volley.mjs";

/** Not behind a door: only the environment turns it on. */
const { Recorder } = await import(new URL("recording/recorder.js", import.meta.resolve("airssys-rt")).href);

const ROUNDS = Number(process.argv[2] ?? 15);
const LEVELS = ["off", "types", "values"];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-bench-"));
const file = path.join(folder, "bench.airssys");

/** @returns nanoseconds of processor time for a message: of this thread, and of the process. */
async function round(play, level) {
  const recorder = level === "off" ? undefined : new Recorder(file, { payloads: level, hidden: [] });
  const [thread, whole] = [process.threadCpuUsage(), process.cpuUsage()];
  await play();
  const spent = [process.threadCpuUsage(thread), process.cpuUsage(whole)];
  recorder?.end();
  return spent.map(nanoseconds);
}

await withPlayers(async (title, play) => {
  const best = {};
  for (let i = 0; i < ROUNDS; i++)
    for (const level of LEVELS) {
      const spent = await round(play, level);
      best[level] = spent.map((ns, at) => Math.min(best[level]?.[at] ?? Number.POSITIVE_INFINITY, ns));
    }
  console.log(title);
  for (const [level, spent] of Object.entries(best)) {
    const [thread, whole] = spent.map((ns, at) => costText(ns, best.off[at]));
    console.log(`  ${level.padEnd(7)} thread ${thread}   process ${whole}`);
  }
});
console.log(`${(fs.statSync(file).size / MESSAGES).toFixed(1)} bytes a message in the last file`);
fs.rmSync(folder, { recursive: true });
