"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const vscode = require("vscode");
const { open, program, row, start, stopAll, until } = require("./support.cjs");

const PROGRAM = path.join(__dirname, "actor-program.mjs");

/** What is done to a row of Supervision. */
const TO_ACTORS = ["kill", "restart", "stop", "suspend", "resume", "send"];
const TO_PROCESSES = ["terminateProcess", "killProcess", "signalProcess", "showProcessOutput"];
const ABOUT_ROWS = ["goToCrash", "explainWait", "showBlastRadius", "copyPath", "copyGrant", "messagesOf"];
const ABOUT_PROGRAMS = ["profileByActor", "pause"];
const TO_BREAKPOINTS = ["editCondition", "logMessage", "goToHandler", "removeBreakpoint"];

const trap = new Proxy(
  {},
  {
    get() {
      throw new Error("nobody reads this");
    },
  },
);
/** What is no row, and no breakpoint. */
const NONSENSE = [
  42,
  "kill",
  true,
  {},
  [],
  { kind: "actor" },
  { kind: "actor", program: {}, key: "x" },
  { id: 7 },
  trap,
];

describe("commands", () => {
  let api;
  before(async () => {
    api = await open();
  });
  after(() => stopAll(api));

  /** @returns what it has said; fails where it says nothing, or what nobody can understand. */
  async function saidBy(name, argument) {
    const before = api.lastTold();
    await vscode.commands.executeCommand(`airssys.${name}`, argument);
    const { count, text } = api.lastTold();
    assert.ok(count > before.count, `${name} of ${describeOf(argument)} says nothing`);
    assert.doesNotMatch(text, /TypeError|of undefined|of null|not a function|not iterable|nobody reads this/, name);
    return text;
  }
  const describeOf = (argument) => (argument === trap ? "a trap" : JSON.stringify(argument));

  it("say so when what they are given is nothing they can do something with", async () => {
    const all = [
      ...TO_ACTORS,
      ...TO_PROCESSES,
      ...ABOUT_ROWS,
      ...ABOUT_PROGRAMS,
      ...TO_BREAKPOINTS,
      "openSource",
      "showActor",
    ];
    for (const name of [...all, "breakOnMessage", "run", "newProject"])
      for (const argument of NONSENSE)
        assert.equal(await saidBy(name, argument), "Airssys: what was chosen is not there any more");
  });

  it("say so when the row is gone, belongs to another program, or its program has ended", async () => {
    await start({ name: "actor", program: PROGRAM }, { noDebug: true });
    const shown = await program(api, (tree) => tree.size > 5);
    const node = (key) => ({ kind: "actor", id: "gone", parent: undefined, program: shown, key });
    const key = row(shown, "order-desk/ledger").key;
    for (const name of [...TO_ACTORS, ...TO_PROCESSES, ...ABOUT_ROWS]) await saidBy(name, node("other-program#99"));
    for (const name of TO_PROCESSES) await saidBy(name, node(key));

    await stopAll(api);
    await until("it has ended", () => shown.endedAt !== undefined);
    for (const name of [...TO_ACTORS, ...TO_PROCESSES, ...ABOUT_PROGRAMS]) await saidBy(name, node(key));
  });

  it("say so when no breakpoint is chosen, and when it is gone", async () => {
    const { stops } = api.stopping;
    stops.remove(stops.kept.stops.map(({ id }) => id));
    for (const name of [...TO_BREAKPOINTS, "removeAllBreakpoints"])
      assert.equal(await saidBy(name), "Airssys: there is no actor breakpoint");
    for (const messageType of ["one", "two"]) stops.put({ id: messageType, messageType, isOn: false });
    for (const name of TO_BREAKPOINTS)
      assert.equal(await saidBy(name, { id: "gone" }), "Airssys: choose an actor breakpoint first");
    await vscode.commands.executeCommand("airssys.removeAllBreakpoints");
    assert.equal(stops.kept.stops.length, 0);
  });

  it("say so when there is nothing to step from, or to copy", async () => {
    for (const name of ["stepToReceiver", "nextMessage", "stepToReply"])
      assert.equal(await saidBy(name), "Airssys: No program has stopped in an actor, and no recording is shown.");
  });
});
