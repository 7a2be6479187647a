// Hostile values for every option and every message of the door: an error with a code, or an effect; never a crash, never a hang.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import type { ActorRef } from "airssys-rt";
import { files, osProcess, processManager, SecurityContext } from "airssys-rt/os";
import { HOSTILE, HostileError } from "../fuzz/hostile.ts";
import { makePlace, type Place } from "./place.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Each field replaced by each hostile value, and the whole by each. */
function* spoilt(good: Fields): Generator<readonly [what: string, value: unknown]> {
  for (const [name, make] of HOSTILE) {
    yield [`${name} instead`, make()];
    for (const key of Object.keys(good)) yield [`${key} is ${name}`, { ...good, [key]: make() }];
    yield [`${name} beside`, { ...good, somethingElse: make() }];
  }
}

function isCoded(error: unknown): boolean {
  if (error instanceof HostileError) return true;
  return error instanceof Error && "code" in error && /^ERR_[A-Z_]+$/.test(String(error.code));
}

function callEach(what: string, good: Fields, call: (value: unknown) => unknown): void {
  for (const [how, value] of spoilt(good)) {
    try {
      const made = call(value);
      if (made instanceof SecurityContext) made.close();
    } catch (error) {
      assert.ok(isCoded(error), `${what}, ${how}: ${String((error as Error)?.stack)}`);
    }
  }
}

const RUN: Fields = {
  ...{
    command: "/bin/true",
    args: [
      { matches: /a/, mayBeOption: true, secret: true },
      { rest: "b", max: 2 },
    ],
  },
  ...{ cwd: ".", env: ["LANG"], dangerous: false, pin: true },
};

test("a context that is made of hostile values is refused with a code", async () => {
  await using place = await makePlace();
  const good = { principal: "p", base: place.top, files: [], run: [], env: {}, auditFailure: "deny" };
  callEach("create", good, (options) => SecurityContext.create(options as never));
  callEach("audit", { file: "in/audit" }, (audit) => SecurityContext.create({ ...good, audit } as never));
  callEach("grant of files", { path: "in", allow: ["read"], symlinks: "deny" }, (grant) =>
    SecurityContext.create({ ...good, files: [grant] } as never),
  );
  callEach("grant of a command", RUN, (grant) => SecurityContext.create({ ...good, run: [grant] } as never));
  for (const pattern of [
    { oneOf: ["a"] },
    { matches: /a/ },
    { integer: [1, 2] },
    { path: "read" },
    { rest: "a", max: 1 },
  ] satisfies Fields[])
    callEach("pattern", pattern, (one) =>
      SecurityContext.create({ ...good, run: [{ command: "/bin/true", args: [one] }] } as never),
    );
  callEach("variables", { LANG: "C", PATH: "/bin" }, (env) => SecurityContext.create({ ...good, env } as never));
  callEach("narrow", { principal: "n", files: [{ path: "in", allow: ["read"] }], run: [], env: {} }, (options) =>
    place.security.narrow(options as never),
  );
});

test("the makers of actors refuse hostile values with a code", async () => {
  await using place = await makePlace();
  for (const [name, make] of HOSTILE)
    for (const call of [files, processManager, osProcess] as readonly ((value: unknown) => unknown)[])
      assert.throws(() => call(make()), isCoded, name);
  callEach("files", { maxReadBytes: 1, maxConcurrent: 1 }, (options) => files(place.security, options as never));
  callEach("processManager", { maxConcurrent: 1, maxWaiting: 1, maxProcesses: 1 }, (options) =>
    processManager(place.security, options as never),
  );
  callEach("osProcess", { ...PROCESS, security: place.security }, (options) => osProcess(options as never));
});

const PROCESS: Fields = {
  ...{ command: "/bin/true", args: [], env: {}, timeoutMs: 60_000, maxOutputBytes: 1_000, orderlyCodes: [3] },
  ...{ drainMs: 1 },
};

/** Sends each, and looks whether the actor is still in its first life. */
async function askEach(what: string, actor: ActorRef<never>, good: Fields): Promise<void> {
  const asked = [...spoilt(good)].map(async ([how, message]) => {
    try {
      await (actor as ActorRef<unknown> as ActorRef<never>).ask(message as never, { timeoutMs: 120_000 });
    } catch (error) {
      assert.ok(isCoded(error), `${what}, ${how}: ${String((error as Error)?.stack)}`);
      assert.notEqual((error as { code?: unknown }).code, "ERR_ACTOR_STOPPED", `${what}, ${how}`);
      assert.notEqual((error as { code?: unknown }).code, "ERR_ASK_TIMEOUT", `${what}, ${how}`);
    }
  });
  await Promise.all(asked);
  assert.deepEqual([actor.isAlive, actor.incarnation], [true, 1], what);
}

function messagesOf(place: Place): readonly Fields[] {
  const sink = place.system.spawn(() => ({ handleMessage: () => undefined }), {
    mailbox: { capacity: 10, overflow: "block" },
  });
  return [
    { type: "read", path: "in/file.txt", offset: 0, length: 1 },
    { type: "readChunks", path: "in/file.txt", to: sink, chunkBytes: 2, progress: sink },
    { type: "write", path: "in/w", data: "x" },
    { type: "append", path: "in/a", data: "x" },
    { type: "list", path: "in" },
    { type: "stat", path: "in" },
    { type: "move", path: "in/none", to: "in/moved", replace: false },
    { type: "delete", path: "in/none", recursive: true, progress: sink },
    { type: "makeDirectory", path: "in/d", recursive: true },
    { type: "watch", path: "in/sub", to: sink },
    { type: "unwatch", watch: 0 },
  ];
}

test("the actor of files answers every hostile message with a code, and lives", async () => {
  await using place = await makePlace();
  for (const message of messagesOf(place)) await askEach(`${message["type"]}`, place.files as never, message);
  assert.equal(fs.readFileSync(place.at("secret/key"), "utf8"), "secret");
});

test("a manager and its processes answer every hostile message with a code, and live", async () => {
  await using place = await makePlace();
  using security = SecurityContext.create({
    principal: "p",
    base: place.top,
    files: [{ path: "in", allow: ["read", "write"] }],
    run: [{ command: "/bin/true" }, { command: "/bin/cat" }],
  });
  const manager = place.system.spawn(processManager(security));
  for (const type of ["run", "spawnProcess"]) {
    const { orderlyCodes: _, ...run } = PROCESS;
    await askEach(type, manager as never, { type, ...run });
  }
  for (const operation of messagesOf(place).slice(0, 3))
    await askEach("fileOperation", manager as never, { type: "fileOperation", operation });
  const { ref } = await manager.ask({ type: "spawnProcess", command: "/bin/cat" });
  for (const message of [
    { type: "write", data: "x" },
    { type: "signal", signal: "SIGCONT" },
  ])
    await askEach(message.type, ref as never, message);
  for (const [name, make] of HOSTILE) {
    // `closeInput` has nothing to spoil but itself.
    const closing = ref.ask({ type: "closeInput", more: make() } as never);
    await closing.catch((error: unknown) => assert.ok(isCoded(error), name));
  }
});
