// A CPU profile of a program, by actor and message, with and without a debugger.
"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const vscode = require("vscode");
const { open, program, row, start, stopAll } = require("./support.cjs");

const TROUBLED = path.join(__dirname, "troubled-program.mjs");

describe("a profile by actor", () => {
  let api;
  before(async () => {
    api = await open();
  });
  afterEach(() => stopAll(api));

  for (const [how, options] of [
    ["without debugging", { noDebug: true }],
    ["under the debugger", {}],
  ])
    it(`names who burns the time, and the function that does, ${how}`, async () => {
      await start({ name: "troubled", program: TROUBLED, env: { TROUBLE: "calm" } }, options);
      const running = await program(api);
      const { key } = row(running, "order-desk/payments/cards");
      const profiled = vscode.commands.executeCommand("airssys.profileByActor", undefined, 3);
      for (let n = 0; n < 4; n++) await running.request({ type: "send", key, message: { type: "charge", ms: 300 } });
      const report = await profiled;
      const [first] = report.rows;
      assert.deepEqual([first.path, first.messageType], ["order-desk/payments/cards", "charge"]);
      assert.ok(first.turns >= 3 && first.ms > 300, JSON.stringify(first));
      assert.match(first.hot.file, /troubled-program\.mjs$/);
      assert.ok(
        report.rows.some((each) => each.path === "order-desk/gateway"),
        JSON.stringify(report.rows),
      );
      assert.ok(JSON.parse(report.profile).samples.length > 100);
    });
});
