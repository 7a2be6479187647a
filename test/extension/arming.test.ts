// What programs under a debugger are told of stops: causes only as long as they are not too fast for them.
import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { PROTOCOL_VERSION, type SystemRow } from "airssys-rt/inspect";
import { ActorStops } from "../../extension/src/debug/actor-stops.ts";
import { Arming } from "../../extension/src/debug/arming.ts";
import { Debugged } from "../../extension/src/debug/debugged.ts";
import { Programs } from "../../extension/src/programs/programs.ts";
import { actor, system } from "./rows.ts";

interface Desk {
  readonly asked: { readonly type: string; readonly on?: boolean }[];
  readonly hot: string[];
  /** The program tells that it handles so many messages a second. */
  throughput(perSecond: number): Promise<void>;
}

async function desk(t: TestContext, origin: "debugging" | "attached", wantsCauses = true): Promise<Desk> {
  const programs = new Programs();
  const arming = new Arming(programs, new ActorStops(undefined), () => wantsCauses);
  const asked: Desk["asked"] = [];
  const hot: string[] = [];
  arming.on("hot", ({ title }) => hot.push(title));
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const session = programs.meet({
    link: {
      send(frame) {
        const { id, ...request } = JSON.parse(frame) as { id?: number; type: string };
        if (id === undefined) return;
        asked.push(request);
        queueMicrotask(() => session.receive(JSON.stringify({ type: "reply", id, ok: true })));
      },
      close() {},
    },
    admit: () => origin,
  });
  t.after(() => programs.close());
  const client = { call: () => Promise.resolve({}), close: () => {} };
  const conversation = { session, client, lastPause: () => undefined } as never;
  arming.meet(new Debugged(conversation, () => Promise.resolve({}), { filters: [] }));
  const hello = { protocol: PROTOCOL_VERSION, runtime: "0", pid: 1, node: "v24", program: "/main.ts" };
  session.receive(JSON.stringify({ type: "hello", ...hello, capabilities: ["tree", "breakpoints", "causes"] }));
  await settle();
  let seq = 0;
  const throughput = async (perSecond: number): Promise<void> => {
    const row = system("shop");
    const systems: SystemRow[] = [{ ...row, health: { ...row.health, throughput: perSecond } }];
    session.receive(JSON.stringify({ type: "snapshot", seq: ++seq, at: 0, systems, actors: [actor("shop")] }));
    await settle();
  };
  return { asked, hot, throughput };
}

const causes = ({ asked }: Desk): (boolean | undefined)[] =>
  asked.filter(({ type }) => type === "causes").map(({ on }) => on);

suite("the causal call stack", () => {
  test("is on for what was started for debugging, and off, said once, above 20,000 messages a second", async (t) => {
    const shown = await desk(t, "debugging");
    assert.deepEqual(causes(shown), [true]);
    await shown.throughput(20_000);
    assert.deepEqual([causes(shown), shown.hot], [[true], []]);

    await shown.throughput(20_001);
    await shown.throughput(90_000);
    await shown.throughput(10);

    assert.deepEqual([causes(shown), shown.hot], [[true, false], ["main.ts"]]);
  });

  test("is off for what a debugger was attached to, and where nobody wants it", async (t) => {
    assert.deepEqual(causes(await desk(t, "attached")), []);
    assert.deepEqual(causes(await desk(t, "debugging", false)), []);
  });
});
