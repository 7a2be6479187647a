/** A path from outside as its parts. Pure: text in, names out. */

/** Bytes a path may have (Linux: `PATH_MAX`), and one name of it. */
const MAX_PATH_BYTES = 4_096;
const MAX_NAME_BYTES = 255;

export interface PathParts {
  readonly isAbsolute: boolean;
  /** Names from the top; empty for the root itself. */
  readonly parts: readonly string[];
}

/** Names that mean something else than a file on Windows: devices (also with spaces before an ending), streams, what the system strips. */
const WINDOWS_NAME = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³]) *(\..*)?$|[:*?"<>|]|[. ]$/i;

/**
 * Takes a path apart without interpreting it.
 *
 * Refused, whatever they might mean: the empty path, empty parts (`a//b`, `a/`), `.` and `..`, NUL, lone surrogates, more bytes than the
 * system takes; on Windows also streams, devices, trailing dots and spaces, `\\?\` and network paths.
 *
 * @returns `undefined` for what is no path.
 */
export function pathParts(path: string, isWindows: boolean = process.platform === "win32"): PathParts | undefined {
  if (path === "" || path.includes("\0") || !isWellFormed(path) || isLonger(path, MAX_PATH_BYTES)) return undefined;
  const text = isWindows ? path.replaceAll("\\", "/") : path;
  if (isWindows && text.startsWith("//")) return undefined;
  const drive = isWindows ? (/^[A-Za-z]:(?=\/)/.exec(text)?.[0] ?? "") : "";
  const rest = text.slice(drive.length);
  const isAbsolute = rest.startsWith("/");
  if (rest === "/") return { isAbsolute, parts: drive ? [drive] : [] };
  const parts = (isAbsolute ? rest.slice(1) : rest).split("/");
  if (!parts.every((part) => isName(part, isWindows))) return undefined;
  return { isAbsolute, parts: drive ? [drive.toUpperCase(), ...parts] : parts };
}

/** ES2024; in every supported Node. */
interface Formed {
  isWellFormed(): boolean;
}

/** No lone surrogate in it. */
function isWellFormed(text: string): boolean {
  return (text as unknown as Formed).isWellFormed();
}

/** A character takes at most three bytes for each unit that it has here: most texts need not be counted. */
function isLonger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && Buffer.byteLength(text) > bytes;
}

function isName(part: string, isWindows: boolean): boolean {
  if (part === "" || part === "." || part === ".." || isLonger(part, MAX_NAME_BYTES)) return false;
  return !isWindows || !(WINDOWS_NAME.test(part) || [...part].some((sign) => sign < " "));
}

/** What of `parts` is below `above`, or `undefined` when it is not. */
export function below(above: readonly string[], parts: readonly string[]): readonly string[] | undefined {
  return above.length <= parts.length && above.every((part, i) => part === parts[i])
    ? parts.slice(above.length)
    : undefined;
}
