/** Text that came from another program, as people may see it: no character in it commands a screen. Pure; leaf. */

/** Escape sequences of terminals: colours, titles, links. Each part has a longest length: no text makes this slow. */
const SEQUENCES: RegExp =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  /(?:\u001B\[|\u009B)[0-?]{0,64}[ -/]{0,16}[@-~]?|\u001B(?:[\]PX^_][^\u0007\u001B\n]{0,4096}(?:\u0007|\u001B\\)?|[ -/]{0,16}[0-~]?)/g;
/** Control characters but the end of a line and the tab, marks that turn the direction of text or are not seen, halves of characters. */
const UNSEEN: RegExp =
  /[^\P{Cc}\n\t]|[\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|\p{Surrogate}/gu;

/** Lines as they are read; a line that was written over itself (`\r`) is several. */
export function shownText(text: string): string {
  return text.replace(SEQUENCES, "").replace(/\r\n?/g, "\n").replace(UNSEEN, "");
}

/** The last lines of a text that say something, each cut. */
export function lastLines(text: string, lines: number, length: number): string {
  // What is cut off here is far more than could be shown.
  const end = shownText(text.slice(-(lines + 1) * 4 * length));
  return end
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== "")
    .slice(-lines)
    .map((line) => (line.length > length ? `${line.slice(0, length - 1)}…` : line))
    .join("\n");
}
