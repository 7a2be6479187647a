/** The problem matchers of the extension over what `airssys check` really prints. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parseArguments } from "../../server/src/check/arguments.ts";
import { formatText } from "../../server/src/check/format-text.ts";
import type { Report } from "../../server/src/check/report.ts";
import { runCheck } from "../../server/src/check/run-check.ts";
import { makeWorkspace } from "./client.ts";

interface Matcher {
  readonly name: string;
  readonly owner: string;
  readonly severity: string;
  readonly fileLocation: readonly string[];
  readonly pattern: Readonly<Record<"file" | "line" | "column" | "severity" | "message" | "code", number>> & {
    readonly regexp: string;
  };
  readonly background?: {
    readonly activeOnStart: boolean;
    readonly beginsPattern: string;
    readonly endsPattern: string;
  };
}

const EXTENSION = path.join(import.meta.dirname, "../../extension");
const { problemMatchers } = (
  JSON.parse(readFileSync(path.join(EXTENSION, "package.json"), "utf8")) as {
    contributes: { problemMatchers: readonly Matcher[] };
  }
).contributes;
const [once, watching] = ["airssys", "airssys-watch"].map((name) => {
  const found = problemMatchers.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
}) as [Matcher, Matcher];

const SUMMARY = {
  errors: 1,
  warnings: 1,
  others: 2,
  files: 1,
  actors: 1,
  milliseconds: 5,
  fixed: 0,
  fixable: 0,
  unread: 0,
};
const range = { start: { line: 4, character: 12 }, end: { line: 4, character: 24 } };

function report(file: string, more: Partial<Report> = {}): Report {
  return {
    file,
    range,
    rule: "unhandled-message",
    code: 1001,
    severity: "error",
    message: '"b" is not handled',
    related: [],
    sourceLine: "    switch (message.type) {",
    isFixable: true,
    ...more,
  };
}

interface Problem {
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  readonly severity: string | undefined;
  readonly message: string | undefined;
  readonly code: string | undefined;
}

/** What VS Code makes of a text: each line by itself. */
function problemsIn(text: string, { pattern }: Matcher): readonly Problem[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = new RegExp(pattern.regexp).exec(line);
    if (match === null) return [];
    return [
      {
        file: match[pattern.file],
        line: Number(match[pattern.line]),
        column: Number(match[pattern.column]),
        severity: match[pattern.severity],
        message: match[pattern.message],
        code: match[pattern.code],
      },
    ];
  });
}

for (const matcher of [once, watching]) {
  for (const file of [
    "a.ts",
    "src/deep/a b.ts",
    "../other-root/src/a.ts",
    "C:\\x\\y.ts",
    "c:/x/y.ts",
    "//server/share/y.ts",
    "/home/me/x:1/y.ts",
    "src/(group)/page.tsx",
  ]) {
    test(`$${matcher.name} finds the place in ${file}`, () => {
      assert.deepEqual(problemsIn(formatText([report(file)], [], SUMMARY), matcher), [
        {
          file,
          line: 5,
          column: 13,
          severity: "error",
          message: '"b" is not handled',
          code: "unhandled-message",
        },
      ]);
    });
  }

  test(`$${matcher.name} takes each finding once, with its severity, and no line of source or related place`, () => {
    const related = [{ file: "b.ts", range, message: "error it is (handled) here" }];
    const sourceLine = "x.ts:1:1 error not a finding (unhandled-message)";
    const text = formatText(
      [
        report("a.ts", { severity: "error", related, sourceLine }),
        report("a.ts", { severity: "warning", message: "a (very) odd: one (here)" }),
        report("a.ts", { severity: "information" }),
        report("a.ts", { severity: "hint" }),
      ],
      [],
      SUMMARY,
    );

    const found = problemsIn(text, matcher);

    // VS Code knows error, warning and info; everything else is what the matcher says.
    assert.deepEqual(
      found.map(({ severity }) => severity),
      ["error", "warning", "info", "hint"],
    );
    assert.equal(found[1]?.message, "a (very) odd: one (here)");
    assert.equal(matcher.severity, "info");
  });

  test(`$${matcher.name} reads a text with carriage returns`, () => {
    const text = formatText([report("a.ts"), report("b.ts")], [], SUMMARY).replaceAll("\n", "\r\n");

    assert.deepEqual(
      problemsIn(text, matcher).map(({ file }) => file),
      ["a.ts", "b.ts"],
    );
  });

  test(`$${matcher.name} looks for files below the folder of the task, or where they say they are`, () => {
    assert.deepEqual(matcher.fileLocation, ["autoDetect", "$" + "{workspaceFolder}"]);
  });
}

test("$airssys-watch sees each check begin and end, and its problems between", async () => {
  const bad = `import { Actor } from "airssys-rt";
type Message = { type: "a" } | { type: "b" };
export class A extends Actor<Message> {
  override handleMessage(message: Message): void { switch (message.type) { case "a": break; } }
}
`;
  using workspace = makeWorkspace({ "src/a.ts": bad });
  const parsed = parseArguments(["check", "--watch"]);
  assert.ok(parsed.kind === "check");
  let out = "";
  let checks = 0;
  const end = new AbortController();
  let tell: (path: string) => void = () => {};
  await runCheck(
    parsed.options,
    {
      write: (text) => {
        out += text;
        if (!text.startsWith("airssys: waiting")) return;
        if (++checks === 1) tell(`${workspace.folder}/src/a.ts`);
        else end.abort();
      },
    },
    { write: () => {} },
    {
      directory: workspace.folder,
      signal: end.signal,
      watch: async (_folders, onChange) => {
        tell = onChange;
        return async () => {};
      },
    },
  );

  const { background } = watching;
  assert.equal(background?.activeOnStart, true);
  const marks = out.split("\n").flatMap((line) => {
    if (new RegExp(background?.beginsPattern ?? "").test(line)) return ["begins"];
    if (new RegExp(background?.endsPattern ?? "").test(line)) return ["ends"];
    return problemsIn(line, watching).map(({ file }) => file ?? "");
  });
  assert.deepEqual(marks, ["begins", "src/a.ts", "ends", "begins", "src/a.ts", "ends"]);
});

test("the tasks of the README use the matchers there are", () => {
  const readme = readFileSync(path.join(EXTENSION, "README.md"), "utf8");
  const [, snippet = ""] = /```json\n(\{[\s\S]*?"tasks"[\s\S]*?)```/.exec(readme) ?? [];
  const { tasks } = JSON.parse(snippet) as {
    tasks: { command: string; isBackground?: boolean; problemMatcher: string }[];
  };

  assert.deepEqual(
    tasks.map(({ problemMatcher, isBackground = false }) => [problemMatcher, isBackground]),
    [
      ["$airssys", false],
      ["$airssys-watch", true],
    ],
  );
  for (const { command } of tasks) assert.match(command, /^npx airssys check( --watch)?$/);
});
