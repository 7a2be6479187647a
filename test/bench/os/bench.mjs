/**
 * `npm run bench:os`: what files and processes cost beside those of Node, as ratios within one run.
 *
 *     npm run bench:os                     everything, medians of nine rounds in ten parts each
 *     npm run bench:os -- --rounds 3       shorter
 *     npm run bench:os -- --only spawn     one of spawn, open, audit, flood, zombies
 *
 * Two ways of one thing take turns, and what is compared is processor time of this process, children not counted.
 */
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Actor, ActorSystem, startChild, supervisor } from "airssys-rt";
import { files, osProcess, processManager, SecurityContext } from "airssys-rt/os";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "9" }, only: { type: "string" }, flood: { type: "string" } },
});
const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = fs.constants;
const rounds = Number(values.rounds);
const top = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "airssys-bench-"));
fs.mkdirSync(path.join(top, "a/b"), { recursive: true });
fs.mkdirSync(path.join(top, "log"));
fs.writeFileSync(path.join(top, "a/b/f"), "content");
const options = {
  principal: "bench",
  base: top,
  files: [
    { path: "a", allow: ["read", "list", "write"] },
    { path: "log", allow: ["write"] },
  ],
  run: [
    { command: "/bin/true" },
    { command: "/usr/bin/head", args: ["-c", { integer: [1, 2 ** 40] }, "/dev/zero"] },
    { command: "/usr/bin/seq", args: ["-f", "%099.0f", { integer: [1, 2 ** 40] }] },
  ],
  env: { PATH: "/usr/bin:/bin" },
};
const security = SecurityContext.create(options);
const root = supervisor({
  maxRestarts: 0,
  children: [
    { id: "processes", start: processManager(security) },
    { id: "files", start: files(security) },
  ],
});
const system = await ActorSystem.start({ name: "bench", root });
const manager = system.whereis("processes");

/** Milliseconds of processor time that this process spends on it. */
async function cpuMs(operate, times) {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await operate();
  const { user, system: kernel } = process.cpuUsage(before);
  return (user + kernel) / 1_000;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** Parts that a round is cut into, which take turns: the shorter, the less one way meets what the other does not. */
const PARTS = 10;

/** The median of all parts' ratios, and of the microseconds each way takes. */
async function ratio(plain, guarded, times) {
  await cpuMs(plain, times);
  await cpuMs(guarded, times);
  const taken = [];
  const each = Math.ceil(times / PARTS);
  for (let i = 0; i < rounds * PARTS; i++)
    taken.push(
      i % 2 === 0
        ? { plain: await cpuMs(plain, each), guarded: await cpuMs(guarded, each) }
        : { guarded: await cpuMs(guarded, each), plain: await cpuMs(plain, each) },
    );
  return {
    ratio: median(taken.map((one) => one.guarded / one.plain)),
    plainUs: (median(taken.map((one) => one.plain)) * 1_000) / each,
    guardedUs: (median(taken.map((one) => one.guarded)) * 1_000) / each,
  };
}

function tell(what, { ratio: is, plainUs, guardedUs }, goal) {
  const verdict = is <= goal ? "within" : "BEYOND";
  console.log(`${what}: ${is.toFixed(2)} (${plainUs.toFixed(1)} → ${guardedUs.toFixed(1)} µs), ${verdict} ${goal}`);
}

/** Starts it, takes all it writes, waits for its end: what `run` does, by hand. */
function plainSpawn() {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/true", [], { detached: true, env: options.env, cwd: top });
    const pieces = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => pieces.push(piece));
    child.stdin.on("error", () => undefined);
    child.stdin.end();
    child.once("error", reject);
    child.once("close", () => resolve(Buffer.concat(pieces)));
  });
}

/** Takes 1 GiB of a process, a piece a millisecond. @param taking says how many bytes a piece had. */
async function flood(what, as, taking) {
  let taken = 0;
  class Slow extends Actor {
    async handleMessage(piece) {
      taken += taking(piece);
      if (as === "bytes") await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  const sink = system.spawn(() => new Slow(), { mailbox: { capacity: 4, overflow: "block" } });
  const total = as === "bytes" ? 2 ** 30 : 2 ** 28;
  const [command, args] =
    as === "bytes"
      ? ["/usr/bin/head", ["-c", String(total), "/dev/zero"]]
      : ["/usr/bin/seq", ["-f", "%099.0f", String(Math.floor(total / 100))]];
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = 0;
  const start = osProcess({ security, command, args, stdout: { to: sink, as } });
  await startChild(system.root, { id: "flood", start, restart: "temporary" });
  while (taken < total - 100) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    most = Math.max(most, process.memoryUsage().rss - before);
  }
  const more = most / 2 ** 20;
  const verdict = more <= 32 ? "within" : "BEYOND";
  console.log(`${total / 2 ** 20} MiB to a slow sink, ${what}: ${more.toFixed(0)} MiB more memory, ${verdict} 32`);
}

/** How a sink takes what comes: what it is called, what it is sent, and what it makes of a piece. @type {Record<string, Parameters<typeof flood>>} */
const floods = {
  given: [
    "bytes that the sink gives back",
    "bytes",
    ({ bytes }) => {
      const { length } = bytes;
      bytes.buffer.transfer(0);
      return length;
    },
  ],
  lines: ["lines", "lines", ({ text }) => text.length + 1],
  left: ["bytes that are left to V8", "bytes", ({ bytes }) => bytes.length],
};

const programs = {
  async spawn() {
    const run = () => manager.ask({ type: "run", command: "/bin/true" });
    tell("a process, started and run to its end, to node:child_process", await ratio(plainSpawn, run, 100), 1.3);
  },
  async open() {
    const given = path.join(top, "a/b/f");
    const plain = () => fs.closeSync(fs.openSync(given, "r"));
    const guarded = () => {
      const target = security.find("read", "a/b/f", ["read"]);
      const fd = fs.openSync(target.directory.at(target.name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      if (!fs.fstatSync(fd).isFile()) throw new Error("it is a file");
      fs.closeSync(fd);
      target[Symbol.dispose]();
    };
    tell("opening by the walk, three parts, to openSync", await ratio(plain, guarded, 5_000), 3);
  },
  async audit() {
    let heard = 0;
    class Auditor extends Actor {
      handleMessage() {
        heard += 1;
      }
    }
    const auditor = system.spawn(() => new Auditor());
    const operations = {
      "a read of 7 bytes": { type: "read", path: "a/b/f" },
      "a write of 7 bytes": { type: "write", path: "a/b/g", data: "content" },
    };
    const asking = (context, message) => {
      const ref = system.spawn(files(context));
      return () => ref.ask(message);
    };
    for (const [what, message] of Object.entries(operations))
      for (const [to, audit] of [
        ["an actor", auditor],
        ["a file", { file: "log/audit" }],
      ]) {
        const context = SecurityContext.create({ ...options, audit });
        const taken = await ratio(asking(security, message), asking(context, message), 500);
        tell(`${what}, written down to ${to}, to one that is not`, taken, 1.1);
        context.close();
      }
    if (heard === 0) throw new Error("nothing was written down");
  },
  /** Each in a program of its own: memory that one has let go of would hide what the next one takes. */
  flood() {
    for (const name of Object.keys(floods))
      execFileSync(process.execPath, [...process.execArgv, import.meta.filename, "--flood", name], {
        stdio: "inherit",
      });
  },
  async zombies() {
    const open = fs.readdirSync("/proc/self/fd").length;
    for (let i = 0; i < 20; i++)
      await Promise.all(Array.from({ length: 50 }, () => manager.ask({ type: "run", command: "/bin/true" })));
    const zombies = fs.readdirSync("/proc").filter(isOurZombie).length;
    const more = fs.readdirSync("/proc/self/fd").length - open;
    console.log(`1,000 processes: ${zombies} zombies, ${more} descriptors more`);
  },
};

function isOurZombie(pid) {
  try {
    const [, parent] = / Z (\d+)/.exec(fs.readFileSync(`/proc/${pid}/stat`, "latin1")) ?? [];
    return Number(parent) === process.pid;
  } catch {
    return false;
  }
}

if (values.flood !== undefined) await flood(...floods[values.flood]);
else await all();
await system.stop();
security.close();
fs.rmSync(top, { recursive: true });

async function all() {
  console.log(`load ${os.loadavg()[0].toFixed(1)}, Node ${process.version}, ${rounds} rounds`);
  for (const [name, measure] of Object.entries(programs))
    if (values.only === undefined || values.only.split(",").includes(name)) await measure();
}
