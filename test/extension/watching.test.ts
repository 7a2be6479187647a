import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { suite, type TestContext, test } from "node:test";
import { addressInFlags, isLoopback, readAddress } from "../../extension/src/inspect/inspector-address.ts";
import type { SessionFault } from "../../extension/src/inspect/session.ts";
import type { WatchError } from "../../extension/src/inspect/watch-error.ts";
import type { Program } from "../../extension/src/programs/program.ts";
import { Programs } from "../../extension/src/programs/programs.ts";
import {
  checkCanOpen,
  inOrder,
  type NodeProcess,
  readCommandLine,
  signalFate,
  titleOf,
  wordsOf,
} from "../../extension/src/watch/node-process.ts";
import { nodeProcesses, readCim, readPs } from "../../extension/src/watch/node-processes.ts";
import { MACHINE, type Machine, type Watch, Watching } from "../../extension/src/watch/watching.ts";
import { Forwarder, freePort, type RunningProgram, runProgram } from "./running-program.ts";

const WATCHER = path.join(import.meta.dirname, "watcher-program.ts");

/** A window that watches; it stops with the test. */
function watcher(t: TestContext, machine: Machine = MACHINE) {
  const programs = new Programs((origin) => origin !== "watched");
  const asked: string[] = [];
  const answers = { open: true, reach: true };
  const consent = {
    mayOpen: ({ pid }: NodeProcess) => Promise.resolve(asked.push(`open ${pid}`) > 0 && answers.open),
    mayReach: (host: string) => Promise.resolve(asked.push(`reach ${host}`) > 0 && answers.reach),
  };
  const watching = new Watching(programs, consent, machine);
  t.after(() => watching.close());
  const watch = ({ pid }: RunningProgram): Promise<Program | undefined> => watching.watch({ kind: "process", pid });
  const reach = (address: { host: string; port: number }): Promise<Program | undefined> =>
    watching.watch({ kind: "address", address });
  const ended = new Promise<[Watch, SessionFault | undefined]>((resolve) => {
    watching.on("ended", (one, fault) => resolve([one, fault]));
  });
  return { programs, watching, watch, reach, asked, answers, ended };
}

/** Resolves when the program shows something that is looked for. */
function shown(programs: Programs, isThere: (program: Program) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (programs.all.some(isThere)) resolve();
    };
    programs.on("changed", look);
    look();
  });
}

const refused = (code: string, text: RegExp) => (error: WatchError) => {
  assert.deepEqual([error.name, error.code], ["WatchError", code], error.message);
  assert.match(error.message, text);
  return true;
};

/** Whether its inspector listens. */
async function isOpen({ port }: { readonly port: number }): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/json/version`)).ok;
  } catch {
    return false;
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const hasActor = ({ tree }: Program): boolean => [...tree.rows].some(({ id }) => id === "counter");

suite("a running program is watched", () => {
  test("by its number: its inspector is opened after a question, and closed at the end", async (t) => {
    const program = await runProgram(t);
    const { programs, watching, watch, asked } = watcher(t);
    programs.watch("view", 400);
    assert.equal(await isOpen(program), false);

    const watched = await watch(program);
    await shown(programs, hasActor);

    assert.deepEqual(asked, [`open ${program.pid}`]);
    assert.equal(watched?.detail, `watching, read only · pid ${program.pid}`);
    assert.ok(watched.isWatched && !watched.can("kill") && !watched.can("send") && !watched.can("locate"));
    await assert.rejects(
      watched.request({ type: "kill", key: "watched#1" }),
      /read only: nothing in it can be changed/,
    );
    for (let times = 1; times <= 3; times++) {
      for (const { program: one } of watching.all) watching.stop(one);
      await until(async () => !(await isOpen(program)));
      assert.deepEqual([program.child.exitCode, program.child.signalCode], [null, null]);
      if (times < 3) await watch(program);
    }
  });

  test("through a forwarded port, by the domain Runtime alone: it cannot be paused", async (t) => {
    const program = await runProgram(t, ["--inspect=127.0.0.1:PORT"]);
    const forwarder = await Forwarder.to(t, program.port);
    const { programs, watching, reach, asked } = watcher(t);
    programs.watch("view", 400);

    const watched = await reach(forwarder.address);
    await shown(programs, hasActor);
    const key = [...(watched?.tree.rows ?? [])].find(({ id }) => id === "counter")?.key ?? "";
    await watched?.request({ type: "follow", level: "messages" });
    await watched?.request({ type: "details", key, parts: ["state", "mailbox"] });
    await watched?.who();
    if (watched) watching.stop(watched);
    await until(() => Promise.resolve(forwarder.methods.length >= 6));

    assert.deepEqual(asked, []);
    assert.deepEqual([...new Set(forwarder.methods)].sort(), ["Runtime.addBinding", "Runtime.evaluate"]);
    assert.equal(await isOpen(program), true, "who opened it keeps it open");
  });

  test("beside a debugger, which keeps what it has", async (t) => {
    const program = await runProgram(t, ["--inspect=127.0.0.1:PORT"]);
    const [one, two] = [watcher(t), watcher(t)];
    const first = await one.reach(program.address);
    const second = await two.reach(program.address);
    assert.ok(first && second);
    await assert.rejects(one.reach(program.address), refused("watchedAlready", /is watched already/));

    two.watching.stop(second);
    await first.request({ type: "health" });

    assert.ok(first.session.isLive);
  });

  test("while an actor blocks its event loop, which is named", async (t) => {
    const program = await runProgram(t, ["--inspect=127.0.0.1:PORT"]);
    const { watch, programs } = watcher(t);
    programs.watch("view", 400);
    const watched = await watch(program);
    await shown(programs, hasActor);
    program.child.kill("SIGUSR2");
    await until(async () => (await watched?.who())?.path === "watched/counter");
    assert.equal((await watched?.who())?.messageType, "add");
  });
});

suite("a watch ends", () => {
  for (const [how, signal] of Object.entries({ "is killed": "SIGKILL", "ends by itself": "SIGTERM" } as const))
    test(`when the program ${how}, and says so`, async (t) => {
      const program = await runProgram(t, ["--inspect=127.0.0.1:PORT"]);
      const { watch, ended, programs } = watcher(t);
      await watch(program);
      program.child.kill(signal);
      const [{ process }, fault] = await ended;
      await program.hasEnded;
      assert.deepEqual([process?.pid, fault, programs.all.length], [program.pid, undefined, 0]);
    });

  test("when the connection breaks, and the program goes on", async (t) => {
    const program = await runProgram(t, ["--inspect=127.0.0.1:PORT"]);
    const forwarder = await Forwarder.to(t, program.port);
    const { reach, ended } = watcher(t);
    await reach(forwarder.address);
    forwarder.break();
    await ended;
    assert.equal(await isOpen(program), true);
    assert.equal(program.child.exitCode, null);
  });

  test("until its extension host is killed: nothing of the watch stays, and the program goes on undisturbed", {
    // It is asked by signals.
    skip: process.platform === "win32",
  }, async (t) => {
    // Its seconds pass eight times as fast.
    const faster = "const r = setInterval; globalThis.setInterval = (f, ms) => r(f, ms / 8)";
    const program = await runProgram(t, ["--inspect-port=PORT", "--import", `data:text/javascript,${faster}`]);
    const before = await program.left();
    const host = spawn(process.execPath, [WATCHER, String(program.pid)], { stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => void host.kill("SIGKILL"));
    await once(host.stdout, "data");
    const meanwhile = await program.left();
    assert.deepEqual([meanwhile["trace"], meanwhile["notes"], meanwhile["bindings"]], [true, true, 1]);

    host.kill("SIGKILL");
    await once(host, "exit");
    await until(async () => !(await isOpen(program)));

    const { handled, ...after } = await program.left();
    const { handled: handledBefore, ...untouched } = before;
    assert.deepEqual(after, untouched);
    // It is told to work each time it is asked.
    assert.equal(handled, Number(handledBefore) + 20);
    assert.deepEqual([program.child.exitCode, program.child.signalCode], [null, null]);
  });

  test("when nobody has looked for ten minutes", async (t) => {
    const program = await runProgram(t, ["--inspect=127.0.0.1:PORT"]);
    const { watch, watching, programs } = watcher(t);
    programs.watch("view", 400);
    const watched = await watch(program);
    const expired: (string | undefined)[] = [];
    watching.on("expired", (watches) => expired.push(...watches.map(({ program: { title } }) => title)));
    t.mock.timers.enable({ apis: ["setTimeout"] });
    programs.watch("view", undefined);
    t.mock.timers.tick(500_000);
    programs.watch("view", 400);
    t.mock.timers.tick(500_000);
    programs.watch("view", undefined);
    t.mock.timers.tick(599_999);
    assert.equal(watched?.session.isLive, true);
    t.mock.timers.tick(1);
    assert.deepEqual([watched?.session.isLive, expired], [false, ["watched-program.ts"]]);
  });

  test("and the next one of the same command line is found", async (t) => {
    const words = ["node", "main.ts"];
    const one = (pid: number, more: Partial<NodeProcess> = {}): NodeProcess => ({
      ...{ pid, words, flags: [], title: "main.ts", startedAt: String(pid), hasActors: true, signal: "caught" },
      ...more,
    });
    const there: NodeProcess[][] = [
      [one(1)],
      [one(1), one(2, { words: ["node", "other.ts"] })],
      [one(3, { signal: "ends" })],
      [one(3)],
    ];
    const machine: Machine = { ...MACHINE, processes: () => Promise.resolve(there.shift() ?? []) };
    const { watching } = watcher(t, machine);
    const before = {
      target: { kind: "process", pid: 1 },
      process: one(1),
      program: { hello: { pid: 1 } },
    } as unknown as Watch;
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const next = watching.next(before, new AbortController().signal);
    for (let n = 0; n < 10; n++) {
      await new Promise((resolve) => setImmediate(resolve));
      t.mock.timers.tick(1_000);
    }
    assert.deepEqual(await next, { kind: "process", pid: 3 });
  });
});

suite("what cannot be watched says why, and is unharmed", () => {
  const programs: readonly (readonly [
    why: string,
    flags: string[],
    source: string | undefined,
    code: string,
    text: RegExp,
  ])[] = [
    [
      "it has no actors",
      ["--inspect-port=PORT"],
      "setInterval(() => {}, 1000); console.log('ready')",
      "noActors",
      /does not use airssys-rt, or has started no system yet/,
    ],
    [
      "its runtime is older",
      ["--inspect-port=PORT"],
      "globalThis[Symbol.for('airssys.inspect')] = { protocol: 1 }; setInterval(() => {}, 1000); console.log('ready')",
      "older",
      /older than this extension/,
    ],
    [
      "its runtime is newer",
      ["--inspect-port=PORT"],
      "globalThis[Symbol.for('airssys.inspect')] = { protocol: 9, watch: ({ binding }) => (globalThis[binding]('{\"type\":\"hello\",\"protocol\":9,\"runtime\":\"9.0.0\"}'), ''), receive: () => '' }; setInterval(() => {}, 1000); console.log('ready')",
      "refused",
      /airssys-rt 9\.0\.0 speaks inspection protocol 9/,
    ],
    [
      "its hook is broken",
      ["--inspect-port=PORT"],
      "globalThis[Symbol.for('airssys.inspect')] = { watch() { throw 1 } }; setInterval(() => {}, 1000); console.log('ready')",
      "refused",
      /does not let itself be watched/,
    ],
    [
      "the permission model keeps its inspector closed",
      ["--inspect-port=PORT", "--permission"],
      "setInterval(() => {}, 1000); console.log('ready')",
      "closed",
      /permission model.*--allow-inspector/,
    ],
    [
      "it takes no signal",
      ["--inspect-port=PORT", "--disable-sigusr1"],
      "setInterval(() => {}, 1000); console.log('ready')",
      "closed",
      /takes no signal/,
    ],
    ["its inspector has a port of chance", ["--inspect-port=0"], undefined, "notOpened", /port of Node's choice/],
  ];
  for (const [why, flags, source, code, text] of programs)
    test(why, async (t) => {
      const program = await runProgram(t, flags, source);
      const { watch } = watcher(t);
      await assert.rejects(watch(program), refused(code, text));
      assert.deepEqual([program.child.exitCode, program.child.signalCode], [null, null]);
      await until(async () => !(await isOpen(program)));
    });

  test("the user does not agree", async (t) => {
    const program = await runProgram(t);
    const { watch, answers, reach, asked } = watcher(t);
    answers.open = answers.reach = false;
    assert.equal(await watch(program), undefined);
    assert.equal(await isOpen(program), false);
    assert.equal(await reach({ host: "192.0.2.1", port: 9_229 }), undefined);
    assert.deepEqual(asked, [`open ${program.pid}`, "reach 192.0.2.1"]);
  });

  test("another program has its inspector there", async (t) => {
    const first = await runProgram(t, ["--inspect=127.0.0.1:PORT"]);
    const second = await runProgram(t, [`--inspect-port=${first.port}`]);
    const { watch, asked } = watcher(t);
    await assert.rejects(watch(second), refused("inspectorTaken", /another program has its own/));
    assert.deepEqual(asked, []);
  });

  test("it has ended, or another process has its number by now", async (t) => {
    const gone = watcher(t, { ...MACHINE, process: () => Promise.resolve(undefined) });
    await assert.rejects(
      gone.watching.watch({ kind: "process", pid: 4_711 }),
      refused("hasEnded", /no Node process 4711/),
    );
    const port = await freePort();
    let looks = 0;
    const signals: number[] = [];
    const process = (pid: number): Promise<NodeProcess> =>
      Promise.resolve({
        ...{ pid, words: ["node", "main.ts"], flags: [`--inspect-port=${port}`], title: "main.ts" },
        ...{ startedAt: String(++looks), hasActors: true, signal: "caught" as const },
      });
    const other = watcher(t, { ...MACHINE, process, signal: (pid) => signals.push(pid) });
    await assert.rejects(
      other.watching.watch({ kind: "process", pid: 4_711 }),
      refused("hasEnded", /no Node process 4711/),
    );
    assert.deepEqual(signals, []);
  });

  test("two copies of the package run in it: one is watched, and the row says so", async (t) => {
    const source =
      "globalThis[Symbol.for('airssys.inspect')] = { protocol: 1, copies: 1 }; import('./watched-program.ts')";
    const program = await runProgram(t, ["--inspect=127.0.0.1:PORT"], source);
    const { watch } = watcher(t);
    assert.match(
      (await watch(program))?.detail ?? "",
      /^watching, read only · pid \d+ · one of 2 copies of airssys-rt$/,
    );
  });

  const servers: Readonly<Record<string, http.RequestListener>> = {
    "a page": (_request, response) => response.end("<html>"),
    "an empty list": (_request, response) => response.end("[]"),
    "something else as a list": (_request, response) => response.end('[null, 1, {"type":"node","id":["x"]}]'),
    "an id that leads elsewhere": (_request, response) => response.end('[{"type":"node","id":"../../x"}]'),
    "an answer without an end": (_request, response) => {
      const more = (): void => {
        if (response.destroyed) return;
        response.write("x".repeat(65_536));
        setImmediate(more);
      };
      more();
    },
    "another place": (_request, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    "no HTTP": (request) => request.socket.end("220 mail.example ESMTP\r\n"),
  };
  for (const [what, answer] of Object.entries(servers))
    test(`what listens there is no inspector, but gives ${what}`, async (t) => {
      const server = http.createServer(answer);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      t.after(() => server.close());
      const { port } = server.address() as AddressInfo;
      await assert.rejects(
        watcher(t).reach({ host: "127.0.0.1", port }),
        refused("noInspector", /is no inspector of a Node program/),
      );
    });

  test("nothing listens there, or there is no such machine", async (t) => {
    const port = await freePort();
    const { reach } = watcher(t);
    await assert.rejects(reach({ host: "127.0.0.1", port }), refused("noAnswer", /Nothing answers at 127\.0\.0\.1/));
    await assert.rejects(
      reach({ host: "nobody.invalid", port }),
      refused("noAnswer", /no machine named "nobody\.invalid"/),
    );
  });
});

suite("an address", () => {
  const good: Readonly<Record<string, string>> = {
    "9229": "127.0.0.1 9229",
    " localhost:9230 ": "localhost 9230",
    "10.0.0.7:1": "10.0.0.7 1",
    box: "box 9229",
    "my-box.example.org:65535": "my-box.example.org 65535",
    "[::1]:9229": "::1 9229",
    "ws://127.0.0.1:9229/5b1d-x": "127.0.0.1 9229",
    "http://box:80/json?x": "box 80",
  };
  for (const [text, want] of Object.entries(good))
    test(`is read: ${text}`, () => {
      const { host, port } = readAddress(text);
      assert.equal(`${host} ${port}`, want);
    });

  for (const text of [
    "",
    ":",
    "a:b",
    "0",
    "99999",
    "box:0",
    "box:65536",
    "::1",
    "[1.2.3.4]:1",
    "user@box:1",
    "a b:1",
    "-x:1",
    "[::1",
    "box:1:2",
    "x".repeat(300),
    "‮box:1",
  ])
    test(`is none: ${text.slice(0, 20)}`, () =>
      assert.throws(() => readAddress(text), refused("badAddress", /is no address/)));

  test("of this machine is known by its number", () => {
    for (const own of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) assert.ok(isLoopback(own), own);
    for (const other of ["10.0.0.1", "0.0.0.0", "::", "::ffff:10.0.0.1", "127.0.0.1.example.org", "fe80::1", "127.1"])
      assert.ok(!isLoopback(other), other);
  });

  test("of an inspector is in the flags of its program", () => {
    const cases: readonly (readonly [string[], string])[] = [
      [[], "127.0.0.1 9229"],
      [["--inspect"], "127.0.0.1 9229"],
      [["--inspect=9300"], "127.0.0.1 9300"],
      [["--inspect-port=9301", "--inspect"], "127.0.0.1 9301"],
      [["--inspect-brk=0.0.0.0:9302"], "127.0.0.1 9302"],
      [["--inspect=10.0.0.7:9303"], "10.0.0.7 9303"],
      [["--debug-port=[::1]:9304"], "::1 9304"],
      [["--inspect-port=0"], "127.0.0.1 0"],
      [["--inspect-port=9305", "--inspect-port=9306"], "127.0.0.1 9306"],
      [["--inspect-publish-uid=http", "--title=--inspect=1"], "127.0.0.1 9229"],
    ];
    for (const [flags, want] of cases) {
      const { host, port } = addressInFlags(flags);
      assert.equal(`${host} ${port}`, want, flags.join(" "));
    }
  });
});

suite("a process of the machine", () => {
  test("is read from its command line", () => {
    const cases: readonly (readonly [string, string, string[]])[] = [
      ["node main.ts --inspect", "main.ts", []],
      ["/usr/bin/node --import tsx --inspect=1 /app/src/main.ts x", "main.ts", ["--import", "--inspect=1"]],
      ["node -e setInterval(()=>{})", "a program without a file", []],
      ["node", "node", []],
      ['"npm install x" "" ""', "npm install x", []],
      ['"C:\\Program Files\\nodejs\\node.exe" "C:\\my app\\main.js"', "main.js", []],
    ];
    for (const [line, title, flags] of cases) {
      assert.equal(titleOf(wordsOf(line)), title, line);
      assert.deepEqual(readCommandLine(wordsOf(line)).flags, flags, line);
    }
  });

  test("is read from what other systems tell, and what is no Node is left out", () => {
    const ps =
      "  4711 Mon Nov 30 16:05:48 2026     node --inspect main.js\n   12 Mon Nov  2 06:05:48 2026 /usr/bin/vim node\nnonsense\n";
    assert.deepEqual(readPs(ps), [
      { pid: 4_711, startedAt: "Mon Nov 30 16:05:48 2026", words: ["node", "--inspect", "main.js"] },
    ]);
    assert.deepEqual(readCim('{"pid":7,"command":"node a.js","at":"1"}'), [
      { pid: 7, words: ["node", "a.js"], startedAt: "1" },
    ]);
    assert.deepEqual(readCim('[{"pid":7,"command":null,"at":"1"},{"pid":"8","command":"node"}]'), []);
    assert.deepEqual(readCim(" \r\n"), []);
  });

  test("is found with its flags, those with the package first, and without the one that looks", async (t) => {
    const [other, able] = [
      await runProgram(t, [], "setInterval(() => {}, 1000); console.log('ready')"),
      await runProgram(t),
    ];
    const found = await nodeProcesses();
    const one = found.find(({ pid }) => pid === able.pid);
    assert.deepEqual(
      [one?.title, one?.hasActors, one?.flags],
      ["watched-program.ts", true, [`--inspect-port=${able.port}`]],
    );
    assert.ok(found.findIndex(({ pid }) => pid === able.pid) < found.findIndex(({ pid }) => pid === other.pid));
    assert.ok(!found.some(({ pid }) => pid === process.pid));
    if (process.platform === "linux") assert.equal(one?.signal, "caught");
  });

  const status = (blocked: string, ignored: string, caught: string): string =>
    `Name:\tnode\nSigBlk:\t${blocked}\nSigIgn:\t${ignored}\nSigCgt:\t${caught}\n`;
  test("catches the signal, ignores it, keeps it waiting, or would end by it", () => {
    assert.equal(signalFate(status("0000000000000000", "0000000001001000", "0000000100004602"), 10), "caught");
    assert.equal(signalFate(status("0000000000000200", "0000000001001000", "0000000100004402"), 10), "blocked");
    assert.equal(signalFate(status("0000000000000000", "0000000000000200", "0000000000000000"), 10), "ignored");
    assert.equal(signalFate(status("0000000000000000", "0000000000000000", "0000000100004402"), 10), "ends");
    assert.equal(signalFate("", 10), undefined);
  });

  const one: NodeProcess = {
    pid: 1,
    words: [],
    flags: [],
    title: "main.ts",
    startedAt: "",
    hasActors: true,
    signal: "caught",
  };
  test("is never sent a signal that would end it", () => {
    checkCanOpen(one);
    checkCanOpen({ ...one, signal: undefined });
    checkCanOpen({ ...one, flags: ["--permission", "--allow-inspector"] });
    assert.throws(() => checkCanOpen({ ...one, signal: "ends" }), refused("wouldEnd", /would end by the signal/));
    assert.throws(() => checkCanOpen({ ...one, signal: "ignored" }), refused("closed", /takes no signal/));
    assert.throws(
      () => checkCanOpen({ ...one, flags: ["--experimental-permission"] }),
      refused("closed", /permission model/),
    );
  });

  test("stands by what is known of its actors, the youngest first", () => {
    const pids = inOrder([
      { ...one, pid: 1, hasActors: false },
      { ...one, pid: 2 },
      { ...one, pid: 3, hasActors: undefined },
      { ...one, pid: 4 },
    ]).map(({ pid }) => pid);
    assert.deepEqual(pids, [4, 2, 3, 1]);
  });
});
