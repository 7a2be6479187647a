// What the actor of files does, operation by operation.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { test } from "node:test";
import { Actor, type ActorContext, type ActorRef, OwnedBuffer, type Start } from "airssys-rt";
import {
  AccessDeniedError,
  type AuditEvent,
  type FileChange,
  type FileChunk,
  type FileMessage,
  FileOperationError,
  type FileProgress,
  FileTooLargeError,
  files,
  SecurityContext,
  SecurityContextError,
} from "airssys-rt/os";
import { deferred } from "./deferred.ts";
import { makePlace, type Place } from "./place.ts";

/** An actor that keeps what it is sent, and calls back for each. */
function keeper<M>(heard: (message: M) => void | Promise<void>): Start<M> {
  return () =>
    new (class extends Actor<M> {
      override handleMessage(message: M): void | Promise<void> {
        return heard(message);
      }
    })();
}

async function textOf(place: Place, path: string): Promise<string> {
  return Buffer.from((await place.files.ask({ type: "read", path })).claim()).toString();
}

test("a file is read whole or as a range, into memory of its own", async () => {
  await using place = await makePlace();
  assert.equal(await textOf(place, "in/file.txt"), "inside");
  assert.equal(await textOf(place, place.at("in/file.txt")), "inside");
  const range = await place.files.ask({ type: "read", path: "in/file.txt", offset: 2, length: 3 });
  assert.equal(Buffer.from(range.claim()).toString(), "sid");
  const beyond = await place.files.ask({ type: "read", path: "in/file.txt", offset: 4, length: 100 });
  assert.equal(Buffer.from(beyond.claim()).toString(), "de");
  assert.equal((await place.files.ask({ type: "read", path: "in/file.txt", offset: 100 })).byteLength, 0);
});

test("an empty file is read as no bytes", async () => {
  await using place = await makePlace();
  fs.writeFileSync(place.at("in/empty"), "");
  assert.equal((await place.files.ask({ type: "read", path: "in/empty" })).byteLength, 0);
});

test("a file that is too large to be read whole says so, and is read in chunks", async () => {
  await using place = await makePlace();
  const system = place.system;
  const small = system.spawn(files(place.security, { maxReadBytes: 5 }));
  await assert.rejects(small.ask({ type: "read", path: "in/file.txt" }), (error: unknown) => {
    assert.ok(error instanceof FileTooLargeError);
    assert.equal(error.byteLength, 6);
    assert.match(error.message, /readChunks/);
    return true;
  });
  assert.equal((await small.ask({ type: "read", path: "in/file.txt", length: 4 })).byteLength, 4);
});

test("chunks come one by one, each when the one before had room", async () => {
  await using place = await makePlace();
  const content = Buffer.from(Array.from({ length: 1_000 }, (_, i) => i % 251));
  fs.writeFileSync(place.at("in/big"), content);
  const got: Buffer[] = [];
  let waiting = 0;
  const { promise: isLast, resolve } = deferred<void>();
  const sink = place.system.spawn(
    keeper<FileChunk>(async (chunk) => {
      waiting += 1;
      assert.equal(waiting, 1);
      await new Promise((go) => setImmediate(go));
      waiting -= 1;
      got.push(Buffer.from(chunk.bytes.claim()));
      if (chunk.isLast) resolve();
    }),
    { mailbox: { capacity: 1, overflow: "block" } },
  );

  assert.equal(await place.files.ask({ type: "readChunks", path: "in/big", to: sink, chunkBytes: 64 }), 1_000);
  await isLast;

  assert.deepEqual(Buffer.concat(got), content);
});

test("a slow reader of chunks does not stop other operations", async () => {
  await using place = await makePlace();
  fs.writeFileSync(place.at("in/big"), Buffer.alloc(1_000));
  const { promise: released, resolve: release } = deferred<void>();
  const sink = place.system.spawn(
    keeper<FileChunk>(() => released),
    { mailbox: { capacity: 1, overflow: "block" } },
  );
  const reading = place.files.ask({ type: "readChunks", path: "in/big", to: sink, chunkBytes: 10 });

  assert.equal(await textOf(place, "in/file.txt"), "inside");
  release();
  assert.equal(await reading, 1_000);
});

test("the end of whoever takes the chunks ends the reading", async () => {
  await using place = await makePlace();
  fs.writeFileSync(place.at("in/big"), Buffer.alloc(1_000));
  const sink: ActorRef<FileChunk> = place.system.spawn(
    keeper<FileChunk>(() => {
      throw new RangeError("full");
    }),
    { mailbox: { capacity: 1, overflow: "block" } },
  );
  await assert.rejects(place.files.ask({ type: "readChunks", path: "in/big", to: sink, chunkBytes: 10 }), {
    code: "ERR_ACTOR_STOPPED",
  });
  assert.equal(place.files.incarnation, 1);
});

test("a write replaces the file as a whole, keeps its permission bits and leaves nothing beside it", async () => {
  await using place = await makePlace();
  fs.chmodSync(place.at("in/file.txt"), 0o640);
  assert.equal(await place.files.ask({ type: "write", path: "in/file.txt", data: "new" }), 3);
  assert.equal(fs.readFileSync(place.at("in/file.txt"), "utf8"), "new");
  assert.equal(fs.statSync(place.at("in/file.txt")).mode & 0o777, 0o640);
  await place.files.ask({ type: "write", path: "in/other", data: OwnedBuffer.take(new Uint8Array([1, 2])) });
  assert.deepEqual([...fs.readFileSync(place.at("in/other"))], [1, 2]);
  assert.deepEqual(fs.readdirSync(place.at("in")).sort(), ["file.txt", "other", "sub"]);
});

test("writes to one path are done in the order they were sent", async () => {
  await using place = await makePlace();
  const writes = Array.from({ length: 50 }, (_, i) => place.files.ask({ type: "write", path: "in/n", data: `${i}` }));
  await Promise.all(writes);
  assert.equal(fs.readFileSync(place.at("in/n"), "utf8"), "49");
});

test("append writes at the end, and makes the file", async () => {
  await using place = await makePlace();
  await place.files.ask({ type: "append", path: "in/log", data: "a" });
  await place.files.ask({ type: "append", path: "in/log", data: "b" });
  assert.equal(fs.readFileSync(place.at("in/log"), "utf8"), "ab");
});

test("list and stat say what is there", async () => {
  await using place = await makePlace();
  fs.symlinkSync("file.txt", place.at("in/link"));
  assert.deepEqual(await place.files.ask({ type: "list", path: "in" }), [
    { name: "file.txt", kind: "file" },
    { name: "link", kind: "symbolicLink" },
    { name: "sub", kind: "directory" },
  ]);
  const { kind, byteLength } = await place.files.ask({ type: "stat", path: "in/file.txt" });
  assert.deepEqual({ kind, byteLength }, { kind: "file", byteLength: 6 });
  assert.equal((await place.files.ask({ type: "stat", path: "in" })).kind, "directory");
});

test("a move never replaces anything unless it is told to", async () => {
  await using place = await makePlace();
  fs.writeFileSync(place.at("in/there"), "there");
  await assert.rejects(place.files.ask({ type: "move", path: "in/file.txt", to: "in/there" }), { errno: "EEXIST" });
  assert.equal(fs.readFileSync(place.at("in/there"), "utf8"), "there");
  assert.equal(fs.readFileSync(place.at("in/file.txt"), "utf8"), "inside");

  await place.files.ask({ type: "move", path: "in/file.txt", to: "in/there", replace: true });
  assert.equal(fs.readFileSync(place.at("in/there"), "utf8"), "inside");

  fs.mkdirSync(place.at("in/full"));
  fs.writeFileSync(place.at("in/full/f"), "f");
  await assert.rejects(place.files.ask({ type: "move", path: "in/sub", to: "in/full" }), { errno: "EEXIST" });
  await place.files.ask({ type: "move", path: "in/sub", to: "in/renamed" });
  assert.deepEqual(fs.readdirSync(place.at("in")).sort(), ["full", "renamed", "there"]);
});

test("a directory that is not empty is deleted only with recursive; a deep tree is no danger", async () => {
  await using place = await makePlace();
  fs.writeFileSync(place.at("in/sub/f"), "x");
  await assert.rejects(place.files.ask({ type: "delete", path: "in/sub" }), { errno: "ENOTEMPTY" });
  fs.mkdirSync(place.at("in/sub", ...Array.from({ length: 300 }, () => "d")), { recursive: true });
  await place.files.ask({ type: "delete", path: "in/sub", recursive: true });
  assert.equal(fs.existsSync(place.at("in/sub")), false);
});

test("makeDirectory makes one, or with recursive all on the way, also when it is there", async () => {
  await using place = await makePlace();
  await assert.rejects(place.files.ask({ type: "makeDirectory", path: "in/a/b" }), { errno: "ENOENT" });
  await place.files.ask({ type: "makeDirectory", path: "in/a/b/c", recursive: true });
  await place.files.ask({ type: "makeDirectory", path: "in/a/b/c", recursive: true });
  assert.equal(fs.statSync(place.at("in/a/b/c")).isDirectory(), true);
  await assert.rejects(place.files.ask({ type: "makeDirectory", path: "in/a" }), { errno: "EEXIST" });
});

test("a watch tells of changes until it is ended", async (t) => {
  await using place = await makePlace();
  const { promise, resolve } = deferred<FileChange>();
  const watcher = place.system.spawn(keeper<FileChange>(resolve));
  // A watch keeps no program alive.
  const alive = setInterval(() => undefined, 1_000);
  t.after(() => clearInterval(alive));
  const watch = await place.files.ask({ type: "watch", path: "in", to: watcher });

  fs.writeFileSync(place.at("in/fresh"), "x");

  assert.deepEqual(await promise, { type: "changed", path: "in", name: "fresh", change: "rename" });
  assert.equal(await place.files.ask({ type: "unwatch", watch }), true);
  assert.equal(await place.files.ask({ type: "unwatch", watch }), false);
});

test("a watch is of one directory: a recursive one is refused with what to do instead, and nothing is watched", async () => {
  await using place = await makePlace();
  const open = (): number => fs.readdirSync("/proc/self/fd").length;
  await place.files.ask({ type: "read", path: "in/file.txt" });
  const before = open();
  await assert.rejects(place.files.ask({ type: "watch", path: "in", to: place.files, recursive: true } as never), {
    code: "ERR_INVALID_ARGUMENT",
    message: /a watch is of one directory: those below it are watched each by itself/,
  });
  const noActor = { tell: () => true, tellAsync: async () => undefined } as never;
  await assert.rejects(place.files.ask({ type: "watch", path: "in", to: noActor }), { code: "ERR_INVALID_ARGUMENT" });
  assert.equal(open(), before);
});

test("a long deletion tells how far it is", async () => {
  await using place = await makePlace();
  const told: FileProgress[] = [];
  const listener = place.system.spawn(keeper<FileProgress>((progress) => void told.push(progress)));
  for (let i = 0; i < 20; i++) fs.writeFileSync(place.at(`in/sub/${i}`), "x");
  await place.files.ask({ type: "delete", path: "in/sub", recursive: true, progress: listener });
  assert.ok(told.every(({ type, path, done }) => type === "progress" && path === "in/sub" && done > 0));
});

test("what the system refuses is told by its own word, with the path as it was given", async () => {
  await using place = await makePlace();
  await assert.rejects(place.files.ask({ type: "read", path: "in/none" }), (error: unknown) => {
    assert.ok(error instanceof FileOperationError);
    assert.deepEqual([error.operation, error.path, error.errno], ["read", "in/none", "ENOENT"]);
    assert.equal(error.message.includes(place.top), false);
    return true;
  });
});

test("a message that is none is refused with all its faults, and nothing else happens", async () => {
  await using place = await makePlace();
  const ask = (message: unknown): Promise<unknown> => place.files.ask(message as never);
  await assert.rejects(ask({ type: "read", path: 5, offset: -1, length: 1.5 }), (error: unknown) => {
    assert.deepEqual((error as { faults?: unknown }).faults, [
      "path must be text, got 5",
      "offset must be a whole number >= 0, got -1",
      "length must be a whole number >= 0, got 1.5",
    ]);
    return true;
  });
  const handedOver = new Uint8Array(8);
  OwnedBuffer.take(handedOver);
  for (const message of [
    { type: "format" },
    { type: "toString" },
    { type: "write", path: "in/x" },
    { type: "watch", path: "in" },
    { type: "unwatch" },
    { type: "read", path: "in/file.txt", offest: 3 },
    { type: "write", path: "in/x", data: handedOver },
  ])
    await assert.rejects(ask(message), { code: "ERR_INVALID_ARGUMENT" });
  assert.equal(place.files.incarnation, 1);
});

test("each operation is written down twice, with what was asked, decided and done", async () => {
  const events: AuditEvent[] = [];
  await using place = await makePlace();
  const auditor = place.system.spawn(keeper<AuditEvent>((event) => void events.push(event)));
  using security = SecurityContext.create({
    principal: "audited",
    base: place.top,
    files: [{ path: "in", allow: ["read"] }],
    audit: auditor,
  });
  const audited = place.system.spawn(files(security));

  await audited.ask({ type: "read", path: "in/file.txt" });
  await assert.rejects(audited.ask({ type: "write", path: "in/file.txt", data: "x" }));
  await assert.rejects(audited.ask({ type: "read", path: "in/none" }));
  await new Promise((resolve) => setImmediate(resolve));

  assert.deepEqual(
    events.map(({ sequence, operationId, principal, type, operation, target, ...rest }) => ({
      sequence,
      operationId,
      principal,
      said: `${type} ${operation} ${target}`,
      result: "isAllowed" in rest ? (rest.reason ?? rest.resolved) : (rest.error ?? rest.bytes),
    })),
    [
      [1, 1, "auditDecision read in/file.txt", place.at("in/file.txt")],
      [2, 1, "auditOutcome read in/file.txt", 6],
      [3, 2, "auditDecision write in/file.txt", "not_granted"],
      [4, 3, "auditDecision read in/none", place.at("in/none")],
      [5, 3, "auditOutcome read in/none", "ENOENT"],
    ].map(([sequence, operationId, said, result]) => ({ sequence, operationId, principal: "audited", said, result })),
  );
});

test("an audit that takes no more denies what would go unseen (audit_unavailable), unless it may go on", async () => {
  await using place = await makePlace();
  const auditor = place.system.spawn(keeper<AuditEvent>(() => undefined));
  const options = { principal: "p", base: place.top, files: [{ path: "in", allow: ["read", "write"] as const }] };
  using strict = SecurityContext.create({ ...options, audit: auditor });
  using lenient = SecurityContext.create({ ...options, audit: auditor, auditFailure: "continue" });
  const [guarded, open] = [place.system.spawn(files(strict)), place.system.spawn(files(lenient))];
  const stopper = place.system.spawn(
    () =>
      new (class extends Actor<{ type: "kill" }> {
        override handleMessage(_: { type: "kill" }, context: ActorContext<{ type: "kill" }>): void {
          context.kill(auditor);
        }
      })(),
  );
  stopper.tell({ type: "kill" });
  while (auditor.isAlive) await new Promise((resolve) => setImmediate(resolve));

  await assert.rejects(guarded.ask({ type: "write", path: "in/file.txt", data: "x" }), (error: unknown) => {
    assert.ok(error instanceof AccessDeniedError);
    assert.equal(error.reason, "audit_unavailable");
    return true;
  });
  assert.equal(fs.readFileSync(place.at("in/file.txt"), "utf8"), "inside");
  await open.ask({ type: "write", path: "in/file.txt", data: "x" });
});

const KEPT = [
  { path: "in", allow: ["read", "write"] },
  { path: "secret", allow: ["write"] },
] as const;

test("an audit file gets a line of JSON for each event: the decision before anything is done, the outcome soon after", async () => {
  await using place = await makePlace();
  const options = { principal: "p", base: place.top, files: KEPT, audit: { file: "secret/audit.jsonl" } };
  using security = SecurityContext.create(options);
  const lines = (): { type: string; operationId: number; sequence: number }[] =>
    fs
      .readFileSync(place.at("secret/audit.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  const actor = place.system.spawn(files(security));
  let decided: unknown;
  const sink = place.system.spawn(
    keeper<FileChunk>(() => {
      decided ??= lines().at(-1)?.type;
    }),
    { mailbox: { capacity: 1, overflow: "block" } },
  );
  await actor.ask({ type: "readChunks", path: "in/file.txt", to: sink });
  while (decided === undefined) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(decided, "auditDecision");
  await actor.ask({ type: "read", path: "in/file.txt" });
  for (let i = 0; lines().length < 4; i++) {
    assert.ok(i < 1_000, "the last outcome is written, though nothing follows");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.deepEqual(
    lines().map(({ sequence, type, operationId }) => `${sequence} ${type} ${operationId}`),
    ["1 auditDecision 1", "2 auditOutcome 1", "3 auditDecision 2", "4 auditOutcome 2"],
  );
  assert.equal(fs.statSync(place.at("secret/audit.jsonl")).mode & 0o777, 0o600);

  await actor.ask({ type: "read", path: "in/file.txt" });
  security.close();
  assert.equal(lines().length, 6);
});

test("on a full disk nothing is done that cannot be written down, and what was cut off is told from what follows", async (t) => {
  await using place = await makePlace();
  const options = { principal: "p", base: place.top, files: KEPT, audit: { file: "secret/audit.jsonl" } };
  using strict = SecurityContext.create(options);
  using lenient = SecurityContext.create({ ...options, audit: { file: "secret/other" }, auditFailure: "continue" });
  const [guarded, open] = [place.system.spawn(files(strict)), place.system.spawn(files(lenient))];
  const full = fs.openSync("/dev/full", "w");
  t.after(() => fs.closeSync(full));
  const write = fs.writeSync as (fd: number, bytes: Uint8Array) => number;
  let room = Number.POSITIVE_INFINITY;
  t.mock.method(fs, "writeSync", (fd: number, bytes: Uint8Array) =>
    room === 0 ? write(full, bytes) : write(fd, bytes.subarray(0, room)),
  );
  const save = (ref: ActorRef<FileMessage>, data: string): Promise<unknown> =>
    ref.ask({ type: "write", path: "in/file.txt", data });
  const isUnseen = { code: "ERR_ACCESS_DENIED", reason: "audit_unavailable" };

  assert.throws(() => fs.writeSync(full, Buffer.from("x")), { code: "ENOSPC" });
  room = 0;
  await assert.rejects(save(guarded, "x"), isUnseen);
  await assert.rejects(guarded.ask({ type: "read", path: "in/file.txt" }), isUnseen);
  assert.equal(fs.readFileSync(place.at("in/file.txt"), "utf8"), "inside");
  await save(open, "lenient");
  room = 10;
  await assert.rejects(save(guarded, "x"), isUnseen);
  assert.equal(fs.readFileSync(place.at("in/file.txt"), "utf8"), "lenient");
  room = Number.POSITIVE_INFINITY;
  await save(guarded, "done");
  strict.close();
  const [torn, ...whole] = fs.readFileSync(place.at("secret/audit.jsonl"), "utf8").trim().split("\n");
  assert.equal(torn?.length, 10);
  assert.deepEqual(
    whole
      .map((line) => JSON.parse(line))
      .map(({ type, operation, isAllowed, isOk }) => [type, operation, isAllowed ?? isOk]),
    [
      ["auditDecision", "write", true],
      ["auditOutcome", "write", true],
    ],
  );
});

test("what came of an operation is in the audit file also when the program exits at once", async () => {
  await using place = await makePlace();
  const options = { principal: "p", base: place.top, files: KEPT, audit: { file: "secret/audit.jsonl" } };
  const code = `
    import { ActorSystem, supervisor } from "airssys-rt";
    import { files, SecurityContext } from "airssys-rt/os";
    const system = await ActorSystem.start({ name: "short", root: supervisor({ children: [] }), logger: false });
    const actor = system.spawn(files(SecurityContext.create(${JSON.stringify(options)})));
    await actor.ask({ type: "read", path: "in/file.txt" });
    process.exit(0);`;
  execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: import.meta.dirname });
  const lines = fs.readFileSync(place.at("secret/audit.jsonl"), "utf8").trim().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).type),
    ["auditDecision", "auditOutcome"],
  );
});

test("an audit file that no grant allows to write is a fault of the context", async () => {
  await using place = await makePlace();
  assert.throws(
    () => SecurityContext.create({ principal: "p", base: place.top, audit: { file: "in/audit" } }),
    SecurityContextError,
  );
});

test("descriptors stay as many as they were after a thousand operations, failing ones among them", async () => {
  await using place = await makePlace();
  const open = (): number => fs.readdirSync("/proc/self/fd").length;
  await place.files.ask({ type: "read", path: "in/file.txt" });
  const before = open();
  fs.symlinkSync(place.at("secret"), place.at("in/link"));
  for (let i = 0; i < 200; i++)
    await Promise.allSettled([
      place.files.ask({ type: "read", path: "in/file.txt" }),
      place.files.ask({ type: "read", path: "in/link/key" }),
      place.files.ask({ type: "write", path: "in/w", data: "x" }),
      place.files.ask({ type: "move", path: "in/none", to: "in/x" }),
      place.files.ask({ type: "list", path: "in/sub" }),
      place.files.ask({ type: "delete", path: "in/none", recursive: true }),
    ]);
  assert.equal(open(), before);
});
