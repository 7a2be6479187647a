// OS processes as children like any other.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import { test } from "node:test";
import {
  Actor,
  type ActorContext,
  type ActorRef,
  ActorSystem,
  type ExitReason,
  OwnedBuffer,
  type RuntimeEvent,
  type Start,
  startChild,
  supervisor,
} from "airssys-rt";
import {
  AccessDeniedError,
  type ArgumentPattern,
  type DenialReason,
  OutputLimitError,
  osProcess,
  ProcessExitError,
  type ProcessManagerMessage,
  type ProcessMessage,
  type ProcessOptions,
  type ProcessOutput,
  ProcessTimeoutError,
  processManager,
  type RunGrant,
  SecurityContext,
} from "airssys-rt/os";
import { ProcessGroup } from "../../../runtime/src/os/process-group.ts";
import { deferred } from "./deferred.ts";
import { aliveInGroup } from "./orphans.ts";

const ANY: readonly ArgumentPattern[] = [{ rest: { matches: /[\s\S]*/, mayBeOption: true }, max: 20 }];
const COMMANDS: readonly RunGrant[] = ["sh", "cat", "sleep", "yes", "true", "printf", "env"].map((name) => ({
  command: fs.realpathSync(
    execFileSync("/bin/sh", ["-c", `command -v ${name}`])
      .toString()
      .trim()
      .replace(/^(?!\/)/, "/bin/"),
  ),
  args: ANY,
}));
const command = (name: string): string =>
  COMMANDS.find((grant) => grant.command.endsWith(`/${name}`) || (name === "sh" && /\/(da|ba)?sh$/.test(grant.command)))
    ?.command ?? name;

function securityOf(run: readonly RunGrant[] = COMMANDS): SecurityContext {
  return SecurityContext.create({ principal: "test", base: "/tmp", run, env: { PATH: "/usr/bin:/bin" } });
}

interface World extends AsyncDisposable {
  readonly system: ActorSystem;
  readonly manager: ActorRef<ProcessManagerMessage>;
  /** Starts a process below the root. @returns how each of its lives ended. */
  start(options: ProcessOptions, child?: object): Promise<{ ref: ActorRef<ProcessMessage>; ends: ExitReason[] }>;
  until(condition: () => boolean): Promise<void>;
}

async function makeWorld(security: SecurityContext = securityOf()): Promise<World> {
  const ends = new Map<string, ExitReason[]>();
  const root = supervisor({
    maxRestarts: 5,
    children: [{ id: "manager", start: processManager(security) }],
  });
  const system = await ActorSystem.start({ name: "os", root, logger: false });
  system.subscribe((event: RuntimeEvent) => {
    if (event.type === "ended") ends.get(event.actor.id)?.push(event.reason);
  });
  const manager = system.whereis<ProcessManagerMessage>("manager");
  assert.ok(manager);
  let count = 0;
  return {
    system,
    manager,
    async start(options, child = {}) {
      count += 1;
      const id = `process${count}`;
      const list: ExitReason[] = [];
      ends.set(`os/${id}`, list);
      const ref = await startChild(system.root, {
        id,
        start: osProcess({ security, ...options }),
        restart: "temporary",
        ...child,
      } as never);
      return { ref: ref as ActorRef<ProcessMessage>, ends: list };
    },
    async until(condition) {
      for (let i = 0; !condition(); i++) {
        assert.ok(i < 1_000, "it comes");
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async [Symbol.asyncDispose]() {
      await system.stop();
      security.close();
    },
  };
}

function keeper<M>(heard: (message: M) => void | Promise<void>): Start<M> {
  return () =>
    new (class extends Actor<M> {
      override handleMessage(message: M): void | Promise<void> {
        return heard(message);
      }
    })();
}

const isAlive = (pid: number): boolean => {
  try {
    return fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0] !== "Z";
  } catch {
    return false;
  }
};

const ENDS: readonly (readonly [
  title: string,
  script: string,
  options: Partial<ProcessOptions>,
  check: (reason: ExitReason) => void,
])[] = [
  ["exit 0 is normal", "exit 0", {}, (reason) => assert.deepEqual(reason, { kind: "normal" })],
  [
    "an orderly code is shutdown",
    "exit 3",
    { orderlyCodes: [3] },
    (reason) => assert.deepEqual(reason, { kind: "shutdown", detail: { code: 3 } }),
  ],
  [
    "another code is a crash, with the end of stderr",
    "echo before >&2; echo it broke >&2; exit 4",
    {},
    (reason) => {
      assert.ok(reason.kind === "crashed" && reason.cause instanceof ProcessExitError);
      assert.deepEqual([reason.cause.exitCode, reason.cause.signal], [4, null]);
      assert.match(reason.cause.message, /exited with 4: it broke$/);
    },
  ],
  [
    "a signal that was not ours is a crash",
    "kill -SEGV $$",
    {},
    (reason) => {
      assert.ok(reason.kind === "crashed" && reason.cause instanceof ProcessExitError);
      assert.equal(reason.cause.signal, "SIGSEGV");
    },
  ],
  [
    "a time limit kills it",
    "sleep 60",
    { timeoutMs: 50 },
    (reason) => assert.ok(reason.kind === "crashed" && reason.cause instanceof ProcessTimeoutError),
  ],
  [
    "an output limit kills it",
    "yes",
    { maxOutputBytes: 10_000 },
    (reason) => assert.ok(reason.kind === "crashed" && reason.cause instanceof OutputLimitError),
  ],
];

for (const [title, script, options, check] of ENDS)
  test(`how a process ends: ${title}`, async () => {
    await using world = await makeWorld();
    const { ends } = await world.start({ command: command("sh"), args: ["-c", script], ...options });
    await world.until(() => ends.length > 0);
    check(ends[0] as ExitReason);
  });

test("a process that crashes is restarted by its supervisor, and counts in its intensity", async () => {
  await using world = await makeWorld();
  const { ref, ends } = await world.start(
    { command: command("sh"), args: ["-c", "sleep 0.05; exit 1"] },
    { restart: "transient" },
  );
  await world.until(() => ends.length > 5);
  await world.until(() => !ref.isAlive);
  assert.equal(ends.length, 6);
});

test("told to end, a process gets SIGTERM, also while it is stopped", async () => {
  await using world = await makeWorld();
  const { manager } = world;
  const { ref, pid } = await manager.ask({ type: "spawnProcess", command: command("sleep"), args: ["60"] });
  assert.equal(isAlive(pid), true);
  assert.equal(await ref.ask({ type: "signal", signal: "SIGSTOP" }), true);
  await world.system.stop();
  assert.equal(isAlive(pid), false);
});

test("a process that ignores SIGTERM, with children of its own, is killed with its group after its shutdown limit", async () => {
  await using world = await makeWorld();
  const { promise: grandchild, resolve } = deferred<number>();
  const sink = world.system.spawn(
    keeper<ProcessOutput>((output) => {
      if (output.type === "line") resolve(Number(output.text));
    }),
    { mailbox: { capacity: 10, overflow: "block" } },
  );
  await world.start(
    {
      command: command("sh"),
      args: ["-c", "trap '' TERM; sleep 60 & echo $!; while :; do sleep 1; done"],
      stdout: { to: sink, as: "lines" },
    },
    { shutdown: 100 },
  );
  const pid = await grandchild;
  assert.equal(isAlive(pid), true);
  await world.system.stop();
  await world.until(() => !isAlive(pid));
});

test("a transient process that ends orderly stays down; told to end it ends as shutdown, and as killed when its limit is over", async () => {
  await using world = await makeWorld();
  const sh = (script: string): ProcessOptions => ({ command: command("sh"), args: ["-c", script], orderlyCodes: [3] });
  const orderly = [await world.start(sh("exit 0"), { restart: "transient" })];
  orderly.push(await world.start(sh("exit 3"), { restart: "transient" }));
  await world.until(() => orderly.every(({ ref }) => !ref.isAlive));
  const obedient = await world.start(sh("sleep 60 & wait"), {});
  const stubborn = await world.start(
    { ...sh("trap '' TERM; echo up; sleep 60 & wait; wait"), ready: /up/ },
    { shutdown: 50 },
  );
  await world.system.stop();
  assert.deepEqual(
    orderly.map(({ ends }) => ends),
    [[{ kind: "normal" }], [{ kind: "shutdown", detail: { code: 3 } }]],
  );
  assert.deepEqual(
    [obedient, stubborn].map(({ ends }) => ends.map(({ kind }) => kind)),
    [["shutdown"], ["killed"]],
  );
});

test("what nobody takes is read all the same, and its end is kept for the error", async () => {
  await using world = await makeWorld();
  const script =
    "head -c 3000000 /dev/zero | tr '\\0' x >&2; echo; head -c 3000000 /dev/zero; echo the end >&2; exit 4";
  const { ends } = await world.start({ command: command("sh"), args: ["-c", script] });
  await world.until(() => ends.length > 0);
  const [reason] = ends;
  assert.ok(reason?.kind === "crashed" && reason.cause instanceof ProcessExitError, String(reason));
  assert.equal(reason.cause.stderrTail.length, 65_536);
  assert.match(reason.cause.stderrTail, /x{100}the end\n$/);
});

test("a command or a directory that is gone when a process is started is named as what it is", async () => {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/airssys-gone-`);
  try {
    fs.writeFileSync(`${folder}/tool`, "#!/bin/sh\npwd\n", { mode: 0o755 });
    fs.mkdirSync(`${folder}/there`);
    const grant = { command: `${folder}/tool`, cwd: `${folder}/there` };
    await using world = await makeWorld(securityOf([grant]));
    const run = (): Promise<{ stdout: Uint8Array }> => world.manager.ask({ type: "run", command: grant.command });
    fs.renameSync(`${folder}/there`, `${folder}/elsewhere`);
    // The directory is the one that was granted, wherever it is now.
    assert.equal(Buffer.from((await run()).stdout).toString(), `${fs.realpathSync(folder)}/elsewhere\n`);
    fs.rmSync(grant.command);
    await assert.rejects(run(), { reason: "executable_changed", message: /cannot be opened \(ENOENT\)/ });
    await assert.rejects(world.start({ command: grant.command }), (error: unknown) => {
      let cause = error as Error;
      while (cause.cause instanceof Error) cause = cause.cause;
      return cause instanceof AccessDeniedError && cause.reason === "executable_changed";
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("a process that has exited gets no signal: its number may be another's", async () => {
  const launch = { command: "/bin/true", path: "/bin/true", argv: [], env: {}, cwd: "/", args: [] };
  const group = await ProcessGroup.start({ ...launch, resolved: () => "/bin/true", grant: "/bin/true" });
  for (const stream of [group.stdout, group.stderr]) stream.resume();
  await group.ended;
  assert.deepEqual([group.isRunning, group.signal("SIGTERM"), group.signal("SIGKILL")], [false, false, false]);
});

test("what a grandchild writes after its parent has exited is not waited for", async () => {
  await using world = await makeWorld();
  const { ends } = await world.start({ command: command("sh"), args: ["-c", "sleep 60 & exit 0"] });
  await world.until(() => ends.length > 0);
  assert.deepEqual(ends, [{ kind: "normal" }]);
});

test("lines come whole and in order, the last also without an end, an endless one in pieces", async () => {
  await using world = await makeWorld();
  const got: ProcessOutput[] = [];
  const sink = world.system.spawn(
    keeper<ProcessOutput>((output) => void got.push(output)),
    {
      mailbox: { capacity: 4, overflow: "block" },
    },
  );
  const { ends } = await world.start({
    command: command("sh"),
    args: ["-c", "printf 'one\\ntw'; sleep 0.05; printf 'o\\r\\nthr€e'; head -c 200000 /dev/zero | tr '\\0' x >&2"],
    stdout: { to: sink, as: "lines" },
    stderr: { to: sink, as: "lines" },
  });
  await world.until(() => ends.length > 0);
  await new Promise((resolve) => setImmediate(resolve));
  const lines = (stream: string): ProcessOutput[] => got.filter((output) => output.stream === stream);
  assert.deepEqual(
    lines("stdout").map((output) => output.type === "line" && output.text),
    ["one", "two", "thr€e"],
  );
  assert.equal(
    lines("stderr").reduce((sum, output) => sum + (output.type === "line" ? output.text.length : 0), 0),
    200_000,
  );
  assert.ok(lines("stderr").every((output) => output.type === "line" && output.text.length <= 65_536));
});

test("a slow sink slows the process down, and nothing is kept in between", async () => {
  await using world = await makeWorld();
  const TOTAL = 8_000_000;
  let taken = 0;
  let takenWhenWritten: number | undefined;
  const { promise: isOpen, resolve: open } = deferred<void>();
  const sink = world.system.spawn(
    keeper<ProcessOutput>(async (output) => {
      await isOpen;
      taken += output.type === "bytes" ? output.bytes.length : 0;
    }),
    { mailbox: { capacity: 2, overflow: "block" } },
  );
  const told = world.system.spawn(
    keeper<ProcessOutput>(() => {
      takenWhenWritten = taken;
    }),
  );
  await world.start({
    command: command("sh"),
    args: ["-c", `head -c ${TOTAL} /dev/zero; echo written >&2`],
    stdout: { to: sink, as: "bytes" },
    stderr: { to: told },
  });
  await world.until(() => (sink as unknown as { readonly mailboxDepth: number }).mailboxDepth === 2);
  open();
  await world.until(() => takenWhenWritten !== undefined);

  // What the pipe, the stream and the mailbox hold is all that can have been written and not taken.
  assert.ok((takenWhenWritten as number) > TOTAL - 16 * 65_536, `${takenWhenWritten} bytes were taken`);
});

test("a sink that refuses ends the process, and one that may lose only counts", async () => {
  await using world = await makeWorld();
  const { promise: isOver, resolve: release } = deferred<void>();
  const never = keeper<ProcessOutput>(() => isOver);
  const strict = world.system.spawn(never, { mailbox: { capacity: 1, overflow: "reject" } });
  const { ends } = await world.start({ command: command("yes"), stdout: { to: strict } });
  await world.until(() => ends.length > 0);
  assert.ok(ends[0]?.kind === "crashed");
  const lossy = world.system.spawn(never, { mailbox: { capacity: 1, overflow: "reject" } });
  const { ref } = await world.start({ command: command("yes"), stdout: { to: lossy, lossy: true } });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(ref.isAlive, true);
  release();
});

test("a process has started when a line matches; one that ends before has not", async () => {
  await using world = await makeWorld();
  const script = (text: string): readonly string[] => ["-c", `echo boot; sleep 0.1; echo ${text}; sleep 60`];
  const ask = (args: readonly string[]): Promise<{ pid: number }> =>
    world.manager.ask({ type: "spawnProcess", command: command("sh"), args, ready: /^listening/ });
  const startedAt = performance.now();
  await ask(script("listening on 80"));
  assert.ok(performance.now() - startedAt >= 90);
  await assert.rejects(ask(["-c", "echo no luck >&2; exit 7"]), (error: unknown) => {
    assert.ok(error instanceof ProcessExitError);
    assert.match(error.message, /exited with 7: no luck/);
    return true;
  });
});

test("run collects the output of a process to its end, whatever its code", async () => {
  await using world = await makeWorld();
  const ran = await world.manager.ask({
    type: "run",
    command: command("sh"),
    args: ["-c", "echo out; echo err >&2; exit 5"],
  });
  assert.deepEqual(
    [ran.code, ran.signal, Buffer.from(ran.stdout).toString(), Buffer.from(ran.stderr).toString()],
    [5, null, "out\n", "err\n"],
  );
  const echoed = await world.manager.ask({ type: "run", command: command("cat"), input: "through" });
  assert.equal(Buffer.from(echoed.stdout).toString(), "through");
  await assert.rejects(
    world.manager.ask({ type: "run", command: command("yes"), maxOutputBytes: 100_000 }),
    OutputLimitError,
  );
});

test("what is written to a process is taken as it reads, and its input can be closed", async () => {
  await using world = await makeWorld();
  const { promise, resolve } = deferred<string>();
  const sink = world.system.spawn(
    keeper<ProcessOutput>((output) => {
      if (output.type === "line") resolve(output.text);
    }),
    {
      mailbox: { capacity: 10, overflow: "block" },
    },
  );
  const { ref, ends } = await world.start({ command: command("cat"), stdout: { to: sink, as: "lines" } });
  await ref.ask({ type: "write", data: "hello\n" });
  assert.equal(await promise, "hello");
  await ref.ask({ type: "closeInput" });
  await world.until(() => ends.length > 0);
  assert.deepEqual(ends, [{ kind: "normal" }]);
});

test("a process gets nothing of this program's environment but what is granted", async () => {
  process.env["AIRSSYS_TEST_SECRET"] = "secret";
  process.env["OS_TEST_LANG"] = "de";
  const [env] = COMMANDS.filter((grant) => grant.command.endsWith("/env"));
  await using world = await makeWorld(securityOf([{ ...(env as RunGrant), env: ["OS_TEST_LANG", "OS_TEST_MORE"] }]));
  const { stdout } = await world.manager.ask({ type: "run", command: command("env"), env: { OS_TEST_MORE: "1" } });
  const names = Buffer.from(stdout)
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.split("=")[0]);
  assert.deepEqual(names.sort(), ["AIRSSYS_OS", "OS_TEST_LANG", "OS_TEST_MORE", "PATH"]);
});

async function denied(doing: Promise<unknown>, reason: DenialReason): Promise<void> {
  await assert.rejects(doing, (error: unknown) => {
    assert.ok(error instanceof AccessDeniedError, String(error));
    assert.equal(error.reason, reason, error.message);
    return true;
  });
}

test("signs of the shell in an argument are only text", async () => {
  await using world = await makeWorld();
  const evil = ["$(id)", ";", "`id`", "a\nb", "|", "&&"];
  const { stdout } = await world.manager.ask({ type: "run", command: command("printf"), args: ["%s,", ...evil] });
  assert.equal(Buffer.from(stdout).toString(), `${evil.join(",")},`);
});

test("arguments that fit no pattern are denied, each for its reason", async () => {
  const cat = command("cat");
  await using world = await makeWorld(
    securityOf([{ command: cat, args: ["-n", { matches: /.*/ }, { integer: [1, 9] }], env: ["LANG"] }]),
  );
  const ask = (args: readonly string[], env?: Record<string, string>): Promise<unknown> =>
    world.manager.ask({ type: "run", command: cat, args, ...(env === undefined ? {} : { env }) });
  await denied(ask(["-n", "--upload-pack=x", "1"]), "option_like");
  await denied(ask(["-n", "a", "1", "one too many"]), "argument");
  await denied(ask(["-n", "a"]), "argument");
  await denied(ask(["-n", "a", "10"]), "argument");
  await denied(ask(["-n", "a", "1\n"]), "argument");
  await denied(ask(["-n", "a\0b", "1"]), "argument");
  await denied(ask(["-n", "x".repeat(300_000), "1"]), "argument");
  await denied(ask(["-n", "a", "1"], { LD_PRELOAD: "x" }), "environment");
  await denied(ask(["-n", "a", "1"], { NODE_OPTIONS: "x" }), "environment");
  await denied(ask(["-n", "a", "1"], { OTHER: "x" }), "environment");
  await denied(world.manager.ask({ type: "run", command: "cat", args: [] }), "not_granted");
  await denied(world.manager.ask({ type: "spawnProcess", command: "/bin/../bin/cat" }), "not_granted");
  assert.equal(world.manager.incarnation, 1);
});

test("what is no binary and has no first line of its own is not run, and neither is what took the place of a command", async () => {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/airssys-exec-`);
  const script = `${folder}/tool`;
  try {
    fs.writeFileSync(script, "echo PWNED\n", { mode: 0o755 });
    await using plain = await makeWorld(securityOf([{ command: script }]));
    await denied(plain.manager.ask({ type: "run", command: script }), "no_format");

    fs.writeFileSync(script, "#!/bin/sh\necho fine\n", { mode: 0o755 });
    await using granted = await makeWorld(securityOf([{ command: script }]));
    const { stdout } = await granted.manager.ask({ type: "run", command: script });
    assert.equal(Buffer.from(stdout).toString(), "fine\n");
    fs.writeFileSync(`${folder}/other`, "#!/bin/sh\necho PWNED\n", { mode: 0o755 });
    fs.renameSync(`${folder}/other`, script);
    await denied(granted.manager.ask({ type: "run", command: script }), "executable_changed");
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("what only begins like a program is run by no shell: the system would not take it", async () => {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/airssys-exec-`);
  const file = (name: string, ...parts: (string | Buffer)[]): string => {
    fs.writeFileSync(`${folder}/${name}`, Buffer.concat(parts.map((part) => Buffer.from(part as never))), {
      mode: 0o755,
    });
    return `${folder}/${name}`;
  };
  const PWNED = "\necho PWNED\n";
  const own = fs.readFileSync(command("true"));
  const changed = (at: number, byte: number): Buffer => {
    const copy = Buffer.from(own);
    copy[at] = byte;
    return copy;
  };
  const plain = file("plain", "echo inner\n");
  const likes = [
    file("pe", "MZ", PWNED),
    file("mach-o", Buffer.from([0xca, 0xfe, 0xba, 0xbe]), PWNED),
    file("short-elf", "\x7fELF", PWNED),
    file("cut-elf", own.subarray(0, 64), PWNED),
    file("other-machine", changed(18, own[18] === 62 ? 183 : 62), PWNED),
    file("other-width", changed(4, own[4] === 2 ? 1 : 2), PWNED),
    file("object-file", changed(16, 1), PWNED),
    file(
      "no-parts",
      Buffer.concat([own.subarray(0, own[4] === 2 ? 56 : 44), Buffer.alloc(2), own.subarray(own[4] === 2 ? 58 : 46)]),
    ),
    file("no-interpreter", "#!", PWNED),
    file("blank-interpreter", "#! \t ", PWNED),
    file("relative-interpreter", "#!plain", PWNED),
    file("endless-line", `#!/${"a/".repeat(200)}`, PWNED),
    file("shell-like-interpreter", `#!${plain}`, PWNED),
    file("chain", `#!${file("chained", `#!${plain}`, PWNED)}`, PWNED),
    file("round", `#!${folder}/round`, PWNED),
    file("empty"),
  ];
  try {
    await using world = await makeWorld(securityOf(likes.map((one) => ({ command: one }))));
    for (const one of likes) await denied(world.manager.ask({ type: "run", command: one }), "no_format");
    const fine = file("fine", "#! /bin/sh", "\necho fine\n");
    const last = file("last", `#!${fine} -e`);
    await using other = await makeWorld(securityOf([{ command: last }, { command: fine }]));
    const { stdout } = await other.manager.ask({ type: "run", command: last });
    assert.equal(Buffer.from(stdout).toString(), "fine\n");
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("a request does not say where a program finds its settings or code, unless its grant is dangerous", async () => {
  const [harmless, homes] = [
    ["LANG", "TZ", "NODE_ENV", "SSH_AUTH_SOCK"],
    ["HOME", "XDG_CONFIG_HOME", "DOCKER_CONFIG", "WGETRC", "SHELL"],
  ];
  const env = command("env");
  await using world = await makeWorld(securityOf([{ command: env, env: [...harmless, ...homes] }]));
  const given = Object.fromEntries(harmless.map((name) => [name, "x"]));
  const { stdout } = await world.manager.ask({ type: "run", command: env, env: given });
  const got = Buffer.from(stdout).toString();
  for (const name of harmless) assert.ok(got.includes(`${name}=x\n`), name);
  if (process.env["HOME"] !== undefined)
    assert.ok(got.includes(`HOME=${process.env["HOME"]}\n`), "its own is handed on");
  for (const name of homes)
    await denied(world.manager.ask({ type: "run", command: env, env: { [name]: "/tmp" } }), "environment");
  await using open = await makeWorld(securityOf([{ command: env, env: homes, dangerous: true }]));
  const told = await open.manager.ask({ type: "run", command: env, env: { HOME: "/nowhere" } });
  assert.ok(Buffer.from(told.stdout).toString().includes("HOME=/nowhere\n"));
});

test("variables by which programs run others are listed only by a dangerous grant", () => {
  const names = [
    ...[
      "LD_PRELOAD",
      "ld_audit",
      "DYLD_INSERT_LIBRARIES",
      "NODE_OPTIONS",
      "BASH_ENV",
      "GIT_SSH_COMMAND",
      "GIT_CONFIG_COUNT",
    ],
    ...[
      "LUA_PATH",
      "LUA_CPATH_5_4",
      "MAKEFILES",
      "GNUMAKEFLAGS",
      "LESS",
      "LESSKEYIN",
      "VIMINIT",
      "EXINIT",
      "GOFLAGS",
      "CC",
    ],
    ...["PYTHONSTARTUP", "PERL5OPT", "RUBYOPT", "ERL_AFLAGS", "JAVA_TOOL_OPTIONS", "MAVEN_OPTS", "ZIPOPT", "AWKPATH"],
    ...[
      "SSH_SK_HELPER",
      "RSYNC_CONNECT_PROG",
      "DBUS_SESSION_BUS_ADDRESS",
      "GTK_MODULES",
      "QT_PLUGIN_PATH",
      "SVN_EDITOR",
    ],
    ...[
      "PATH",
      "PATHEXT",
      "COMSPEC",
      "FPATH",
      "PS4",
      "FFREPORT",
      "MALLOC_TRACE",
      "SSLKEYLOGFILE",
      "TERMINFO",
      "AIRSSYS_OS",
    ],
  ];
  for (const name of names) {
    const context = (dangerous: boolean): SecurityContext =>
      securityOf([{ command: command("env"), env: [name], dangerous }]);
    assert.throws(() => context(false), { code: "ERR_SECURITY_CONTEXT" }, name);
    context(true).close();
  }
});

test("a pinned command is the file that was granted, whatever has its name", async () => {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/airssys-exec-`);
  const tool = `${folder}/tool`;
  try {
    fs.copyFileSync(command("printf"), tool);
    fs.chmodSync(tool, 0o755);
    await using world = await makeWorld(securityOf([{ command: tool, args: ANY, pin: true }]));
    fs.renameSync(tool, `${folder}/away`);
    fs.writeFileSync(tool, "#!/bin/sh\necho PWNED\n", { mode: 0o755 });
    const { stdout } = await world.manager.ask({ type: "run", command: tool, args: ["mine"] });
    assert.equal(Buffer.from(stdout).toString(), "mine");
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("a context that may write what it may run, or look up, is refused", () => {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/airssys-exec-`);
  try {
    fs.writeFileSync(`${folder}/tool`, "#!/bin/sh\n", { mode: 0o755 });
    const files = [{ path: folder, allow: ["write"] as const }];
    for (const part of [{ run: [{ command: `${folder}/tool` }] }, { env: { PATH: `/usr/bin:${folder}` } }])
      assert.throws(
        () => SecurityContext.create({ principal: "p", files, ...part }),
        (error: unknown) =>
          (error as { faults: { code: string }[] }).faults.every(({ code }) => code === "writable_executable"),
      );
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("a path as an argument is checked like a file operation, and handed over as the real one", async () => {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/airssys-arg-`);
  try {
    fs.mkdirSync(`${folder}/in`);
    fs.writeFileSync(`${folder}/in/f`, "content");
    fs.writeFileSync(`${folder}/secret`, "secret");
    fs.symlinkSync("../secret", `${folder}/in/link`);
    fs.mkdirSync(`${folder}/out`);
    fs.linkSync(`${folder}/secret`, `${folder}/out/hard`);
    fs.symlinkSync("../secret", `${folder}/out/link`);
    execFileSync("mkfifo", [`${folder}/out/fifo`]);
    const security = SecurityContext.create({
      principal: "p",
      base: folder,
      files: [
        { path: "in", allow: ["read"] },
        { path: "out", allow: ["read", "write"] },
      ],
      run: [
        { command: command("cat"), args: [{ path: "read" }] },
        { command: command("true"), args: [{ path: "write" }] },
      ],
    });
    await using world = await makeWorld(security);
    const ask = (path: string): Promise<{ stdout: Uint8Array }> =>
      world.manager.ask({ type: "run", command: command("cat"), args: [path] });
    assert.equal(Buffer.from((await ask("in/f")).stdout).toString(), "content");
    await denied(ask("in/link"), "symlink");
    await denied(ask("in/../secret"), "bad_name");
    await denied(ask(`${folder}/secret`), "outside");
    await denied(ask("-n"), "option_like");
    const writeTo = (path: string): Promise<unknown> =>
      world.manager.ask({ type: "run", command: command("true"), args: [path] });
    await writeTo("out/new");
    await denied(writeTo("in/f"), "not_granted");
    await denied(writeTo("out/hard"), "hard_link");
    await denied(writeTo("out/link"), "symlink");
    await denied(writeTo("out/fifo"), "not_regular");
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("two hundred processes at once leave no zombie, no descriptor and no process", async () => {
  await using world = await makeWorld();
  const open = (): number => fs.readdirSync("/proc/self/fd").length;
  await world.manager.ask({ type: "run", command: command("true") });
  const before = open();
  const ran = await Promise.all(
    Array.from({ length: 200 }, () =>
      world.manager.ask({ type: "run", command: command("true") }, { timeoutMs: 60_000 }),
    ),
  );
  assert.ok(ran.every(({ code }) => code === 0));
  await world.until(() => open() <= before);
  const zombies = fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const [, state, parent] = /\) (\w) (\d+)/.exec(fs.readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
        return state === "Z" && Number(parent) === process.pid;
      } catch {
        return false;
      }
    });
  assert.deepEqual(zombies, []);
});

test("a probe says when a process has started; one that refuses or never answers ends it, and the start has failed", async () => {
  await using world = await makeWorld();
  const pids: number[] = [];
  const sleep = { command: command("sleep"), args: ["60"] };
  const probe = (answer: (signal: AbortSignal) => Promise<unknown>) => (pid: number, signal: AbortSignal) => {
    pids.push(pid);
    return answer(signal);
  };
  const { pid } = await world.manager.ask({ type: "spawnProcess", ...sleep, ready: probe(async () => undefined) });
  assert.deepEqual(pids, [pid]);
  const refusing = probe(() => Promise.reject(new RangeError("not ready")));
  await assert.rejects(world.manager.ask({ type: "spawnProcess", ...sleep, ready: refusing }), RangeError);
  const throwing = probe(() => {
    throw new RangeError("not ready");
  });
  await assert.rejects(world.manager.ask({ type: "spawnProcess", ...sleep, ready: throwing }), RangeError);
  let isTold = false;
  const never = probe((signal) => {
    signal.addEventListener("abort", () => {
      isTold = true;
    });
    return new Promise(() => undefined);
  });
  await assert.rejects(world.start({ ...sleep, ready: never }, { startTimeoutMs: 50 }));
  assert.equal(isTold, true);
  assert.equal(pids.length, 4);
  for (const gone of pids.slice(1)) await world.until(() => !isAlive(gone));
  assert.equal(isAlive(pid), true);
});

const KILLS: readonly (readonly [
  title: string,
  child: object,
  kill: (world: World, ref: ActorRef<ProcessMessage>) => Promise<void>,
])[] = [
  ["brutal_kill", { shutdown: "brutal_kill" }, async ({ system }) => void (await system.stop())],
  ["kill", {}, async ({ system }, ref) => void system.spawn(killer(ref))],
  ["the end of its manager by kill", {}, async ({ system, manager }) => void system.spawn(killer(manager))],
];

/** Kills somebody as its first deed. */
function killer(victim: ActorRef<never>): Start<never> {
  return () =>
    new (class extends Actor<never> {
      override preStart(context: ActorContext<never>): void {
        context.kill(victim);
      }
      override handleMessage(): void {
        // Nobody says anything.
      }
    })();
}

for (const [title, child, kill] of KILLS)
  test(`${title} ends a process at once, and all of its group, though it ignores SIGTERM`, async () => {
    await using world = await makeWorld();
    const args = ["-c", "trap '' TERM; sleep 60 & echo up; wait"];
    const options = { command: command("sh"), args, ready: /up/ };
    const pids: number[] = [];
    const ready = async (pid: number): Promise<void> => void pids.push(pid);
    const started = title.includes("manager")
      ? await world.manager.ask({ type: "spawnProcess", ...options })
      : { ...(await world.start({ ...options, ready }, child)), pid: pids[0] as number };
    await kill(world, started.ref);
    await world.until(() => aliveInGroup(started.pid).length === 0);
  });

/** A child that leaves its group, says its pid, and ignores what it can. */
const RUNAWAY = "setsid sh -c 'trap \"\" TERM HUP INT; echo $$; exec sleep 300' & ";

test("what left its group by setsid ends with its actor, and nobody else's does", async () => {
  await using world = await makeWorld();
  const runaways: number[] = [];
  const sink = world.system.spawn(
    keeper<ProcessOutput>((output) => void (output.type === "line" && runaways.push(Number(output.text)))),
    { mailbox: { capacity: 10, overflow: "block" } },
  );
  const options = { command: command("sh"), stdout: { to: sink, as: "lines" } } as const;
  const start = async (script: string): Promise<ActorRef<ProcessMessage>> => {
    const before = runaways.length;
    const { ref } = await world.manager.ask({ type: "spawnProcess", ...options, args: ["-c", RUNAWAY + script] });
    await world.until(() => runaways.length > before);
    return ref;
  };
  const killed = await start("wait");
  await start("wait");
  await start("sleep 0.05");
  world.system.spawn(killer(killed));
  const { stdout } = await world.manager.ask({
    type: "run",
    command: command("sh"),
    args: ["-c", `${RUNAWAY} sleep 0.2`],
  });
  const [ofKilled, ofRunning, ofExited] = runaways as [number, number, number];
  const ofRun = Number(Buffer.from(stdout).toString());
  assert.ok(ofRun > 0);

  for (const pid of [ofKilled, ofExited, ofRun]) await world.until(() => !isAlive(pid));

  assert.equal(isAlive(ofRunning), true);
});

test("a message that no process understands is refused, and the process goes on", async () => {
  await using world = await makeWorld();
  const { ref, pid } = await world.manager.ask({ type: "spawnProcess", command: command("sleep"), args: ["60"] });
  for (const message of [
    { type: "signal", signal: "SIGNONE" },
    { type: "signal", signal: 9 },
    { type: "signal", signal: "toString" },
    { type: "write", data: 7 },
    { type: "other" },
    null,
  ])
    await assert.rejects(ref.ask(message as never), { code: "ERR_INVALID_ARGUMENT" }, JSON.stringify(message));
  assert.equal(isAlive(pid), true);
});

test("input that a process does not read is kept up to a limit, and refused beyond", async () => {
  await using world = await makeWorld();
  const { ref } = await world.manager.ask({ type: "spawnProcess", command: command("sleep"), args: ["60"] });
  const data = new Uint8Array(8 << 20);
  for (let i = 0; i < 3; i++) ref.tell({ type: "write", data });
  await assert.rejects(ref.ask({ type: "write", data }), { code: "ERR_INPUT_FULL", limit: 16_777_216 });
});

test("input that was handed over before is refused before anything runs", async () => {
  await using world = await makeWorld();
  const input = OwnedBuffer.take(new ArrayBuffer(8));
  input.claim();
  await assert.rejects(world.manager.ask({ type: "run", command: command("cat"), input }));
  assert.deepEqual(childrenNamed("cat"), []);
});

/** Children of this program that run it. */
function childrenNamed(name: string): string[] {
  return fs
    .readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && isAlive(Number(pid)))
    .filter((pid) => {
      const [, of, , parent] = /\((.*)\) (\w) (\d+)/.exec(statOf(pid)) ?? [];
      return of === name && Number(parent) === process.pid;
    });
}

function statOf(pid: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}

test("more arguments than the system takes are its own word, not a crash", async () => {
  await using world = await makeWorld();
  const args = Array.from({ length: 20 }, () => "x".repeat(131_000));
  const big = securityOf([{ command: command("printf"), args: [{ rest: { matches: /x*/ }, max: 200 }] }]);
  const manager = world.system.spawn(processManager(big));
  await assert.rejects(manager.ask({ type: "run", command: command("printf"), args: [...args, ...args, ...args] }), {
    code: "ERR_FILE_OPERATION",
    errno: "E2BIG",
    path: command("printf"),
  });
  await denied(manager.ask({ type: "run", command: command("printf"), args: ["\ud800"] }), "argument");
  big.close();
});

test("a denial or a start that fails leaves the manager as it was", async () => {
  await using world = await makeWorld();
  await denied(world.manager.ask({ type: "spawnProcess", command: "/bin/nothing" }), "not_granted");
  await denied(world.manager.ask({ type: "run", command: "/bin/nothing" }), "not_granted");
  await assert.rejects(world.start({ command: "/bin/nothing" }), (error: unknown) => {
    let cause = error as Error;
    while (cause.cause instanceof Error) cause = cause.cause;
    assert.match(String(cause), /"\/bin\/nothing" is denied \(not_granted\)/);
    return true;
  });
  assert.deepEqual([world.manager.isAlive, world.manager.incarnation], [true, 1]);
});

test("runs beyond what may go on at once wait in their order, and are refused beyond what may wait", async () => {
  await using world = await makeWorld();
  const manager = world.system.spawn(processManager(securityOf(), { maxConcurrent: 2, maxWaiting: 3 }));
  const folder = fs.mkdtempSync(`${os.tmpdir()}/airssys-runs-`);
  try {
    // Each says how many are there while it runs; the first two go on until they are let.
    const script = (i: number): string =>
      `touch ${folder}/${i}; while [ ${i} -lt 2 ] && [ ! -e ${folder}/go ]; do sleep 0.01; done; echo $(ls ${folder}); rm ${folder}/${i}`;
    const run = (i: number): Promise<string> =>
      manager
        .ask({ type: "run", command: command("sh"), args: ["-c", script(i)] }, { timeoutMs: 60_000 })
        .then(({ stdout }) => Buffer.from(stdout).toString());
    const runs = [0, 1, 2, 3, 4].map(run);
    for (const refused of [5, 6])
      await assert.rejects(run(refused), { code: "ERR_PROCESS_LIMIT", option: "maxWaiting", limit: 3 });
    // Others are spawned meanwhile: the manager itself waits for nothing.
    await manager.ask({ type: "spawnProcess", command: command("true") });
    await world.until(() => fs.readdirSync(folder).length === 2);
    assert.deepEqual(fs.readdirSync(folder).sort(), ["0", "1"]);
    fs.writeFileSync(`${folder}/go`, "");
    for (const seen of await Promise.all(runs)) assert.ok(seen.trim().split(" ").length <= 3, seen);
    assert.equal(manager.incarnation, 1);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("processes beyond what may be alive are refused, and there is room again when one ends or fails to start", async () => {
  await using world = await makeWorld();
  const manager = world.system.spawn(processManager(securityOf(), { maxProcesses: 2 }));
  const spawn = (): Promise<{ ref: ActorRef<ProcessMessage> }> =>
    manager.ask({ type: "spawnProcess", command: command("sleep"), args: ["60"] });
  for (let i = 0; i < 3; i++)
    await denied(manager.ask({ type: "spawnProcess", command: "/bin/nothing" }), "not_granted");
  const { ref } = await spawn();
  await spawn();
  await assert.rejects(spawn(), { code: "ERR_PROCESS_LIMIT", option: "maxProcesses", limit: 2 });
  await ref.ask({ type: "signal", signal: "SIGKILL" });
  await world.until(() => !ref.isAlive);
  await spawn();
});

test("a thousand processes, one after another in groups, leave no zombie", async () => {
  await using world = await makeWorld();
  for (let i = 0; i < 20; i++)
    await Promise.all(
      Array.from({ length: 50 }, () =>
        world.manager.ask({ type: "run", command: command("true") }, { timeoutMs: 60_000 }),
      ),
    );
  const zombies = fs
    .readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => / Z (\d+)/.exec(statOf(pid))?.[1] === String(process.pid));
  assert.deepEqual(zombies, []);
});

test("a process that may not be started says which grant it would need: in the error, the exit reason, the log", async () => {
  const security = SecurityContext.create({
    principal: "test",
    base: "/tmp",
    files: [{ path: "/usr/share", allow: ["read"] }],
    run: [{ command: "/bin/echo", args: [{ oneOf: ["a", "b"] }, { path: "read" }], cwd: "/usr" }],
  });
  const cases: readonly (readonly [
    Omit<ProcessOptions, "command"> & { command?: string },
    DenialReason,
    string | undefined,
  ])[] = [
    [{ command: "/bin/rm", args: ["-rf", "x y"] }, "not_granted", '{ command: "/bin/rm", args: ["-rf", "x y"] }'],
    [{ args: ["c"] }, "argument", '{ command: "/bin/echo", args: ["c"], cwd: "/usr" }'],
    [{ args: ["a", "/etc/hostname"] }, "outside", '{ path: "/etc", allow: ["read"] }'],
    [
      { args: ["a", "/usr/share"], env: { LANG: "C" } },
      "environment",
      '{ command: "/bin/echo", args: [{ oneOf: ["a", "b"] }, { path: "read" }], cwd: "/usr", env: ["LANG"] }',
    ],
    [{ args: ["a", "../x"] }, "bad_name", undefined],
  ];
  for (const [asked, reason, grant] of cases) {
    const lines: string[] = [];
    const reasons: ExitReason[] = [];
    const system = await ActorSystem.start({
      name: "os",
      root: supervisor({ children: [{ id: "manager", start: processManager(security) }] }),
      logger: (line) => void lines.push(line),
    });
    system.subscribe((event) => {
      if (event.type === "crashed") reasons.push(event.reason);
    });
    const options = { command: "/bin/echo", ...asked };
    const isRight = (error: unknown): boolean => {
      assert.ok(error instanceof AccessDeniedError);
      assert.deepEqual([error.reason, error.grant], [reason, grant]);
      assert.equal(error.message.includes(`; the grant it would need: ${grant}`), grant !== undefined);
      return true;
    };
    const start = osProcess({ security, ...options });
    await assert.rejects(startChild(system.root, { id: "one", start }), (error: Error) => isRight(error.cause));
    await assert.rejects(
      async () => system.whereis<ProcessManagerMessage>("manager")?.ask({ type: "run", ...options }),
      isRight,
    );
    const [end] = reasons;
    assert.ok(end?.kind === "crashed" && isRight(end.cause));
    await system.stop();
    assert.ok(lines.some((line) => line.includes(grant ?? "(bad_name)")));
    await assert.rejects(
      ActorSystem.start({ name: "alone", root: supervisor({ children: [{ id: "one", start }] }), logger: false }),
      (error: Error) => error.message.includes(grant ?? "(bad_name)"),
    );
  }
  security.close();
});

test("where a process runs is no option of it: its grant says so, and the error says where", () => {
  using security = securityOf();
  assert.throws(
    () => osProcess({ security, command: command("true"), cwd: "/tmp" } as never),
    /unknown option "cwd": the grant of the command says where it runs, run: \[\{ command, cwd \}\]/,
  );
});
