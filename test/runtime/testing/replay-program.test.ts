// A program that replays one of its actors in its own place: nothing of its system starts.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { type Recording, readRecording } from "airssys-rt/recording";
import type { ReplayOutcome, ReplayWish } from "airssys-rt/replay";
import { Debugger } from "../inspect/debugger.ts";

const PROGRAM = path.resolve(import.meta.dirname, "../recording/recorded-program.ts");
const root = path.resolve(import.meta.dirname, "../../..");

let folder = "";
let recording: Recording;
const file = (name: string): string => path.join(folder, name);

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-replay-program-"));
  await run([PROGRAM, "stop"], { AIRSSYS_RECORD: file("run.airssys"), AIRSSYS_RECORD_VALUES: "1" });
  recording = await readRecording(fs.createReadStream(file("run.airssys")));
});
after(() => fs.rmSync(folder, { recursive: true }));

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<{ out: string; err: string }> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, cwd: root });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    err += text;
  });
  return new Promise((resolve) => child.on("close", () => resolve({ out, err })));
}

/** Replays, and reads what was written of it. */
async function replay(
  wish: Partial<ReplayWish>,
  env: Readonly<Record<string, string>> = {},
  program: readonly string[] = [PROGRAM, "stop"],
): Promise<{ out: string; err: string; outcome: ReplayOutcome }> {
  const report = file("report.json");
  fs.rmSync(report, { force: true });
  const wished = { recording: file("run.airssys"), actor: "shop/orders", report, ...wish };
  const ended = await run(["--import", "airssys-rt/replay", ...program], {
    ...env,
    AIRSSYS_REPLAY: JSON.stringify(wished),
  });
  return { ...ended, outcome: JSON.parse(fs.readFileSync(report, "utf8")) };
}

test("an actor of a recorded run is run again by its own program, and nothing differs", async () => {
  const { out, err, outcome } = await replay({});
  assert.equal(err, "");
  assert.equal(
    out,
    "shop/orders was replayed: 4 of 4 messages, 0 differences\n",
    "nothing else of the program has run",
  );
  assert.ok("report" in outcome);
  assert.deepEqual(outcome.report, { messages: 4, recorded: 4, differences: [], losses: [] });
});

test("what a changed source sends is told with what it had sent, and with its line", async () => {
  const { out, outcome } = await replay({}, { ORDERS_SHIFT: "1" });
  assert.ok("report" in outcome);
  const [first, ...others] = outcome.report.differences;
  assert.equal(others.length, 2);
  assert.equal(first?.seq, recording.at(0).seq);
  assert.match(first?.recorded ?? "", /^pack to shop\/packer: .*"orderId":1,/);
  assert.match(first?.replayed ?? "", /^pack to shop\/packer: .*"orderId":2,/);
  const line =
    fs
      .readFileSync(PROGRAM, "utf8")
      .split("\n")
      .findIndex((text) => text.includes("packer?.tell(")) + 1;
  assert.ok(first?.at?.includes(`recorded-program.ts:${line}:`), first?.at);
  assert.match(out, /3 differences\n {2}message \d+: recorded pack to /);
});

test("who cannot be replayed is told, and the program does not run", async () => {
  const refusalOf = async (wish: Partial<ReplayWish>, env = {}, program?: readonly string[]) => {
    const { out, outcome } = await replay(wish, env, program);
    assert.ok("refused" in outcome, JSON.stringify(outcome));
    assert.match(out, / was not replayed: /);
    return `${outcome.reason}: ${outcome.refused}`;
  };
  assert.equal(
    await refusalOf({ actor: "shop/nobody" }),
    "noActor: no supervisor of the program has a child at shop/nobody",
  );
  assert.match(await refusalOf({ actor: "shop" }), /^noActor: /);
  assert.match(
    await refusalOf({ actor: "bank/tom" }),
    /^otherSystem: the program starts the system shop, and bank\/tom is in/,
  );
  assert.match(await refusalOf({ incarnation: 9 }), /^failed: .*the begin of that life is not in the recording/);
  assert.match(await refusalOf({ recording: file("none.airssys") }), /^failed: ENOENT/);
  const early = ["--eval", "process.exitCode = 3"];
  assert.equal(await refusalOf({}, {}, early), "notStarted: the program ended before it started a system");
});

test("a program that is to be replayed does not run where nobody can do that", async () => {
  const { out, err } = await run([PROGRAM, "stop"], { AIRSSYS_REPLAY: "{}" });
  assert.equal(out, "");
  assert.match(err, /NoReplayError.*: shop is not started: AIRSSYS_REPLAY is set/);
  const { err: bad } = await run(["--import", "airssys-rt/replay", PROGRAM], { AIRSSYS_REPLAY: "no JSON" });
  assert.match(bad, /AIRSSYS_REPLAY.*must be JSON with "recording" and "actor"/s);
});

test("a debugger that is attached stops in the handler at the message that was chosen, and nowhere else", async () => {
  const orders = [...recording].filter(({ to }) => to.path === "shop/orders");
  const stopAt = orders[1]?.seq;
  const report = file("stopped.json");
  process.env["AIRSSYS_REPLAY"] = JSON.stringify({
    recording: file("run.airssys"),
    actor: "shop/orders",
    stopAt,
    report,
  });
  const flags = ["--inspect-wait=127.0.0.1:0", "--import", "airssys-rt/replay"];
  const starting = Debugger.run("../recording/recorded-program.ts", ["stop"], flags);
  delete process.env["AIRSSYS_REPLAY"];
  const debug = await starting;
  const stops: (readonly [string, unknown])[] = [];
  debug.onPause = async (paused) => {
    const [{ callFrameId } = { callFrameId: "" }] = paused.callFrames as unknown as { readonly callFrameId: string }[];
    const { result } = await debug.call<{ result: { value: unknown } }>("Debugger.evaluateOnCallFrame", {
      ...{ callFrameId, expression: "message.orderId" },
    });
    stops.push([debug.ownFrame(paused), result.value]);
  };
  await debug.call("Runtime.runIfWaitingForDebugger");
  // Node waits for debuggers that are still there. Until it is over, the file is empty.
  const isOver = (): boolean => (fs.statSync(report, { throwIfNoEntry: false })?.size ?? 0) > 0;
  for (let tries = 0; !isOver() && tries < 2_000; tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  debug.end();
  assert.deepEqual(stops, [["handleMessage", 13]]);
  assert.deepEqual(JSON.parse(fs.readFileSync(report, "utf8")).report.differences, []);
});
