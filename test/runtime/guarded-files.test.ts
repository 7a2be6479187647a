// The example guarded-files, played from outside by the client of the MCP SDK.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const main = path.resolve(import.meta.dirname, "../../runtime/examples/guarded-files/src/main.ts");

interface Session extends AsyncDisposable {
  readonly top: string;
  /** Calls a tool. @returns its text, and whether it is an error. */
  call(name: string, args: Record<string, unknown>): Promise<{ text: string; isError: boolean }>;
  readonly client: Client;
  /** What the server has said to people. */
  readonly said: () => string;
}

async function connect(...flags: readonly string[]): Promise<Session> {
  const top = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "airssys-mcp-"));
  for (const folder of ["notes/sub", "notes-private"]) fs.mkdirSync(path.join(top, folder), { recursive: true });
  fs.writeFileSync(path.join(top, "notes/today.md"), "# today\n");
  fs.writeFileSync(path.join(top, "notes-private/x"), "secret");
  const client = new Client({ name: "test", version: "1.0.0" });
  const args = [main, path.join(top, "notes"), ...flags];
  const transport = new StdioClientTransport({ command: process.execPath, args, stderr: "pipe" });
  let said = "";
  transport.stderr?.on("data", (piece: Buffer) => {
    said += piece.toString();
  });
  await client.connect(transport);
  return {
    top,
    said: () => said,
    client,
    async call(name, args) {
      const result = await client.callTool({ name, arguments: args });
      const [first] = result.content as { text: string }[];
      return { text: first?.text ?? "", isError: result.isError === true };
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      fs.rmSync(top, { recursive: true, force: true });
    },
  };
}

test("a client sees the tools, reads and lists the folder, and is told what a path is", async () => {
  await using session = await connect();
  const { tools } = await session.client.listTools();
  assert.deepEqual(
    tools.map(({ name }) => name),
    ["read_file", "list_folder", "file_facts", "write_file", "make_folder", "move_file", "delete_file"],
  );
  assert.deepEqual(await session.call("read_file", { path: "today.md" }), { text: "# today\n", isError: false });
  assert.equal((await session.call("list_folder", {})).text, "directory\tsub\nfile\ttoday.md");
  assert.equal(JSON.parse((await session.call("file_facts", { path: "today.md" })).text).byteLength, 8);
});

test("every way out of the folder is answered with its reason, and the server goes on", async () => {
  await using session = await connect("--write");
  const { top } = session;
  fs.symlinkSync(path.join(top, "notes-private/x"), path.join(top, "notes/link"));
  fs.symlinkSync("/", path.join(top, "notes/all"));
  assert.equal(spawnSync("mkfifo", [path.join(top, "notes/pipe")]).status, 0);
  for (const [given, reason] of [
    ["../notes-private/x", "bad_name"],
    ["sub/../../notes-private/x", "bad_name"],
    ["/etc/passwd", "outside"],
    [path.join(top, "notes-private/x"), "outside"],
    ["link", "symlink"],
    ["all/etc/passwd", "symlink"],
    ["pipe", "not_regular"],
    ["", "bad_name"],
  ] as const)
    for (const [tool, args] of [
      ["read_file", {}],
      ["write_file", { text: "evil" }],
    ] as const) {
      const { text, isError } = await session.call(tool, { path: given, ...args });
      assert.ok(isError && text.includes(`(${reason})`), `${tool} ${given}: ${text}`);
      assert.ok(!text.includes("secret"));
      assert.ok(!text.includes("allow: ["), "what would have to be granted is not for the model");
    }
  const wanted = 'the grant it would need: { path: "/etc", allow: ["read"] }';
  for (let i = 0; !session.said().includes(wanted); i++) {
    assert.ok(i < 1_000, "it is for whoever reads the log of the server");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(fs.readFileSync(path.join(top, "notes-private/x"), "utf8"), "secret");
  assert.equal((await session.call("read_file", { path: "today.md" })).isError, false);
});

test("writing tools write, move and delete with --write, and are denied without", async () => {
  await using open = await connect("--write");
  for (const [tool, args] of [
    ["make_folder", { path: "a/b" }],
    ["write_file", { path: "a/b/new.md", text: "new" }],
    ["move_file", { path: "a/b/new.md", to: "a/moved.md" }],
    ["delete_file", { path: "a/b" }],
  ] as const)
    assert.equal((await open.call(tool, args)).isError, false, tool);
  assert.equal(fs.readFileSync(path.join(open.top, "notes/a/moved.md"), "utf8"), "new");
  assert.match((await open.call("move_file", { path: "today.md", to: "a/moved.md" })).text, /EEXIST/);

  await using closed = await connect();
  for (const [tool, args] of [
    ["write_file", { path: "new.md", text: "new" }],
    ["make_folder", { path: "a" }],
    ["delete_file", { path: "today.md" }],
    ["move_file", { path: "today.md", to: "b" }],
  ] as const)
    assert.match((await closed.call(tool, args)).text, /\(not_granted\)/, tool);
  assert.deepEqual(fs.readdirSync(path.join(closed.top, "notes")), ["sub", "today.md"]);
});

test("a folder that is not there, and a wrong call, end the server with a message", () => {
  for (const [args, message] of [
    [[], /usage/],
    [["/nowhere/at/all"], /cannot be opened: ENOENT/],
    [["/tmp", "--all"], /usage/],
  ] as const) {
    const { status, stderr, stdout } = spawnSync(process.execPath, [main, ...args], {
      encoding: "utf8",
      timeout: 30_000,
    });
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, message);
  }
});
