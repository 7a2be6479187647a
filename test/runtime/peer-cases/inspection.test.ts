/** A viewer that means harm and a program that is odd do not end each other: programs of their own, over a real socket. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import type { ActorRow } from "../../../runtime/src/inspect/actor-row.ts";
import type { ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";

const PROGRAM = path.join(import.meta.dirname, "odd-program.ts");

/** How a program fares. */
interface Fare {
  readonly waits: number;
  readonly longestMs: number;
  readonly grownMb: number;
  readonly incarnation: number;
}

/** A program that is looked at, and the viewer's end of the socket. */
interface Looked {
  readonly socket: Socket;
  readonly say: (...frames: readonly (object | string)[]) => void;
  /** The answer to one request, past all other frames. */
  readonly reply: (id: number) => Promise<ProgramFrame>;
  readonly next: () => Promise<ProgramFrame>;
  /** Tells its first actor something, lets it be handled, and hears how the program fares. Fails if the program has ended. */
  readonly tell: (type: string) => Promise<Fare>;
}

function lineByLine(input: NodeJS.ReadableStream): () => Promise<string> {
  const lines = createInterface({ input })[Symbol.asyncIterator]();
  return async () => String((await lines.next()).value);
}

function start(t: TestContext, env: Readonly<Record<string, string>>): ChildProcess {
  const stdio = ["pipe", "pipe", "pipe"] as const;
  const child = spawn(process.execPath, [PROGRAM], { env: { ...process.env, ...env }, stdio: [...stdio] });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

async function look(t: TestContext, env: Readonly<Record<string, string>> = {}): Promise<Looked> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "airssys-peer-"));
  const address = process.platform === "win32" ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, "s");
  const server = createServer().listen(address);
  await once(server, "listening");
  t.after(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const child = start(t, { ...env, AIRSSYS_INSPECT: address });
  let complaints = "";
  child.stderr?.on("data", (data) => {
    complaints += data;
  });
  const ended = once(child, "exit").then(([code]) => assert.fail(`the program ended (${code}): ${complaints}`));
  ended.catch(() => {});
  const [socket] = (await Promise.race([once(server, "connection"), ended])) as [Socket];
  t.after(() => socket.destroy());
  // A program that hangs up while there is more to say.
  socket.on("error", () => {});
  const frame = lineByLine(socket);
  const line = lineByLine(child.stdout as NodeJS.ReadableStream);
  const next = async (): Promise<ProgramFrame> => JSON.parse(await Promise.race([frame(), ended])) as ProgramFrame;
  return {
    socket,
    next,
    say: (...frames) => {
      for (const one of frames) socket.write(`${typeof one === "string" ? one : JSON.stringify(one)}\n`);
    },
    reply: async (id) => {
      for (;;) {
        const one = await next();
        if (one.type === "reply" && one.id === id) return one;
      }
    },
    tell: async (type) => {
      child.stdin?.write(`${type}\n`);
      return JSON.parse(await Promise.race([line(), ended])) as Fare;
    },
  };
}

/** The key of the program's first actor. */
async function keyOf({ say, reply }: Looked): Promise<string> {
  say({ type: "snapshot", id: 1_000_000 });
  const answer = await reply(1_000_000);
  assert.ok(answer.type === "reply" && answer.ok);
  const row = (answer.value as { readonly actors: readonly ActorRow[] }).actors.find(({ path: at }) => at === "odd/w0");
  assert.ok(row, "there is a row");
  return row.key;
}

const NO_TEXT = { toString: 1, valueOf: 1 };
const DEEP = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

const HARM: Readonly<Record<string, readonly (object | string)[]>> = {
  "an error whose text cannot be text": [{ type: "error", code: "c", message: NO_TEXT }],
  "a welcome whose version cannot be text": [{ type: "welcome", protocol: NO_TEXT }],
  "an error of nothing": [{ type: "error" }],
  "an error of a million characters": [{ type: "error", code: "c", message: "x".repeat(1_000_000) }],
  nonsense: ["}{", "[]", "null", "1", '"x"', "\u0000", "[".repeat(50_000)],
  "types that every object has, and keys of nobody": [
    { type: "constructor", id: 1 },
    { type: "__proto__", id: 2 },
    { type: "kill", id: 3, key: "odd#99" },
    { type: "kill", id: 4, key: "" },
  ],
  "a message that is nested 100,000 deep": [`{"type":"send","id":1,"key":"odd#2","message":${DEEP}}`],
  "intervals beyond all bounds": [
    { type: "subscribe", id: 1, intervalMs: -1 },
    '{"type":"subscribe","id":2,"intervalMs":1e999}',
    { type: "subscribe", id: 3, intervalMs: 0.0001 },
  ],
};

for (const [what, frames] of Object.entries(HARM)) {
  const refuses = what.startsWith("an error");
  const then = refuses ? "has left" : "is answered afterwards";
  test(`inspection: a viewer that says ${what} ${then}, and the program lives`, async (t) => {
    const looked = await look(t);
    looked.say(...frames);

    if (refuses) await new Promise((resolve) => looked.socket.once("close", resolve));
    else assert.ok(await keyOf(looked));
    assert.equal((await looked.tell("how")).incarnation, 1);
  });
}

const ODD: Readonly<Record<string, string>> = {
  stack: "throws an error whose stack cannot be read",
  message: "throws an error whose message cannot be read",
  name: "throws an error whose name is a symbol",
  proxy: "throws a revoked proxy",
  prepareStackTrace: "throws, where Error.prepareStackTrace throws too",
  text: "throws a text of 30 million characters",
  depth: "throws an object that is nested 100,000 deep",
  prototype: "throws and has no prototype",
  class: "throws and has a class whose name cannot be read",
};

for (const [odd, what] of Object.entries(ODD)) {
  test(`inspection: an actor that ${what} is restarted while somebody looks, as when nobody does`, async (t) => {
    const looked = await look(t, { ODD: odd });
    looked.say({ type: "subscribe", id: 1, intervalMs: 100 });
    await looked.reply(1);
    const { incarnation } = await looked.tell("throw");
    for (let hears = false; !hears; ) {
      const frame = await looked.next();
      hears = frame.type === "delta" && frame.events.some(({ kind }) => kind === "crashed");
    }

    assert.equal(incarnation, 2);
    assert.ok(await keyOf(looked));
  });
}

test("inspection: a viewer that subscribes and leaves ends nothing", async (t) => {
  const { say, reply, socket, tell } = await look(t);
  say({ type: "subscribe", id: 1 });
  await reply(1);
  socket.destroy();

  assert.equal((await tell("throw")).incarnation, 2);
});

test("inspection: an actor that a viewer suspended goes on when the viewer leaves", async (t) => {
  const looked = await look(t);
  looked.say({ type: "suspend", id: 2, key: await keyOf(looked) });
  await looked.reply(2);
  assert.equal((await looked.tell("waits")).waits, 1);
  looked.socket.destroy();
  let { waits } = await looked.tell("how");
  for (let n = 0; n < 50 && waits > 0; n++) ({ waits } = await looked.tell("how"));

  assert.equal(waits, 0);
});

test("inspection: a viewer that asks for 1,000 snapshots of 1,000 actors and reads none costs neither turns nor memory", async (t) => {
  const { socket, say, tell } = await look(t, { ACTORS: "1000" });
  socket.pause();
  say(...Array.from({ length: 1_000 }, (_, id) => ({ type: "snapshot", id })));
  const fares: Fare[] = [];
  for (let n = 0; n < 20; n++) fares.push(await tell("how"));

  const worst = Math.max(...fares.map(({ longestMs }) => longestMs));
  const grown = Math.max(...fares.map(({ grownMb }) => grownMb));
  assert.ok(worst < 1_000 && grown < 100, `${worst} ms, ${grown} MB`);
});
