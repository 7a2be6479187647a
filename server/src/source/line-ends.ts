/** Line ends of a text. Whoever makes edits writes `\n`; whoever applies or sends them asks here. */

/** `newText` with the line ends that `text` has. */
export function withLineEndsOf(text: string, newText: string): string {
  return newText.replaceAll(/\r?\n/g, text.includes("\r\n") ? "\r\n" : "\n");
}
