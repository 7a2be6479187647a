// The view in the moments it is opened for: a program that does not answer, one that gives up, one that cannot be shown.
"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const vscode = require("vscode");
const { lines, open, program, row, start, startFake, stopAll, until } = require("./support.cjs");

const PROGRAM = path.join(__dirname, "troubled-program.mjs");
const startTroubled = (trouble, options, env = {}) =>
  start({ name: "troubled", program: PROGRAM, env: { TROUBLE: trouble, ...env } }, options);
const ways = [
  ["without debugging", { noDebug: true }],
  ["under the debugger", {}],
];

describe("the truth of the Supervision view", () => {
  let api;
  before(async () => {
    api = await open();
  });
  afterEach(async () => {
    await stopAll(api);
    await vscode.commands.executeCommand("airssys.clear");
  });

  for (const [how, options] of ways) {
    it(`names the actor that keeps the event loop, ${how}, and recovers when it lets go`, async () => {
      await startTroubled("calm", options);
      const running = await program(api);
      const { key } = row(running, "order-desk/payments/cards");
      void running.request({ type: "send", key, message: { type: "charge", ms: 6_000 } }).catch(() => {});
      await until("it is silent", () => running.silence, 5_000);
      await until("the actor is named", () => running.silence?.runner, 2_000);
      await until("the view says so", () =>
        /^cards has not let go for \d s: nobody else can run\.$/.test(api.view.message),
      );
      const shown = lines(api.view);
      assert.ok(
        shown.some((line) => /cards \| runs charge for \d/.test(line)),
        shown.join("\n"),
      );
      await until("it answers again", () => !running.silence, 10_000);
      await until("the view is calm", () => /^\d+ actors/.test(api.view.message));
    });

    it(`tells that a system gave up, ${how}, and why, until it is cleared`, async () => {
      await startTroubled("gaveUp", options);
      await program(api);
      await until("the program has ended", () => api.programs.all.length === 0 && api.programs.shown.length === 1);
      await until("the view says why", () =>
        /^Ended \d\d:\d\d:\d\d: order-desk gave up\. The cause is cards\.$/.test(api.view.message),
      );
      const shown = lines(api.view);
      for (const expected of [
        /^order-desk \| gave up: payments failed/,
        /^ {2}ledger \| shut down/,
        /^ {2}payments \| gave up: 6 restarts, 5 allowed/,
        /^ {4}cards \| crashed: RangeError: no issuer/,
      ])
        assert.ok(
          shown.some((line) => expected.test(line)),
          `${expected}\n${shown.join("\n")}`,
        );
      await until(
        "the cause is selected",
        () => api.view.selected?.key === row(api.programs.shown[0], "order-desk/payments/cards").key,
      );
      await vscode.commands.executeCommand("airssys.clear");
      await until("it is cleared", () => api.programs.shown.length === 0 && !/^Ended/.test(api.view.message));
    });
  }

  it("keeps the last tree of a system that gave up while its process goes on, and says nothing of a system yet to come", async () => {
    await startTroubled("gaveUp", {}, { TROUBLE_STAYS: "1" });
    await program(api);
    await until("the view says why", () => /order-desk gave up/.test(api.view.message));
    const shown = lines(api.view);
    assert.ok(
      shown.some((line) => /cards \| crashed: RangeError/.test(line)),
      shown.join("\n"),
    );
    assert.ok(!shown.some((line) => /no actor system yet/.test(line)), shown.join("\n"));
    assert.equal(api.programs.all.length, 1);
  });

  const itOnPosix = process.platform === "win32" ? it.skip : it;
  itOnPosix("says that a stopped process does not answer, and that it is stopped, with its rows grey", async () => {
    await startTroubled("calm", { noDebug: true });
    const running = await program(api);
    process.kill(running.hello.pid, "SIGSTOP");
    try {
      await until(
        "the view says so",
        () =>
          /^troubled-program\.mjs does not answer for \d s: its process is stopped \(Ctrl\+Z or SIGSTOP\)/.test(
            api.view.message,
          ),
        6_000,
      );
      const [top] = lines(api.view);
      assert.match(top, /^troubled-program\.mjs \| last seen \d s ago/);
    } finally {
      process.kill(running.hello.pid, "SIGCONT");
    }
    await until("it answers again", () => !running.silence && /^\d+ actors/.test(api.view.message), 5_000);
  });

  it("says that a program does not answer that is in a call into native code, and by whom where that can be seen", async () => {
    await startTroubled("calm", { noDebug: true });
    const running = await program(api);
    const { key } = row(running, "order-desk/payments/cards");
    void running.request({ type: "send", key, message: { type: "sleepNatively", ms: 15_000 } }).catch(() => {});
    await until(
      "the view says so",
      () => /does not answer for \d+ s: attach to see who\.$|^cards has not let go for \d+ s/.test(api.view.message),
      12_000,
    );
    await until("it answers again", () => !running.silence && /^\d+ actors/.test(api.view.message), 25_000);
  });

  it("pauses a program under the debugger that does not answer", async () => {
    await startTroubled("calm", {});
    const running = await program(api);
    const { key } = row(running, "order-desk/payments/cards");
    void running.request({ type: "send", key, message: { type: "charge", ms: 20_000 } }).catch(() => {});
    await until("it is silent", () => running.silence, 5_000);
    await vscode.commands.executeCommand("airssys.pause");
    await until("it is paused", () => running.isPaused, 5_000);
    await until(
      "the view says where",
      () => /^Paused in cards, on charge\. Time stands still for all actors\.$/.test(api.view.message),
      5_000,
    );
  });

  it("says in the line what the rows say, from the same moment on, also while a tooltip is read", async () => {
    await startTroubled("calm", { noDebug: true });
    const running = await program(api);
    await until("the view is calm", () => /^\d+ actors/.test(api.view.message));
    const { key } = row(running, "order-desk/payments/cards");
    const [top] = api.view.getChildren();
    await api.view.resolveTreeItem(new vscode.TreeItem("cards"), { kind: "actor", program: running, key, id: key });
    const drawn = new Promise((resolve) => {
      const watch = api.view.onDidChangeTreeData(() => {
        if (!/in trouble|down/.test(api.view.getTreeItem(top).description)) return;
        watch.dispose();
        setImmediate(() => resolve(api.view.message));
      });
    });
    await running.request({ type: "send", key, message: { type: "crash" } });
    assert.match(await drawn, /\d (in trouble|down)/);
  });

  it("explains a deadlock", async () => {
    await startTroubled("deadlock", { noDebug: true });
    await program(api);
    await until("the view says so", () =>
      /^(orders and inventory|inventory and orders) wait for each other: neither can go on\.$/.test(api.view.message),
    );
  });

  it("says of a program it cannot show why, and not that it has ended", async () => {
    await startFake(["--protocol", "99"]);
    await until("the view says so", () =>
      /^The actors cannot be shown\. .*speaks inspection protocol 99/.test(api.view.message),
    );
  });

  it("draws a thousand births a second as a number", async () => {
    await startTroubled("churn", { noDebug: true });
    const running = await program(api);
    const births = await until("births are counted", () => {
      const [, rate] =
        lines(api.view)
          .join("\n")
          .match(/visitors \|.* about [\d,]+ · ([\d,]+) starts\/s/) ?? [];
      return Number(rate?.replace(",", "")) > 500 ? rate : undefined;
    });
    assert.ok(births);
    const { key } = row(running, "order-desk/visitors");
    assert.ok(running.tree.children(key).length > 50);
    assert.ok(lines(api.view).length < 30);
    for (let sample = 0; sample < 40; sample++) {
      const [inLine, inBar] = [api.view.message, api.statusBar.text].map((text) => /[\d,]+ actors/.exec(text)?.[0]);
      assert.ok(inLine);
      assert.equal(inBar, inLine, "the status bar tells of the same moment");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
});
