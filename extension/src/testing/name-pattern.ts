/** How runners are told which tests to run: by a regular expression over the whole title. Pure. */
import type { TestNode } from "./test-node.ts";

/** Characters of a pattern: longer ones do not fit into a command line of Windows with all else in it. */
export const LONGEST_PATTERN = 8_000;

/**
 * Titles are joined by a space, as all three runners do. `undefined`: no pattern, so all tests of the file.
 *
 * | chosen             | pattern                |
 * | ------------------ | ---------------------- |
 * | the test `a (b)`   | `^a \(b\)$`            |
 * | a test with tests  | `^a( .*)?$`            |
 * | the suite `a`      | `^a .*$`               |
 * | several            | `^(?:a\|b c)$`         |
 * | too many           | none                   |
 */
export function namePattern(chosen: readonly TestNode[]): string | undefined {
  if (chosen.length === 0) return undefined;
  const parts = chosen.map(({ kind, titles, children }) => {
    const title = titles.map(escaped).join(" ");
    return kind === "suite" ? `${title} .*` : children.length > 0 ? `${title}( .*)?` : title;
  });
  const pattern = parts.length === 1 ? `^${parts[0]}$` : `^(?:${parts.join("|")})$`;
  return pattern.length > LONGEST_PATTERN ? undefined : pattern;
}

/** Signs of regular expressions stand for themselves; line breaks are what a shell or a log would change. */
function escaped(title: string): string {
  return title
    .replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
}
