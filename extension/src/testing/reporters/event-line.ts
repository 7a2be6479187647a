/** How a reporter tells of a test: a line in the file that the editor reads. Knows nothing of the extension: it runs in the test runner. */
import fs from "node:fs";

export interface ToldTest {
  readonly file: string | undefined;
  readonly titles: readonly string[];
  readonly state: "running" | "passed" | "failed" | "skipped";
  readonly isSuite?: boolean;
  readonly ms?: number | undefined;
  readonly error?: unknown;
}

const MOST_CHARACTERS = 20_000;

/** Nothing is told where nobody wants to hear; a file that cannot be written is nobody's concern in a test. */
export function tellTest({ error, ...test }: ToldTest): void {
  const file = process.env["AIRSSYS_TEST_EVENTS"] ?? "";
  if (file === "") return;
  const line = JSON.stringify({
    v: 1,
    event: "test",
    ...test,
    ...(error === undefined ? {} : { error: errorOf(error) }),
  });
  try {
    fs.appendFileSync(file, `${line}\n`, { mode: 0o600 });
  } catch (cause) {
    process.stderr.write(`nothing is told to the editor: ${textOf(cause)}\n`);
  }
}

/** Anything can be thrown. */
function errorOf(error: unknown): Readonly<Record<string, string>> {
  const fields = (typeof error === "object" && error !== null ? error : {}) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, MOST_CHARACTERS) : "");
  const { expected, actual } = fields;
  return {
    message: text(fields["message"]) || textOf(error).slice(0, MOST_CHARACTERS),
    stack: text(fields["stack"]),
    ...(isComparable(expected) && isComparable(actual) && { expected: shown(expected), actual: shown(actual) }),
  };
}

function isComparable(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function shown(value: unknown): string {
  return String(value).slice(0, MOST_CHARACTERS);
}

/** Not everything that is thrown lets itself be made text. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "something that cannot be shown";
  }
}
