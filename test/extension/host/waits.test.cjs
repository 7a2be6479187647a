// Who waits for whom, told in one sentence, with the line of each question; and who keeps everybody waiting.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");
const { file, lines, open, program, row, start, stopAll, until, workspace } = require("./support.cjs");

/** Circles by the environment of the program: what the view says, and on which line each waits. */
const CIRCLES = {
  two: {
    says: /^(orders and inventory|inventory and orders) wait for each other: neither can go on\.$/,
    asks: { orders: 'ask({ type: "reserve" }', inventory: 'at(next).ask({ type: "find" }' },
    rows: { orders: /waits for inventory \d/, inventory: /waits for orders \d/ },
  },
  three: {
    says: /^(ledger|inventory|orders), (ledger|inventory|orders) and (ledger|inventory|orders) wait for each other: none can go on\.$/,
    asks: {
      orders: 'ask({ type: "reserve" }',
      inventory: 'ask({ type: "append" }',
      ledger: 'at("orders").ask({ type: "find" }',
    },
    rows: { ledger: /waits for orders \d/ },
  },
  supervisor: {
    says: /wait for each other: none can go on\.$/,
    asks: { "staff/apprentice": 'at("orders").ask({ type: "find" }' },
    rows: { orders: /waits for staff \d/, staff: /waits for apprentice to start/ },
  },
  room: {
    says: /^(orders and inventory|inventory and orders) wait for each other: neither can go on\.$/,
    asks: { inventory: 'at(next).ask({ type: "find" }' },
    rows: { orders: /waits for inventory \d/ },
  },
};

describe("who waits for whom", () => {
  let api;
  let copy;
  before(async () => {
    api = await open();
    copy = file("src/waiting.ts");
    fs.copyFileSync(path.join(__dirname, "waiting-program.ts"), copy.fsPath);
  });
  after(() => fs.rmSync(copy.fsPath));
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await stopAll(api);
  });

  const begin = (waits, options = { noDebug: true }) =>
    start({ name: "waiting", program: copy.fsPath, env: { WAITS: waits } }, options);
  const nodeOf = (running, id) => {
    const all = (node) => api.view.getChildren(node).flatMap((child) => [child, ...all(child)]);
    return all().find(({ key }) => key === row(running, `desk/${id}`).key);
  };
  /** What stands on the line of a selection or of a link in a tooltip. */
  const textOf = (line) => fs.readFileSync(copy.fsPath, "utf8").split("\n")[line];

  for (const [waits, { says, asks, rows }] of Object.entries(CIRCLES)) {
    it(`is told in one sentence of a circle of ${waits}, with the line of each question`, async () => {
      await begin(waits);
      const running = await program(api, (tree) => tree.size >= 5);
      await until("the view says so", () => says.test(api.view.message) || undefined, 10_000);
      const shown = lines(api.view).map((line) => line.trim());
      for (const [id, expected] of Object.entries(rows)) {
        const line = shown.find((each) => each.startsWith(`${id} |`));
        assert.match(line ?? "", expected);
      }
      for (const [id, text] of Object.entries(asks)) {
        const node = nodeOf(running, id);
        assert.match(api.view.getTreeItem(node).contextValue, /\bdeadlocked\b/);
        await until(`the line of ${id} is opened`, async () => {
          await vscode.commands.executeCommand("airssys.openSource", node);
          const editor = vscode.window.activeTextEditor;
          return editor?.document.uri.fsPath === copy.fsPath && textOf(editor.selection.active.line).includes(text);
        });
        const item = await api.view.resolveTreeItem(api.view.getTreeItem(node), node);
        const [, line] = /\[waiting\\?\.ts:(\d+)\]/.exec(item.tooltip.value) ?? [];
        assert.ok(textOf(Number(line) - 1)?.includes(text), item.tooltip.value);
      }
    });
  }

  it("is told of a chain that ends outside: who holds up the others, and with what", async () => {
    await begin("outside");
    const running = await program(api);
    const says =
      /^ledger handles append for [\d.]+ s, and asks nobody\. (orders and inventory|inventory and orders) wait for it\.$/;
    await until("the view says so", () => says.test(api.view.message) || undefined, 15_000);
    assert.deepEqual(running.tree.deadlocks, []);
    assert.ok(lines(api.view).some((line) => /orders \| waits for inventory \d/.test(line)));
    assert.ok(lines(api.view).some((line) => /ledger \| handles append for \d/.test(line)));
    const node = nodeOf(running, "orders");
    const item = await api.view.resolveTreeItem(api.view.getTreeItem(node), node);
    assert.match(item.tooltip.value, /orders waits for inventory.*inventory waits for ledger.*ledger handles append/s);
  });

  const naming = async () => {
    const running = await program(api);
    // The line may still be that of the program before.
    await until(
      "the actor is named",
      () => running.silence !== undefined && /^ledger has not let go for \d s/.test(api.view.message),
      15_000,
    );
    const shown = lines(api.view);
    assert.ok(
      shown.some((line) => /ledger \| runs work for \d/.test(line)),
      shown.join("\n"),
    );
  };

  for (const [how, options] of [
    ["F5", {}],
    ["Ctrl+F5", { noDebug: true }],
  ])
    it(`names the actor that keeps the event loop, started by ${how}`, async () => {
      await begin("busy", options);
      await naming();
    });

  it("names the actor that keeps the event loop, started in a terminal", async () => {
    const terminal = vscode.window.createTerminal({ cwd: workspace().uri.fsPath, env: { WAITS: "busy" } });
    try {
      terminal.sendText("node src/waiting.ts");
      await naming();
    } finally {
      const pid = api.programs.all[0]?.hello.pid;
      if (pid !== undefined) process.kill(pid);
      terminal.dispose();
    }
  });
});
