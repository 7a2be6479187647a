/** Tells VS Code rows and the line above them so that they are drawn together. Knows no editor. */

/** What of a tree view is drawn above its rows. */
export interface Lined {
  message?: string | undefined;
}

/**
 * VS Code draws at once what it is told of a tree first, and what follows within 200 ms together and after them. So a line that changes is
 * told twice, before its rows as it stood and after them as it is: with them it is drawn, where it would have come 200 ms late.
 *
 * @param tellRows tells of rows that are to be drawn anew; `undefined`: there are none
 */
export function drawTogether(tree: Lined, line: string, tellRows?: () => void): void {
  const before = tree.message ?? "";
  if (before !== line && tellRows !== undefined) tree.message = before;
  tellRows?.();
  if (before !== line) tree.message = line;
}
