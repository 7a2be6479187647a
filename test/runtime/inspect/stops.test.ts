import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { runningSystems } from "../../../runtime/src/health/systems.ts";
import type { Tree } from "../../../runtime/src/inspect/actor-row.ts";
import type { ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";
import type { Armed, LastSent } from "../../../runtime/src/inspect/stop-protocol.ts";
import { Stops } from "../../../runtime/src/inspect/stops.ts";
import { Debugger } from "./debugger.ts";
import { shop } from "./viewer.ts";

type ArmedFrame = Extract<ProgramFrame, { type: "armed" }>;
type Stopped = Extract<ProgramFrame, { type: "stopped" }>;

interface Desk {
  readonly debug: Debugger;
  /** Where it stopped, by function, with the reason it told before. */
  readonly stops: string[];
  order(id: number): Promise<void>;
  keyOf(id: string): Promise<string>;
}

async function desk(t: TestContext): Promise<Desk> {
  const debug = await Debugger.run("stops-program.ts");
  t.after(() => debug.end());
  const stops: string[] = [];
  debug.onPause = (paused) => {
    const told = debug.frames.filter((frame): frame is Stopped => frame.type === "stopped").at(-1);
    stops.push(`${debug.ownFrame(paused)} ${told?.reason} ${told?.stop ?? ""}`.trim());
  };
  await debug.said("ready");
  const order = async (id: number): Promise<void> => {
    await debug.evaluate(`order(${id})`);
    await debug.said(`packed ${id}`);
    // What the debugger was told meanwhile comes before the answer to what is asked after it.
    await debug.evaluate("0");
  };
  const keyOf = async (id: string): Promise<string> => {
    const { value } = await debug.say({ type: "snapshot", id: 99 });
    return (value as unknown as Tree).actors.find((row) => row.id === id)?.key ?? "";
  };
  return { debug, stops, order, keyOf };
}

test("a message breakpoint stops at the messages its type, actor, sender and condition say, in the first line of the handler", async (t) => {
  const { debug, stops, order } = await desk(t);
  const arm = (stop: object): Promise<unknown> =>
    debug.say({ type: "arm", id: 1, stops: [{ id: "a", ...stop }] }).then(({ value }) => value);

  assert.deepEqual(await arm({ messageType: "pack", condition: "message.id === 2" }), [{ id: "a", state: "armed" }]);
  for (const id of [1, 2, 3]) await order(id);
  assert.deepEqual(stops.splice(0), ["handleMessage message a"]);

  await arm({ path: "desk/*", messageType: "pack", sender: "desk/orders", hits: 2 });
  for (const id of [4, 5, 6]) await order(id);
  assert.deepEqual(stops.splice(0), ["handleMessage message a"]);

  await arm({ definition: "Packer", sender: "desk/nobody" });
  await order(7);
  await arm({ path: "desk/orders", condition: 'sender === undefined && actor === "desk/orders" && incarnation === 1' });
  await order(8);
  assert.deepEqual(stops, ["handleMessage message a"]);
});

test("a message breakpoint that tells a text stops nothing, and leaves the output of the program as it is", async (t) => {
  const { debug, stops, order } = await desk(t);
  await debug.say({
    type: "arm",
    id: 1,
    stops: [{ id: "a", messageType: "pack", log: "pack {message.id + 1} { {a: 1}.a } {nothing.there} {" }],
  });

  await order(1);

  assert.deepEqual(stops, []);
  assert.deepEqual(
    debug.console.filter((line) => line.startsWith("pack ")),
    ["pack 2 1 (nothing is not defined) {"],
  );
  assert.deepEqual(debug.output, ["ready", "packed 1"]);
});

test("a breakpoint says whether it can be hit: nobody lives who handles that, or its condition is wrong", async (t) => {
  const { debug, stops, order } = await desk(t);

  const { value } = await debug.say({
    type: "arm",
    id: 1,
    stops: [
      { id: "later", definition: "Nobody" },
      { id: "syntax", condition: "message.id ==" },
      { id: "throws", messageType: "pack", condition: "message.box.id === 1" },
    ],
  });
  const armed = value as unknown as { state: string; text?: string }[];
  await order(1);

  assert.deepEqual(
    armed.map(({ state }) => state),
    ["noHandler", "badCondition", "armed"],
  );
  assert.match(String(armed[1]?.text), /Unexpected token/);
  const told = debug.frames.filter((frame) => frame.type === "armed").flatMap((frame) => frame.stops);
  assert.deepEqual(
    told.filter(({ state }) => state === "badCondition").map(({ id, state, text }) => [id, state, text]),
    [["throws", "badCondition", "Cannot read properties of undefined (reading 'id')"]],
  );
  assert.deepEqual(stops, []);
});

test("where a handler stands is told once it is known, of classes and of functional actors, and anew in each program", async (t) => {
  const { debug } = await desk(t);
  const stops = [
    { id: "class", messageType: "pack" },
    { id: "any", path: "desk/packer" },
    { id: "function", definition: "clerk", messageType: "note" },
    { id: "inherited", definition: "clerk", messageType: "toString" },
    { id: "nobody", definition: "Nobody" },
  ];
  const { value } = await debug.say({ type: "arm", id: 1, stops });
  assert.deepEqual(
    (value as unknown as Armed[]).map(({ state, at }) => [state, at]),
    ["armed", "armed", "armed", "noHandler", "noHandler"].map((state) => [state, undefined]),
  );
  const placed = await debug.told(
    (frame): frame is ArmedFrame => frame.type === "armed" && frame.stops.some(({ at }) => at !== undefined),
  );

  const lines = readFileSync(fileURLToPath(new URL("stops-program.ts", import.meta.url)), "utf8").split("\n");
  assert.deepEqual(
    placed.stops.map(({ id, at }) => [
      id,
      at?.file.replace(/^.*\//, ""),
      // Where types have been taken out of the program, `override` and a last comma have, too.
      /\w+: \(\)|handleMessage\([^,:]*/.exec(lines[(at?.line ?? 0) - 1] ?? "")?.[0],
    ]),
    [
      ["class", "stops-program.ts", "handleMessage({ id }"],
      ["any", "stops-program.ts", "handleMessage({ id }"],
      ["function", "stops-program.ts", "note: ()"],
    ],
  );
  assert.equal((value as unknown as Armed[])[3]?.text, "desk/clerk has no handler for toString");
});

test("from a stop one goes on to where the message sent last is handled, and to the next message of an actor", async (t) => {
  const { debug, stops, order, keyOf } = await desk(t);
  const key = await keyOf("orders");
  await debug.say({ type: "arm", id: 1, stops: [] });

  await debug.say({ type: "step", id: 2, kind: "nextMessage", seq: -1, key });
  await order(1);
  assert.deepEqual(stops.splice(0), ["handleMessage step"]);
  await order(2);
  assert.deepEqual(stops.splice(0), [], "a step is taken once");

  // In the program's turn, between its `tell` and the handler of that.
  await debug.say({ type: "step", id: 3, kind: "nextMessage", seq: -1, key });
  const sent: (LastSent | undefined)[] = [];
  debug.onPause = async (paused) => {
    stops.push(debug.ownFrame(paused));
    if (stops.length > 1) return;
    const seq = await debug.hook<number>("current.seq");
    await debug.say({ type: "step", id: 4, kind: "receiver", seq: seq + 1, key: await keyOf("packer") });
  };
  await order(3);
  sent.push(await debug.hook<LastSent>("lastSent"));
  assert.deepEqual(stops, ["handleMessage", "handleMessage"]);
  assert.deepEqual([sent[0]?.path, sent[0]?.type, sent[0]?.key], ["desk/packer", "pack", await keyOf("packer")]);
  assert.equal((await debug.say({ type: "step", id: 5, kind: "receiver", seq: 1, key: "desk#99" })).ok, false);
});

test("a breakpoint for one message does not stop at another that its handler takes while that message waits", async (t) => {
  const { debug, stops } = await desk(t);
  await debug.say({ type: "arm", id: 1, stops: [{ id: "a", messageType: "pack", condition: "message.id === 100" }] });

  await debug.evaluate("order(100); order(101)");
  await debug.said("packed 101");

  assert.deepEqual(stops, ["handleMessage message a"]);
});

test("the program stops at a dead letter below which is who sent it, at a full mailbox, and when a supervisor gives up", async (t) => {
  const { debug } = await desk(t);
  const stops: string[][] = [];
  const why: string[] = [];
  debug.onPause = ({ callFrames }) => {
    stops.push(callFrames.map(({ functionName }) => functionName));
    why.push(debug.frames.filter((frame): frame is Stopped => frame.type === "stopped").at(-1)?.text ?? "");
  };
  await debug.say({ type: "stopOn", id: 1, deadLetter: true, escalation: true, mailboxDepth: 2 });

  await debug.evaluate("lose()");
  await debug.said("lost one");
  await debug.evaluate("order(200); order(201); order(202); order(203)");
  await debug.said("packed 203");
  await debug.evaluate("order(13)");
  await debug.said("stopped");

  assert.ok(
    stops.every(([first]) => first === "stoppedHere"),
    stops.map(([first]) => first).join(),
  );
  assert.ok(stops[0]?.includes("loseOne"), stops[0]?.join());
  assert.match(String(why[0]), /^pack for desk\/gone reached nobody: stopped$/);
  assert.match(String(why[1]), /^2 messages wait in the mailbox of desk\/orders$/);
  assert.match(String(why.at(-1)), /^desk gave up after 1 restarts/);
});

test("with causes the stack of a handler goes on into who sent the message, and into who sent that one", async (t) => {
  const { debug, order } = await desk(t);
  const stacks: string[][] = [];
  debug.onPause = (paused) => {
    stacks.push(Debugger.stackOf(paused));
  };
  await debug.say({ type: "causes", id: 1, on: true });
  await debug.say({ type: "arm", id: 2, stops: [{ id: "a", messageType: "pack" }] });
  await order(1);
  await debug.say({ type: "causes", id: 3, on: false });
  await order(2);

  const [withCauses = [], without = []] = stacks;
  const labels = withCauses.filter((name) => name.startsWith("[message"));
  assert.deepEqual(labels, ["[message pack from orders]", "[message order from outside]"]);
  assert.ok(withCauses.indexOf("forward") > withCauses.indexOf("[message pack from orders]"), withCauses.join());
  assert.deepEqual(
    without.filter((name) => name.startsWith("[message")),
    [],
  );
});

test("what a viewer has armed is gone when it leaves, and the program is as it was", async (t) => {
  const { debug, stops, order } = await desk(t);
  await debug.say({ type: "arm", id: 1, stops: [{ id: "a" }] });
  await debug.say({ type: "stopOn", id: 2, crash: true });
  await debug.say({ type: "causes", id: 3, on: true });
  await order(1);
  assert.equal(stops.splice(0).length, 2);

  await debug.evaluate(`globalThis[Symbol.for("airssys.inspect")].receive('{"type":"leave"}')`);
  await order(2);

  assert.deepEqual(stops, []);
});

test("a debugger that is gone without a word while the program stands lets it run on, and nothing stops it any more", async (t) => {
  const { debug, stops } = await desk(t);
  await debug.say({ type: "arm", id: 1, stops: [{ id: "a" }] });
  await debug.say({ type: "stopOn", id: 2, crash: true, deadLetter: true, mailboxDepth: 1 });
  await debug.say({ type: "causes", id: 3, on: true });
  debug.onPause = (paused) => {
    stops.push(debug.ownFrame(paused));
    debug.drop();
  };
  await debug.evaluate("let n = 0; setInterval(() => { order(++n); lose(); }, 5); 0");

  await debug.said("packed 12");

  assert.equal(stops.length, 1);
  assert.ok(debug.output.filter((line) => line === "lost one").length >= 11);
});

test("what was armed is gone when the viewer is not heard of for 20 seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const system = await shop(t);
  const env = runningSystems().find(({ root }) => (root as unknown) === system.root)?.env;
  assert.ok(env);
  const stops = new Stops(() => {});
  t.after(() => stops.close());
  stops.arm([{ id: "a" }]);
  stops.causes(true);
  stops.stopOn({ type: "stopOn", id: 1, crash: true });
  t.mock.timers.tick(18_000);
  stops.heard();
  for (let look = 0; look < 10; look++) t.mock.timers.tick(2_000);
  assert.deepEqual([env.trace === undefined, env.stopsAtCrash], [false, true]);

  t.mock.timers.tick(2_000);

  assert.deepEqual([env.trace, env.stopsAtCrash], [undefined, false]);
});
