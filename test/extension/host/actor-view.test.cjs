"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const vscode = require("vscode");
const { open, program, row, start, stopAll, until } = require("./support.cjs");

const PROGRAM = path.join(__dirname, "actor-program.mjs");
const PATH = "order-desk/sales/orders";

describe("the Actor view", () => {
  let api;
  let shown;
  before(async () => {
    api = await open();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand("airssys.unpinActor");
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await stopAll(api);
  });

  const begin = async (options) => {
    await start({ name: "actor", program: PROGRAM }, options);
    shown = await program(api, (tree) => tree.size > 5);
    await vscode.commands.executeCommand("airssys.showActor", nodeOf(PATH));
  };
  const nodeOf = (at) => ({ kind: "actor", id: at, parent: undefined, program: shown, key: row(shown, at).key });
  const send = (message) => shown.request({ type: "send", key: row(shown, PATH).key, message });
  const words = (entry) => {
    const { label, description } = api.actorView.getTreeItem(entry);
    return `${label} ${description}`.trim();
  };
  const top = () => api.actorView.getChildren();
  const below = async (label) => {
    const entry = (await top()).find((one) => one.label === label);
    return entry === undefined ? [] : api.actorView.getChildren(entry);
  };
  const state = async () => (await below("State")).map(words);
  /** What is seen instead is told: the state of another actor, or none, has another cause than an old one. */
  const stateIs = async (what, test) => {
    let seen = [];
    try {
      return await until(what, async () => {
        seen = await state();
        return test(seen) ? seen : undefined;
      });
    } catch (error) {
      const { description, message } = api.actorView;
      throw new Error(`${error.message}; it shows ${JSON.stringify({ description, message, seen })}`);
    }
  };

  it("shows the state of the actor that is selected, private fields too, opens what is in it, and hides what is named so", async () => {
    await begin({ noDebug: true });

    const lines = await stateIs("the state is told", (seen) => seen.length > 0);
    assert.deepEqual(lines, [
      "#records Map(250)",
      "#customers Map(1)",
      "#lastOrderId 17",
      "secretKey hidden",
      "handled 0",
    ]);
    assert.equal(api.actorView.description, PATH);
    const [records, customers] = await below("State");
    const first = await api.actorView.getChildren(records);
    assert.deepEqual(
      [first.length, words(first[0]), words(first[100])],
      [101, "order-1 {id: 1, paid: true}", "150 more"],
    );
    const more = await api.actorView.getChildren(first[100]);
    assert.deepEqual([words(more[0]), more.length], ["order-101 {id: 101, paid: true}", 101]);
    const [customer] = await api.actorView.getChildren(customers);
    assert.deepEqual((await api.actorView.getChildren(customer)).map(words), [
      "#card 4929 0000",
      "name ann",
      "password hidden",
    ]);
    const item = api.actorView.getTreeItem(customer);
    assert.equal(item.accessibilityInformation.label, '17, Customer {name: "ann", password: hidden}');
  });

  it("follows what changes: messages that wait and were set aside, ties, timers, lives, settings", async () => {
    await begin({ noDebug: true });
    await send({ type: "fail" });
    await until("it lives again", async () => (await below("Lives")).length === 2);
    assert.match(words((await below("Lives"))[1]), /^1st for .* · RangeError: no such order$/);

    await send({ type: "later", n: 1 });
    await send({ type: "hold" });
    for (let n = 0; n < 5; n++) await send({ type: "place", n, token: "x" });
    await until("five messages wait", async () =>
      (await top()).some((one) => words(one).startsWith("Mailbox 5 of 1,000")),
    );
    const letters = await below("Mailbox");
    assert.deepEqual(
      letters.map(({ label }) => label),
      ["place", "place", "place", "2 more"],
    );
    assert.match(letters[0].tooltip, /token: hidden/);
    assert.equal((await below("Set aside")).length, 1);
    assert.deepEqual((await below("Links")).map(words), [
      "inventory linked: they end together",
      "ledger watched by it",
    ]);
    assert.deepEqual(
      (await below("Timers")).map(({ label }) => label),
      ["flush", "close the day"],
    );
    assert.ok((await below("Settings")).map(words).includes("mailbox 1000 · from its spec"));
    await until("it says what is the matter", () =>
      /^Handles hold for .*, so 5 messages wait\.$/.test(api.actorView.message),
    );
    await until("messages are noted", async () => (await below("Recent messages")).length > 0);
  });

  it("counts latencies by message type while their section is seen, and has nothing counted while it is not", async () => {
    await begin({ noDebug: true });
    const level = () => api.following.levelOf(shown);
    const latency = async () => (await below("Latency")).map(words);
    await until("the program counts", async () => (await latency())[0] === "no message since you look");
    for (let n = 0; n < 5; n++) await send({ type: "place", n });
    await send({ type: "fail" });
    await until("each type has its row", async () => {
      const [fail, place] = await latency();
      return /^fail 1 crash · p95 .* · 1 msg$/.test(fail) && /^place p95 .* · 5 msg$/.test(place ?? "");
    });
    const [, place] = await below("Latency");
    assert.match(
      api.actorView.getTreeItem(place).accessibilityInformation.label,
      /^place, 95th percentile .*5 messages$/,
    );
    assert.equal(level(), "stats");

    await vscode.commands.executeCommand("airssys.openEntry", place);
    await until("it leads to the handler, or the actor", () =>
      /actor-program\.mjs$/.test(vscode.window.activeTextEditor?.document.fileName ?? ""),
    );
    await vscode.commands.executeCommand("workbench.view.explorer");
    await until("nothing is counted for nobody", () => level() === "off");
    await vscode.commands.executeCommand("airssys.showActor", nodeOf("order-desk/dispatch"));
    await until("it counts again", () => level() === "stats");
    await vscode.commands.executeCommand("airssys.showActor", nodeOf("order-desk/sales"));
    await until("a supervisor has no latencies", () => level() === "off");
  });

  it("shows the state while the debugger holds the program, and where it stands", async () => {
    const text = await vscode.workspace.openTextDocument(PROGRAM);
    const line = text
      .getText()
      .split("\n")
      .findIndex((one) => one.includes('case "later":'));
    vscode.debug.addBreakpoints([
      new vscode.SourceBreakpoint(new vscode.Location(text.uri, new vscode.Position(line + 1, 8))),
    ]);
    await begin();
    await stateIs("the state is told", (seen) => seen.includes("handled 0"));
    await send({ type: "later", n: 1 });
    await until("it stands", () => shown.isPaused);

    await stateIs("the state of this moment is told", (seen) => seen.includes("handled 1"));
    await until("it says where", () => api.actorView.message === "The program is paused in it, on later.");
    const [records] = await below("State");
    assert.equal((await api.actorView.getChildren(records)).length, 101);

    await vscode.commands.executeCommand("workbench.view.debug");
    await vscode.commands.executeCommand("workbench.action.debug.continue");
    await until("it goes on", () => !shown.isPaused);
    await send({ type: "later", n: 2 });
    await until("it stands again", () => shown.isPaused);
    await vscode.commands.executeCommand("airssys.showActor", nodeOf(PATH));
    await stateIs("whoever comes back to the view is told", (seen) => seen.includes("handled 2"));
  });

  it("shows the state from within a busy loop under the debugger, and who keeps it", async () => {
    await begin();
    await stateIs("the state is told", (seen) => seen.includes("handled 0"));
    await send({ type: "busy", ms: 9_000 });
    await until("it is said who keeps the loop", () =>
      /^It has not let go for \d s: nobody else can run\.$/.test(api.actorView.message),
    );

    await stateIs("the state of this moment is told", (seen) => seen.includes("handled 1"));
    assert.ok(shown.silence, "it is still in its loop");
  });

  it("follows a click on a row also while the rows are drawn anew", async () => {
    await begin({ noDebug: true });
    await vscode.commands.executeCommand("airssys.openSource", nodeOf("order-desk/dispatch"));
    await until("it has followed", () => api.actorView.description === "order-desk/dispatch");

    await vscode.commands.executeCommand("airssys.showActor", nodeOf(PATH));
    await until("it shows what it was asked for", () => api.actorView.description === PATH);
    await vscode.commands.executeCommand("airssys.openSource", nodeOf("order-desk/dispatch"));
    await until(
      "a click on the row that is selected counts, too",
      () => api.actorView.description === "order-desk/dispatch",
    );
  });

  it("stays with the actor that is pinned, and goes on with it when the program is started again", async () => {
    await begin({ noDebug: true });
    await vscode.commands.executeCommand("airssys.pinActor");
    await api.view.reveal(shown, row(shown, "order-desk/ledger").key);
    await until("another is selected", () => api.view.selected?.key === row(shown, "order-desk/ledger").key);
    assert.equal(api.actorView.description, PATH);
    await vscode.commands.executeCommand("airssys.unpinActor");
    await until("it follows again", () => api.actorView.description === "order-desk/ledger");

    await stopAll(api);
    const key = api.actorView.shown.key;
    await start({ name: "actor", program: PROGRAM }, { noDebug: true });
    shown = await program(api, (tree) => tree.size > 5);
    await until("it shows the new one", () => api.actorView.shown.program === shown);
    assert.ok(key);
    assert.equal(api.actorView.description, "order-desk/ledger");
  });
});
