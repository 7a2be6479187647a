// Ways around a context: what was granted is replaced, what is narrowed grows, what is written down is changed.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import type { OwnedBuffer } from "airssys-rt";
import {
  AccessDeniedError,
  type AuditEvent,
  type DenialReason,
  type FileMessage,
  files,
  processManager,
  SecurityContext,
  SecurityContextError,
} from "airssys-rt/os";
import { makePlace, type Place } from "./place.ts";

const SCRIPT = { mode: 0o755 } as const;

/** A folder with a tool that says `fine`. */
async function withTool(): Promise<Place & { readonly tool: string }> {
  const place = await makePlace();
  fs.mkdirSync(place.at("bin"));
  const tool = place.at("bin/tool");
  fs.writeFileSync(tool, "#!/bin/sh\necho fine\n", SCRIPT);
  return Object.assign(place, { tool });
}

function replace(file: string, content: string): void {
  fs.writeFileSync(`${file}.new`, content, SCRIPT);
  fs.renameSync(`${file}.new`, file);
}

async function denied(doing: Promise<unknown>, reason: DenialReason): Promise<void> {
  await assert.rejects(doing, (error: unknown) => {
    assert.ok(error instanceof AccessDeniedError, String(error));
    assert.equal(error.reason, reason, error.message);
    return true;
  });
}

function faultsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof SecurityContextError, String(error));
    return error.faults.map(({ code, path }) => `${code} ${path.join(".")}`);
  }
  return [];
}

test("a narrowed context runs the file its parent was granted, never what took its place before the narrowing", async () => {
  await using place = await withTool();
  const run = [{ command: place.tool }];
  using wide = SecurityContext.create({ principal: "wide", base: place.top, run });
  replace(place.tool, "#!/bin/sh\necho PWNED\n");

  using narrow = wide.narrow({ principal: "narrow", run });
  const manager = place.system.spawn(processManager(narrow));
  await denied(manager.ask({ type: "run", command: place.tool }), "executable_changed");

  assert.deepEqual(
    faultsOf(() => wide.narrow({ principal: "pinned", run: [{ command: place.tool, pin: true }] })),
    ["invalid run.0.command"],
  );
});

test("each permission of a narrowed grant leads through the directory of the grant that has it", async () => {
  await using place = await makePlace();
  fs.mkdirSync(place.at("in/sub/deep"));
  using wide = SecurityContext.create({
    principal: "wide",
    base: place.top,
    files: [
      { path: "in", allow: ["read"] },
      { path: "in/sub", allow: ["write"] },
    ],
  });
  fs.renameSync(place.at("in/sub"), place.at("in/away"));
  fs.mkdirSync(place.at("in/sub/deep"), { recursive: true });

  using narrow = wide.narrow({ principal: "narrow", files: [{ path: "in/sub/deep", allow: ["read", "write"] }] });
  await place.system.spawn(files(narrow)).ask({ type: "write", path: "in/sub/deep/f", data: "x" });

  assert.deepEqual(fs.readdirSync(place.at("in/away/deep")), ["f"]);
  assert.deepEqual(fs.readdirSync(place.at("in/sub/deep")), []);
});

test("what a narrowed grant follows, its parent follows, also where a deeper grant of it does not", async () => {
  await using place = await makePlace();
  fs.writeFileSync(place.at("in/sub/f"), "deep");
  fs.symlinkSync("f", place.at("in/sub/link"));
  using wide = SecurityContext.create({
    principal: "wide",
    base: place.top,
    files: [
      { path: "in", allow: ["read"], symlinks: "inside" },
      { path: "in/sub", allow: ["read"] },
    ],
  });
  using narrow = wide.narrow({
    principal: "narrow",
    files: [{ path: "in/sub", allow: ["read"], symlinks: "inside" }],
  });
  for (const security of [narrow, wide]) {
    const bytes = await place.system.spawn(files(security)).ask({ type: "read", path: "in/sub/link" });
    assert.equal(Buffer.from(bytes.claim()).toString(), "deep");
  }
});

test("narrowing cannot free a variable that the wider context fixes", () => {
  const run = [{ command: "/bin/ls", env: ["LANG"] }];
  using wide = SecurityContext.create({ principal: "wide", run, env: { LANG: "C" } });
  assert.deepEqual(
    faultsOf(() => wide.narrow({ principal: "narrow", run })),
    ["widened run.0.env"],
  );
  wide.narrow({ principal: "narrow", run, env: { LANG: "C" } }).close();
});

test("commands are looked up in absolute directories only, and no request says where", () => {
  for (const PATH of ["", "/usr/bin:", ":/usr/bin", "bin", "/usr/bin::/bin", "./bin"])
    assert.deepEqual(
      faultsOf(() => SecurityContext.create({ principal: "p", env: { PATH } })),
      ["invalid env.PATH"],
    );
  for (const name of [
    "PATH",
    "LD_PRELOAD",
    "NODE_OPTIONS",
    "BASH_ENV",
    "GIT_SSH_COMMAND",
    "TAR_OPTIONS",
    "npm_config_node",
  ])
    assert.deepEqual(
      faultsOf(() => SecurityContext.create({ principal: "p", run: [{ command: "/bin/ls", env: [name] }] })),
      ["environment run.0.env.0"],
      name,
    );
});

test("a script whose interpreter may be written is refused (writable_executable)", async () => {
  await using place = await makePlace();
  fs.copyFileSync("/bin/sh", place.at("in/interpreter"));
  fs.chmodSync(place.at("in/interpreter"), 0o755);
  const tool = place.at("tool");
  fs.writeFileSync(tool, `#! ${place.at("in/interpreter")} -e\necho fine\n`, SCRIPT);
  const options = { principal: "p", base: place.top, run: [{ command: tool }] };
  assert.deepEqual(
    faultsOf(() => SecurityContext.create({ ...options, files: [{ path: "in", allow: ["write"] }] })),
    ["writable_executable run.0.command"],
  );
  SecurityContext.create({ ...options, files: [{ path: "in", allow: ["read"] }] }).close();
});

test("no request changes the audit, whatever grant covers its file", async () => {
  await using place = await makePlace();
  using security = SecurityContext.create({
    principal: "p",
    base: place.top,
    files: [{ path: "in", allow: ["read", "list", "write", "delete"] }],
    audit: { file: "in/sub/audit.jsonl" },
  });
  const actor = place.system.spawn(files(security));
  const path = "in/sub/audit.jsonl";
  for (const message of [
    { type: "write", path, data: "" },
    { type: "append", path, data: "forged\n" },
    { type: "delete", path },
    { type: "move", path, to: "in/elsewhere" },
    { type: "move", path: "in/file.txt", to: path, replace: true },
  ] satisfies FileMessage[])
    await denied(actor.ask(message as never), "not_granted");
  const lines = fs.readFileSync(place.at(path), "utf8").trim().split("\n");
  assert.equal(lines.length, 5);
  assert.ok(lines.every((line) => JSON.parse(line).isAllowed === false));

  // Nor is it taken away with what it lies in, nor by another name, nor under another context.
  fs.linkSync(place.at(path), place.at("in/alias"));
  using other = SecurityContext.create({
    principal: "other",
    base: place.top,
    files: [{ path: "in", allow: ["write", "delete"] }],
    run: [{ command: "/usr/bin/touch", args: [{ path: "write" }] }],
  });
  const [stranger, manager] = [place.system.spawn(files(other)), place.system.spawn(processManager(other))];
  for (const asked of [
    () => actor.ask({ type: "delete", path: "in/sub", recursive: true }),
    () => actor.ask({ type: "delete", path: "in/alias" }),
    () => stranger.ask({ type: "delete", path: "in/sub", recursive: true }),
    () => stranger.ask({ type: "write", path, data: "" }),
    () => manager.ask({ type: "run", command: "/usr/bin/touch", args: [path] }),
  ])
    await denied(asked(), "not_granted");
  assert.ok(fs.readFileSync(place.at(path), "utf8").startsWith(lines.join("\n")));
  // What is written down nowhere any more is denied.
  fs.rmSync(place.at("in/alias"));
  fs.rmSync(place.at("in/sub"), { recursive: true });
  await denied(actor.ask({ type: "read", path: "in/file.txt" }), "audit_unavailable");
});

test("what may be deleted and read, and not listed, cannot be moved as a directory to where its names are seen", async () => {
  await using place = await makePlace();
  fs.mkdirSync(place.at("secret/names"), { recursive: true });
  fs.writeFileSync(place.at("secret/one"), "");
  const grants = [
    { path: "secret", allow: ["read", "delete"] },
    { path: "in", allow: ["read", "list", "write"] },
  ] as const;
  using blind = SecurityContext.create({ principal: "p", base: place.top, files: grants });
  using seeing = SecurityContext.create({
    principal: "p",
    base: place.top,
    files: [...grants, { path: "secret", allow: ["list"] }],
  });
  const actor = place.system.spawn(files(blind));
  for (const replace of [false, true])
    await denied(actor.ask({ type: "move", path: "secret/names", to: "in/names", replace }), "not_granted");
  await actor.ask({ type: "move", path: "secret/one", to: "in/one" });
  await place.system.spawn(files(seeing)).ask({ type: "move", path: "secret/names", to: "in/names" });
  assert.deepEqual(fs.readdirSync(place.at("secret")).includes("names"), false);
});

test("what interprets a script, and where commands are looked up, is also not led to by a link that may be replaced", async () => {
  await using place = await makePlace();
  fs.symlinkSync("/bin", place.at("in/link"));
  fs.symlinkSync(place.at("in"), place.at("alias"));
  fs.copyFileSync("/bin/sh", place.at("in/own"));
  fs.chmodSync(place.at("in/own"), 0o755);
  const script = (name: string, interpreter: string): string => {
    fs.writeFileSync(place.at(name), `#!${interpreter}\necho fine\n`, SCRIPT);
    return place.at(name);
  };
  const made =
    (run: string, env: Record<string, string> = {}) =>
    (): unknown =>
      SecurityContext.create({
        principal: "p",
        base: place.top,
        files: [{ path: "in", allow: ["delete"] }],
        run: [{ command: run }],
        env,
      });
  const executable = ["writable_executable run.0.command"];
  assert.deepEqual(faultsOf(made(script("a", place.at("in/link/sh")))), executable);
  assert.deepEqual(faultsOf(made(script("b", place.at("alias/link/sh")))), executable);
  assert.deepEqual(faultsOf(made(script("c", script("d", place.at("alias/own"))))), executable);
  assert.deepEqual(faultsOf(made(script("e", place.at("in/not-there/sh")))), executable);
  const PATH = ["writable_executable env.PATH"];
  for (const directory of ["in/link", "in/not-there", "alias", "alias/not-there", "alias/link"])
    assert.deepEqual(faultsOf(made("/bin/sh", { PATH: `/bin:${place.at(directory)}` })), PATH, directory);
});

test("what interprets a command is the file it was when the context was made", async () => {
  await using place = await withTool();
  const interpreter = place.at("bin/interpreter");
  fs.copyFileSync("/bin/sh", interpreter);
  fs.chmodSync(interpreter, 0o755);
  fs.writeFileSync(place.at("bin/between"), `#!${interpreter}\n`, SCRIPT);
  fs.writeFileSync(place.tool, `#!${place.at("bin/between")}\n`, SCRIPT);
  using security = SecurityContext.create({ principal: "p", base: place.top, run: [{ command: place.tool }] });
  const manager = place.system.spawn(processManager(security));
  assert.equal((await manager.ask({ type: "run", command: place.tool })).code, 0);
  replace(interpreter, "#!/bin/sh\necho PWNED\n");
  await denied(manager.ask({ type: "run", command: place.tool }), "executable_changed");
  fs.rmSync(interpreter);
  await assert.rejects(manager.ask({ type: "run", command: place.tool }), {
    code: "ERR_FILE_OPERATION",
    path: interpreter,
    errno: "ENOENT",
  });
});

test("what could not be written down leaves no descriptor open", async () => {
  await using place = await makePlace();
  fs.mkdirSync(place.at("log"));
  using security = SecurityContext.create({
    principal: "p",
    base: place.top,
    files: [
      { path: "in", allow: ["read", "list", "write", "delete"] },
      { path: "log", allow: ["write"] },
    ],
    audit: { file: "log/audit" },
  });
  fs.rmSync(place.at("log/audit"));
  const actor = place.system.spawn(files(security));
  const open = (): number => fs.readdirSync("/proc/self/fd").length;
  const before = open();
  for (let i = 0; i < 50; i++) {
    await denied(actor.ask({ type: "read", path: "in/file.txt" }), "audit_unavailable");
    await denied(actor.ask({ type: "move", path: "in/file.txt", to: "in/x" }), "audit_unavailable");
    await denied(actor.ask({ type: "watch", path: "in", to: actor as never }), "audit_unavailable");
  }
  assert.equal(open(), before);
});

test("the audit file is closed with the last context that writes to it", async () => {
  await using place = await makePlace();
  const open = (): number => fs.readdirSync("/proc/self/fd").length;
  const before = open();
  const wide = SecurityContext.create({
    principal: "wide",
    base: place.top,
    files: [{ path: "in", allow: ["read", "write"] }],
    audit: { file: "in/audit" },
  });
  const narrow = wide.narrow({ principal: "narrow", files: [{ path: "in", allow: ["read"] }] });
  wide.close();
  await place.system.spawn(files(narrow)).ask({ type: "read", path: "in/file.txt" });
  narrow.close();
  assert.equal(open(), before);
});

test("what may be deleted and not read cannot be moved to where it may be read", async () => {
  await using place = await makePlace();
  using security = SecurityContext.create({
    principal: "p",
    base: place.top,
    files: [
      { path: "secret", allow: ["delete"] },
      { path: "in", allow: ["read", "write"] },
    ],
  });
  const actor = place.system.spawn(files(security));
  await denied(actor.ask({ type: "move", path: "secret/key", to: "in/key" }), "not_granted");
  assert.equal(fs.existsSync(place.at("secret/key")), true);
});

test("a file that is replaced does not run as its owner any more", async () => {
  await using place = await makePlace();
  fs.chmodSync(place.at("in/file.txt"), 0o6755);
  await place.files.ask({ type: "write", path: "in/file.txt", data: "new" });
  assert.equal(fs.statSync(place.at("in/file.txt")).mode & 0o7777, 0o755);
});

test("a context that is closed twice closes nothing that is another's by then", async () => {
  await using place = await withTool();
  const security = SecurityContext.create({
    principal: "p",
    base: place.top,
    files: [{ path: "in", allow: ["read"] }],
    run: [{ command: place.tool, pin: true }],
  });
  const manager = place.system.spawn(processManager(security));
  security.close();
  const opened = Array.from({ length: 8 }, () => fs.openSync(place.at("in/file.txt"), "r"));
  security.close();
  for (const fd of opened) {
    assert.equal(fs.fstatSync(fd).isFile(), true);
    fs.closeSync(fd);
  }
  await assert.rejects(manager.ask({ type: "run", command: place.tool }), { code: "ERR_SECURITY_CONTEXT_CLOSED" });
});

test("what a context names and is not there is told by the words of the context", async () => {
  await using place = await withTool();
  try {
    SecurityContext.create({
      principal: "p",
      base: place.top,
      files: [{ path: "nowhere", allow: ["read"] }],
      run: [{ command: "/bin/nothing-of-the-kind" }, { command: place.tool, cwd: "gone" }, { command: "/bin" }],
    });
    assert.fail("it is refused");
  } catch (error) {
    assert.ok(error instanceof SecurityContextError, String(error));
    assert.deepEqual(
      error.faults.map(({ path, message }) => [path.join("."), message]),
      [
        ["files.0.path", '"nowhere" cannot be opened: ENOENT'],
        ["run.0.command", '"/bin/nothing-of-the-kind" cannot be opened: ENOENT'],
        ["run.1.cwd", '"gone" cannot be opened: ENOENT'],
        ["run.2.command", '"/bin" cannot be opened: EISDIR'],
      ],
    );
  }
});

test("a path relative to the base is below a grant that is written absolutely, and the other way round", async () => {
  await using place = await makePlace();
  using security = SecurityContext.create({
    principal: "p",
    base: place.top,
    files: [{ path: place.at("in"), allow: ["read"] }],
  });
  const actor = place.system.spawn(files(security));
  for (const path of ["in/file.txt", place.at("in/file.txt")])
    assert.equal((await actor.ask({ type: "stat", path })).byteLength, 6);
  await denied(actor.ask({ type: "read", path: "in-evil/f" }), "outside");
});

test("a grant of what runs other programs warns, unless all its arguments are spelt out", async () => {
  const heard: string[] = [];
  const hear = (warning: Error): void => void heard.push(`${warning.name}: ${warning.message}`);
  process.on("warning", hear);
  SecurityContext.create({ principal: "p", run: [{ command: "/usr/bin/env", args: ["ls"] }] }).close();
  SecurityContext.create({ principal: "p", run: [{ command: "/usr/bin/env", args: [{ matches: /.*/ }] }] }).close();
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", hear);
  assert.deepEqual(
    heard.filter((line) => line.includes("runs other programs")),
    ['SecurityContextWarning: "/usr/bin/env" runs other programs, and takes arguments from outside'],
  );
});

test("a manager does file operations under the same context, with the same denials, and goes on", async () => {
  await using place = await makePlace();
  const audit: AuditEvent[] = [];
  const sink = { tell: (event: AuditEvent) => audit.push(event) > 0 } as never;
  using security = SecurityContext.create({
    principal: "p",
    base: place.top,
    files: [{ path: "in", allow: ["read"] }],
    audit: sink,
  });
  const manager = place.system.spawn(processManager(security));
  const operate = (operation: object): Promise<unknown> =>
    manager.ask({ type: "fileOperation", operation } as never) as Promise<unknown>;
  const bytes = (await operate({ type: "read", path: "in/file.txt" })) as OwnedBuffer;
  assert.equal(Buffer.from(bytes.claim()).toString(), "inside");
  await denied(operate({ type: "read", path: "in/../secret/key" }), "bad_name");
  await denied(operate({ type: "write", path: "in/file.txt", data: "x" }), "not_granted");
  await assert.rejects(operate({ type: "watch", path: "in" }), { code: "ERR_INVALID_ARGUMENT" });
  await assert.rejects(manager.ask({ type: "fileOperation" } as never), { code: "ERR_INVALID_ARGUMENT" });
  await assert.rejects(manager.ask(null as never), { code: "ERR_INVALID_ARGUMENT" });
  assert.deepEqual([manager.isAlive, manager.incarnation], [true, 1]);
  assert.equal(audit.filter((event) => event.type === "auditDecision" && !event.isAllowed).length, 2);
});

test("what is only told is done, denied or refused like what is asked, and ends nobody", async () => {
  await using place = await makePlace();
  const run = [{ command: "/bin/true" }];
  using security = SecurityContext.create({ principal: "p", run });
  const manager = place.system.spawn(processManager(security));
  place.files.tell({ type: "write", path: "in/told", data: "told" });
  for (const message of [{ type: "read", path: "../x" }, { type: "delete", path: "in/none" }, { type: "none" }, null])
    place.files.tell(message as never);
  for (const message of [{ type: "run", command: "/bin/no" }, { type: "run", command: "/bin/true" }, null])
    manager.tell(message as never);
  const { ref } = await manager.ask({ type: "spawnProcess", command: "/bin/true" });
  ref.tell({ type: "closeInput" });
  assert.equal((await place.files.ask({ type: "stat", path: "in/told" })).byteLength, 4);
  assert.equal((await manager.ask({ type: "run", command: "/bin/true" })).code, 0);
  assert.deepEqual([place.files.incarnation, manager.incarnation, manager.isAlive], [1, 1, true]);
});
