// The thread beside a program, however often viewers come, ask and go.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { Worker } from "node:worker_threads";
import "../../../runtime/src/inspect/hook.ts";
import { PROTOCOL_VERSION, type ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";
import { startWatchdog } from "../../../runtime/src/inspect/watchdog.ts";

const HELLO: ProgramFrame = {
  type: "hello",
  protocol: PROTOCOL_VERSION,
  runtime: "0.0.0",
  pid: process.pid,
  node: process.version,
  program: "here",
  capabilities: [],
};

/** Frames as they come, one for each call. */
function frameByFrame(socket: Socket): () => Promise<ProgramFrame> {
  const came: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let rest = "";
  socket.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + String(text)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const take = waiting.shift();
      if (take) take(line);
      else came.push(line);
    }
  });
  return async () => {
    const line = came.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve)));
    return JSON.parse(line) as ProgramFrame;
  };
}

/** Also when it closes with something unread. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once("close", resolve));
}

/** A viewer that hears each connection say hello. */
async function listen(t: TestContext) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "airssys-inspect-"));
  const endpoint =
    process.platform === "win32" ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, "viewer.sock");
  const server = createServer().listen(endpoint);
  await once(server, "listening");
  t.after(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const accept = async () => {
    const [socket] = (await once(server, "connection")) as [Socket];
    socket.on("error", () => {}); // the other side has gone with something unread
    return {
      socket,
      say: (frame: object) => void socket.write(`${JSON.stringify(frame)}\n`),
      frame: frameByFrame(socket),
    };
  };
  return { endpoint, accept };
}

/** Threads that this process has started. */
function countThreads(t: TestContext): () => number {
  let count = 0;
  const note = (_worker: Worker): void => void count++;
  process.on("worker", note);
  t.after(() => void process.off("worker", note));
  return () => count;
}

test("one thread serves all viewers that come and go, whoever ends the connection, also with a question under way", async (t) => {
  const { endpoint, accept } = await listen(t);
  const threads = countThreads(t);
  for (let time = 0; time < 100; time++) {
    const coming = accept();
    const watch = startWatchdog(endpoint, HELLO);
    const viewer = await coming;
    const hello = await viewer.frame();
    assert.ok(hello.type === "hello" && hello.watchdog);
    const gone = closed(viewer.socket);
    viewer.say({ type: "who", id: 1 });
    if (time % 3 === 0) assert.deepEqual(await viewer.frame(), { type: "reply", id: 1, ok: true, value: null });
    if (time % 2 === 0) viewer.socket.destroy();
    else watch.end();
    watch.end();
    await gone;
  }
  assert.equal(threads(), 1);
});

test("viewers that ask at the same time are all answered, and one that goes takes no answer from another", async (t) => {
  const { endpoint, accept } = await listen(t);
  const viewers = [];
  for (let number = 0; number < 3; number++) {
    const coming = accept();
    const watch = startWatchdog(endpoint, HELLO);
    const viewer = await coming;
    await viewer.frame();
    viewers.push({ ...viewer, watch });
  }
  const [first, second, third] = viewers;
  assert.ok(first && second && third);
  for (let id = 1; id <= 20; id++) for (const { say } of viewers) say({ type: "who", id });
  second.socket.destroy();
  for (const { frame } of [first, third])
    for (let id = 1; id <= 20; id++) assert.deepEqual(await frame(), { type: "reply", id, ok: true, value: null });
  for (const { watch, socket } of [first, third]) {
    const gone = closed(socket);
    watch.end();
    await gone;
  }
});

test("a viewer that is not there, or asks without end while nothing can be answered, is let alone and harms nobody", async (t) => {
  const { endpoint, accept } = await listen(t);
  startWatchdog(`${endpoint}.nowhere`, HELLO).end();
  startWatchdog(`${endpoint}.nowhere`, HELLO);
  const coming = accept();
  const watch = startWatchdog(endpoint, HELLO);
  const viewer = await coming;
  await viewer.frame();
  const asked = 3_000;
  for (let id = 1; id <= asked; id++) viewer.say({ type: "who", id });
  const codes = new Set<string>();
  for (let count = 0; count < asked; count++) {
    const frame = await viewer.frame();
    assert.ok(frame.type === "reply");
    codes.add(frame.ok ? "answered" : frame.code);
  }
  codes.delete("ERR_TOO_MANY_REQUESTS");
  assert.deepEqual([...codes], ["answered"]);
  const gone = closed(viewer.socket);
  watch.end();
  await gone;
});
