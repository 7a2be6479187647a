// What rows tell of OS processes and of what was denied, and what a viewer may do to processes.
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { ActorRow } from "../../../runtime/src/inspect/actor-row.ts";
import type { OutputPart } from "../../../runtime/src/inspect/process-row.ts";
import type { ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";
import type { FileMessage } from "../../../runtime/src/os/file-messages.ts";
import { files } from "../../../runtime/src/os/files.ts";
import type { Grants } from "../../../runtime/src/os/grant.ts";
import { neededFileGrant, neededRunGrant } from "../../../runtime/src/os/needed-grant.ts";
import type { Denial, DenialReason } from "../../../runtime/src/os/os-errors.ts";
import { osProcess } from "../../../runtime/src/os/os-process.ts";
import { OutputWatch } from "../../../runtime/src/os/output-watch.ts";
import { processManager } from "../../../runtime/src/os/process-manager.ts";
import type { ProcessManagerMessage, ProcessMessage, ProcessOutput } from "../../../runtime/src/os/process-messages.ts";
import type { ProcessRequest } from "../../../runtime/src/os/process-request.ts";
import { SecurityContext } from "../../../runtime/src/os/security-context.ts";
import { supervisor } from "../../../runtime/src/supervision/supervisor.ts";
import { ActorSystem } from "../../../runtime/src/system.ts";
import { Actor } from "../../../runtime/src/values/actor.ts";
import { lastLines, shownText } from "../../../runtime/src/values/shown-text.ts";
import { aliveInGroup } from "../os/orphans.ts";
import { rowsAfter, settle, Viewer } from "./viewer.ts";

const SH = "/bin/sh";

/** A viewer whose frames can be waited for. */
class Watcher extends Viewer {
  #waiting: (() => void)[] = [];

  override push(frame: string): void {
    super.push(frame);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** The row of an actor, once it is as it should be. */
  async row(path: string, isRight: (row: ActorRow) => boolean): Promise<ActorRow> {
    for (;;) {
      const row = [...rowsAfter(this.frames).values()].find((one) => one.path === path);
      if (row !== undefined && isRight(row)) return row;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

interface Desk {
  readonly system: ActorSystem;
  readonly viewer: Watcher;
  readonly manager: NonNullable<ReturnType<typeof managerOf>>;
  shell(id: string, script: string, more?: object): Promise<string>;
  say(frame: object): Promise<Extract<ProgramFrame, { type: "reply" }>>;
}

const managerOf = (system: ActorSystem) => system.whereis<ProcessManagerMessage>("manager");

async function desk(t: TestContext, isWatched = true): Promise<Desk> {
  const security = SecurityContext.create({
    principal: "test",
    base: "/tmp",
    files: [{ path: "/usr/share", allow: ["list"] }],
    run: [{ command: SH, args: ["-c", { matches: /[\s\S]*/ }] }],
    env: { PATH: "/usr/bin:/bin" },
  });
  const root = supervisor({
    maxRestarts: 3,
    children: [
      { id: "manager", start: processManager(security, { maxConcurrent: 60 }) },
      { id: "files", start: files(security) },
      { id: "shells", start: supervisor({ maxRestarts: 3, children: [] }) },
    ],
  });
  const system = await ActorSystem.start({ name: "os", root, logger: false });
  t.after(() => system.stop());
  // Neither a process that says nothing nor a viewer keeps the program.
  const stayAlive = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(stayAlive));
  t.after(() => security.close());
  const viewer = new Watcher();
  t.after(() => viewer.session.close());
  if (isWatched) await viewer.say({ type: "subscribe", id: 1, intervalMs: 100 });
  const manager = managerOf(system);
  assert.ok(manager);
  let id = 10;
  return {
    system,
    viewer,
    manager,
    async shell(name, script, more = {}) {
      const start = osProcess({ security, command: SH, args: ["-c", script], ...more });
      system.spawn(start as never, { id: name });
      return `os/${name}`;
    },
    async say(frame) {
      const answer = await viewer.say({ id: ++id, ...frame });
      assert.equal(answer.type, "reply");
      return answer as never;
    },
  };
}

const FOREVER = "while :; do sleep 60; done";

test("the row of an OS process tells pid, command, arguments, memory and processor time", async (t) => {
  const { viewer, shell } = await desk(t);
  const path = await shell("busy", "while :; do :; done");
  const { process: info } = await viewer.row(path, (row) => (row.process?.usage?.cpuPercent ?? 0) > 0);
  assert.ok(info);
  assert.deepEqual([info.command, info.args, info.state], [SH, '-c "while :; do :; done"', "ready"]);
  assert.ok(info.pid > 1);
  assert.ok(Math.abs(Date.now() - info.startedAt) < 60_000);
  assert.ok((info.usage?.memoryBytes ?? 0) > 100_000, JSON.stringify(info.usage));
  assert.ok((info.usage?.cpuPercent ?? 0) <= 150, JSON.stringify(info.usage));
});

test("the row of an OS process tells the last lines of stderr, and nothing in them commands a screen", async (t) => {
  const { viewer, shell } = await desk(t);
  const script = `printf '1\\n2\\n3\\n4\\n\\033[31mred\\033[0m \\033]0;title\\007[link](command:x)\\a\\n\\342\\200\\256turned %0300d\\n' 7 >&2; ${FOREVER}`;
  const path = await shell("talker", script);
  const { process: info } = await viewer.row(path, (row) => row.process?.stderr?.includes("turned") === true);
  const lines = info?.stderr?.split("\n") ?? [];
  assert.deepEqual(lines.slice(0, 4), ["2", "3", "4", "red [link](command:x)"]);
  assert.match(lines[4] ?? "", /^turned 0{192}…$/);
});

test("stderr is told where an actor takes it, too, as far as it came while somebody looked", async (t) => {
  const { viewer, shell, system } = await desk(t);
  const lines: string[] = [];
  class Log extends Actor<ProcessOutput> {
    override handleMessage(output: ProcessOutput): void {
      if (output.type === "line") lines.push(output.text);
    }
  }
  const to = system.spawn(() => new Log(), { id: "log", mailbox: { capacity: 8, overflow: "block" } });
  const path = await shell("teller", 'n=0; while read -r line; do n=$((n+1)); echo "$n $line" >&2; done', {
    stderr: { to, as: "lines" },
  });
  await viewer.row(path, (row) => row.process !== undefined);
  const ref = system.whereis<ProcessMessage>("teller");
  await ref?.ask({ type: "write", data: "heard\n" });
  const { process: info } = await viewer.row(path, (row) => row.process?.stderr !== undefined);
  assert.equal(info?.stderr, "1 heard");
  assert.deepEqual(lines, ["1 heard"]);
});

test("a process that is not ready is starting, and one that has exited tells its code or signal", async (t) => {
  const { viewer, shell, say, system } = await desk(t);
  const starting = await shell("slow", `read -r line; echo ready; ${FOREVER}`, { ready: /^ready/ });
  const { process: slow, key } = await viewer.row(starting, (row) => row.process?.state === "starting");
  assert.ok(slow);
  assert.deepEqual((await say({ type: "signal", key, pid: slow.pid, signal: "SIGKILL" })).ok, true);
  const exits = { orderly: "exit 7", code: "exit 3", signal: "kill -SEGV $$" };
  for (const [name, script] of Object.entries(exits)) {
    const path = await shell(name, `read -r line; ${script}`, { orderlyCodes: [7] });
    await viewer.row(path, (row) => row.process?.state === "ready");
    await system.whereis<ProcessMessage>(name)?.ask({ type: "write", data: "go\n" });
  }
  // What crashed stays in sight, as every child that failed.
  const code = await viewer.row("os/code", (row) => row.left === true);
  assert.deepEqual([code.process?.state, code.process?.code, code.process?.usage], ["exited", 3, undefined]);
  const signal = await viewer.row("os/signal", (row) => row.left === true);
  assert.deepEqual([signal.process?.state, signal.process?.signal], ["exited", "SIGSEGV"]);
});

test("a process that is run for somebody is told by who runs it, and only as long as it runs", async (t) => {
  const { viewer, manager } = await desk(t);
  const result = manager.ask({ type: "run", command: SH, args: ["-c", "read -r line; exit 4"] }, { timeoutMs: 60_000 });
  assert.equal((await result).code, 4);
  const hanging = manager.ask({ type: "run", command: SH, args: ["-c", FOREVER] }, { timeoutMs: 60_000 });
  const { runs, key } = await viewer.row("os/manager", (row) => row.runs !== undefined);
  const [run, ...others] = runs ?? [];
  assert.ok(run);
  assert.deepEqual([run.args, others], [`-c "${FOREVER}"`, []]);
  assert.equal((await viewer.say({ type: "signal", id: 5, key, pid: run.pid, signal: "SIGKILL" })).type, "reply");
  assert.equal((await hanging).signal, "SIGKILL");
  await viewer.row("os/manager", (row) => row.runs === undefined);
});

test("of very many processes that one actor runs the row tells the first, and how many more there are", async (t) => {
  const { viewer, manager } = await desk(t);
  const ask = { type: "run", command: SH, args: ["-c", "sleep 60"] } as const;
  const asks = Array.from({ length: 52 }, () => manager.ask(ask, { timeoutMs: 90_000 }).catch(() => undefined));
  const row = await viewer.row("os/manager", ({ runsLeftOut }) => runsLeftOut === 2);
  assert.equal(row.runs?.length, 50);
  assert.equal(asks.length, 52);
});

test("a signal of a viewer reaches the whole group, and is no crash", async (t) => {
  const { viewer, shell, say, system } = await desk(t);
  const ended = new Promise<unknown>((resolve) => {
    system.subscribe((event) => event.type === "ended" && event.actor.id === "os/pair" && resolve(event.reason));
  });
  const path = await shell("pair", `sleep 600 & echo started >&2; ${FOREVER}`);
  const { process: info, key } = await viewer.row(path, (row) => row.process?.stderr === "started");
  assert.ok(info);
  const sent = await say({ type: "signal", key, pid: info.pid, signal: "SIGTERM" });
  assert.deepEqual([sent.ok, sent.ok && sent.value], [true, true]);
  assert.deepEqual(await ended, { kind: "shutdown", detail: { signal: "SIGTERM" } });
  // The shell is over before the system has taken away what it had started.
  while (aliveInGroup(info.pid).length > 0) await setImmediate();
});

test("a signal and a question go to the process that was meant, and to no later one", async (t) => {
  const { viewer, shell, say } = await desk(t);
  const path = await shell("one", FOREVER);
  const { process: info, key } = await viewer.row(path, (row) => row.process !== undefined);
  assert.ok(info);
  for (const frame of [
    { type: "signal", key, pid: info.pid + 1, signal: "SIGKILL" },
    { type: "signal", key, pid: process.pid, signal: "SIGKILL" },
    { type: "output", key, pid: -1, from: 0 },
  ]) {
    const answer = await say(frame);
    assert.deepEqual([answer.ok, !answer.ok && answer.code], [false, "ERR_UNKNOWN_PROCESS"], JSON.stringify(frame));
  }
  for (const frame of [
    { type: "signal", key, pid: info.pid, signal: "SIGNONE" },
    { type: "signal", key, pid: info.pid, signal: 9 },
    { type: "signal", key, pid: "1", signal: "SIGKILL" },
    { type: "output", key, pid: info.pid },
    { type: "output", key, pid: info.pid, from: null },
  ]) {
    const answer = await say(frame);
    assert.deepEqual([answer.ok, !answer.ok && answer.code], [false, "ERR_BAD_FRAME"], JSON.stringify(frame));
  }
});

test("output is told part by part, and what was lost between is counted", async (t) => {
  const { viewer, shell, say, system } = await desk(t);
  const path = await shell("cat", "echo begun >&2; cat");
  const { process: info, key } = await viewer.row(path, (row) => row.process?.stderr === "begun");
  const ref = system.whereis<ProcessMessage>("cat");
  const output = async (from: number): Promise<OutputPart> => {
    const answer = await say({ type: "output", key, pid: info?.pid, from });
    assert.ok(answer.ok);
    return answer.value as OutputPart;
  };
  const all = async (from: number, end: string): Promise<{ text: string; next: number; lost: number }> => {
    let sum = { text: "", next: from, lost: 0 };
    while (!sum.text.includes(end)) {
      const part = await output(sum.next);
      sum = { text: sum.text + part.text, next: part.next, lost: sum.lost + part.lost };
      await settle();
    }
    return sum;
  };
  const begun = await output(0);
  assert.deepEqual(begun, { text: "begun\n", next: 6, lost: 0 });
  await ref?.ask({ type: "write", data: "\u001b[1mbold\u001b[0m äö€😀\r\nend\n" });
  const part = await all(begun.next, "end");
  assert.equal(part.text, "bold äö€😀\nend\n");
  await ref?.ask({ type: "write", data: `${"x".repeat(400_000)}\nlast\n` }, { timeoutMs: 60_000 });
  const late = await all(part.next, "last");
  assert.equal(late.next - part.next, 400_006);
  assert.equal(late.lost + late.text.length, 400_006);
  assert.deepEqual(await output(1e300), { text: "", next: late.next, lost: 0 });
  assert.equal((await output(-5)).next, late.next);
});

test("what was denied is counted, with the last one and the grant it would have needed", async (t) => {
  const { viewer, manager, system } = await desk(t);
  const store = system.whereis<FileMessage>("files");
  await assert.rejects(async () => store?.ask({ type: "read", path: "/etc/hostname" }), { reason: "outside" });
  await assert.rejects(async () => store?.ask({ type: "read", path: "/usr/share/\u001b[31mx" }), {
    reason: "not_granted",
  });
  const kept = await viewer.row("os/files", (row) => row.denials?.count === 2);
  assert.deepEqual(
    { ...kept.denials, at: 0 },
    {
      count: 2,
      at: 0,
      operation: "read",
      target: "/usr/share/x",
      reason: "not_granted",
      hint: 'the grant of "/usr/share" does not allow "read"',
      grant: '{ path: "/usr/share", allow: ["read"] }',
    },
  );
  await assert.rejects(() => manager.ask({ type: "spawnProcess", command: "/bin/rm", args: ["-rf", "x"] }));
  const spawn = await viewer.row("os/manager", (row) => row.denials?.count === 1);
  assert.equal(spawn.denials?.grant, '{ command: "/bin/rm", args: ["-rf", "x"] }');
  await assert.rejects(() => manager.ask({ type: "run", command: SH, args: ["-c", "-x"] }), { reason: "option_like" });
  const run = await viewer.row("os/manager", (row) => row.denials?.count === 2);
  assert.deepEqual(
    [run.denials?.reason, run.denials?.grant],
    ["option_like", '{ command: "/bin/sh", args: ["-c", "-x"] }'],
  );
});

test("the row of a process that may not be started says which grant it would need, with its crash", async (t) => {
  const { viewer, shell } = await desk(t);
  const path = await shell("denied", "true", { env: { TZ: "UTC" } });
  const { denials, lastCrash, left, process: info } = await viewer.row(path, (row) => row.denials !== undefined);
  assert.deepEqual(
    { ...denials, at: 0 },
    {
      count: 1,
      at: 0,
      operation: "spawn",
      target: SH,
      reason: "environment",
      hint: "the grant would have to list TZ in env",
      grant: '{ command: "/bin/sh", args: ["-c", { matches: /[\\s\\S]*/ }], env: ["TZ"] }',
    },
  );
  assert.equal(denials?.at, lastCrash?.at);
  assert.equal(left, true);
  assert.equal(info, undefined);
});

test("a stream is listened to only while somebody asks for it", () => {
  const stream = new PassThrough();
  let now = 1_000;
  const watch = new OutputWatch([stream], "before ", () => now);
  assert.equal(stream.listenerCount("data"), 0);
  assert.equal(watch.read(0).text, "before ");
  stream.emit("data", Buffer.from("€").subarray(0, 2));
  stream.emit("data", Buffer.from("€").subarray(2));
  assert.deepEqual(watch.read(7), { text: "€", next: 8, lost: 0 });
  assert.equal(stream.listenerCount("data"), 1);
  now += 15_001;
  stream.emit("data", Buffer.from("nobody heard this"));
  assert.equal(stream.listenerCount("data"), 0);
  assert.deepEqual(watch.read(8), { text: "", next: 8, lost: 0 });
  assert.equal(stream.listenerCount("data"), 1, "it is asked for again");
});

test("text of another program has nothing in it that commands a screen, whatever it is, and is made so at once", () => {
  const cases: readonly (readonly [given: string, shown: string])[] = [
    ["\u001b[1;31mred\u001b[0m", "red"],
    ["\u001b]8;;http://x\u0007link\u001b]8;;\u001b\\", "link"],
    ["\u009b31mred", "red"],
    ["a\rb\r\nc\td", "a\nb\nc\td"],
    ["\u0000\u0008\u007f\u202e\u2066\u200b\ufeffx", "x"],
    ["\ud800 \ude00 😀", "  😀"],
    ["\u001b", ""],
    ["\u001b[", ""],
    ["[31m stays, as text", "[31m stays, as text"],
  ];
  for (const [given, shown] of cases) assert.equal(shownText(given), shown, JSON.stringify(given));
  const startedAt = performance.now();
  for (const piece of ["\u001b[", "\u001b]x", "\u001b", "\u001b[0;", "\u001bP", "a \r"])
    lastLines(shownText(piece.repeat(100_000)), 5, 200);
  assert.ok(performance.now() - startedAt < 5_000);
});

test("the grant that is needed is written so that it could be granted, and only where one would help", () => {
  const grants: Grants = {
    principal: "test",
    files: [],
    run: [
      { command: "/bin/x", args: ["-k", { matches: /.*/, secret: true }, { path: "write" }] },
      {
        command: "/bin/y",
        args: [{ oneOf: ["a", "b"], mayBeOption: true }, { integer: [1, 9] }, { rest: { matches: /\//i }, max: 2 }],
        cwd: "out",
        env: ["A"],
        pin: true,
      },
    ],
    env: {},
  };
  const denial = (operation: string, target: string, reason: DenialReason): Denial => ({
    operation,
    target,
    reason,
    hint: "",
  });
  const asked = { command: "/bin/x", args: ["-k", "hunter2", "out/a", "more"] };
  const cases: readonly (readonly [Denial, ProcessRequest | undefined, string | undefined])[] = [
    [denial("write", "out/a.txt", "outside"), undefined, '{ path: "out", allow: ["write"] }'],
    [denial("list", "out", "outside"), undefined, '{ path: "out", allow: ["list"] }'],
    [denial("move", "out/a", "not_granted"), undefined, '{ path: "out", allow: ["read", "write", "delete"] }'],
    [denial("spawn", "out/a", "outside"), asked, '{ path: "out", allow: ["write"] }'],
    [
      denial("spawn", "/bin/x", "argument"),
      asked,
      '{ command: "/bin/x", args: ["-k", { matches: /(?!)/, secret: true }, "out/a", "more"] }',
    ],
    [denial("spawn", "/bin/x", "executable_changed"), asked, undefined],
    [denial("spawn", "/bin/x", "environment"), asked, undefined],
    [
      denial("spawn", "/bin/x", "environment"),
      { ...asked, args: ["-k", "hunter2", "out/a"], env: { LANG: "C" } },
      '{ command: "/bin/x", args: ["-k", { matches: /(?!)/, secret: true }, { path: "write" }], env: ["LANG"] }',
    ],
    [
      denial("spawn", "/bin/y", "environment"),
      { command: "/bin/y", args: ["a", "7"], env: { B: "x", NODE_OPTIONS: "x" } },
      '{ command: "/bin/y", args: [{ oneOf: ["a", "b"], mayBeOption: true }, { integer: [1, 9] }, { rest: { matches: /\\//i }, max: 2 }], cwd: "out", env: ["A", "B", "NODE_OPTIONS"], dangerous: true, pin: true }',
    ],
    [denial("spawn", "/bin/y", "environment"), { command: "/bin/y", args: ["a", "7"], env: { "=": "" } }, undefined],
    [
      denial("spawn", "/bin/y", "argument"),
      { command: "/bin/y", args: ["c\n"] },
      '{ command: "/bin/y", args: ["c\\n"], cwd: "out", env: ["A"], pin: true }',
    ],
    [denial("spawn", "/bin/z", "not_granted"), { command: "/bin/z", args: ["x".repeat(3_000)] }, undefined],
    [denial("read", "x".repeat(3_000), "outside"), undefined, '{ path: ".", allow: ["read"] }'],
    [denial("list", "x".repeat(3_000), "outside"), undefined, undefined],
  ];
  for (const [given, request, grant] of cases)
    assert.equal(
      request === undefined ? neededFileGrant(given) : neededRunGrant(grants, given, request),
      grant,
      JSON.stringify(given),
    );
});
