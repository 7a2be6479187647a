// The example media-desk, played from outside: uploads, programs on them, and programs that misbehave.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { ActorSystem } from "airssys-rt";
import { contextsFor } from "../../runtime/examples/media-desk/src/contexts.ts";
import { mediaDesk } from "../../runtime/examples/media-desk/src/desk.ts";

interface Desk extends AsyncDisposable {
  readonly uploads: string;
  readonly system: ActorSystem;
  fetch(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }>;
  bytes(path: string): Promise<Buffer>;
}

async function openDesk(): Promise<Desk> {
  const uploads = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "media-desk-"));
  const contexts = contextsFor(uploads);
  let url = "";
  const root = mediaDesk({
    port: 0,
    contexts,
    limits: { timeoutMs: 1_500, maxOutputBytes: 1_000_000 },
    onOpen: (opened) => {
      url = opened;
    },
  });
  const system = await ActorSystem.start({ name: "media-desk", root, logger: false });
  return {
    uploads,
    system,
    async fetch(at, init) {
      const response = await fetch(url + at, init);
      return { status: response.status, body: await response.json() };
    },
    bytes: async (at) => Buffer.from(await (await fetch(url + at)).arrayBuffer()),
    async [Symbol.asyncDispose]() {
      await system.stop();
      contexts[Symbol.dispose]();
      fs.rmSync(uploads, { recursive: true, force: true });
    },
  };
}

const codeOf = ({ body }: { body: unknown }): unknown => (body as { error?: { code?: unknown } }).error?.code;

test("an upload is kept, listed, read, worked on by real programs, and deleted", async () => {
  await using desk = await openDesk();
  const content = Buffer.from("a picture, or so ".repeat(1_000));
  assert.equal((await desk.fetch("/uploads/p.txt", { method: "PUT", body: content })).status, 201);
  assert.deepEqual(await desk.fetch("/uploads"), { status: 200, body: [{ name: "p.txt", kind: "file" }] });
  assert.deepEqual(await desk.bytes("/uploads/p.txt"), content);
  const { body } = await desk.fetch("/uploads/p.txt/checksum");
  assert.ok((body as { output: string }).output.startsWith(createHash("sha256").update(content).digest("hex")));
  assert.deepEqual(gunzipSync(await desk.bytes("/uploads/p.txt/gzip")), content);
  assert.equal((await desk.fetch("/uploads/p.txt", { method: "DELETE" })).status, 200);
  assert.equal((await desk.fetch("/uploads/p.txt/checksum")).status, 404);
});

test("programs that crash, hang and flood are answered for, leave nothing behind, and nobody restarts", async () => {
  await using desk = await openDesk();
  const answers = await Promise.all(
    ["crash", "hang", "flood", "reboot"].map((kind) => desk.fetch(`/trouble/${kind}`, { method: "POST" })),
  );
  assert.deepEqual(
    answers.map((answer) => [answer.status, codeOf(answer)]),
    [
      [502, "program_failed"],
      [504, "ERR_PROCESS_TIMEOUT"],
      [507, "ERR_OUTPUT_LIMIT"],
      [403, "argument"],
    ],
  );
  assert.deepEqual(alive("bin/trouble"), []);
  for (const name of ["store", "worker"]) assert.equal(desk.system.whereis(name)?.incarnation, 1);
});

test("names and links that lead out of the uploads are refused with their reason", async () => {
  await using desk = await openDesk();
  fs.symlinkSync("/etc/passwd", path.join(desk.uploads, "p"));
  const put = (name: string): Promise<{ status: number; body: unknown }> =>
    desk.fetch(`/uploads/${encodeURIComponent(name)}`, { method: "PUT", body: "evil" });
  for (const [name, status, reason] of [
    ["../x", 400, "bad_name"],
    ["/etc/cron.d/x", 403, "outside"],
    ["p", 403, "symlink"],
  ] as const) {
    const answer = await put(name);
    assert.deepEqual([answer.status, codeOf(answer)], [status, reason], name);
    assert.ok(!JSON.stringify(answer).includes("allow: ["), "what would have to be granted is not for customers");
  }
  for (const what of ["checksum", "gzip"]) assert.equal(codeOf(await desk.fetch(`/uploads/p/${what}`)), "symlink");
  assert.equal((await put("--files0-from=p")).status, 201);
  assert.equal(codeOf(await desk.fetch("/uploads/--files0-from=p/checksum")), "option_like");
});

/** Processes that run this, without those that have ended. */
function alive(command: string): string[] {
  return fs.readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && fs.readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(command);
    } catch {
      return false;
    }
  });
}
