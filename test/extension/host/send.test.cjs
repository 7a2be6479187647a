"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const vscode = require("vscode");
const { file, open, program, row, start, stopAll, until } = require("./support.cjs");

const TROUBLED = path.join(__dirname, "troubled-program.mjs");

/** What the debug consoles say, while a test listens. */
function listen() {
  const lines = [];
  const registration = vscode.debug.registerDebugAdapterTrackerFactory("*", {
    createDebugAdapterTracker: () => ({
      onDidSendMessage: ({ event, body }) => event === "output" && lines.push(String(body.output)),
    }),
  });
  return { lines, end: () => registration.dispose() };
}

describe("what week one needs of a running program", () => {
  let api;
  before(async () => {
    api = await open();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
    await stopAll(api);
  });

  const node = (running, wanted) => ({ kind: "actor", program: running, key: row(running, wanted).key });
  const execute = (command, ...args) => vscode.commands.executeCommand(command, ...args);
  const accept = () => execute("workbench.action.acceptSelectedQuickOpenItem");
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  it("asks an actor in its own messages: chosen, written from a skeleton, answered, kept to be sent again", async () => {
    await start({}, { noDebug: true });
    const running = await program(api);
    const target = node(running, "order-desk/ledger");
    const known = await until("the language server knows its messages", () => api.actors.messages("Ledger", undefined));
    assert.ok(known.messages.length > 1 && known.discriminant === "type", JSON.stringify(known));
    const before = row(running, "order-desk/ledger").handled;
    const sent = execute("airssys.send", target);
    const choices = await until(
      "the messages are offered",
      () => api.sender.shown?.items?.length > known.messages.length && api.sender.shown,
    );
    assert.match(choices.title, /^Send Message to ledger \(1\/2\)$/);
    const labels = choices.items.map(({ label }) => label.replace(/^\$\(.*?\) /, ""));
    for (const { shape } of known.messages) assert.ok(labels.includes(shape.fields[0].shape.value), labels.join());
    assert.equal(labels.at(-1), "As JSON…");
    const choose = (word) => {
      const { shown } = api.sender;
      shown.activeItems = shown.items.filter(({ label }) => label.endsWith(` ${word}`));
      return pause(300).then(accept);
    };
    await choose("history");
    const box = await until(
      "the skeleton is there",
      () => api.sender.shown?.value !== undefined && api.sender.shown.title.includes("(2/2)") && api.sender.shown,
    );
    JSON.parse(box.value);
    await execute("workbench.action.quickInputBack");
    await until("it is back at the first step", () => /\(1\/2\)/.test(api.sender.shown?.title ?? ""));
    await until("the messages are there again", () => api.sender.shown.items.length > known.messages.length);
    await choose("history");
    await until("the second step", () => /\(2\/2\)/.test(api.sender.shown?.title ?? ""));
    await accept();
    const result = await until(
      "the result is shown",
      () => /replied after|handled/.test(api.sender.shown?.title ?? "") && api.sender.shown,
    );
    assert.match(result.title, /^ledger (replied after|handled \w+ after) \d+/);
    await until("it was handled once", () => row(running, "order-desk/ledger").handled === before + 1);
    await execute("workbench.action.closeQuickOpen");
    assert.equal(await sent, true);

    const again = execute("airssys.send", target);
    const kept = await until(
      "it is offered again",
      () => api.sender.shown?.items?.some(({ label }) => label.startsWith("$(history)")) && api.sender.shown,
    );
    const recent = kept.items.find(({ label }) => label.startsWith("$(history)"));
    assert.match(recent.description, /^sent \d+ s ago · it (replied|handled)/);
    await execute("workbench.action.closeQuickOpen");
    assert.equal(await again, false, "Escape sends nothing");
    assert.equal(row(running, "order-desk/ledger").handled, before + 1);
  });

  it("does not send what is wrong: the place is named, and the actor never sees it", async () => {
    await start({}, { noDebug: true });
    const running = await program(api);
    await until("the language server knows its messages", () => api.actors.messages("Orders", undefined));
    const before = row(running, "order-desk/sales/orders").handled;
    const sent = execute("airssys.send", node(running, "order-desk/sales/orders"));
    const choices = await until(
      "the messages are offered",
      () => api.sender.shown?.items?.length > 3 && api.sender.shown,
    );
    choices.activeItems = choices.items.filter(({ draft }) =>
      draft?.form?.shape.fields?.some(({ shape }) => shape.kind === "number"),
    );
    assert.ok(
      choices.activeItems.length > 0,
      choices.items.map(({ label, detail }) => `${label} ${detail}`).join("\n"),
    );
    await pause(300);
    await accept();
    const box = await until(
      "the skeleton is there",
      () => /\(2\/2\)/.test(api.sender.shown?.title ?? "") && api.sender.shown,
    );
    box.value = box.value.replace(/: 0/, ': "no number"');
    await accept();
    await until("it is said", () => /must be a number, not "no number"\.$/.test(box.validationMessage ?? ""));
    assert.equal(api.sender.shown, box, "the box stays");
    await execute("workbench.action.closeQuickOpen");
    assert.equal(await sent, false);
    assert.equal(row(running, "order-desk/sales/orders").handled, before);
  });

  it("says with the cause that an actor crashed on what it was sent, and goes to the line", async () => {
    const settings = vscode.workspace.getConfiguration("airssys");
    await settings.update("confirmActions", false, vscode.ConfigurationTarget.Global);
    try {
      await start({ program: TROUBLED, env: { TROUBLE: "calm" } }, { noDebug: true });
      const running = await program(api);
      const outcome = await api.sender.deliver(node(running, "order-desk/payments/cards"), { type: "crash" });
      assert.equal(outcome.outcome, "failed");
      assert.match(outcome.text, /crashed in receive: RangeError: no issuer/);
      assert.deepEqual(
        (await api.sender.deliver(node(running, "order-desk/ledger"), { type: "reserve" })).payload,
        "reserved",
      );
      await until("it is up again", () => row(running, "order-desk/payments/cards").restarts === 1);
    } finally {
      await settings.update("confirmActions", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("freezes messages and names who blocks the loop under the debugger, unless the settings say no", async () => {
    const said = listen();
    const settings = vscode.workspace.getConfiguration("airssys");
    const run = async (options) => {
      await start({ program: TROUBLED, env: { TROUBLE: "calm", TROUBLE_LOGS: "1" } }, options);
      const running = await program(api);
      const careless = await api.sender.deliver(node(running, "order-desk/payments/cards"), {
        type: "change",
        cents: 1,
      });
      await api.sender.deliver(node(running, "order-desk/gateway"), { type: "charge", ms: 200 });
      await pause(300);
      await stopAll(api);
      return { careless, blocked: said.lines.splice(0).some((line) => /gateway blocked the event loop/.test(line)) };
    };
    try {
      const debugged = await run({});
      assert.equal(debugged.careless.outcome, "failed");
      assert.match(
        debugged.careless.text,
        /read only property 'cents'.*\(messages are frozen once they are sent: change a copy\)/,
      );
      assert.equal(debugged.blocked, true);
      const plain = await run({ noDebug: true });
      assert.deepEqual([plain.careless.outcome, plain.blocked], ["handled", false]);
      await settings.update("freezeMessages", false, vscode.ConfigurationTarget.Global);
      await settings.update("watchdog", false, vscode.ConfigurationTarget.Global);
      const off = await run({});
      assert.deepEqual([off.careless.outcome, off.blocked], ["handled", false]);
    } finally {
      await settings.update("freezeMessages", undefined, vscode.ConfigurationTarget.Global);
      await settings.update("watchdog", undefined, vscode.ConfigurationTarget.Global);
      said.end();
    }
  });

  it("reveals the actor of the handler under the cursor, one of several by choice, and goes back to the code", async () => {
    await start({}, { noDebug: true });
    const running = await program(api);
    const reveal = async (relative, text) => {
      const document = await vscode.workspace.openTextDocument(file(relative));
      const editor = await vscode.window.showTextDocument(document);
      const at = document.positionAt(document.getText().indexOf(text));
      editor.selection = new vscode.Selection(at, at);
      return execute("airssys.revealActor");
    };
    await until("the language server knows the actors", () => api.actors.messages("Ledger", undefined));
    assert.equal(await reveal("src/ledger.ts", "handleMessage"), true);
    await until("it is selected", () => api.view.selected?.key === row(running, "order-desk/ledger").key);
    await execute("airssys.openSource");
    await until("its code is shown", () => /ledger\.ts$/.test(vscode.window.activeTextEditor?.document.uri.path ?? ""));
    const choosing = reveal("src/packer.ts", "handleMessage");
    let chosen;
    void choosing.then((value) => {
      chosen = value;
    });
    await until("one is chosen", () =>
      pause(300)
        .then(accept, accept)
        .then(() => chosen !== undefined),
    );
    assert.equal(chosen, true);
    await until("a packer is selected", () =>
      /packer/.test(api.view.selected?.program.tree.row(api.view.selected.key)?.id ?? ""),
    );
  });

  it("orders the rows and filters them, says so beside the title, and shows all again by one command", async () => {
    await start({ program: TROUBLED, env: { TROUBLE: "calm" } }, { noDebug: true });
    const running = await program(api);
    const tops = () => api.view.getChildren(api.view.getChildren()[0]).map((each) => api.view.getTreeItem(each).label);
    const asStarted = tops();
    await execute("airssys.suspend", node(running, "order-desk/gateway")).catch(() => undefined);
    await execute("airssys.sort", "name");
    assert.deepEqual(tops(), [...asStarted].sort());
    assert.equal(api.view.description, "Name");
    await execute("airssys.filter", "card");
    assert.deepEqual(tops(), ["payments"]);
    assert.equal(api.view.description, "“card” · Name");
    await until("the line above says so, too", () => / · shown: “card” · Name$/.test(api.view.message));
    await execute("airssys.filter", "no such actor");
    assert.deepEqual(tops(), []);
    await until("it is said", () => /^No actor matches “no such actor”\./.test(api.view.message));
    await api.view.reveal(running, row(running, "order-desk/ledger").key);
    assert.equal(api.view.description, "Name", "what somebody wants to see is not filtered away");
    await execute("airssys.resetArrangement");
    assert.deepEqual(tops(), asStarted);
    assert.equal(api.view.description, "");
    await execute("airssys.filter", "card");
    await stopAll(api);
    assert.equal(api.view.description, "", "the tree of the source stands as it is written");
    await until("the line above says so, too", () => /^Not running/.test(api.view.message));
    await execute("airssys.resetArrangement");
  });

  it("explains a deadlock question by question, and opens the line of the ask", async () => {
    await start({ program: TROUBLED, env: { TROUBLE: "deadlock", TROUBLE_AFTER_MS: "200" } }, { noDebug: true });
    const running = await program(api);
    await until("the deadlock is seen", () => running.tree.deadlocks[0]?.length === 2);
    const orders = node(running, "order-desk/sales/orders");
    const shown = api.view.getTreeItem({ ...orders, id: "x", parent: undefined });
    assert.match(shown.contextValue, /\bwaits\b.*\bdeadlocked\b/);
    const explained = execute("airssys.explainWait", orders);
    let isOver = false;
    void explained.then(() => {
      isOver = true;
    });
    await until("one is chosen", () =>
      pause(300)
        .then(accept, accept)
        .then(() => isOver),
    );
    await until("the code is shown", () =>
      /troubled-program\.mjs$/.test(vscode.window.activeTextEditor?.document.uri.path ?? ""),
    );
  });
});
