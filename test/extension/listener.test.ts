import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, rmSync, statSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { suite, test } from "node:test";
import { ENV_ENDPOINT, ENV_TOKEN, PROTOCOL_VERSION } from "airssys-rt/inspect";
import { Listener, type Ticket, type WayIn } from "../../extension/src/inspect/listener.ts";
import type { Program } from "../../extension/src/programs/program.ts";
import { Programs } from "../../extension/src/programs/programs.ts";
import { shop, snapshot } from "./rows.ts";

function open(found?: WayIn) {
  const programs = new Programs();
  let kept = found;
  const keep = (way: WayIn) => {
    kept = way;
  };
  const listener = new Listener((welcome) => programs.meet(welcome), { found, keep });
  const faults: string[] = [];
  programs.on("refused", ({ code }) => faults.push(code));
  return { programs, listener, faults, kept: () => kept, [Symbol.dispose]: () => listener.close() };
}

/** A program that connects and says `frames`. */
function connect(ticket: Ticket, ...frames: unknown[]): net.Socket {
  const socket = net.connect(ticket.env[ENV_ENDPOINT] ?? "");
  socket.on("error", () => undefined);
  for (const frame of frames) socket.write(typeof frame === "string" ? frame : `${JSON.stringify(frame)}\n`);
  return socket;
}

function hello(ticket: Ticket, change: object = {}): object {
  const token = ticket.env[ENV_TOKEN];
  return {
    type: "hello",
    protocol: PROTOCOL_VERSION,
    runtime: "0.1.0",
    pid: 1,
    node: "v24",
    program: "/p/main.ts",
    capabilities: ["tree"],
    token,
    ...change,
  };
}

suite("the socket for programs that run without a debugger", () => {
  test("is for the owner alone, and leaves nothing behind", { skip: process.platform === "win32" }, async () => {
    const { listener } = open();
    const endpoint = (await listener.admit("launch")).env[ENV_ENDPOINT] ?? "";
    assert.equal(statSync(endpoint).mode & 0o777, 0o600);
    assert.equal(statSync(path.dirname(endpoint)).mode & 0o777, 0o700);
    listener.close();
    assert.ok(!existsSync(path.dirname(endpoint)));
  });

  test("shows a program from hello to its end, however it ends", async () => {
    using rig = open();
    const ticket = await rig.listener.admit("launch");
    const changed = once(rig.programs, "changed");
    const socket = connect(ticket, hello(ticket), snapshot(shop()));
    const [program] = (await changed) as [Program];
    assert.equal(program.tree.size, 5);
    assert.equal(program.detail, "pid 1 · running");
    socket.destroy();
    await once(rig.programs, "ended");
    assert.deepEqual(rig.programs.all, []);
    assert.deepEqual(rig.faults, []);
  });

  test("two launches do not know each other's token, and the same program gets the same id again", async () => {
    using rig = open();
    const [one, two] = [await rig.listener.admit("one"), await rig.listener.admit("two")];
    assert.notEqual(one.env[ENV_TOKEN], two.env[ENV_TOKEN]);
    const first = connect(one, hello(one));
    await once(rig.programs, "opened");
    connect(two, hello(two));
    await once(rig.programs, "opened");
    assert.deepEqual(
      rig.programs.all.map(({ id }) => id),
      ["/p/main.ts#1", "/p/main.ts#2"],
    );
    first.destroy();
    await once(rig.programs, "ended");
    connect(one, hello(one));
    const [again] = (await once(rig.programs, "opened")) as [Program];
    assert.equal(again.id, "/p/main.ts#1");
  });

  test("a launch that is over takes its programs with it, and can be restarted", async () => {
    using rig = open();
    const ticket = await rig.listener.admit("launch");
    connect(ticket, hello(ticket));
    await once(rig.programs, "opened");
    ticket.end();
    assert.deepEqual(rig.programs.all, []);
    connect(ticket, hello(ticket));
    await once(rig.programs, "opened");
  });

  test("a program without the right token is turned away", async () => {
    using rig = open();
    const ticket = await rig.listener.admit("launch");
    connect(ticket, hello(ticket, { token: "x".repeat(32) }));
    await once(rig.programs, "refused");
    assert.deepEqual(rig.faults, ["ERR_BAD_TOKEN"]);
    assert.deepEqual(rig.programs.all, []);
  });

  test("garbage ends one conversation and no other", async () => {
    using rig = open();
    const ticket = await rig.listener.admit("launch");
    connect(ticket, hello(ticket));
    await once(rig.programs, "opened");
    const noise = connect(ticket, "\u0000\u0001 nonsense\n");
    const [answer] = (await once(noise, "data")) as [Buffer];
    assert.match(String(answer), /"ERR_BAD_FRAME"/);
    await once(noise, "close");
    assert.equal(rig.programs.all.length, 1);
    assert.deepEqual(rig.faults, ["ERR_BAD_FRAME"]);
  });

  test("who comes after a window's extension host that was killed takes up its way in, with all that was given for it", async () => {
    const before = open();
    const [terminal, launch] = [await before.listener.admit("terminals"), await before.listener.admit("launch")];
    const kept = before.kept();
    assert.ok(kept);
    before.listener.close();
    using after = open(kept);
    await after.listener.resume();
    for (const ticket of [terminal, launch]) {
      connect(ticket, hello(ticket));
      await once(after.programs, "opened");
    }
    assert.deepEqual(await after.listener.admit("terminals").then(({ env }) => env), terminal.env);
    assert.notEqual((await after.listener.admit("another")).env[ENV_TOKEN], launch.env[ENV_TOKEN]);
  });

  test("a way in that somebody listens at is left alone, and so is a folder others may enter", {
    skip: process.platform === "win32",
  }, async () => {
    using living = open();
    const { env } = await living.listener.admit("terminals");
    using other = open(living.kept());
    await other.listener.resume();
    assert.notEqual((await other.listener.admit("terminals")).env[ENV_ENDPOINT], env[ENV_ENDPOINT]);

    const folder = await mkdtemp(path.join(os.tmpdir(), "airssys-open-"));
    await chmod(folder, 0o755);
    const endpoint = path.join(folder, "inspect.sock");
    using careful = open({ endpoint, tokens: {} });
    await careful.listener.resume();
    assert.notEqual((await careful.listener.admit("terminals")).env[ENV_ENDPOINT], endpoint);
    rmSync(folder, { recursive: true });
  });
});
