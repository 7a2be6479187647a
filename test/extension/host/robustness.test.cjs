"use strict";

const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const vscode = require("vscode");
const { open, program, start, startFake, stopAll, until } = require("./support.cjs");

describe("when something goes wrong", () => {
  let api;
  let refused;
  const note = ({ code, message }) => refused.push(`${code} ${message}`);
  before(async () => {
    api = await open();
    api.programs.on("refused", note);
  });
  beforeEach(() => {
    refused = [];
  });
  afterEach(() => stopAll(api));
  after(() => api.programs.off("refused", note));

  for (const [what, args, expected] of [
    [
      "an unknown protocol version",
      ["--protocol", "99"],
      /^ERR_PROTOCOL_VERSION .*speaks inspection protocol 99; this extension speaks 1/,
    ],
    ["garbage", ["--say", "GET / HTTP/1.1"], /^ERR_BAD_FRAME the frame is not JSON/],
    ["a wrong token", ["--token", "guess"], /^ERR_BAD_TOKEN/],
    ["a frame that never ends", ["--flood"], /^ERR_FRAME_TOO_LONG/],
  ]) {
    it(`turns a program away on ${what}, and another goes on`, async () => {
      await start({ name: "good" }, { noDebug: true });
      const good = await program(api);
      await startFake(args);
      await until("it is turned away", () => refused.length > 0);
      assert.match(refused[0], expected);
      assert.deepEqual(api.programs.all, [good]);
    });
  }

  it("tells of an unknown protocol version under the debugger, too", async () => {
    await startFake(["--protocol", "99"], {});
    await until("it is turned away", () => refused.some((text) => text.startsWith("ERR_PROTOCOL_VERSION")));
    assert.deepEqual(api.programs.all, []);
  });

  it("starts the language server again when somebody kills it", async () => {
    await until("the server runs", () => api.language.isRunning);
    const pid = serverPid();
    process.kill(pid, "SIGKILL");
    await until("another one runs", () => api.language.isRunning && serverPid() !== undefined && serverPid() !== pid);
    await vscode.commands.executeCommand("airssys.restartServer");
    await until("it runs after a restart by hand", () => api.language.isRunning);
  });
});

/** The language server of this extension host, looked for among its children. */
function serverPid() {
  const children = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" });
  const server = children.split("\n").find((line) => /dist[\\/]server[\\/]main\.js/.test(line));
  return server === undefined ? undefined : Number.parseInt(server, 10);
}
