// What a viewer hears of a restart: whom the supervisor stops and starts for it, and when it gives up instead.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { InspectEvent } from "../../../runtime/src/inspect/inspect-event.ts";
import { startChild } from "../../../runtime/src/supervision/children.ts";
import { supervisor } from "../../../runtime/src/supervision/supervisor.ts";
import { type Order, rowAt, rowsAfter, shop, subscribed, type Viewer, Worker } from "./viewer.ts";

async function desk(t: TestContext, strategy: "one_for_one" | "rest_for_one" | "one_for_all", maxRestarts = 3) {
  const children = ["a", "b", "c"].map((id) => ({ id, start: () => new Worker() }));
  const start = supervisor({
    name: "desk",
    strategy,
    maxRestarts,
    autoShutdown: "any_significant",
    children: [...children, { id: "guest", start: () => new Worker(), restart: "temporary", significant: true }],
  });
  const system = await shop(t, [{ id: "desk", start }]);
  const { viewer, tick } = await subscribed(t);
  const names = new Map([...rowsAfter(viewer.frames).values()].map(({ key, id }) => [key, id]));
  const crash = async (id: string): Promise<InspectEvent[]> => {
    const before = viewer.of("delta").length;
    system.whereis<Order>(`desk/${id}`)?.tell({ type: "crash" });
    await tick();
    await tick();
    return viewer
      .of("delta")
      .slice(before)
      .flatMap(({ events }) => [...events]);
  };
  const plans = (events: readonly InspectEvent[]) =>
    events.flatMap((event) => {
      if (event.kind !== "restarting") return [];
      const named = (keys: readonly string[]) => keys.map((key) => names.get(key)).join(" ");
      return [`${names.get(event.key)}: ${names.get(event.failed)} / ${named(event.stop)} / ${named(event.start)}`];
    });
  return { viewer, crash, plans, names };
}

for (const [strategy, plan] of [
  ["one_for_one", "desk: b /  / b"],
  ["rest_for_one", "desk: b / guest c / b c"],
  ["one_for_all", "desk: b / guest c a / a b c"],
] as const)
  test(`a restart under ${strategy} is told with whom the supervisor stops and then starts`, async (t) => {
    const { crash, plans } = await desk(t, strategy);
    const events = await crash("b");
    assert.deepEqual(plans(events), [plan]);
    const kinds = events.map(({ kind }) => kind);
    assert.deepEqual(kinds.slice(0, 2), ["crashed", "restarting"]);
    assert.ok(kinds.slice(2).includes("restarted"));
  });

test("a supervisor that gives up tells whose end was one too many, and the one above whom it restarts for it", async (t) => {
  const { crash, plans, names } = await desk(t, "one_for_one", 0);
  const events = await crash("b");
  const escalated = events.find((event) => event.kind === "escalated");
  assert.deepEqual([names.get(escalated?.key ?? ""), names.get(escalated?.failed ?? "")], ["desk", "b"]);
  assert.equal(plans(events).length, 1);
  assert.match(plans(events)[0] ?? "", /^shop: desk \//);
});

test("a child that its supervisor kills to restart another, or that falls with its supervisor, has not failed", async (t) => {
  const worker = (id: string, restart: "permanent" | "temporary" = "permanent") =>
    ({ id, start: () => new Worker(), shutdown: "brutal_kill", restart }) as const;
  const packers = supervisor({ name: "packers", children: [worker("packer"), worker("guest", "temporary")] });
  const start = supervisor({
    name: "desk",
    strategy: "rest_for_one",
    children: [worker("dispatch"), { id: "packers", start: packers }, worker("wrap", "temporary")],
  });
  const system = await shop(t, [{ id: "desk", start }]);
  const { viewer, tick } = await subscribed(t);
  system.whereis<Order>("desk/dispatch")?.tell({ type: "crash" });
  await tick();
  await tick();
  const rows = [...rowsAfter(viewer.frames).values()].filter(({ path }) => path.startsWith("shop/desk/"));
  assert.deepEqual(
    rows.map(({ path, left }) => [path, left]),
    ["dispatch", "packers", "packers/packer", "packers/guest"].map((path) => [`shop/desk/${path}`, undefined]),
  );
});

test("the row of a significant child says so", async (t) => {
  const { viewer } = await desk(t, "one_for_one");
  const significant = (view: Viewer, id: string) => rowAt(view.frames, `shop/desk/${id}`).significant;
  assert.deepEqual([significant(viewer, "a"), significant(viewer, "guest")], [undefined, true]);
});

test("a row tells how its actor is told to end where that is unusual, and that it was added at run time", async (t) => {
  const child = { start: () => new Worker(), shutdown: 100 };
  const system = await shop(t, [
    { id: "desk", start: supervisor({ name: "desk", children: [{ id: "listed", ...child }] }), shutdown: "infinity" },
  ]);
  const { viewer, tick } = await subscribed(t);
  const desk = system.whereis("desk");
  assert.ok(desk);
  await startChild(desk, { id: "added", start: () => new Worker() });
  await tick();
  const told = (id: string) => {
    const { shutdown, dynamic } = rowAt(viewer.frames, `shop/desk${id}`);
    return [shutdown, dynamic];
  };
  assert.deepEqual(
    [told(""), told("/listed"), told("/added")],
    [
      [undefined, undefined],
      [100, undefined],
      [undefined, true],
    ],
  );
});
