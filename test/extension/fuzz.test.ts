import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, ActorSystem, supervisor } from "airssys-rt";
import type { Details, InspectionHook, ProgramFrame, ViewerFrame } from "airssys-rt/inspect";
import { sectionsOf, sentenceOf } from "../../extension/src/actor/sections.ts";
import { readDetails } from "../../extension/src/inspect/details-frame.ts";
import { Session } from "../../extension/src/inspect/session.ts";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import { FRAMES, HostileFrames } from "../hostile-frames.ts";
import { actor, snapshot } from "./rows.ts";

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

const DETAILS: Details = {
  ...{ incarnation: 3, tookMs: 2 },
  state: { total: 2, from: 0, items: [{ name: "#drawer", text: "Map(1)", isOpen: true }], note: "denied" },
  mailbox: { total: 200, items: [{ messageType: "sale", sender: "shop/ann", ageMs: 3, text: "{n: 1}" }] },
  setAside: { total: 1, items: [{ messageType: "down", isSignal: true, ageMs: 3, text: "" }] },
  ties: { total: 1, items: [{ kind: "link", key: "shop#2", path: "shop/bob" }] },
  timers: { total: 1, items: [{ name: "flush", messageType: "flush", dueMs: 3, periodMs: 5 }] },
  lives: { livesMs: 4, ends: [{ incarnation: 2, at: 1, kind: "crashed", text: "no", livedMs: 3 }] },
  recent: [{ messageType: "sale", seq: 4, agoMs: 1, waitedMs: 2, ranMs: 3, outcome: "handled", text: "{}" }],
  settings: [{ name: "restart", text: "permanent", origin: "spec" }],
};

test(`whatever a program tells of an actor, in ${FRAMES} answers, is shown as it should be or not at all`, () => {
  const hostile = new HostileFrames(13);
  const tree = new ProgramTree();
  tree.apply(snapshot([actor("shop")]));
  const program = { id: "a", title: "a", detail: "", tree, can: () => true, request: () => Promise.resolve() };
  let [taken, refused] = [0, 0];
  for (let i = 0; i < FRAMES; i++) {
    let value: unknown;
    try {
      value = JSON.parse(hostile.next(DETAILS));
    } catch {
      continue;
    }
    const details = readDetails(value);
    if (details === undefined) {
      refused++;
      continue;
    }
    taken++;
    const look = { program, key: "shop", row: tree.row("shop"), details, at: 0, isWaiting: false, refusal: undefined };
    const entries = sectionsOf(look, 0);
    for (const { label, description, spoken } of entries)
      for (const text of [label, description, spoken]) assert.ok(text.length < 5_000 && !text.includes("NaN"), text);
    assert.equal(typeof sentenceOf(look, 0), "string");
  }
  assert.ok(taken > FRAMES / 20 && refused > FRAMES / 20, `${taken} taken, ${refused} refused`);
});
