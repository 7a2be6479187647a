/** JSON as people write it: with comments, trailing commas and a byte order mark. */

/**
 * @returns the value.
 * @throws {SyntaxError} for everything else; places in its message are those of the text.
 */
export function parseJsonText(text: string): unknown {
  return JSON.parse(plainJson(text));
}

/** A text or a comment: the one that begins first. */
const COMMENT = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n\r]*|\/\*[\s\S]*?\*\//g;
/** A text, or a comma between a value and a bracket that closes. */
const COMMA = /"(?:[^"\\\n]|\\.)*"|(?<=["\]}\w]\s*),(?=\s*[}\]])/g;

/** What is no JSON becomes spaces, so that lines and columns stay. */
function plainJson(text: string): string {
  const bare = text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;
  return blanked(blanked(bare, COMMENT), COMMA);
}

function blanked(text: string, token: RegExp): string {
  return text.replace(token, (found) => (found.startsWith('"') ? found : found.replace(/[^\n\r]/g, " ")));
}
