/** Frames as text, none longer than the other side takes: what is longer is sent in parts. Knows no actors. */
import type { SystemRow, Tree } from "./actor-row.ts";
import type { ProgramFrame } from "./protocol.ts";
import { LIST_LIMITS } from "./protocol-limits.ts";
import type { Changes } from "./sampler.ts";

/** Characters of a frame besides its systems and the items of its lists. */
const FRAME_AROUND = 300;

type Lists = Readonly<Record<"removed" | "changed" | "events", readonly unknown[]>>;

/** Gives the number of the next frame. */
export type NextSeq = () => number;

/** The first report: the beginning of the tree as a snapshot, the rest as deltas. */
export function snapshotTexts(changes: Changes, nextSeq: NextSeq, limit: number): string[] {
  const systems = systemsText(changes.systems, changes.systemsLeftOut);
  const [first, ...others] = pack({ removed: [], changed: changes.changed, events: [] }, limit - systems.length);
  const actors = first?.changed.join() ?? "";
  const snapshot = `{"type":"snapshot","seq":${nextSeq()},"at":${changes.at},${systems},"actors":[${actors}]}`;
  return [snapshot, ...others.map((lists) => deltaText(changes.at, systems, lists, nextSeq))];
}

/** What changed, in one delta or more. */
export function deltaTexts(changes: Changes, nextSeq: NextSeq, limit: number): string[] {
  const systems = systemsText(changes.systems, changes.systemsLeftOut);
  return pack(changes, limit - systems.length).map((lists) => deltaText(changes.at, systems, lists, nextSeq));
}

/** The reply to a request for the tree, in one part or more. */
export function treeTexts(id: number, { systems, systemsLeftOut, actors }: Tree, limit: number): string[] {
  const head = systemsText(systems, systemsLeftOut);
  const parts = pack({ removed: [], changed: actors, events: [] }, limit - head.length);
  return parts.map(({ changed }, index) => {
    const more = index < parts.length - 1 ? ',"more":true' : "";
    return `{"type":"reply","id":${id},"ok":true,"value":{${head},"actors":[${changed.join()}]}${more}}`;
  });
}

/** The reply to a request, or a refusal where its value would be too long. */
export function replyText(id: number, value: unknown, limit: number): string {
  const text = JSON.stringify({ type: "reply", id, ok: true, value } satisfies ProgramFrame);
  if (text.length <= limit) return text;
  const message = `the answer has ${text.length} characters; the viewer takes ${limit}`;
  return JSON.stringify({ type: "reply", id, ok: false, code: "ERR_FRAME_TOO_LONG", message } satisfies ProgramFrame);
}

function systemsText(systems: readonly SystemRow[], leftOut = 0): string {
  return `"systems":${JSON.stringify(systems)}${leftOut > 0 ? `,"systemsLeftOut":${leftOut}` : ""}`;
}

function deltaText(at: number, systems: string, { changed, removed, events }: Lists, nextSeq: NextSeq): string {
  const lists = `"changed":[${changed.join()}],"removed":[${removed.join()}],"events":[${events.join()}]`;
  return `{"type":"delta","seq":${nextSeq()},"at":${at},${systems},${lists}}`;
}

/** Items as text, cut into portions of which each fits into a frame. One item always does: its texts are limited. At least one portion. */
function pack(lists: Lists, limit: number): Lists[] {
  const portions: Record<keyof Lists, string[]>[] = [];
  let room = 0;
  const begin = (): Record<keyof Lists, string[]> => {
    const portion = { removed: [], changed: [], events: [] };
    portions.push(portion);
    room = limit - FRAME_AROUND;
    return portion;
  };
  let portion = begin();
  for (const name of ["removed", "changed", "events"] as const) {
    for (const item of lists[name]) {
      const text = JSON.stringify(item);
      if (text.length + 1 > room || portion[name].length >= LIST_LIMITS.rows) portion = begin();
      portion[name].push(text);
      room -= text.length + 1;
    }
  }
  return portions;
}
