/** Messages and their times as frames, none longer than the viewer takes. Knows no actors. */

import type { NextSeq } from "./frames.ts";
import type { MessagesFrame, PayloadRow, StatsRow } from "./message-protocol.ts";
import type { ProgramFrame } from "./protocol.ts";

/** Characters of a frame besides the items of its lists. */
const FRAME_AROUND = 400;
/** Items of all lists in one frame. */
const ITEMS_LIMIT = 5_000;

/** The lists of a frame, in the order in which they are written: who is named comes before what names it. */
const LISTS = ["actors", "types", "rows", "lives", "notes", "payloads"] as const;
type ListName = (typeof LISTS)[number];

export type MessageLists = Readonly<
  Required<Pick<MessagesFrame, "actors" | "types" | "rows" | "lives" | "notes">> & {
    readonly payloads: readonly PayloadRow[];
  }
>;

/** In one frame or more, the last of which says how many are missed. */
export function messagesTexts(
  lists: MessageLists,
  missed: number,
  times: { readonly at: number; readonly origin: number },
  nextSeq: NextSeq,
  limit: number,
): string[] {
  const portions = pack(lists, limit);
  return portions.map((portion, index) => {
    const texts = LISTS.filter((name) => portion[name].length > 0 || isAlwaysThere(name)).map(
      (name) => `"${name}":[${portion[name].join()}]`,
    );
    const count = index === portions.length - 1 ? missed : 0;
    return `{"type":"messages","seq":${nextSeq()},"at":${times.at},"origin":${times.origin},${texts.join()},"missed":${count}}`;
  });
}

function isAlwaysThere(name: ListName): boolean {
  return name === "actors" || name === "types" || name === "rows";
}

export function statsTexts(rows: readonly StatsRow[], at: number, nextSeq: NextSeq, limit: number): string[] {
  const texts: string[] = [];
  let portion: string[] = [];
  let room = limit - FRAME_AROUND;
  const flush = (): void => {
    texts.push(`{"type":"stats","seq":${nextSeq()},"at":${at},"rows":[${portion.join()}]}`);
    portion = [];
    room = limit - FRAME_AROUND;
  };
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (text.length + 1 > room || portion.length >= ITEMS_LIMIT) flush();
    portion.push(text);
    room -= text.length + 1;
  }
  if (portion.length > 0) flush();
  return texts;
}

/** One item always fits: its texts are limited. At least one portion. */
function pack(lists: MessageLists, limit: number): Record<ListName, string[]>[] {
  const portions: Record<ListName, string[]>[] = [];
  let [room, count] = [0, 0];
  const begin = (): Record<ListName, string[]> => {
    const portion = { actors: [], types: [], rows: [], lives: [], notes: [], payloads: [] };
    portions.push(portion);
    room = limit - FRAME_AROUND;
    count = 0;
    return portion;
  };
  let portion = begin();
  for (const name of LISTS) {
    for (const item of lists[name]) {
      const text = JSON.stringify(item);
      if (text.length + 1 > room || count >= ITEMS_LIMIT) portion = begin();
      portion[name].push(text);
      room -= text.length + 1;
      count++;
    }
  }
  return portions;
}

/** Following has ended by itself. */
export function unfollowedText(reason: "rate" | "heap", text: string): string {
  return JSON.stringify({ type: "unfollowed", reason, text } satisfies ProgramFrame);
}
