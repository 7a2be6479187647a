"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const vscode = require("vscode");
const { lines, open, program, row, start, startFake, stopAll, until } = require("./support.cjs");

const TROUBLED = path.join(__dirname, "troubled-program.mjs");

describe("the Supervision view", () => {
  let api;
  before(async () => {
    api = await open();
  });
  afterEach(() => stopAll(api));

  it("shows the tree of the source before anything runs", async () => {
    await until("the static tree is shown", () => lines(api.view).some((line) => line.includes("fulfilment")));
    const shown = lines(api.view);
    assert.ok(
      shown.some((line) => /^order-desk \| rest_for_one/.test(line)),
      shown.join("\n"),
    );
    assert.ok(
      shown.some((line) => /^ {4}vouchers \| Vouchers/.test(line)),
      shown.join("\n"),
    );
  });

  it("shows the supervisors and actors of a program that runs without debugging", async () => {
    await start({}, { noDebug: true });
    const running = await program(api);
    assert.equal(running.origin, "running");
    assert.deepEqual(
      lines(api.view).map((line) => line.replace(/ \|.*/, "")),
      [
        "order-desk",
        "  ledger",
        "  payments",
        "    cards",
        "    vouchers",
        "  fulfilment",
        "    dispatch",
        "    packers",
        "      packer-1",
        "      packer-2",
        "      packer-3",
        "  sales",
        "    inventory",
        "    orders",
        "  gateway",
      ],
    );
  });

  it("is cleared within two seconds when the program ends", async () => {
    await start({}, { noDebug: true });
    await program(api);
    const begin = Date.now();
    await vscode.debug.stopDebugging();
    await until(
      "the tree is cleared",
      () => api.programs.all.length === 0 && lines(api.view).some((line) => /vouchers \| Vouchers/.test(line)),
      2_000,
    );
    assert.ok(Date.now() - begin < 2_000);
  });

  for (const [how, options] of [
    ["without debugging", { noDebug: true }],
    ["under the debugger", {}],
  ]) {
    it(`is cleared within two seconds when a program ${how} is killed from outside`, async () => {
      await start({}, options);
      const running = await program(api);
      process.kill(running.hello.pid, "SIGKILL");
      await until("the tree is cleared", () => api.programs.all.length === 0, 2_000);
    });
  }

  it("counts a crash and keeps the sibling's incarnation under one_for_one", async () => {
    await start({}, { noDebug: true });
    const running = await program(api);
    const before = row(running, "order-desk/payments/cards");
    await running.request({ type: "kill", key: row(running, "order-desk/payments/vouchers").key });
    const after = await until("it is restarted", () => {
      const now = row(running, "order-desk/payments/vouchers");
      return now.restarts === 1 && now.state === "idle" ? now : undefined;
    });
    assert.equal(after.incarnation, 2);
    assert.equal(row(running, "order-desk/payments/cards").incarnation, before.incarnation);
    assert.ok(
      lines(api.view).some((line) => /payments \| 1\/5 restarts in 10 s · one_for_one/.test(line)),
      lines(api.view).join("\n"),
    );
    assert.ok(lines(api.view).some((line) => /vouchers \| was killed/.test(line)));
  });

  it("shows an escalation: the supervisor gives up, and those after it start over", async () => {
    await start({}, { noDebug: true });
    const running = await program(api);
    const escalated = [];
    api.programs.on("happened", (_program, event) => event.kind === "escalated" && escalated.push(event));
    const vouchers = () => row(running, "order-desk/payments/vouchers");
    for (let crash = 0; crash < 6 && escalated.length === 0; crash++) {
      const { incarnation, key } = vouchers();
      await running.request({ type: "kill", key });
      await until("it has ended", () => escalated.length > 0 || vouchers()?.incarnation !== incarnation);
    }
    await until("the escalation is told", () => escalated.length > 0);
    assert.match(escalated[0].path, /order-desk\/payments/);
    await until("payments start over", () => row(running, "order-desk/payments")?.incarnation === 2);
    assert.equal(row(running, "order-desk/ledger").incarnation, 1);
    await until("sales start over", () => row(running, "order-desk/sales")?.incarnation === 2);
  });

  it("shows two programs at once, each with its own tree", async () => {
    await start({ name: "one" }, { noDebug: true });
    await start({ name: "two" });
    await until(
      "both are shown",
      () => api.programs.all.length === 2 && api.programs.all.every(({ tree }) => tree.size > 10),
    );
    const shown = lines(api.view);
    assert.equal(shown.filter((line) => /^main\.ts \| pid \d+/.test(line)).length, 2, shown.join("\n"));
    assert.equal(shown.filter((line) => /^ {2}order-desk \|/.test(line)).length, 2);
    const [one, two] = api.programs.all;
    assert.notEqual(one.id, two.id);
    process.kill(one.hello.pid, "SIGKILL");
    await until("one is left", () => api.programs.all.length === 1);
    assert.equal(api.programs.all[0], two);
  });

  it("kills, suspends and resumes by command, when the user wants no question", async () => {
    const settings = vscode.workspace.getConfiguration("airssys");
    await settings.update("confirmActions", false, vscode.ConfigurationTarget.Global);
    try {
      await start({}, { noDebug: true });
      const running = await program(api);
      const node = (path) => ({ kind: "actor", program: running, key: row(running, path).key });
      const is = (path, state) => until(`${path} is ${state}`, () => row(running, path).state === state);
      assert.equal(await vscode.commands.executeCommand("airssys.suspend", node("order-desk/payments/vouchers")), true);
      await is("order-desk/payments/vouchers", "suspended");
      assert.equal(await vscode.commands.executeCommand("airssys.resume", node("order-desk/payments/vouchers")), true);
      await is("order-desk/payments/vouchers", "idle");
      assert.equal(await vscode.commands.executeCommand("airssys.kill", node("order-desk/payments/vouchers")), true);
      await until("it is restarted", () => row(running, "order-desk/payments/vouchers").restarts === 1);
    } finally {
      await settings.update("confirmActions", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("opens the source of a row", async () => {
    await start({}, { noDebug: true });
    const running = await program(api);
    const key = row(running, "order-desk/payments/vouchers").key;
    await vscode.commands.executeCommand("airssys.openSource", { kind: "actor", program: running, key });
    const editor = await until("the editor is there", () => vscode.window.activeTextEditor);
    assert.match(editor.document.fileName, /vouchers\.ts$/);
    assert.match(editor.document.lineAt(editor.selection.active.line).text, /class Vouchers/);
  });

  it("goes from a crash to its line, also when the system gave up and the program has ended; its tooltip links there", async () => {
    await start({ name: "troubled", program: TROUBLED, env: { TROUBLE: "none" } }, { noDebug: true });
    const running = await program(api);
    const { key } = row(running, "order-desk/payments/cards");
    const node = { kind: "actor", program: running, key, id: key };
    const crash = (text) => running.request({ type: "send", key, message: { type: "crash", text } });
    const goes = async (text) => {
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      await vscode.commands.executeCommand("airssys.goToCrash", node);
      const { document, selection } = await until("the editor is there", () => vscode.window.activeTextEditor);
      assert.equal(document.uri.fsPath, TROUBLED);
      assert.match(document.lineAt(selection.active.line).text, text);
    };
    await crash("one");
    await until("it crashed", () => running.tree.row(key)?.lastCrash);
    assert.match(api.view.getTreeItem(node).contextValue, /\bhasCrashed\b/);
    await goes(/throw new RangeError/);
    const { tooltip } = await api.view.resolveTreeItem(new vscode.TreeItem("cards"), node);
    assert.match(tooltip.value, /\[troubled\\-program\\\.mjs:\d+\]\(file:.*#L\d+,\d+\)/);
    assert.doesNotMatch(tooltip.value, /cell\.js/);
    for (let n = 2; api.programs.all.length > 0 && n < 40; n++) {
      await crash(`crash ${n}`).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await until("the program has ended", () => api.programs.all.length === 0);
    await goes(/throw new RangeError/);
    await vscode.commands.executeCommand("airssys.clear");
  });

  it("is fluid with ten thousand actors that all change four times a second", async () => {
    await startFake(["--actors", "10000", "--busy"]);
    const running = await program(api, (tree) => tree.size === 10_000);
    const top = api.view.getChildren()[0];
    const rows = api.view.getChildren(api.view.getChildren(top)[0]);
    assert.equal(rows.length, 101);
    assert.equal(api.view.getTreeItem(rows[100]).label, "… 9,897 more");
    let worst = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      worst = Math.max(worst, performance.now() - last - 10);
      last = performance.now();
    }, 10);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    clearInterval(beat);
    assert.ok(running.tree.size === 10_000 && worst < 1_000, `the extension host stood still for ${worst} ms`);
  });
});
