/** Reads the stack of an error as V8 writes it, and links its frames. Pure. */
import { fileURLToPath } from "node:url";
import { say } from "../sentence.ts";
import { escapeMarkdown } from "../text.ts";

/** A place in a file. Lines and columns count from 1. */
export interface Frame {
  /** The function, if it has a name. */
  readonly name: string | undefined;
  /** An absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Says of a file whether somebody else wrote it, so that nobody looks for the fault there. */
export type IsForeign = (file: string) => boolean;

/** Frames that a tooltip shows. */
const SHOWN = 8;

/** The frames that lie in a file, the innermost first; Node's own, native and evaluated ones are none. */
export function framesOf(stack: string): readonly Frame[] {
  return stack.split("\n").flatMap((line) => {
    const [, name, place = "", row = "", column = ""] =
      /^\s*at (?:(?:async )?(.*?) \()?(?:async )?([^()]*?|.*?):(\d+):(\d+)\)?\s*$/.exec(line) ?? [];
    const file = fileAddress(place);
    return file === undefined ? [] : [{ name, file, line: Number(row), column: Number(column) }];
  });
}

/** Those the user wrote; when there are none, all. */
export function ownFrames(frames: readonly Frame[], isForeign: IsForeign): readonly Frame[] {
  const own = frames.filter(({ file }) => !isForeign(file));
  return own.length === 0 ? frames : own;
}

/** A list in Markdown, with a link to each frame. Trusts nothing but the shape of the addresses it makes itself. */
export function linkedFrames(frames: readonly Frame[], addressOf: (file: string) => string): string {
  const lines = frames.slice(0, SHOWN).map((frame) => {
    const { name, file, line, column } = frame;
    return `- ${name === undefined ? "" : `${escapeMarkdown(name)} `}${markdownLink(file, addressOf(file), line, column)}`;
  });
  return frames.length > SHOWN
    ? [...lines, `- ${say("{0} more", frames.length - SHOWN)}`].join("\n")
    : lines.join("\n");
}

/** A link to a place in a file, from 1, that shows its name and line. */
export function markdownLink(file: string, address: string, line: number, column: number): string {
  const name = escapeMarkdown(file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1));
  const safe = address.replace(/[()<>\s\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `[${name}:${line}](${safe}#L${line},${column})`;
}

/** The path in a path, or in a `file:` URL; `undefined` where it is neither. */
export function fileAddress(place: string): string | undefined {
  if (/^(\/|[A-Za-z]:[\\/])/.test(place)) return place;
  if (!place.startsWith("file:///")) return undefined;
  try {
    return fileURLToPath(place.replace(/\?.*$/, ""));
  } catch {
    return undefined;
  }
}
