/**
 * Patterns for paths, as ignore files and command lines have them. Pure.
 *
 * | part     | stands for                                        |
 * | -------- | ------------------------------------------------- |
 * | `*`      | anything within a name                            |
 * | `**`     | any folders, none as well                         |
 * | `?`      | one character of a name                           |
 * | `[ab]`   | one of these characters; `[!ab]` one of all others |
 * | `{a,b}`  | one of these patterns                             |
 */

export type PathTest = (path: string) => boolean;

/** Whether a word of a command line is a pattern, not a path. */
export function isGlob(word: string): boolean {
  return /[*?[\]{}]/.test(word);
}

/** @returns whether a path below the folder, given as a whole, fits. */
export function globTest(pattern: string, folder: string): PathTest {
  const source = new RegExp(`^${sourceOf(pattern.replace(/^\.\//, ""))}$`);
  const prefix = `${folder.replace(/\/$/, "")}/`;
  return (path) => path.startsWith(prefix) && source.test(path.slice(prefix.length));
}

/**
 * As in an ignore file: a pattern without a slash fits at any depth, and one that fits a folder takes in what is below it.
 * @returns whether a path below the folder, given as a whole, fits.
 */
export function ignoreTest(pattern: string, folder: string): PathTest {
  const bare = pattern.replace(/^\.?\//, "").replace(/\/$/, "");
  const anywhere = /\//.test(pattern.replace(/\/$/, "")) ? bare : `**/${bare}`;
  const itself = globTest(anywhere, folder);
  const below = globTest(`${anywhere}/**`, folder);
  const isFolder = pattern.endsWith("/");
  return (path) => below(path) || (!isFolder && itself(path));
}

/** @throws {SyntaxError} when a bracket has no end. */
function sourceOf(pattern: string): string {
  let source = "";
  for (let at = 0; at < pattern.length; ) {
    const [token = "", made] = next(pattern.slice(at));
    source += made;
    at += token.length;
  }
  return source;
}

function next(rest: string): readonly [token: string, source: string] {
  if (rest.startsWith("**/")) return ["**/", "(?:[^/]+/)*"];
  if (rest.startsWith("**")) return ["**", ".*"];
  switch (rest[0]) {
    case "*":
      return ["*", "[^/]*"];
    case "?":
      return ["?", "[^/]"];
    case "[": {
      const end = rest.indexOf("]", 2);
      if (end < 0) throw new SyntaxError('a "[" has no end');
      const set = rest.slice(1, end).replaceAll("\\", "\\\\");
      return [rest.slice(0, end + 1), `(?!/)[${set.replace(/^!/, "^")}]`];
    }
    case "{": {
      const end = endOfBraces(rest);
      if (end < 0) throw new SyntaxError('a "{" has no end');
      return [rest.slice(0, end + 1), `(?:${alternativesOf(rest.slice(1, end)).map(sourceOf).join("|")})`];
    }
    default:
      return [rest[0] ?? "", (rest[0] ?? "").replace(/[$()+.\\^|}\]]/, "\\$&")];
  }
}

function endOfBraces(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

/** Parts between the commas that stand in no inner braces. */
function alternativesOf(text: string): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "{") depth++;
    if (character === "}") depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
