import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, ActorSystem, supervisor } from "airssys-rt";
import type { InspectionHook, ProgramFrame, ViewerFrame } from "airssys-rt/inspect";
import { Session } from "../../extension/src/inspect/session.ts";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import { FRAMES, HostileFrames } from "../hostile-frames.ts";

interface Order {
  readonly type: "work" | "crash";
}

class Worker extends Actor<Order> {
  override handleMessage({ type }: Order, _context: ActorContext<Order>): void {
    if (type === "crash") throw new Error("the worker crashed");
  }
}

/** What a real program says: hello, a snapshot, deltas with events, answers. */
async function record(): Promise<ProgramFrame[]> {
  const frames: ProgramFrame[] = [];
  const globals = globalThis as unknown as Record<PropertyKey, unknown>;
  globals["takeFrame"] = (text: string) => frames.push(JSON.parse(text) as ProgramFrame);
  const root = supervisor({ maxRestarts: 9, children: [{ id: "ann", start: () => new Worker() }] });
  await using system = await ActorSystem.start({ name: "shop", root, logger: false });
  const hook = globals[Symbol.for("airssys.inspect")] as InspectionHook;
  hook.attach({ binding: "takeFrame" });
  const say = (frame: ViewerFrame): void => {
    const answer = hook.receive(JSON.stringify(frame));
    if (answer !== "") frames.push(JSON.parse(answer) as ProgramFrame);
  };
  say({ type: "subscribe", id: 1, intervalMs: 100 });
  system.whereis<Order>("ann")?.tell({ type: "crash" });
  await new Promise((resolve) => setImmediate(resolve));
  // The end of a system is told at once, with all that came before.
  await system.stop();
  say({ type: "snapshot", id: 2 });
  say({ type: "kill", id: 3, key: "shop#99" });
  frames.push({ type: "gap", seq: 9, at: 0, missed: 3 });
  return frames;
}

test(`whatever a program says, in ${FRAMES} frames, the conversation goes on or ends once, with a word`, async () => {
  const frames = await record();
  const [hello, ...others] = frames;
  assert.ok(
    hello?.type === "hello" && others.some(({ type }) => type === "delta"),
    frames.map(({ type }) => type).join(),
  );
  const hostile = new HostileFrames(7);
  let [accepted, ended, opened] = [0, 0, 0];
  const begin = (): { session: Session; tree: ProgramTree } => {
    const tree = new ProgramTree();
    let isOver = false;
    const session: Session = new Session(
      { send: (text) => void JSON.parse(text), close: () => {} },
      {
        admits: () => true,
        opened: () => opened++,
        changed: (frame) => {
          accepted++;
          tree.apply(frame);
          for (const row of tree.rows) assert.ok(row.key.length <= 4_096 && Number.isFinite(row.handled));
        },
        ended: (fault) => {
          assert.equal(isOver, false, "it ended twice");
          isOver = true;
          ended++;
          if (fault) assert.match(fault.code, /^ERR_/);
        },
        noted: (text) => assert.equal(typeof text, "string"),
      },
    );
    session.watch(400);
    return { session, tree };
  };
  let { session } = begin();
  for (let i = 0; i < FRAMES; i++) {
    if (!session.isLive) {
      session.end();
      ({ session } = begin());
      session.receive(hostile.below(3) === 0 ? hostile.next(hello) : JSON.stringify(hello));
    }
    session.receive(hostile.next(hostile.pick(others)));
    if (i % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  session.end();
  assert.ok(accepted > FRAMES / 50 && ended > FRAMES / 50 && opened > FRAMES / 50, `${accepted}, ${ended}, ${opened}`);
});
