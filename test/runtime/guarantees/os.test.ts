// What airssys-rt/os promises, in its shortest form; test/runtime/os tries harder.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { type ActorRef, ActorSystem, supervisor } from "airssys-rt";
import { type ProcessManagerMessage, processManager, SecurityContext, SecurityContextError } from "airssys-rt/os";
import { deferred } from "../os/deferred.ts";
import { aliveInGroup, orphansAfter } from "../os/orphans.ts";
import { makePlace } from "../os/place.ts";
import { race } from "../os/race.ts";

test("What no grant names is denied, and a denial leaves whoever was asked alive.", async () => {
  await using place = await makePlace();
  await assert.rejects(place.files.ask({ type: "read", path: "secret/key" }), { code: "ERR_ACCESS_DENIED" });
  const manager = place.system.spawn(processManager(place.security)) as ActorRef<ProcessManagerMessage>;
  await assert.rejects(manager.ask({ type: "run", command: "/bin/true" }), { code: "ERR_ACCESS_DENIED" });
  assert.deepEqual([place.files.incarnation, manager.incarnation, manager.isAlive], [1, 1, true]);
});

test("No swap of a directory for a link lets a file operation out of its grant.", async () => {
  for (const kind of ["read", "write"] as const) assert.equal((await race(kind, 1_000)).escapes, 0);
});

test("A narrowed security context allows nothing that its parent does not allow.", async () => {
  await using place = await makePlace();
  assert.throws(() => place.security.narrow({ principal: "p", files: [{ path: "secret", allow: ["read"] }] }), {
    code: "ERR_SECURITY_CONTEXT",
  });
  using narrow = place.security.narrow({ principal: "p", files: [{ path: "in", allow: ["read"] }] });
  assert.throws(() => narrow.find("write", "in/file.txt", ["write"]), { code: "ERR_ACCESS_DENIED" });
});

test("An operation that cannot be written down is not done, unless the context says so.", async () => {
  await using place = await makePlace();
  const { promise: isOver, resolve: release } = deferred<void>();
  const { promise: isBusy, resolve: begin } = deferred<void>();
  const handleMessage = (): Promise<void> => {
    begin();
    return isOver;
  };
  const full = place.system.spawn(() => ({ handleMessage }) as never, {
    mailbox: { capacity: 1, overflow: "reject" },
  }) as ActorRef<unknown>;
  full.tell("the one that it is busy with");
  await isBusy;
  assert.equal(full.tell("the one that waits"), true);
  assert.equal(full.tell("the one that finds no room"), false);
  const options = { principal: "p", base: place.top, files: [{ path: "in", allow: ["write"] as const }], audit: full };
  using strict = SecurityContext.create(options);
  using lenient = SecurityContext.create({ ...options, auditFailure: "continue" });
  const { files } = await import("airssys-rt/os");
  const write = { type: "write", path: "in/file.txt", data: "new" } as const;
  await assert.rejects(place.system.spawn(files(strict)).ask(write), { reason: "audit_unavailable" });
  assert.equal(fs.readFileSync(place.at("in/file.txt"), "utf8"), "inside");
  await place.system.spawn(files(lenient)).ask(write);
  assert.equal(fs.readFileSync(place.at("in/file.txt"), "utf8"), "new");
  release();
});

test("What the system would not take for a program is handed to no shell.", async () => {
  await using place = await makePlace();
  const likes = ["echo PWNED\n", "#!\necho PWNED\n", "MZ\necho PWNED\n", "\x7fELF\necho PWNED\n"].map((content, i) => {
    fs.writeFileSync(place.at(`tool${i}`), content, { mode: 0o755 });
    return place.at(`tool${i}`);
  });
  using security = SecurityContext.create({ principal: "p", run: likes.map((command) => ({ command })) });
  const manager = place.system.spawn(processManager(security)) as ActorRef<ProcessManagerMessage>;
  for (const command of likes)
    await assert.rejects(manager.ask({ type: "run", command }), { code: "ERR_ACCESS_DENIED", reason: "no_format" });
});

test("A write leaves the whole new file or the whole old one.", async () => {
  await using place = await makePlace();
  const versions = ["a", "b"].map((sign) => sign.repeat(300_000));
  fs.writeFileSync(place.at("in/file.txt"), versions[0] as string);
  const writes = Array.from({ length: 20 }, (_, i) =>
    place.files.ask({ type: "write", path: "in/file.txt", data: versions[i % 2] as string }),
  );
  let isDone = false;
  const done = Promise.all(writes).then(() => {
    isDone = true;
  });
  while (!isDone) {
    assert.ok(versions.includes(fs.readFileSync(place.at("in/file.txt"), "utf8")));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
});

test("An OS process ends with its actor, and its whole group with it.", async () => {
  const security = SecurityContext.create({
    principal: "p",
    run: [{ command: "/bin/sh", args: ["-c", { matches: /.*/ }] }],
    env: { PATH: "/usr/bin:/bin" },
  });
  const root = supervisor({ children: [{ id: "processes", start: processManager(security) }] });
  const system = await ActorSystem.start({ name: "os", root, logger: false });
  const manager = system.whereis("processes") as ActorRef<ProcessManagerMessage>;
  const { pid } = await manager.ask({ type: "spawnProcess", command: "/bin/sh", args: ["-c", "sleep 60 & wait"] });
  await system.stop();
  security.close();
  // What has ended and waits for an `init` that does not look is gone.
  const isGone = (): boolean => aliveInGroup(pid).length === 0;
  for (let i = 0; !isGone(); i++) {
    assert.ok(i < 200);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
});

test("What an OS process left outside its group ends within a second of it, if it kept its environment.", async () => {
  const security = SecurityContext.create({
    principal: "p",
    run: [{ command: "/bin/sh", args: ["-c", { matches: /[\s\S]*/ }] }],
    env: { PATH: "/usr/bin:/bin" },
  });
  const root = supervisor({ children: [{ id: "processes", start: processManager(security) }] });
  const system = await ActorSystem.start({ name: "os", root, logger: false });
  const manager = system.whereis("processes") as ActorRef<ProcessManagerMessage>;
  const script = "setsid sh -c 'echo $$; exec sleep 60' & sleep 0.2";
  const { stdout } = await manager.ask({ type: "run", command: "/bin/sh", args: ["-c", script] });
  const group = Number(Buffer.from(stdout).toString());
  assert.ok(group > 0);
  // The machine may be busy: ten times as long.
  for (let i = 0; aliveInGroup(group).length > 0; i++) {
    assert.ok(i < 200);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await system.stop();
  security.close();
});

test("Where a system cannot hold a path, what would change files is refused when the context is made.", () => {
  for (const safety of ["noLinks", "identity", "none"] as const)
    for (const allow of ["write", "delete"] as const)
      assert.throws(
        () => SecurityContext.createWith({ principal: "p", files: [{ path: ".", allow: [allow] }] }, safety),
        SecurityContextError,
      );
});

test("No OS process outlives the program, however that ends.", async () => {
  for (const death of ["SIGKILL", "uncaught"] as const) assert.equal((await orphansAfter(death)).left, 0);
});
