"use strict";

const assert = require("node:assert/strict");
const vscode = require("vscode");
const { file, open, program, start, stopAll, until } = require("./support.cjs");

describe("messages of a program", () => {
  let api;
  before(async () => {
    api = await open();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.closePanel");
    await stopAll(api);
  });

  /** Everything told from now on, by the names of actors and types. */
  function record() {
    const paths = new Map();
    const types = new Map();
    const keys = new Map();
    const told = [];
    const take = (run, frame) => {
      for (const [no, key, actor] of frame.actors) {
        paths.set(`${run} ${no}`, actor);
        keys.set(`${run} ${no}`, key);
      }
      for (const [no, type] of frame.types) types.set(`${run} ${no}`, type);
      for (const [seq, , from, to, type, , , , outcome] of frame.rows) {
        const name = (no) => paths.get(`${run} ${no}`) ?? "";
        const key = (no) => keys.get(`${run} ${no}`) ?? "";
        told.push({
          run,
          seq,
          from: name(from),
          fromKey: key(from),
          to: name(to),
          toKey: key(to),
          type: types.get(`${run} ${type}`),
          outcome,
        });
      }
    };
    api.following.on("messages", take);
    return { told, stop: () => api.following.off("messages", take) };
  }

  it("are told while their view is visible, and not while it is hidden", async () => {
    await start({ name: "desk", env: { ORDER_DESK_PORT: "0", ORDER_DESK_TRAFFIC: "1" } }, { noDebug: true });
    const shown = await program(api);
    const { told, stop } = record();
    assert.equal(api.following.levelOf(shown), "off");

    await vscode.commands.executeCommand("airssys.showMessages");
    await until("messages are told", () => told.some(({ type, to }) => type === "place" && to.endsWith("/orders")));
    assert.equal(api.following.levelOf(shown), "messages");
    assert.ok(told.every(({ type, to }) => type !== undefined && to !== ""));

    await vscode.commands.executeCommand("workbench.action.closePanel");
    await until("it is not followed any more", () => api.following.levelOf(shown) === "off");
    stop();
  });

  it("lead to where they are handled and where they were sent", async () => {
    await start({ name: "desk", env: { ORDER_DESK_PORT: "0", ORDER_DESK_TRAFFIC: "1" } }, { noDebug: true });
    await program(api);
    const { told, stop } = record();
    await vscode.commands.executeCommand("airssys.showMessages");
    const place = await until("an order is placed", () =>
      told.find(({ type, from }) => type === "place" && from.endsWith("/gateway")),
    );
    const message = {
      program: place.run,
      type: place.type,
      fromKey: place.fromKey,
      fromPath: place.from,
      toKey: place.toKey,
      toPath: place.to,
      hasCrashed: false,
    };
    const found = await until(
      "its places are known",
      async () => {
        const places = await api.messages.find(message);
        return places.handled && places.sent.length > 0 && places;
      },
      50_000,
    );
    assert.match(found.handled.text, /^orders\.ts:\d+$/);
    assert.match(found.sent[0].text, /\.ts:\d+$/);
    stop();
  });

  it("are counted in the lens over their handler while a program runs", async () => {
    const orders = file("src/orders.ts");
    await vscode.window.showTextDocument(orders);
    await start({ name: "desk", env: { ORDER_DESK_PORT: "0", ORDER_DESK_TRAFFIC: "1" } }, { noDebug: true });
    const shown = await program(api);
    const titles = async () => {
      const lenses = await vscode.commands.executeCommand("vscode.executeCodeLensProvider", orders, 100);
      return lenses.map(({ command }) => command?.title ?? "");
    };
    await until("the lens tells", async () => (await titles()).some((title) => /^\d+ msg · p95 /.test(title)), 50_000);
    assert.equal(api.following.levelOf(shown), "stats");
    const all = await titles();
    const live = all.findIndex((title) => / msg · p95 /.test(title));
    assert.match(all[live + 1], /Break on Message/);

    await stopAll(api);
    await until("the lens is calm", async () => (await titles()).every((title) => !title.includes(" msg · ")));
  });
});
