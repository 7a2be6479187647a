// AIRSSYS_RECORD: a program records itself, whatever its end, and says what it cannot do.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { type Recording, readRecording } from "airssys-rt/recording";
import { Actor, ActorSystem, supervisor } from "../../../runtime/src/index.ts";
import { Recorder } from "../../../runtime/src/recording/recorder.ts";

const PROGRAM = path.join(import.meta.dirname, "recorded-program.ts");

let folder = "";
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-recorder-"));
});
after(() => fs.rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
}

/** Runs the program to its end. @param onLine called with each line that it prints */
function run(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  onLine: (pid: number) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...words], { env: { ...process.env, ...env }, cwd: folder });
  let err = "";
  child.stderr.on("data", (text) => {
    err += text;
  });
  child.stdout.on("data", () => onLine(child.pid as number));
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, err })));
}

function open(name: string): Promise<Recording> {
  return readRecording(fs.createReadStream(path.join(folder, name)));
}

/** What is said of each message, in few words. */
function told(recording: Recording): string[] {
  return [...recording].map(
    ({ from, to, type, outcome, cause }) =>
      `${from?.path ?? "outside"} > ${to.path} ${type}${outcome === "handled" ? "" : ` ${outcome}`}${cause < 0 ? "" : " caused"}`,
  );
}

const FIRST = ["order", "order", "order", "ask"].map((type) => `outside > shop/orders ${type}`);
const SECOND = [
  "shop/orders > shop/packer pack caused",
  "shop/orders > shop/packer pack crashed caused",
  "shop/orders > shop/packer pack caused",
  "shop/orders > shop/packer count caused",
];

test("a program that ends has recorded every message, in a file that only its owner reads", async () => {
  const { code, err } = await run(["stop"], { AIRSSYS_RECORD: "whole.airssys" });
  assert.deepEqual([code, err], [0, ""]);
  assert.equal(fs.statSync(path.join(folder, "whole.airssys")).mode & 0o777, 0o600);
  const recording = await open("whole.airssys");
  assert.deepEqual(recording.notes, []);
  assert.deepEqual(told(recording), [...FIRST, ...SECOND]);
  assert.equal(recording.head.payloads, "types");
  assert.ok(
    [...recording].every(({ seq, waitUs, runUs }) => recording.valueOf(seq) === undefined && waitUs >= 0 && runUs >= 0),
  );
  assert.equal(recording.noteOf(6), "RangeError: no ribbon left");
  assert.deepEqual(
    recording.events.map(({ event }) => event.kind).filter((kind) => kind !== "deadLetter"),
    ["crashed", "restarting", "restarted", "systemStopped"],
  );
  assert.equal(recording.at(7).answer, "answered");
  const [first, crashed] = [recording.at(0), recording.at(5)];
  assert.equal(first.seq, recording.at(4).cause);
  assert.ok(Math.abs(crashed.sentAt - Date.now()) < 60_000);
});

test("values, answers and readings are recorded when that is asked for, and secrets never are", async () => {
  const { err } = await run(["stop"], {
    ...{ AIRSSYS_RECORD: "values.airssys", AIRSSYS_RECORD_VALUES: "1", AIRSSYS_REDACT: "order_id, orderId" },
  });
  assert.equal(err, "");
  const recording = await open("values.airssys");
  const pack = recording.at(4);
  assert.deepEqual(recording.valueOf(pack.seq), {
    type: "pack",
    orderId: { $: "hidden" },
    to: { $: "ref", actor: "shop/orders", incarnation: 1 },
    password: { $: "hidden" },
  });
  assert.equal(recording.replyTo(recording.at(7).seq), 1);
  const { clock, random, found } = recording.readingsOf(recording.at(0).seq);
  assert.equal(clock.length, 1);
  assert.ok(random.length === 1 && (random[0] as number) < 1);
  assert.deepEqual(found, [["packer", "shop/packer"]]);
  const starts = recording.events.flatMap(({ event }) => (event.kind === "started" ? [event] : []));
  assert.deepEqual(
    starts.map(({ path, incarnation }) => `${path} ${incarnation}`),
    ["shop/packer 1", "shop/orders 1", "shop 1", "shop/packer 2"],
  );
});

test("a program that fails, is told to end or exits by itself has recorded all that was before", async () => {
  const thrown = await run(["throw"], { AIRSSYS_RECORD: "thrown.airssys" });
  assert.equal(thrown.code, 1);
  assert.match(thrown.err, /out of the program/);
  const afterThrow = await open("thrown.airssys");
  assert.deepEqual([afterThrow.notes, told(afterThrow)], [[], [...FIRST, ...SECOND]]);

  const ended = await run(["wait"], { AIRSSYS_RECORD: "ended.airssys" }, (pid) => process.kill(pid, "SIGTERM"));
  assert.deepEqual([ended.code, ended.signal, ended.err], [null, "SIGTERM", ""]);
  const afterTerm = await open("ended.airssys");
  assert.deepEqual(
    [afterTerm.notes, told(afterTerm)],
    [[], [...FIRST, ...SECOND, "outside > shop/orders hang open"]],
    "what is under way is told as that",
  );

  const listened = await run(["listen"], { AIRSSYS_RECORD: "listened.airssys" }, (pid) => process.kill(pid, "SIGTERM"));
  assert.deepEqual([listened.code, listened.signal], [3, null], "its own listener decides");
  const afterOwn = await open("listened.airssys");
  assert.deepEqual(afterOwn.notes, []);
  assert.equal(afterOwn.length, 10);
});

test("a program that is killed leaves a recording that is read as far as it was written", async () => {
  const { signal } = await run(["wait"], { AIRSSYS_RECORD: "killed.airssys" }, (pid) => {
    const wait = setInterval(() => {
      if (fs.statSync(path.join(folder, "killed.airssys")).size < 300) return;
      clearInterval(wait);
      process.kill(pid, "SIGKILL");
    }, 20);
  });
  assert.equal(signal, "SIGKILL");
  const recording = await open("killed.airssys");
  assert.deepEqual(recording.notes, [{ kind: "truncated" }]);
  assert.deepEqual(told(recording).slice(0, 8), [...FIRST, ...SECOND]);
});

test("what was sent is in the file a quarter of a second later, whatever becomes of it", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const file = path.join(folder, "early.airssys");
  const recorder = new Recorder(file, { payloads: "types", hidden: [] });
  type Message = { readonly type: "done" | "hang" };
  class Worker extends Actor<Message> {
    override handleMessage({ type }: Message): Promise<void> | undefined {
      return type === "hang" ? new Promise<void>(() => {}) : undefined;
    }
  }
  const child = { id: "worker", name: "worker", shutdown: "brutal_kill", start: () => new Worker() } as const;
  const system = await ActorSystem.start({ name: "early", root: supervisor({ children: [child] }), logger: false });
  t.after(() => recorder.end());
  t.after(() => system.stop());
  const worker = system.whereis<Message>("worker");
  assert.ok(worker);
  worker.tell({ type: "done" });
  worker.tell({ type: "hang" });
  await new Promise(setImmediate);
  t.mock.timers.tick(250);
  let recording = await open("early.airssys");
  for (let tries = 0; recording.length < 2 && tries < 10_000; tries++) {
    await new Promise(setImmediate);
    recording = await open("early.airssys");
  }
  assert.deepEqual(told(recording), ["outside > early/worker done", "outside > early/worker hang open"]);
  assert.deepEqual(recording.notes, [{ kind: "truncated" }]);
});

test("of a long run the last 100,000 messages are kept at least, and how many came before is told", async () => {
  const { code, err } = await run(["burst", "420000"], { AIRSSYS_RECORD: "long.airssys" });
  assert.deepEqual([code, err], [0, ""]);
  const recording = await open("long.airssys");
  const [gap, ...others] = recording.notes;
  assert.deepEqual(others, []);
  assert.ok(gap?.kind === "gap");
  assert.equal(recording.length + gap.messages, 420_001 + 8);
  assert.ok(recording.length >= 100_000 && recording.length <= 330_000, `${recording.length} are kept`);
  const last = recording.at(recording.length - 1);
  assert.deepEqual([last.type, last.to.path, last.from?.path], ["burst", "shop/orders", "shop/orders"]);
  const seqs = [...recording].map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    Array.from({ length: recording.length }, (_, at) => (seqs[0] as number) + at),
    "none is missing between",
  );
  assert.deepEqual(
    fs.readdirSync(folder).filter((name) => name.endsWith(".new")),
    [],
  );
});

test("a recording replaces another one, and nothing else", async () => {
  fs.writeFileSync(path.join(folder, "notes.txt"), "my notes");
  const notes = await run(["stop"], { AIRSSYS_RECORD: "notes.txt" });
  assert.equal(notes.code, 0, "the program runs all the same");
  assert.match(
    notes.err,
    /nothing is recorded \(AIRSSYS_RECORD=notes\.txt\): .*notes\.txt is there, and is no recording/,
  );
  assert.equal(fs.readFileSync(path.join(folder, "notes.txt"), "utf8"), "my notes");

  fs.symlinkSync(path.join(folder, "notes.txt"), path.join(folder, "link.airssys"));
  assert.match((await run(["stop"], { AIRSSYS_RECORD: "link.airssys" })).err, /link\.airssys is no file/);
  assert.match((await run(["stop"], { AIRSSYS_RECORD: "no/such/folder.airssys" })).err, /ENOENT/);
  const odd = await run(["stop"], { AIRSSYS_RECORD: "odd.airssys", AIRSSYS_RECORD_VALUES: "yes" });
  assert.match(odd.err, /AIRSSYS_RECORD_VALUES must be 0 or 1, got "yes"/);

  await run(["stop"], { AIRSSYS_RECORD: "odd.airssys" });
  assert.equal((await open("odd.airssys")).length, 8);
});

test("in a folder each process has a file of its own", async () => {
  const place = path.join(folder, "many");
  fs.mkdirSync(place);
  await Promise.all([run(["stop"], { AIRSSYS_RECORD: place }), run(["stop"], { AIRSSYS_RECORD: place })]);
  const files = fs.readdirSync(place);
  assert.equal(files.length, 2);
  assert.match(files[0] ?? "", /^recorded-program-\d{8}T\d{6}-\d+\.airssys$/);
  for (const name of files) assert.equal((await open(path.join("many", name))).length, 8);
});

test("a disk that takes nothing more is told once, and the program runs on", {
  skip: !fs.existsSync("/dev/full"),
}, async () => {
  const { RecordingFile } = await import("../../../runtime/src/recording/recording-file.ts");
  const failures: unknown[] = [];
  const full = path.join(folder, "full.airssys");
  const file = new RecordingFile(full, '{"format":1}\n', (cause) => failures.push(cause));
  const fd = fs.openSync("/dev/full", "w");
  // The same number now stands for a disk that is full.
  fs.closeSync(file.fd);
  assert.equal(fs.openSync("/dev/full", "w"), file.fd);
  file.append("x".repeat(600_000));
  for (let look = 0; look < 200 && failures.length === 0; look++) await new Promise((resolve) => setImmediate(resolve));
  file.append("y");
  file.close("z");
  fs.closeSync(fd);
  assert.equal(failures.length, 1);
  assert.match(String(failures[0]), /ENOSPC/);
});

test("more messages at once than a ring has room for at its begin are recorded, each once and with its end", async () => {
  const name = "burst.airssys";
  const recorder = new Recorder(path.join(folder, name), { payloads: "types", hidden: [] });
  type Message = { readonly type: "one" | "hang" };
  const count = 5_000;
  let left = count;
  let over = (): void => {};
  const isOver = new Promise<void>((resolve) => {
    over = resolve;
  });
  class Sink extends Actor<Message> {
    override handleMessage({ type }: Message): Promise<void> | undefined {
      if (type === "hang") return new Promise<void>(() => {});
      if (--left === 0) over();
      return undefined;
    }
  }
  const child = (id: string) => ({ id, name: id, shutdown: "brutal_kill", start: () => new Sink() }) as const;
  const system = await ActorSystem.start({
    name: "shop",
    logger: false,
    root: supervisor({ name: "shop", children: [child("sink"), child("stuck")] }),
  });
  system.whereis<Message>("stuck")?.tell({ type: "hang" });
  const sink = system.whereis<Message>("sink");
  for (let n = 0; n < count; n++) sink?.tell({ type: "one" });
  await isOver;
  recorder.end();
  await system.stop();

  const recording = await open(name);
  const outcomes = new Map<string, number>();
  for (const { type, outcome } of recording)
    outcomes.set(`${type} ${outcome}`, (outcomes.get(`${type} ${outcome}`) ?? 0) + 1);
  assert.deepEqual(Object.fromEntries(outcomes), { "one handled": count, "hang open": 1 });
  assert.equal(new Set([...recording].map(({ seq }) => seq)).size, count + 1);
});
