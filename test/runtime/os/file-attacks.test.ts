// Paths that try to leave a grant, each for every operation it fits.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import { test } from "node:test";
import type { ActorRef } from "airssys-rt";
import { AccessDeniedError, type DenialReason, type FileMessage, FileOperationError } from "airssys-rt/os";
import { makePlace, type Place } from "./place.ts";

/** Every operation on a path. */
const ON_PATH = {
  read: (files, path) => files.ask({ type: "read", path }),
  write: (files, path) => files.ask({ type: "write", path, data: "evil" }),
  append: (files, path) => files.ask({ type: "append", path, data: "evil" }),
  list: (files, path) => files.ask({ type: "list", path }),
  stat: (files, path) => files.ask({ type: "stat", path }),
  moveFrom: (files, path) => files.ask({ type: "move", path, to: "in/moved" }),
  moveTo: (files, path) => files.ask({ type: "move", path: "in/file.txt", to: path }),
  moveOver: (files, path) => files.ask({ type: "move", path: "in/file.txt", to: path, replace: true }),
  delete: (files, path) => files.ask({ type: "delete", path, recursive: true }),
  makeDirectory: (files, path) => files.ask({ type: "makeDirectory", path }),
  makeDirectories: (files, path) => files.ask({ type: "makeDirectory", path, recursive: true }),
  watch: (files, path) => files.ask({ type: "watch", path, to: files as never }),
} satisfies Readonly<Record<string, (files: ActorRef<FileMessage>, path: string) => Promise<unknown>>>;

async function denied(doing: Promise<unknown>, reason: DenialReason, what: string): Promise<void> {
  await assert.rejects(
    doing,
    (error: unknown) => {
      assert.ok(error instanceof AccessDeniedError, `${what}: ${String(error)}`);
      assert.equal(error.reason, reason, `${what}: ${error.message}`);
      return true;
    },
    what,
  );
}

const TEXT_ATTACKS: readonly (readonly [title: string, path: (top: string) => string, reason: DenialReason])[] = [
  ["the folder above", () => "../x", "bad_name"],
  ["the folder above, later", () => "in/sub/../../secret/key", "bad_name"],
  ["the folder itself", () => "./in/file.txt", "bad_name"],
  ["an empty part", () => "in//file.txt", "bad_name"],
  ["an absolute path outside", (top) => `${top}/secret/key`, "outside"],
  ["the root of the system", () => "/", "outside"],
  ["a file of the system", () => "/etc/passwd", "outside"],
  ["a sibling with the same beginning", () => "in-evil/f", "outside"],
  ["a sibling with the same beginning, absolute", (top) => `${top}/in-evil/f`, "outside"],
  ["NUL", () => "in/file.txt\0.png", "bad_name"],
  ["a lone surrogate", () => "in/\ud800", "bad_name"],
  ["five thousand parts", () => `in/${"a/".repeat(5_000)}a`, "bad_name"],
  ["nothing", () => "", "bad_name"],
];

for (const [title, path, reason] of TEXT_ATTACKS)
  test(`${title} is denied (${reason}) for every operation`, async () => {
    await using place = await makePlace();
    for (const [name, operate] of Object.entries(ON_PATH))
      await denied(operate(place.files, path(place.top)), reason, name);
    assert.equal(fs.readFileSync(place.at("secret/key"), "utf8"), "secret");
    assert.equal(fs.readFileSync(place.at("in/file.txt"), "utf8"), "inside");
  });

test("a link to a file outside is denied (symlink), and only deleting removes the link itself", async () => {
  await using place = await makePlace();
  fs.symlinkSync(place.at("secret/key"), place.at("in/link"));
  for (const name of ["read", "write", "append", "list", "stat", "moveFrom", "watch"] as const)
    await denied(ON_PATH[name](place.files, "in/link"), "symlink", name);

  await place.files.ask({ type: "delete", path: "in/link" });

  assert.equal(fs.existsSync(place.at("in/link")), false);
  assert.equal(fs.readFileSync(place.at("secret/key"), "utf8"), "secret");
});

test("a move over a link replaces the link and never follows it; without replace it fails", async () => {
  await using place = await makePlace();
  fs.symlinkSync(place.at("secret/key"), place.at("in/link"));
  await assert.rejects(place.files.ask({ type: "move", path: "in/file.txt", to: "in/link" }), { errno: "EEXIST" });

  await place.files.ask({ type: "move", path: "in/file.txt", to: "in/link", replace: true });

  assert.equal(fs.lstatSync(place.at("in/link")).isFile(), true);
  assert.equal(fs.readFileSync(place.at("secret/key"), "utf8"), "secret");
});

test("a link as a directory in the middle is denied (symlink) for every operation", async () => {
  await using place = await makePlace();
  fs.symlinkSync(place.at("secret"), place.at("in/link"));
  for (const [name, operate] of Object.entries(ON_PATH))
    await denied(operate(place.files, "in/link/key"), "symlink", name);
  assert.equal(fs.readFileSync(place.at("secret/key"), "utf8"), "secret");
});

test("a dangling link is denied (symlink), and what it names is not made", async () => {
  await using place = await makePlace();
  fs.symlinkSync(place.at("secret/new"), place.at("in/link"));
  for (const name of ["write", "append", "read"] as const)
    await denied(ON_PATH[name](place.files, "in/link"), "symlink", name);
  await assert.rejects(place.files.ask({ type: "makeDirectory", path: "in/link" }), FileOperationError);
  assert.equal(fs.existsSync(place.at("secret/new")), false);
});

test("a link from inside to inside is denied, and read where the grant follows links", async () => {
  await using strict = await makePlace();
  fs.symlinkSync("file.txt", strict.at("in/link"));
  await denied(strict.files.ask({ type: "read", path: "in/link" }), "symlink", "read");

  await using lenient = await makePlace({ files: [{ path: "in", allow: ["read", "write"], symlinks: "inside" }] });
  fs.symlinkSync("file.txt", lenient.at("in/link"));
  fs.symlinkSync("sub", lenient.at("in/dir"));
  fs.writeFileSync(lenient.at("in/sub/deep"), "deep");
  fs.symlinkSync(lenient.at("secret/key"), lenient.at("in/out"));

  for (const [path, content] of [
    ["in/link", "inside"],
    ["in/dir/deep", "deep"],
  ] as const)
    assert.equal(Buffer.from((await lenient.files.ask({ type: "read", path })).claim()).toString(), content);
  await denied(lenient.files.ask({ type: "read", path: "in/out" }), "symlink", "read outside");
  await denied(lenient.files.ask({ type: "write", path: "in/link", data: "x" }), "symlink", "write through a link");
});

test("a FIFO, a socket and a device are denied (not_regular) at once, and block nobody", async (t) => {
  await using place = await makePlace({
    files: [
      { path: "in", allow: ["read", "write"] },
      { path: "/dev", allow: ["read", "write"] },
    ],
  });
  execFileSync("mkfifo", [place.at("in/fifo")]);
  const server = net.createServer().listen(place.at("in/socket"));
  await once(server, "listening");
  t.after(() => server.close());
  const paths = ["in/socket", "in/fifo", "in/fifo", "in/fifo", "in/fifo", "in/fifo", "/dev/zero", "/dev/null"];
  await Promise.all(paths.map((path) => denied(place.files.ask({ type: "read", path }), "not_regular", path)));
  for (const path of paths) {
    await denied(place.files.ask({ type: "append", path, data: "x" }), "not_regular", `append ${path}`);
    await denied(place.files.ask({ type: "write", path, data: "x" }), "not_regular", `write ${path}`);
  }
  assert.equal((await place.files.ask({ type: "read", path: "in/file.txt" })).byteLength, 6);
});

test("a file with a second name is read and replaced, and never appended to (hard_link)", async () => {
  await using place = await makePlace();
  fs.linkSync(place.at("secret/key"), place.at("in/hard"));
  await denied(place.files.ask({ type: "append", path: "in/hard", data: "evil" }), "hard_link", "append");
  assert.equal((await place.files.ask({ type: "read", path: "in/hard" })).byteLength, 6);

  await place.files.ask({ type: "write", path: "in/hard", data: "mine" });

  assert.equal(fs.readFileSync(place.at("secret/key"), "utf8"), "secret");
  assert.equal(fs.readFileSync(place.at("in/hard"), "utf8"), "mine");
});

test("the links of /proc lead nowhere, though /proc is granted", async () => {
  await using place = await makePlace({ files: [{ path: "/proc", allow: ["read", "list"] }] });
  await denied(place.files.ask({ type: "read", path: "/proc/self/root/etc/passwd" }), "symlink", "root");
  await denied(
    place.files.ask({ type: "read", path: `/proc/${process.pid}/root/etc/passwd` }),
    "symlink",
    "root by pid",
  );
  await denied(place.files.ask({ type: "read", path: `/proc/${process.pid}/cwd/package.json` }), "symlink", "cwd");
  assert.ok((await place.files.ask({ type: "read", path: "/proc/version" })).byteLength > 0);
});

test("a granted directory that is moved away is still the granted one; what takes its place is not", async () => {
  await using place = await makePlace();
  fs.renameSync(place.at("in"), place.at("elsewhere"));
  fs.symlinkSync(place.at("secret"), place.at("in"));

  assert.equal(
    Buffer.from((await place.files.ask({ type: "read", path: "in/file.txt" })).claim()).toString(),
    "inside",
  );
  await assert.rejects(place.files.ask({ type: "read", path: "in/key" }), { errno: "ENOENT" });
});

test("a recursive delete removes links and follows none", async () => {
  await using place = await makePlace();
  fs.mkdirSync(place.at("in/sub/deep/er"), { recursive: true });
  fs.symlinkSync("/", place.at("in/sub/deep/root"));
  fs.symlinkSync(place.at("secret"), place.at("in/sub/secret"));
  fs.writeFileSync(place.at("in/sub/deep/er/f"), "x");

  await place.files.ask({ type: "delete", path: "in/sub", recursive: true });

  assert.equal(fs.existsSync(place.at("in/sub")), false);
  assert.equal(fs.readFileSync(place.at("secret/key"), "utf8"), "secret");
});

/** Calls back when a file with such a name is made in a directory, before anything of it is flushed. */
async function whileWriting(place: Place, during: (part: string) => void): Promise<unknown> {
  const directory = place.at("in/sub");
  const size = 64 << 20;
  const writing = place.files.ask({ type: "write", path: "in/sub/target", data: Buffer.alloc(size, "x") });
  const settled = writing.then(
    () => undefined,
    (error: unknown) => error,
  );
  for (let i = 0; ; i++) {
    assert.ok(i < 10_000, "the part is made");
    const part = fs.readdirSync(directory).find((name) => name.endsWith(".part"));
    if (part !== undefined) {
      during(part);
      return settled;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a target that is swapped for a link before the renaming is denied or replaced, and what the link names is untouched", async () => {
  await using place = await makePlace();
  const error = await whileWriting(place, () => fs.symlinkSync(place.at("secret/key"), place.at("in/sub/target")));
  assert.ok(error instanceof AccessDeniedError, String(error));
  assert.equal(error.reason, "symlink");
  assert.equal(fs.readFileSync(place.at("secret/key"), "utf8"), "secret");
  assert.deepEqual(fs.readdirSync(place.at("in/sub")), ["target"]);
});

test("a directory that is swapped for a link before the renaming gets the file where it is now, and nothing is written outside", async () => {
  await using place = await makePlace();
  const error = await whileWriting(place, () => {
    fs.renameSync(place.at("in/sub"), place.at("in/away"));
    fs.symlinkSync(place.at("secret"), place.at("in/sub"));
  });
  assert.equal(error, undefined);
  assert.deepEqual(fs.readdirSync(place.at("secret")), ["key"]);
  assert.deepEqual(fs.readdirSync(place.at("in/away")), ["target"]);
});

test("a part that is swapped for a link before the renaming leads nowhere: the link itself is what gets the name", async () => {
  await using place = await makePlace();
  await whileWriting(place, (part) => {
    fs.renameSync(place.at("in/sub", part), place.at("in/sub/aside"));
    fs.symlinkSync(place.at("secret/key"), place.at("in/sub", part));
  });
  assert.equal(fs.readFileSync(place.at("secret/key"), "utf8"), "secret");
  await denied(place.files.ask({ type: "read", path: "in/sub/target" }), "symlink", "read");
});

test("another spelling of a name is what the disk says it is, and never more than its grant allows", async () => {
  await using place = await makePlace({
    files: [
      { path: "in", allow: ["read"] },
      { path: "in/sub", allow: ["write"] },
    ],
  });
  // A disk that ignores case hands out one file for both names; so does a second name.
  fs.writeFileSync(place.at("in/sub/file.txt"), "one");
  const ignoresCase = fs.existsSync(place.at("in/SUB"));
  if (!ignoresCase) fs.linkSync(place.at("in/file.txt"), place.at("in/FILE.TXT"));
  const read = async (path: string): Promise<string> =>
    Buffer.from((await place.files.ask({ type: "read", path })).claim()).toString();
  assert.equal(await read("in/FILE.TXT"), await read("in/file.txt"));
  // A grant is chosen by its own spelling: another one falls to the grant above, or to none.
  await denied(place.files.ask({ type: "write", path: "in/SUB/file.txt", data: "x" }), "not_granted", "write");
  await denied(place.files.ask({ type: "read", path: "IN/file.txt" }), "outside", "read");
  await denied(place.files.ask({ type: "read", path: place.at("IN/file.txt") }), "outside", "read");
});

test("the directory of a grant itself is neither deleted nor moved nor written", async () => {
  await using place = await makePlace();
  for (const name of ["write", "append", "moveFrom", "moveTo", "delete", "makeDirectory", "read"] as const)
    await denied(ON_PATH[name](place.files, "in"), "not_granted", name);
  assert.equal((await place.files.ask({ type: "list", path: "in" })).length, 2);
});

test("after a denial the actor goes on, in the same life", async () => {
  await using place = await makePlace();
  await denied(place.files.ask({ type: "read", path: "/etc/passwd" }), "outside", "read");
  assert.equal(place.files.incarnation, 1);
});

test("a closed context denies everything, whatever has its descriptors by then", async () => {
  await using place = await makePlace();
  place.security.close();
  const others = Array.from({ length: 20 }, () => fs.openSync(place.at("secret"), fs.constants.O_RDONLY));
  await assert.rejects(place.files.ask({ type: "read", path: "in/key" }), { code: "ERR_SECURITY_CONTEXT_CLOSED" });
  for (const fd of others) fs.closeSync(fd);
});
