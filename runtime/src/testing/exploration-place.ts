/** Where an exploration stands in the tests: what a schedule is for, as one file may make many. */
import { userFrames } from "../environment/user-frames.ts";

export interface CodePlace {
  /** An address or a path, as the stack says it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface ExplorationPlace extends CodePlace {
  /** Counted through the explorations that this process has made at this line, from 1. */
  readonly nth: number;
}

/** By line, how many explorations were made there. */
const made = new Map<string, number>();

/** To be called by `explore` itself. @returns `undefined` where stacks are not kept. */
export function placeOfCaller(): ExplorationPlace | undefined {
  const [frame] = userFrames(new Error("where").stack, true);
  const place = frame === undefined ? undefined : placeOfFrame(frame);
  if (place === undefined) return undefined;
  const name = lineName(place);
  const nth = (made.get(name) ?? 0) + 1;
  made.set(name, nth);
  return { ...place, nth };
}

/** `at f (file:///a.ts:1:2)`, `at /a.ts:1:2`, `at async C:\a.ts:1:2`. */
export function placeOfFrame(frame: string): CodePlace | undefined {
  const found = /^at (?:.*? \()?(?:async )?(.+?):(\d+):(\d+)\)?$/.exec(frame.trim());
  if (found === null) return undefined;
  const [, file = "", line, column] = found;
  return { file, line: Number(line), column: Number(column) };
}

/** `shop.test.ts:18`; `shop.test.ts:18#3` for the third one made there. No shell changes it. */
export function placeName(place: ExplorationPlace): string {
  return lineName(place) + (place.nth === 1 ? "" : `#${place.nth}`);
}

function lineName({ file, line }: CodePlace): string {
  const name = file.replace(/[?#].*$/, "").replace(/^.*[\\/]/, "");
  return `${name.replace(/[^\w.-]/g, "_")}:${line}`;
}
