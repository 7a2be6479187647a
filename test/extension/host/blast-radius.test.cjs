// What a crash would take along, marked in the rows; what it did take along; and the end of the marks.
"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const vscode = require("vscode");
const { lines, open, program, row, start, stopAll, until } = require("./support.cjs");

const TROUBLED = path.join(__dirname, "troubled-program.mjs");

describe("the blast radius of a crash", () => {
  let api;
  before(async () => {
    api = await open();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand("airssys.hideMarks");
    await stopAll(api);
    await vscode.commands.executeCommand("airssys.clear");
  });

  const begin = async (options = { noDebug: true }) => {
    await start({ name: "troubled", program: TROUBLED, env: { TROUBLE: "calm" } }, options);
    return program(api);
  };
  const nodeOf = (running, id) => {
    const all = (node) => api.view.getChildren(node).flatMap((child) => [child, ...all(child)]);
    return all().find(({ key }) => key === row(running, `order-desk/${id}`).key);
  };
  const show = (running, id) => vscode.commands.executeCommand("airssys.showBlastRadius", nodeOf(running, id));
  const crash = (running, id) =>
    running.request({ type: "send", key: row(running, `order-desk/${id}`).key, message: { type: "crash" } });
  const says = async (sentence) => {
    const isSaid = until(`the line says ${sentence}`, () => api.view.message === sentence, 10_000);
    await isSaid.catch(() => assert.equal(`${api.view.message}\n${lines(api.view).join("\n")}`, sentence));
  };
  const shownAs = (...expected) => {
    const shown = lines(api.view).map((line) => line.trim());
    for (const line of expected) assert.ok(shown.includes(line), `${line}\n${shown.join("\n")}`);
  };
  /** The path of the resource has what stands at the right edge. */
  const badge = (running, id) => api.view.getTreeItem(nodeOf(running, id)).resourceUri?.path.split("/")[2];

  it("is shown before, becomes what happened, and says that it was as planned", async () => {
    const running = await begin();
    await show(running, "fulfilment/dispatch");
    await says("When dispatch crashes, 5 restart.");
    shownAs("dispatch | crashes here", "packers | stops, starts again", "packer-1 | state lost");
    assert.deepEqual(
      ["dispatch", "packers", "packers/packer-3"].map((id) => badge(running, `fulfilment/${id}`)),
      ["✕", "↻", "↻"],
    );
    await crash(running, "fulfilment/dispatch");
    await says("dispatch crashed: 5 restarted: as planned.");
    shownAs("packers | as planned", "packer-3 | as planned");
    await vscode.commands.executeCommand("airssys.hideMarks");
    await until("the view is as before", () => /in trouble/.test(api.view.message));
    assert.ok(!lines(api.view).some((line) => /as planned/.test(line)));
  });

  it("tells after a crash that took more along what was not planned, and who gave up", async () => {
    const running = await begin();
    for (let n = 1; n <= 6; n++) {
      await crash(running, "payments/cards");
      await until(`crash ${n} is over`, () => {
        const cards = row(running, "order-desk/payments/cards");
        return n === 6 || cards?.restarts === n;
      });
    }
    await until(
      "payments are gone or back",
      () => running.tree.failure ?? row(running, "order-desk/payments")?.restarts,
    );
    const shown = api.programs.shown[0];
    await show(shown, "payments/cards");
    await until(
      "the line says it",
      () => /^cards crashed: 1 was to stop, \d+ did\. payments gave up/.test(api.view.message),
      10_000,
    );
    const rows = lines(api.view).map((line) => line.trim());
    assert.ok(
      rows.some((line) => /^payments \| gave up: 6 restarts, 5 allowed/.test(line)),
      rows.join("\n"),
    );
    assert.ok(rows.includes("vouchers | not planned"), rows.join("\n"));
  });

  it("says so for an actor that is down, and that a temporary one stays down", async () => {
    const running = await begin();
    await show(running, "fulfilment/packers/gift-wrap");
    await says("When gift-wrap crashes, it stays down.");
    await crash(running, "fulfilment/packers/gift-wrap");
    await says("gift-wrap crashed: it is down: as planned.");
  });
});
