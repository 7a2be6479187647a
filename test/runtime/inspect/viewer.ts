/** A viewer for tests: a session whose frames are kept, and a program to look at. */
import type { TestContext } from "node:test";
import type { ActorRow } from "../../../runtime/src/inspect/actor-row.ts";
import type { ProgramFrame, ViewerFrame } from "../../../runtime/src/inspect/protocol.ts";
import { InspectSession, type Outlet } from "../../../runtime/src/inspect/session.ts";
import type { AnyChildSpec } from "../../../runtime/src/spec/child-spec.ts";
import { supervisor } from "../../../runtime/src/supervision/supervisor.ts";
import { ActorSystem } from "../../../runtime/src/system.ts";
import { Actor, type ActorContext } from "../../../runtime/src/values/actor.ts";
import type { Clock } from "../../../runtime/src/values/clock.ts";
import { crashed } from "../../../runtime/src/values/exit-reason.ts";

/** Everything that can follow has followed. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

type Frame<T extends ProgramFrame["type"]> = Extract<ProgramFrame, { readonly type: T }>;

/** Frames to and from one session; `intervals` of its reports pass by `tick`. */
export class Viewer implements Outlet {
  readonly frames: ProgramFrame[] = [];
  readonly refusals: string[] = [];
  isCongested = false;
  goes = 0;
  readonly session: InspectSession = new InspectSession(this, () => this.goes++);

  push(frame: string): void {
    this.frames.push(JSON.parse(frame) as ProgramFrame);
  }

  refused(code: string): void {
    this.refusals.push(code);
  }

  /** Says something; the answer, at once or later. */
  async say(frame: ViewerFrame | object): Promise<ProgramFrame> {
    const before = this.frames.length;
    const answer = this.session.receive(JSON.stringify(frame));
    if (answer !== undefined) return JSON.parse(answer) as ProgramFrame;
    await settle();
    return this.frames.slice(before).find((later) => later.type === "reply" || later.type === "error") as ProgramFrame;
  }

  /** The answer that is there at once. */
  hears(text: string): ProgramFrame | undefined {
    const answer = this.session.receive(text);
    return answer === undefined ? undefined : (JSON.parse(answer) as ProgramFrame);
  }

  of<T extends ProgramFrame["type"]>(type: T): Frame<T>[] {
    return this.frames.filter((frame): frame is Frame<T> => frame.type === type);
  }
}

export interface Order {
  readonly type: "work" | "crash" | "stop";
}

/** Does its work, or ends. */
export class Worker extends Actor<Order> {
  override handleMessage({ type }: Order, context: ActorContext<Order>): void {
    if (type === "crash") context.exit(crashed(new Error("worker crashed")));
    if (type === "stop") context.stop();
  }
}

/** Starts `shop` with the supervisor `staff` and its workers `ann` and `bob`; it ends with the test. */
export async function shop(
  t: TestContext,
  children: readonly AnyChildSpec[] = [],
  clock?: Clock,
): Promise<ActorSystem> {
  const staff = supervisor({
    name: "staff",
    strategy: "rest_for_one",
    maxRestarts: 5,
    children: [
      { id: "ann", start: () => new Worker(), name: "the first" },
      { id: "bob", start: () => new Worker(), mailbox: { capacity: 3, overflow: "drop_oldest" } },
    ],
  });
  const root = supervisor({ name: "shop", children: [{ id: "staff", start: staff }, ...children] });
  const system = await ActorSystem.start({ name: "shop", root, logger: false, ...(clock && { clock }) });
  t.after(() => system.stop());
  return system;
}

/** A session that is subscribed, in an event loop whose intervals pass by `tick`. */
export async function subscribed(
  t: TestContext,
  quiet?: boolean,
): Promise<{ viewer: Viewer; tick: () => Promise<void> }> {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const viewer = new Viewer();
  t.after(() => viewer.session.close());
  await viewer.say({ type: "subscribe", id: 1, intervalMs: 400, ...(quiet && { quiet }) });
  const tick = async (): Promise<void> => {
    await settle();
    // A report that took long on a busy machine is followed by a longer rest.
    t.mock.timers.tick(4_000);
  };
  return { viewer, tick };
}

/** What a viewer knows after some frames: the rows by key. */
export function rowsAfter(frames: readonly ProgramFrame[]): Map<string, ActorRow> {
  const rows = new Map<string, ActorRow>();
  for (const frame of frames) {
    if (frame.type === "snapshot") rows.clear();
    if (frame.type === "snapshot") for (const row of frame.actors) rows.set(row.key, row);
    if (frame.type !== "delta") continue;
    for (const row of frame.changed) rows.set(row.key, row);
    for (const key of frame.removed) rows.delete(key);
  }
  return rows;
}

export const pathsOf = (rows: Iterable<ActorRow>): string[] => [...rows].map(({ path }) => path).sort();

export function rowAt(frames: readonly ProgramFrame[], path: string): ActorRow {
  const row = [...rowsAfter(frames).values()].find((other) => other.path === path);
  if (row === undefined) throw new Error(`no row of ${path}`);
  return row;
}
