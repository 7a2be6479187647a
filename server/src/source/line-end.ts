/** Line ends of a file, which edits made with `\n` take on. */

/** @returns the new text with the line ends of the file it goes into. */
export function withLineEndsOf(file: string, newText: string): string {
  return file.includes("\r\n") ? newText.replace(/\r?\n/g, "\r\n") : newText;
}
