"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");
const { file, open, stopAll, until } = require("./support.cjs");

describe("the Testing view", () => {
  let api;
  let testing;
  let NAME;
  let TEXT;
  const uri = () => file("src/race.test.ts");
  const run = (manner, ...titles) => {
    const { tests } = testing;
    const items = tests.all.filter((node) => titles.includes(node.titles.at(-1))).map(({ id }) => tests.itemOf(id));
    assert.equal(items.length, titles.length);
    return tests.run(new vscode.TestRunRequest(items), manner, new vscode.CancellationTokenSource().token);
  };
  const item = (title) => testing.tests.itemOf(testing.tests.all.find(({ titles }) => titles.at(-1) === title).id);

  before(async () => {
    ({ NAME, TEXT } = await import("./race-tests.mjs"));
    api = await open();
    testing = await api.testing.open();
    fs.writeFileSync(uri().fsPath, TEXT);
    await until("its tests are listed", () => testing.tests.all.some(({ titles }) => titles.at(-1) === NAME));
  });
  after(async () => {
    fs.rmSync(uri().fsPath, { force: true });
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await stopAll(api);
  });

  it("explores: says that all orders are good, or which race is not, at its handler and with both sends", async () => {
    await run("explore", NAME, "a configuration alone");
    assert.equal(item("a configuration alone").description, "1 order, complete");
    assert.match(item(NAME).description, /^fails in schedule 2( of 2)?$/);
    const [{ failure, line }] = testing.tests.failures;
    assert.equal(failure.races[0].text, "`relay`'s `job` reaches `worker` before `configurer`'s `config`");
    assert.match(line, /^AIRSSYS_SCHEDULE=v1:[\w-]+@race\.test\.ts:\d+ node --test '--test-name-pattern=\^it/);
    const { message, location, stackTrace } = await testing.tests.messageOf(failure, line);
    assert.match(message.value, /^\*\*Fails when relay's job reaches worker before configurer's config/);
    assert.equal(path.basename(location.uri.fsPath), "race.test.ts");
    const lines = TEXT.split("\n");
    const texts = stackTrace.map(({ label, position }) => [label, lines[position.line].trim()]);
    assert.deepEqual(texts, [
      ["worker handles job", "job: (state) => {"],
      ["relay sends job", 'context.whereis<Work>("worker")?.tell({ type });'],
      ["configurer sends config", 'context.whereis<Work>("worker")?.tell({ type });'],
    ]);
  });

  it("debugs the failing schedule: stands in the handler of the race, and steps back to the message before", async () => {
    const standing = async () => {
      const stack = vscode.debug.activeStackItem;
      const answer = stack?.session.customRequest("stackTrace", { threadId: stack.threadId });
      const { stackFrames = [] } = (await answer?.then(undefined, () => undefined)) ?? {};
      return stackFrames[0]?.line;
    };
    const lineOf = (text) => TEXT.split("\n").findIndex((one) => one.includes(text)) + 1;
    await vscode.commands.executeCommand("airssys.debugSchedule", item(NAME));
    await until("it stands in the job", async () => (await standing()) === lineOf("assert.ok(state.isReady"), 30_000);
    await until("Supervision says in which turn", () => /^Turn \d of \d of schedule v1:/.test(api.view.message));
    await vscode.commands.executeCommand("airssys.stepBack");
    await until(
      "it stands in the message before",
      async () => (await standing()) === lineOf("context.whereis<Work>"),
      30_000,
    );
    await until("and what comes next", () => /^Turn \d of \d\. Next: worker handles job\.$/.test(api.view.message));
    await stopAll(api);
  });

  it("shows the messages of the failing run, and copies its schedule", async () => {
    await vscode.commands.executeCommand("airssys.showRunMessages", { test: item(NAME) });
    const { reader } = await until("a recording is shown", () => api.recording.seen);
    assert.match(await reader.ask("text", { name: "run" }), /job/);
    await vscode.commands.executeCommand("airssys.copySchedule", item(NAME));
    assert.match(await vscode.env.clipboard.readText(), /^v1:[\w-]+$/);
    await vscode.commands.executeCommand("workbench.action.closePanel");
  });
});
