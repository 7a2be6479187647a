// An inspector of unknown origin may say anything: the window that watches goes on, and says in a sentence what is the matter.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { test } from "node:test";
import type { WatchError } from "../../extension/src/inspect/watch-error.ts";
import { BEGUN } from "../../extension/src/inspect/watch-script.ts";
import { Programs } from "../../extension/src/programs/programs.ts";
import { Watching } from "../../extension/src/watch/watching.ts";
import { FRAMES, HostileFrames } from "../hostile-frames.ts";
import { actor, delta, shop, snapshot } from "./rows.ts";
import { unmasked } from "./running-program.ts";

/** Messages that each connection is told. */
const TOLD = 200;

const hello = {
  ...{ type: "hello", protocol: 1, runtime: "0.1.0", pid: 1, node: "v24.0.0", program: "/p/main.ts", watching: true },
  capabilities: ["tree", "ping", "leave", "messages", "details"],
};
const honest: readonly object[] = [
  hello,
  snapshot(shop()),
  delta(2, [actor("shop/ledger", 1, { restarts: 2 })]),
  { type: "gap", seq: 3, at: 0, missed: 1 },
  { type: "reply", id: 1, ok: true, value: null },
  { type: "bye", reason: "silence" },
  { type: "bye", reason: "exit" },
];

/** A frame of a WebSocket from a server. */
function framed(text: string): Buffer {
  const body = Buffer.from(text);
  const { length } = body;
  const head = length < 126 ? Buffer.from([129, length]) : Buffer.from([129, 127, ...new Array(8).fill(0)]);
  if (length >= 126) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, body]);
}

/** Speaks as an inspector does until the watch has begun, most of the time; then says what no honest one would. */
function beHostile(socket: Socket, hostile: HostileFrames): void {
  let said = Buffer.alloc(0);
  let answered = 0;
  let isHonest = true;
  const tell = (message: object): void => {
    const text = JSON.stringify(message);
    const told = hostile.below(30) === 0 ? hostile.next(message) : text;
    isHonest &&= told === text;
    socket.write(framed(told));
  };
  socket.on("error", () => socket.destroy());
  socket.on("data", (data) => {
    said = Buffer.concat([said, data]);
    const messages = unmasked(said).map((text) => JSON.parse(text) as { id: number; params: { name?: string } });
    const binding = messages[0]?.params.name ?? "";
    const push = (payload: string): object => ({ method: "Runtime.bindingCalled", params: { name: binding, payload } });
    for (const { id } of messages.slice(answered)) {
      answered++;
      if (id === 1) tell({ id, result: {} });
      if (id !== 2) continue;
      tell(push(JSON.stringify(hello)));
      tell({ id, result: { result: { type: "string", value: BEGUN } } });
      for (let n = 0; n < TOLD; n++) tell(push(hostile.next(hostile.pick(honest))));
    }
    // Who was told nothing that can be understood would wait for it.
    if (answered >= 2 || !isHonest) socket.end();
  });
}

test(`whatever an inspector says, in ${FRAMES} frames, the window goes on and says what is the matter`, async (t) => {
  const hostile = new HostileFrames(17);
  const server = http.createServer((_request, response) => response.end('[{"type":"node","id":"a-b-c"}]'));
  const sockets = new Set<Socket>();
  server.on("upgrade", (request, socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    beHostile(socket, hostile);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  const programs = new Programs((origin) => origin !== "watched");
  const yes = (): Promise<boolean> => Promise.resolve(true);
  const watching = new Watching(programs, { mayOpen: yes, mayReach: yes });
  let [watched, refused] = [0, 0];
  programs.on("opened", () => watched++);
  programs.watch("view", 400);
  for (let told = 0; told < FRAMES; told += TOLD) {
    try {
      const program = await watching.watch({ kind: "address", address });
      if (program?.endedAt === undefined)
        await new Promise<void>((resolve) => {
          programs.once("ended", () => resolve());
        });
    } catch (error) {
      assert.equal((error as WatchError).name, "WatchError", String(error));
      assert.match((error as WatchError).message, /^[A-Z1].*[.:]/s);
      refused++;
    }
    assert.deepEqual([programs.all.length, watching.all.length], [0, 0]);
  }
  assert.ok(watched > FRAMES / TOLD / 4, `${watched} were watched, ${refused} refused`);
});
