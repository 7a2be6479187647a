// From a symptom to its cause in at most three actions of a person, on the example that has six faults on purpose.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");
const { lines, open, program, row, start, stopAll, until, workspace } = require("./support.cjs");

const EXAMPLE = path.resolve(__dirname, "../../../runtime/examples/trouble");
const MOST_ACTIONS = 3;

describe("from symptom to cause", () => {
  let api;
  let actions;
  /** A copy of the example within the workspace: its source is known there. */
  let copy;
  const breakOnCrash = (on) =>
    vscode.workspace.getConfiguration("airssys").update("breakOnCrash", on, vscode.ConfigurationTarget.Global);
  before(async () => {
    api = await open();
    await breakOnCrash(true);
    copy = path.join(workspace().uri.fsPath, "trouble");
    for (const name of ["src", "package.json", "tsconfig.json"])
      fs.cpSync(path.join(EXAMPLE, name), path.join(copy, name), { recursive: true });
  });
  after(async () => {
    fs.rmSync(copy, { recursive: true });
    await breakOnCrash(false);
    await until("its source is gone", () => !hasSource());
  });
  beforeEach(() => {
    actions = [];
  });
  afterEach(async () => {
    assert.ok(actions.length <= MOST_ACTIONS, actions.join(", "));
    const { stops } = api.stopping;
    stops.remove(stops.kept.stops.map(({ id }) => id));
    await vscode.commands.executeCommand("airssys.hideMarks");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await stopAll(api);
  });

  const hasSource = () => api.sources.tree.roots.some((root) => JSON.stringify(root).includes("bakery"));
  const sourceIsKnown = () =>
    until("its source is known", hasSource).catch(() => assert.fail(JSON.stringify(api.sources.tree).slice(0, 2_000)));

  /** One thing that a person does. */
  async function act(what, ...args) {
    actions.push(what);
    return vscode.commands.executeCommand(what, ...args);
  }

  async function run(fault, options = {}) {
    actions.push("F5");
    await start({ name: fault, program: path.join(copy, "src/main.ts"), cwd: copy, args: [fault] }, options);
    return program(api, (tree) => tree.size >= 9);
  }

  const nodeOf = (running, id) => {
    const all = (node) => api.view.getChildren(node).flatMap((child) => [child, ...all(child)]);
    return all().find(({ key }) => key === row(running, `bakery/${id}`).key);
  };

  /** Where the debugger stands, once it is there. */
  async function standsIn(running, name) {
    const item = await until(`it stands in ${name}`, () => running.isPaused && vscode.debug.activeStackItem, 30_000);
    return until(`it stands in ${name}`, async () => {
      const { stackFrames } = await item.session.customRequest("stackTrace", { threadId: item.threadId });
      const own = stackFrames.filter(
        ({ source, presentationHint }) => presentationHint === "label" || source?.presentationHint !== "deemphasize",
      );
      return own[0]?.name === name ? { own, session: item.session, threadId: item.threadId } : undefined;
    });
  }

  const lineOf = (editor) => editor.document.lineAt(editor.selection.active.line).text;

  it("an actor crashes now and then: F5 stands at the throw, and the call stack goes on into who sent the order", async () => {
    const running = await run("crash");
    const { own } = await standsIn(running, "Packer.handleMessage");
    assert.equal(row(running, "bakery/counter/packer").incarnation, 1);
    const labels = own.map(({ name }) => name).filter((name) => name.startsWith("message "));
    assert.match(labels[0], /^message pack from orders/);
    assert.ok(
      labels.some((name) => name.startsWith("message order from customers")),
      labels.join("\n"),
    );
  });

  it("one order goes wrong: a condition stops at its message, and the stack leads to the tell", async () => {
    const running = await run("wrong");
    const condition = "message.order.orderId % 20 === 2";
    await act("airssys.breakOnMessage", { messageType: "pack", definition: "Packer", condition });
    const { own, session } = await standsIn(running, "Packer.handleMessage");
    const evaluated = await session.customRequest("evaluate", {
      expression: "arguments[0].order.orderId % 20",
      frameId: own[0].id,
    });
    assert.equal(evaluated.result, "2");
    const senders = own.filter(({ source }) => source?.path?.endsWith("orders.ts"));
    const document = await vscode.workspace.openTextDocument(path.join(copy, "src/orders.ts"));
    assert.match(document.lineAt(senders[0].line - 1).text, /tell\(\{ type: "pack"/);
  });

  it("it hangs: one sentence says who waits for whom, and a click opens the line of the ask", async () => {
    await sourceIsKnown();
    const running = await run("hang", { noDebug: true });
    const says = /^(orders and stock|stock and orders) wait for each other: neither can go on\.$/;
    await until("it is said", () => says.test(api.view.message), 30_000);
    await act("airssys.openSource", nodeOf(running, "stock"));
    await until("the ask is shown", () => /ask\(\{ type: "open" \}/.test(lineOf(vscode.window.activeTextEditor)));
  });

  it("it is slow: the row with the queue leads to its handler", async () => {
    const running = await run("slow", { noDebug: true });
    await until("a queue has grown", () => row(running, "bakery/counter/pricing").mailbox.depth > 10, 30_000);
    await until("its row says so", () => lines(api.view).some((line) => /pricing \|.*\d+ queued/.test(line)));
    await act("airssys.openSource", nodeOf(running, "counter/pricing"));
    await until("its source is shown", () =>
      /pricing\.ts$/.test(vscode.window.activeTextEditor?.document.fileName ?? ""),
    );
  });

  it("more died than expected: the blast radius says how many were to, and how many did", async () => {
    await breakOnCrash(false);
    const running = await run("fall", { noDebug: true });
    await until("the oven has crashed once", () => row(running, "bakery/kitchen/oven").restarts > 0, 30_000);
    await act("airssys.showBlastRadius", nodeOf(running, "kitchen/oven"));
    await until(
      "more did",
      () => /not planned|gave up/.test(`${api.view.message}\n${lines(api.view).join("\n")}`),
      30_000,
    );
    await breakOnCrash(true);
  });

  it("it should be running: the row says that its start function did not want to", async () => {
    await sourceIsKnown();
    const running = await run("missing", { noDebug: true });
    await until("it is told", () => lines(api.view).some((line) => /vouchers/.test(line)));
    await act("airssys.compareTree");
    await until("the difference is told", () =>
      lines(api.view).some((line) => /vouchers \| not running: .*IGNORE/.test(line)),
    ).catch((error) => assert.fail(`${error.message}\n${api.view.message}\n${lines(api.view).join("\n")}`));
    assert.equal(row(running, "bakery/vouchers").state, "stopped");
  });
});
