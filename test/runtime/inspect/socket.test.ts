import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import type { ActorRow } from "../../../runtime/src/inspect/actor-row.ts";
import { PROTOCOL_VERSION, type ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";
import { MAX_FRAME_LENGTH } from "../../../runtime/src/inspect/protocol-limits.ts";
import { connectToViewer } from "../../../runtime/src/inspect/socket.ts";

const PROGRAM = path.join(import.meta.dirname, "program.ts");

/** Lines as they come, one for each call. */
function lineByLine(input: NodeJS.ReadableStream): () => Promise<string> {
  const lines = createInterface({ input })[Symbol.asyncIterator]();
  return async () => String((await lines.next()).value);
}

interface Listener {
  readonly address: string;
  readonly server: Server;
}

async function listen(t: TestContext): Promise<Listener> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "airssys-inspect-"));
  const address =
    process.platform === "win32" ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, "viewer.sock");
  const server = createServer().listen(address);
  await once(server, "listening");
  t.after(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { address, server };
}

interface Program {
  readonly process: ChildProcess;
  readonly line: () => Promise<string>;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  readonly complaint: () => Promise<string>;
}

function start(t: TestContext, env: Record<string, string>): Program {
  const child = spawn(process.execPath, [PROGRAM], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { process: child, line: lineByLine(child.stdout), ended, complaint: lineByLine(child.stderr) };
}

/** The viewer's end of one connection. */
async function accept(
  listener: Listener,
): Promise<{ socket: Socket; frame: () => Promise<ProgramFrame>; say: (frame: object) => void }> {
  const [socket] = (await once(listener.server, "connection")) as [Socket];
  const line = lineByLine(socket);
  return {
    socket,
    frame: async () => JSON.parse(await line()) as ProgramFrame,
    say: (frame) => void socket.write(`${JSON.stringify(frame)}\n`),
  };
}

type Reply = Extract<ProgramFrame, { type: "reply"; ok: true }>;

/** The answer to one request, past all other frames. */
async function reply({ frame }: { readonly frame: () => Promise<ProgramFrame> }, id: number): Promise<Reply> {
  for (;;) {
    const next = await frame();
    if (next.type === "reply" && next.id === id) return next as Reply;
  }
}

test("a program connects, says hello with its token, holds its first message until go, and is inspected", async (t) => {
  const listener = await listen(t);
  const program = start(t, {
    AIRSSYS_INSPECT: listener.address,
    AIRSSYS_INSPECT_TOKEN: "secret",
    AIRSSYS_INSPECT_WAIT: "1",
  });
  const { frame, say } = await accept(listener);

  const hello = await frame();
  assert.ok(hello.type === "hello");
  assert.deepEqual([hello.protocol, hello.token, hello.pid], [PROTOCOL_VERSION, "secret", program.process.pid]);
  assert.equal(hello.program, PROGRAM);
  assert.ok(hello.capabilities.includes("hold"));
  say({ type: "welcome", protocol: PROTOCOL_VERSION });
  assert.equal(await program.line(), "started");
  say({ type: "snapshot", id: 1 });
  const held = await frame();
  assert.ok(held.type === "reply" && held.ok);
  const { actors } = held.value as { actors: ActorRow[] };
  const echo = actors.find((row) => row.path === "echo/echo");
  assert.deepEqual([echo?.mailbox.depth, echo?.handled], [1, 0]);

  say({ type: "go", id: 2 });
  assert.deepEqual(await frame(), { type: "reply", id: 2, ok: true });
  assert.equal(await program.line(), "first");
  say({ type: "send", id: 3, key: echo?.key, message: { type: "stop" } });

  assert.equal(await program.line(), "stop");
  assert.equal(await program.ended, 0);
});

test("a viewer that goes away, or was never there, harms no program", async (t) => {
  const listener = await listen(t);
  const [left, alone] = [
    start(t, { AIRSSYS_INSPECT: listener.address, AIRSSYS_INSPECT_WAIT: "1" }),
    start(t, { AIRSSYS_INSPECT: `${listener.address}.nowhere`, AIRSSYS_INSPECT_WAIT: "1" }),
  ];

  const { socket } = await accept(listener);
  socket.destroy();

  for (const program of [left, alone]) {
    assert.deepEqual([await program.line(), await program.line()].sort(), ["first", "started"]);
  }
  assert.match(await alone.complaint(), /inspection: no connection to the viewer/);
});

test("a viewer that goes away without a word is looked for until it is there again; one that takes its leave is not", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const listener = await listen(t);
  const hello = { type: "hello", token: "mine" } as unknown as ProgramFrame;
  const meet = async () => {
    const viewer = await accept(listener);
    assert.deepEqual(await viewer.frame(), hello);
    viewer.say({ type: "welcome", protocol: PROTOCOL_VERSION });
    viewer.say({ type: "ping", id: 1 });
    await viewer.frame();
    return viewer;
  };
  /** The program has noticed, and what it does about it is due. */
  const end = async (viewer: Awaited<ReturnType<typeof meet>>) => {
    const before = gone;
    viewer.socket.destroy();
    while (gone === before) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(500);
  };
  let gone = 0;
  let next = meet();
  connectToViewer(listener.address, hello, () => gone++);
  for (let times = 0; times < 2; times++) {
    const viewer = await next;
    next = meet();
    await end(viewer);
  }
  const last = await next;
  last.say({ type: "leave" });
  last.say({ type: "ping", id: 2 });
  await last.frame();
  const connection = once(listener.server, "connection");
  await end(last);
  const sentinel = connect(listener.address);
  const [accepted] = (await connection) as [Socket];
  sentinel.end("somebody else\n");
  const [line] = (await once(accepted, "data")) as [Buffer];
  assert.equal(String(line), "somebody else\n");
});

test("a viewer that asks without end and does not read is answered later, everything in its order, and the program goes on", async (t) => {
  const listener = await listen(t);
  const program = start(t, { AIRSSYS_INSPECT: listener.address });
  const { socket, frame } = await accept(listener);
  assert.equal((await frame()).type, "hello");
  const count = 8_000;

  for (let id = 0; id < count; id++) socket.write(`{"type":"snapshot","id":${id}}\n`);

  assert.deepEqual([await program.line(), await program.line()].sort(), ["first", "started"]);
  for (let id = 0; id < count; id++) {
    const answer = await frame();
    if (answer.type !== "reply" || answer.id !== id)
      assert.fail(`answer ${id} is ${JSON.stringify(answer).slice(0, 200)}`);
  }
  assert.equal(program.process.exitCode, null);
});

test("a viewer that talks nonsense is answered, and cut off only for a line that never ends", async (t) => {
  const listener = await listen(t);
  const program = start(t, { AIRSSYS_INSPECT: listener.address });
  const { socket, frame, say } = await accept(listener);
  assert.equal((await frame()).type, "hello");

  say({ type: "fly", id: 9 });
  const refusal = await frame();
  assert.ok(refusal.type === "reply" && !refusal.ok && refusal.id === 9);
  const closed = once(socket, "close");
  socket.on("error", () => {});
  socket.write("x".repeat(MAX_FRAME_LENGTH + 1));
  await closed;

  assert.deepEqual([await program.line(), await program.line()].sort(), ["first", "started"]);
  assert.equal(program.process.exitCode, null);
});

for (const [how, message] of [
  ["in its turn", "spin"],
  ["after an await", "spinLater"],
] as const) {
  test(`while an actor keeps the event loop ${how}, nothing is answered but who it is, by the thread beside`, async (t) => {
    const listener = await listen(t);
    const program = start(t, { AIRSSYS_INSPECT: listener.address, AIRSSYS_INSPECT_TOKEN: "secret" });
    const viewer = await accept(listener);
    await viewer.frame();
    viewer.say({ type: "snapshot", id: 1 });
    const tree = await reply(viewer, 1);
    const { actors } = tree.value as { actors: ActorRow[] };
    const key = actors.find(({ path }) => path === "echo/echo")?.key;
    viewer.say({ type: "ping", id: 2 });
    assert.equal((await reply(viewer, 2)).ok, true, "the loop turns");
    const beside = accept(listener);
    viewer.say({ type: "watchdog", id: 3, on: true });
    const watchdog = await beside;
    const hello = await watchdog.frame();
    assert.ok(
      hello.type === "hello" && hello.watchdog && hello.token === "secret" && hello.pid === program.process.pid,
    );
    watchdog.say({ type: "who", id: 1 });
    assert.equal((await reply(watchdog, 1)).value, null, "nobody keeps it");

    viewer.say({ type: "send", id: 4, key, message: { type: message } });
    while ((await program.line()) !== message);
    let isAnswered = false;
    viewer.say({ type: "ping", id: 5 });
    void reply(viewer, 5).then(
      () => (isAnswered = true),
      () => {},
    );
    let who: unknown = null;
    for (let id = 2; who === null && id < 100; id++) {
      watchdog.say({ type: "who", id });
      who = (await reply(watchdog, id)).value;
    }
    assert.deepEqual(who, { key, path: "echo/echo", messageType: message });
    assert.equal(isAnswered, false);
    watchdog.say({ type: "ping", id: 99 });
    assert.equal((await reply(watchdog, 99)).ok, true, "the process itself is there");
  });
}

test("what the thread beside says ends with the session, and the thread never keeps the program alive", async (t) => {
  const listener = await listen(t);
  const program = start(t, { AIRSSYS_INSPECT: listener.address });
  const viewer = await accept(listener);
  await viewer.frame();
  const beside = accept(listener);
  viewer.say({ type: "watchdog", id: 1, on: true });
  const watchdog = await beside;
  await watchdog.frame();
  viewer.say({ type: "watchdog", id: 2, on: false });
  await assert.rejects(watchdog.frame(), "its connection has ended");
  const again = accept(listener);
  viewer.say({ type: "watchdog", id: 3, on: true });
  await again;
  viewer.say({ type: "snapshot", id: 4 });
  const { actors } = (await reply(viewer, 4)).value as { actors: ActorRow[] };
  viewer.say({
    type: "send",
    id: 5,
    key: actors.find(({ path }) => path === "echo/echo")?.key,
    message: { type: "stop" },
  });
  assert.equal(await program.ended, 0);
});
