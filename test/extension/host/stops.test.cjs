"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const vscode = require("vscode");
const { file, open, program, row, start, stopAll, until } = require("./support.cjs");

const PROGRAM = path.join(__dirname, "stops-program.mjs");

describe("stops", () => {
  let api;
  let shown;
  const breakOnCrash = (on) =>
    vscode.workspace.getConfiguration("airssys").update("breakOnCrash", on, vscode.ConfigurationTarget.Global);
  before(async () => {
    api = await open();
    await breakOnCrash(true);
    await vscode.commands.executeCommand("airssys.breakpoints.focus");
  });
  after(() => breakOnCrash(false));
  beforeEach(async () => {
    await start({ name: "stops", program: PROGRAM });
    shown = await program(api, (tree) => tree.size > 10);
    await until("it is told where to stop", () => api.stopping.arming.isArmed(shown));
  });
  afterEach(async () => {
    const { stops } = api.stopping;
    stops.remove(stops.kept.stops.map(({ id }) => id));
    for (const name of ["deadLetter", "escalation", "mailbox"]) stops.turn(name, false);
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await stopAll(api);
  });

  const send = (id, message) => shown.request({ type: "send", key: row(shown, `shop/${id}`).key, message });

  /** The stack the debugger has stopped with, once it is another one than before. */
  async function stopped(isRight = () => true) {
    return until(
      "the debugger stops",
      async () => {
        const item = vscode.debug.activeStackItem;
        if (!item || !shown.isPaused) return undefined;
        // It may be stepping on, from where it stopped to who caused that.
        const answer = await item.session.customRequest("stackTrace", { threadId: item.threadId }).then(
          (stack) => stack,
          () => undefined,
        );
        if (answer === undefined) return undefined;
        const { stackFrames } = answer;
        const own = stackFrames.filter(
          ({ source, presentationHint }) =>
            presentationHint === "label" || (source && source.presentationHint !== "deemphasize"),
        );
        const stop = {
          names: own.map(({ name }) => name),
          line: own[0]?.line,
          frameId: own[0]?.id,
          top: stackFrames[0]?.name,
          session: item.session,
          threadId: item.threadId,
        };
        return isRight(stop) ? stop : undefined;
      },
      20_000,
    );
  }

  async function goOn({ session, threadId }) {
    await session.customRequest("continue", { threadId });
    await until("it goes on", () => !shown.isPaused);
  }

  const breakOn = async (request) => {
    await vscode.commands.executeCommand("airssys.breakOnMessage", request);
    const { id } = api.stopping.stops.kept.stops.at(-1);
    return until("it is armed", () => api.stopping.stops.stateOf(id));
  };

  const rows = () =>
    api.stopping.view.getChildren().map((each) => {
      const { label, description, checkboxState } = api.stopping.view.getTreeItem(each);
      return `${checkboxState === 1 ? "x" : "-"} ${label} | ${description}`;
    });

  it("stops only at the message that the condition of a breakpoint is for", async () => {
    const armed = await breakOn({ messageType: "pack", definition: "Packer", condition: "message.orderId === 2" });
    assert.equal(armed.state, "armed");
    for (const orderId of [1, 2, 3]) await send("packer", { type: "pack", orderId });
    const stop = await stopped();
    assert.equal(stop.names[0], "Packer.handleMessage");
    const { result } = await stop.session.customRequest("evaluate", {
      expression: "arguments[0].orderId",
      frameId: stop.frameId,
    });
    assert.equal(result, "2");
    await until("the view says why", () => api.stopping.view.message.includes("is about to handle pack"));
    await goOn(stop);
    await until("all are handled", () => row(shown, "shop/packer").handled === 3);
  });

  it("shows which breakpoints wait for an actor, and which have a wrong condition, and logs without stopping", async () => {
    await breakOn({ messageType: "pack", definition: "Nobody", condition: "true" });
    await breakOn({ messageType: "pack", definition: "Packer", condition: "message.box.size > 1" });
    await breakOn({ messageType: "pack", definition: "Packer", log: "packs {message.orderId}" });
    await send("packer", { type: "pack", orderId: 7 });
    await until("a condition has failed", () => rows().some((each) => each.includes("condition failed")));
    assert.deepEqual(rows(), [
      "x Break on Crash | before the supervisor acts",
      "- Break on Dead Letter | ",
      "- Break on Escalation | ",
      "- Break on Full Mailbox | ",
      "x pack | armed when Nobody starts",
      "x pack | condition failed: Cannot read properties of undefined (reading 'size')",
      'x pack | log "packs {message.orderId}" · Packer',
    ]);
    assert.equal(shown.isPaused, false);
  });

  it("says in the lens over a handler when a breakpoint stops there, and leads to where the program has it", async () => {
    await breakOn({ messageType: "pack", definition: "Packer", condition: "message.orderId === 2" });
    const { id } = api.stopping.stops.kept.stops[0];
    const { at } = await until("the program says where it stands", () => {
      const said = api.stopping.stops.stateOf(id);
      return said?.at && said;
    });
    assert.match(at.file, /stops-program\.mjs$/);
    await vscode.commands.executeCommand("airssys.goToHandler", { id });
    await until("the handler is shown", () => {
      const editor = vscode.window.activeTextEditor;
      return editor?.document.fileName === PROGRAM && editor.document.lineAt(editor.selection.active).text;
    });
    const { activeTextEditor } = vscode.window;
    assert.match(activeTextEditor.document.lineAt(activeTextEditor.selection.active).text, /handleMessage/);

    const orders = file("src/orders.ts");
    await vscode.window.showTextDocument(orders);
    const titles = async () => {
      const lenses = await vscode.commands.executeCommand("vscode.executeCodeLensProvider", orders, 100);
      return lenses.map(({ command }) => command?.title ?? "");
    };
    const before = await until(
      "handlers have lenses",
      async () => {
        const all = await titles();
        return all.includes("Break on Message…") && all;
      },
      50_000,
    );
    const condition = "message.lines.length > 2";
    await vscode.commands.executeCommand("airssys.breakOnMessage", { messageType: "place", condition });
    const after = await until("the lens says when it stops", async () => {
      const all = await titles();
      return all.includes(`● stops if ${condition}`) && all;
    });
    assert.equal(after.length, before.length);
  });

  it("goes with the call stack over three messages into who sent them", async () => {
    await breakOn({ messageType: "pack", condition: "true" });
    await send("gateway", { type: "request", orderId: 4 });
    const { names, ...stop } = await stopped();
    const labels = names.filter((name) => name.startsWith("message "));
    assert.deepEqual(labels, [
      "message pack from orders",
      "message place from gateway",
      "message request from outside",
    ]);
    await goOn(stop);
  });

  it("steps from the line of a tell to where that is handled, and on to the next message of that actor", async () => {
    await breakOn({ messageType: "place", condition: "true" });
    await send("gateway", { type: "request", orderId: 5 });
    const first = await stopped();
    assert.equal(first.names[0], "Orders.handleMessage");
    await until("steps are offered", () => shown.runner !== undefined);
    await first.session.customRequest("next", { threadId: first.threadId });
    await stopped(({ line }) => line > first.line);
    await until("steps are offered", () => shown.runner !== undefined);
    await vscode.commands.executeCommand("airssys.stepToReceiver");
    const received = await stopped(({ names }) => names[0] === "Packer.handleMessage");
    await until("steps are offered", () => shown.runner !== undefined);
    await vscode.commands.executeCommand("airssys.nextMessage");
    await until("it runs on", () => !shown.isPaused);
    await send("packer", { type: "pack", orderId: 6 });
    const next = await stopped(({ names }) => names[0] === "Packer.handleMessage");
    assert.equal(next.line, received.line);
    await goOn(next);
  });

  it("steps from a handler to behind the ask that it answers", async () => {
    await breakOn({ messageType: "place", condition: "true" });
    await send("gateway", { type: "request", orderId: 5 });
    const first = await stopped();
    await until("steps are offered", () => shown.runner !== undefined);
    await vscode.commands.executeCommand("airssys.stepToReply");
    const asker = await stopped(({ names }) => names[0].endsWith("request"));
    const text = (await vscode.workspace.openTextDocument(PROGRAM)).lineAt(asker.line - 1).text;
    assert.match(text, /const length = answer\.length/);
    assert.notEqual(asker.line, first.line);
    await goOn(asker);
  });

  it("steps to the reply of this question, and not to that of another that the same function waits for", async () => {
    await breakOn({ messageType: "place", condition: "message.orderId === 105" });
    await send("gateway", { type: "request", orderId: 105 });
    await stopped();
    await until("steps are offered", () => shown.runner !== undefined);
    await send("other gateway", { type: "request", orderId: 6 });
    await vscode.commands.executeCommand("airssys.stepToReply");
    const asker = await stopped(({ names }) => names[0].endsWith("request"));
    const { result } = await asker.session.customRequest("evaluate", {
      expression: "orderId",
      frameId: asker.frameId,
      context: "hover",
    });
    assert.equal(result, "105");
    await goOn(asker);
  });

  for (const [id, type] of [
    ["sync", "sync"],
    ["crasher", "early"],
    ["crasher", "late"],
    ["crasher", "pipe"],
  ])
    it(`stops where an actor crashes before its supervisor acts: ${type}`, async () => {
      await send("crasher", { type: "caught" });
      await send(id, { type });
      const stop = await stopped();
      assert.match(stop.names[0], /handleMessage|anonymous/);
      assert.equal(row(shown, `shop/${id}`).incarnation, 1);
      await until("the view says what follows", () => api.stopping.view.message.startsWith(`${id} is about to crash`));
      assert.match(api.stopping.view.message, / is about to crash( on \w+)?\. On Continue it does\. \S/);
      await goOn(stop);
      await until("it is restarted", () => row(shown, `shop/${id}`).incarnation === 2);
      assert.equal(api.stopping.view.message, "");
    });

  it("stops at no crash while that is off, and leaves the filters of the user as they are", async () => {
    await vscode.commands.executeCommand("airssys.toggleBreakOnCrash");
    await until("it is off", () => !api.stopping.stops.kept.switches.crash);
    await send("sync", { type: "sync" });
    await until("it is restarted", () => row(shown, "shop/sync").incarnation === 2);
    assert.equal(shown.isPaused, false);
    await vscode.commands.executeCommand("airssys.toggleBreakOnCrash");
    await until("it is on", () => api.stopping.stops.kept.switches.crash);
    const session = vscode.debug.activeDebugSession;
    await session.customRequest("setExceptionBreakpoints", { filters: ["all"] });
    await send("crasher", { type: "caught" });
    const caught = await stopped();
    await goOn(caught);
    await send("sync", { type: "sync" });
    await goOn(await stopped());
  });

  it("stops at a dead letter where it was sent, at a full mailbox, and at an escalation", async () => {
    await vscode.commands.executeCommand("airssys.breakOnDeadLetter");
    await send("gateway", { type: "lose" });
    const lost = await stopped(({ top }) => /lose$/.test(top ?? ""));
    await until("the view says why", () => api.stopping.view.message.includes("reached nobody"));
    await goOn(lost);
    api.stopping.stops.turn("deadLetter", false);
    api.stopping.stops.turn("mailbox", true, 3);
    await send("gateway", { type: "flood" });
    const full = await stopped(({ top }) => /flood$/.test(top ?? ""));
    await until("the view says why", () => api.stopping.view.message.includes("3 messages wait"));
    await goOn(full);
    api.stopping.stops.turn("mailbox", false);
    api.stopping.stops.turn("crash", false);
    api.stopping.stops.turn("escalation", true);
    await send("fragile/glass", { type: "sync" });
    const escalated = await stopped();
    await until("the view says why", () => api.stopping.view.message.includes("gave up"));
    await goOn(escalated);
    api.stopping.stops.turn("crash", true);
  });
});
