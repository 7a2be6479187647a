// What it takes to open a recording of so many messages: processor time, and memory that is kept and that is needed meanwhile.
// node test/bench/runtime/open-recording.mjs [messages]
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { lineText, messageFilter, readRecording } from "airssys-rt/recording";

const MESSAGES = Number(process.argv[2] ?? 1_000_000) || 0;
const ACTORS = 200;
const TYPES = 40;

function* blocks() {
  yield { format: 1, runtime: "0.1.0", program: "bench", node: process.version, startedAt: 0, systems: ["shop"] };
  for (let no = 0; no < ACTORS; no++) yield { a: [no, `shop#${no}`, `shop/department-${no % 7}/actor-${no}`, "Actor"] };
  for (let no = 0; no < TYPES; no++) yield { t: [no, `message-${no}`] };
  for (let seq = 0; seq < MESSAGES; seq += 1_000)
    yield { m: Array.from({ length: 1_000 }, (_, at) => rowOf(seq + (at ^ 3))) };
  yield { end: { messages: MESSAGES } };
}

/** Neighbours are done with in another order than they were sent in. */
function rowOf(seq) {
  const [from, to] = [(seq * 7) % ACTORS, (seq * 13) % ACTORS];
  const [waitUs, runUs] = [(seq * 31) % 4_000, (seq * 17) % 900];
  return [seq, seq - 1 - (seq % 5), from, to, (seq * 11) % TYPES, Math.trunc(seq / 50), waitUs, runUs, 0];
}

/** Opens it as a process does that has done nothing before. */
async function open(file) {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const cpuBefore = process.cpuUsage();
  const recording = await readRecording(fs.createReadStream(file));
  const { user, system } = process.cpuUsage(cpuBefore);
  const most = process.resourceUsage().maxRSS * 1_024 - before.rss;
  globalThis.gc?.();
  const after = process.memoryUsage();
  const held = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  const { size } = fs.statSync(file);
  const mb = (bytes) => (bytes / 2 ** 20).toFixed(0);
  console.log(
    `${recording.length} messages, ${mb(size)} MB of file (${(size / recording.length).toFixed(1)} bytes a message)`,
  );
  console.log(`opened in ${((user + system) / 1e6).toFixed(2)} s of processor time`);
  console.log(`holds ${mb(held)} MB; ${mb(most)} MB more resident at the most meanwhile`);
  const filterBefore = process.cpuUsage();
  const holds = messageFilter(recording, "type:message-3 from:department-2");
  let shown = 0;
  for (const message of recording) if (holds(message)) shown++;
  const filtered = process.cpuUsage(filterBefore);
  console.log(`filtered to ${shown} in ${((filtered.user + filtered.system) / 1e6).toFixed(2)} s`);
}

if (process.argv[2]?.endsWith(".airssys")) await open(process.argv[2]);
else {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "open-recording-"));
  try {
    const file = path.join(folder, "bench.airssys");
    for (const line of blocks()) fs.appendFileSync(file, gzipSync(lineText(line)));
    spawnSync(process.execPath, ["--expose-gc", import.meta.filename, file], { stdio: "inherit" });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
