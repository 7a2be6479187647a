/** How text looks on a terminal: colours and links where it shows them, plain text elsewhere. */

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  /** A text that leads somewhere when it is clicked. */
  link(text: string, uri: string | undefined): string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Terminals that show links; others may show what makes one. */
const LINKING: ReadonlySet<string> = new Set(["vscode", "iTerm.app", "WezTerm", "ghostty", "Hyper", "rio", "Tabby"]);

const plain = (text: string): string => text;
export const PLAIN: Style = { bold: plain, dim: plain, red: plain, yellow: plain, blue: plain, link: plain };

/**
 * | environment                                  | colours           | links             |
 * | -------------------------------------------- | ----------------- | ----------------- |
 * | `FORCE_COLOR` is `0` or `false`              | no                | no                |
 * | `FORCE_COLOR` is anything else               | yes               | on a terminal that shows them |
 * | `NO_COLOR` is not empty, or `TERM` is `dumb` | no                | no                |
 * | a terminal                                   | yes               | if it shows them  |
 * | else                                         | no                | no                |
 *
 * `FORCE_HYPERLINK` says of links what `FORCE_COLOR` says of colours.
 */
export function styleFor(isTerminal: boolean, environment: Environment): Style {
  const hasColours = coloursIn(isTerminal, environment);
  if (!hasColours) return PLAIN;
  const colour = (code: number, end: number) => (text: string) => `\x1b[${code}m${text}\x1b[${end}m`;
  const hasLinks = linksIn(isTerminal, environment);
  return {
    bold: colour(1, 22),
    dim: colour(2, 22),
    red: colour(31, 39),
    yellow: colour(33, 39),
    blue: colour(34, 39),
    link: (text, uri) => (hasLinks && uri !== undefined ? `\x1b]8;;${uri}\x1b\\${text}\x1b]8;;\x1b\\` : text),
  };
}

function coloursIn(isTerminal: boolean, { FORCE_COLOR, NO_COLOR, TERM }: Environment): boolean {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  if ((NO_COLOR ?? "") !== "" || TERM === "dumb") return false;
  return isTerminal;
}

function linksIn(isTerminal: boolean, environment: Environment): boolean {
  const { FORCE_HYPERLINK, TERM_PROGRAM = "", TERM = "", VTE_VERSION = "", WT_SESSION } = environment;
  if (FORCE_HYPERLINK !== undefined) return FORCE_HYPERLINK !== "0" && FORCE_HYPERLINK !== "false";
  const isLinking =
    LINKING.has(TERM_PROGRAM) ||
    /kitty|alacritty|foot/.test(TERM) ||
    Number(VTE_VERSION) >= 5_000 ||
    WT_SESSION !== undefined;
  return isTerminal && isLinking;
}
