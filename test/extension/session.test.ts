import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MAX_FRAME_LENGTH, MIN_FRAME_LIMIT, PROTOCOL_VERSION, type ViewerFrame } from "airssys-rt/inspect";
import { REPLY_LIMIT_MS, type RequestError, Session, type SessionFault } from "../../extension/src/inspect/session.ts";
import { actor, delta, shop, snapshot } from "./rows.ts";

const hello = {
  type: "hello",
  protocol: PROTOCOL_VERSION,
  runtime: "0.1.0",
  pid: 1,
  node: "v24.0.0",
  program: "/p/main.ts",
  capabilities: ["tree", "kill"],
  token: "right",
};

/** A session whose program is played by the test. */
function play() {
  const sent: ViewerFrame[] = [];
  const seen: string[] = [];
  let fault: SessionFault | undefined;
  const session = new Session(
    { send: (frame) => void sent.push(JSON.parse(frame) as ViewerFrame), close: () => void seen.push("closed") },
    {
      admits: ({ token }) => token === "right",
      opened: () => void seen.push("opened"),
      changed: (frame) => void seen.push(frame.type),
      ended: (why) => {
        fault = why;
        seen.push("ended");
      },
      noted: (text) => void seen.push(`noted ${text}`),
    },
  );
  const say = (frame: unknown) => session.receive(typeof frame === "string" ? frame : JSON.stringify(frame));
  return { session, sent, seen, say, fault: () => fault };
}

suite("a conversation", () => {
  test("begins with hello, welcome and a subscription", () => {
    const { session, sent, seen, say } = play();
    session.watch(400);
    assert.deepEqual(sent, []);
    say(hello);
    assert.deepEqual(sent, [
      { type: "welcome", protocol: PROTOCOL_VERSION, frameLimit: MAX_FRAME_LENGTH },
      { type: "subscribe", id: 1, intervalMs: 400 },
    ]);
    say(snapshot(shop()));
    say(delta(2, []));
    assert.deepEqual(seen, ["opened", "snapshot", "delta"]);
    assert.ok(session.can("kill") && !session.can("send"));
  });

  const refusals: [title: string, frames: unknown[], code: string, message: RegExp][] = [
    ["a wrong token", [{ ...hello, token: "wrong" }], "ERR_BAD_TOKEN", /token/],
    ["no token", [{ ...hello, token: undefined }], "ERR_BAD_TOKEN", /token/],
    [
      "an unknown protocol version",
      [{ type: "hello", protocol: 99, runtime: "9.0.0" }],
      "ERR_PROTOCOL_VERSION",
      /airssys-rt 9\.0\.0 speaks inspection protocol 99; this extension speaks 1/,
    ],
    ["garbage", ["GET / HTTP/1.1"], "ERR_BAD_FRAME", /not JSON/],
    ["JSON that is no frame", ["[1]"], "ERR_BAD_FRAME", /no type/],
    ["null", ["null"], "ERR_BAD_FRAME", /no type/],
    ["a hello without a pid", [{ ...hello, pid: "x" }], "ERR_BAD_FRAME", /hello: pid is not a number/],
    ["a tree before hello", [snapshot([])], "ERR_BAD_FRAME", /before "hello"/],
    ["a second hello", [hello, hello], "ERR_BAD_FRAME", /twice/],
    [
      "a broken row",
      [hello, snapshot([actor("a"), { ...actor("b"), state: "flying" as "idle" }])],
      "ERR_BAD_FRAME",
      /actors\[1\]\.state is not one of/,
    ],
    [
      "a row whose key is no text",
      [hello, { ...snapshot([]), actors: [{ key: {} }] }],
      "ERR_BAD_FRAME",
      /actors\[0\]\.key/,
    ],
    ["a frame that is too long", [hello, " ".repeat(MAX_FRAME_LENGTH + 1)], "ERR_FRAME_TOO_LONG", /too long/],
  ];
  for (const [title, frames, code, message] of refusals) {
    test(`ends with a clear word on ${title}`, () => {
      const { sent, seen, say, fault } = play();
      for (const frame of frames) say(frame);
      assert.equal(fault()?.code, code);
      assert.match(fault()?.message ?? "", message);
      assert.deepEqual(sent.at(-1), { type: "error", code, message: fault()?.message });
      assert.deepEqual(seen.slice(-2), ["closed", "ended"]);
      say(snapshot([]));
      assert.equal(seen.at(-1), "ended");
    });
  }

  test("puts an answer in parts together, and asks for the tree once however often it is wanted meanwhile", async () => {
    const { session, sent, seen, say } = play();
    const asked = () => sent.filter(({ type }) => type === "snapshot").length;
    say(hello);
    for (let i = 0; i < 5; i++) session.refresh();
    assert.equal(asked(), 1);
    const { systems, actors } = snapshot(shop());
    say({ type: "reply", id: 1, ok: true, value: { systems, actors: actors.slice(0, 2) }, more: true });
    assert.ok(!seen.includes("snapshot"));
    say({ type: "reply", id: 1, ok: true, value: { systems, actors: actors.slice(2) } });
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(seen.includes("snapshot"));
    assert.equal(asked(), 2, "once more: something may have changed since the first answer was made");
  });

  test("ends when an answer has no end", () => {
    const { session, say, fault } = play();
    say(hello);
    session.refresh();
    for (let i = 0; i < 200; i++) say({ type: "reply", id: 1, ok: true, value: {}, more: true });
    assert.equal(fault()?.code, "ERR_BAD_FRAME");
  });

  test("sends no frame that is longer than the program takes", async () => {
    const { session, sent, say } = play();
    say({ ...hello, frameLimit: MIN_FRAME_LIMIT });
    const request = session.request({ type: "send", key: "shop#1", message: "x".repeat(MIN_FRAME_LIMIT) });
    await assert.rejects(request, { code: "ERR_FRAME_TOO_LONG" });
    assert.deepEqual(
      sent.map(({ type }) => type),
      ["welcome"],
    );
  });

  test("tells a program that its viewer leaves, and not one that it refuses", () => {
    for (const isRefused of [false, true]) {
      const { session, sent, say } = play();
      say({ ...hello, capabilities: ["tree", "leave"] });
      if (isRefused) say("nonsense");
      else session.end();
      assert.equal(sent.at(-1)?.type, isRefused ? "error" : "leave");
      assert.equal(sent.filter(({ type }) => type === "leave").length, isRefused ? 0 : 1);
    }
  });

  test("answers frames of unknown type with an error and goes on", () => {
    const { sent, seen, say } = play();
    say(hello);
    say({ type: "poem" });
    assert.equal(sent.at(-1)?.type, "error");
    say(snapshot([]));
    assert.equal(seen.at(-1), "snapshot");
  });

  test("asks for the whole tree when a number is missing, and not after a gap the program owns up to", async () => {
    const { sent, seen, say } = play();
    const asked = () => sent.filter(({ type }) => type === "snapshot").length;
    say(hello);
    say(snapshot([], 1));
    say(delta(2, []));
    say({ type: "gap", seq: 3, at: 0, missed: 5 });
    say(snapshot([], 4));
    assert.equal(asked(), 0);
    say(delta(9, []));
    assert.equal(asked(), 1);
    const { systems, actors } = snapshot(shop());
    say({ type: "reply", id: 1, ok: true, value: { systems, actors } });
    await Promise.resolve();
    assert.equal(seen.at(-1), "snapshot");
    say(delta(10, []));
    assert.equal(asked(), 1);
  });

  test("a snapshot that is none is only noted", async () => {
    const { session, seen, say } = play();
    say(hello);
    session.refresh();
    say({ type: "reply", id: 1, ok: true, value: { systems: 1 } });
    await new Promise(setImmediate);
    assert.match(seen.at(-1) ?? "", /^noted no snapshot: systems is not a list/);
  });

  test("long texts are cut, and fields nobody knows are left out", () => {
    const { say, seen } = play();
    say(hello);
    say({ ...snapshot([actor("a", 0, { definition: "x".repeat(5_000) })]), surprise: 1 });
    assert.equal(seen.at(-1), "snapshot");
  });

  test("a request ends with the reply that bears its id", async () => {
    const { session, sent, say } = play();
    say(hello);
    const kill = session.request({ type: "kill", key: "a" });
    const locate = session.request({ type: "locate", key: "a" });
    assert.deepEqual(
      sent.slice(-2).map((frame) => "id" in frame && frame.id),
      [1, 2],
    );
    say({ type: "reply", id: 2, ok: true, value: null });
    say({ type: "reply", id: 1, ok: false, code: "ERR_UNKNOWN_ACTOR", message: "no such actor" });
    assert.equal(await locate, null);
    await assert.rejects(kill, (error: RequestError) => error.code === "ERR_UNKNOWN_ACTOR");
  });

  test("a request without a reply fails in time, and a late reply does nothing", async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const { session, say } = play();
    say(hello);
    const kill = session.request({ type: "kill", key: "a" });
    context.mock.timers.tick(REPLY_LIMIT_MS);
    await assert.rejects(kill, /did not answer within 5 s/);
    say({ type: "reply", id: 1, ok: true });
  });

  test("the end of the program is the end of its requests", async () => {
    const { session, say, seen, fault } = play();
    say(hello);
    const kill = session.request({ type: "kill", key: "a" });
    session.end();
    await assert.rejects(kill, /the program has ended/);
    assert.deepEqual(seen, ["opened", "closed", "ended"]);
    assert.equal(fault(), undefined);
    await assert.rejects(session.request({ type: "health" }), /the program has ended/);
  });
});
