import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parseArguments } from "../../server/src/check/arguments.ts";
import { runCheck } from "../../server/src/check/run-check.ts";
import { makeWorkspace } from "./client.ts";

const CLI = path.join(import.meta.dirname, "../../server/src/cli.ts");
const BAD = `import { Actor } from "airssys-rt";
type Message = { type: "a" } | { type: "b" };
export class A extends Actor<Message> {
  override handleMessage(message: Message): void {
    switch (message.type) {
      case "a":
        break;
    }
  }
}
`;
const WARNING = `import type { ActorRef, Ask } from "airssys-rt";
export function f(ref: ActorRef<Ask<{ type: "x" }, number>>): void {
  ref.ask({ type: "x" });
}
`;

/** The command in this process: starting one for each case takes a second. */
async function airssys(folder: string, ...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const said = { out: "", err: "" };
  const parsed = parseArguments(words);
  if (parsed.kind !== "check") return { ...said, code: 2, err: parsed.kind === "mistake" ? parsed.text : "" };
  const code = await runCheck(
    parsed.options,
    { write: (text) => (said.out += text) },
    { write: (text) => (said.err += text) },
    folder,
  );
  return { ...said, code };
}

test("errors are printed with place and line, and the exit code is 1", async () => {
  using workspace = makeWorkspace({ "src/a.ts": BAD });

  const { code, out } = await airssys(workspace.folder, "check");

  assert.equal(code, 1);
  assert.match(
    out,
    /^src\/a\.ts:5:13 error "b" is not handled \(unhandled-message\)\n {4} {4}switch \(message\.type\) \{\n {4} {12}\^{12}\n/,
  );
  assert.match(out, /1 error, 0 warnings \(1 actor in 1 file, \d+ ms\)\n$/);
});

test("a sound workspace has exit code 0, and so have warnings that are allowed", async () => {
  using workspace = makeWorkspace({ "a.ts": WARNING });

  assert.equal((await airssys(workspace.folder, "check")).code, 0);
  assert.equal((await airssys(workspace.folder, "check", "--max-warnings", "1")).code, 0);
  assert.equal((await airssys(workspace.folder, "check", "--max-warnings=0")).code, 1);
  assert.equal((await airssys(workspace.folder, "check", "--rule", "floating-ask=off", "--max-warnings=0")).code, 0);
  assert.equal((await airssys(workspace.folder, "check", "--rule", "floating-ask=error")).code, 1);
});

test("JSON has everything that is found", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD, "b.ts": WARNING });

  const { out } = await airssys(workspace.folder, "check", "--format", "json");

  const { version, summary, diagnostics } = JSON.parse(out) as {
    version: number;
    summary: { errors: number; warnings: number };
    diagnostics: { file: string; rule: string; isFixable: boolean }[];
  };
  assert.deepEqual([version, summary.errors, summary.warnings], [1, 1, 1]);
  assert.deepEqual(
    diagnostics.map(({ file, rule, isFixable }) => [file, rule, isFixable]),
    [
      ["a.ts", "unhandled-message", true],
      ["b.ts", "floating-ask", false],
    ],
  );
});

test("SARIF names the rules and places as version 2.1.0 wants them", async () => {
  using workspace = makeWorkspace({ "a b.ts": BAD });

  const { out } = await airssys(workspace.folder, "check", "--format", "sarif");

  const log = JSON.parse(out) as {
    version: string;
    runs: {
      tool: { driver: { rules: { id: string }[] } };
      results: {
        ruleId: string;
        ruleIndex: number;
        level: string;
        locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[];
      }[];
    }[];
  };
  const [run] = log.runs;
  const [result] = run?.results ?? [];
  assert.equal(log.version, "2.1.0");
  assert.equal(run?.tool.driver.rules[result?.ruleIndex ?? -1]?.id, "unhandled-message");
  assert.equal(result?.level, "error");
  assert.equal(result?.locations[0]?.physicalLocation.artifactLocation.uri, "a%20b.ts");
  assert.deepEqual(result?.locations[0]?.physicalLocation.region, {
    startLine: 5,
    startColumn: 13,
    endLine: 5,
    endColumn: 25,
  });
});

test("GitHub annotations escape what the workflow would misread", async () => {
  using workspace = makeWorkspace({ "a,b.ts": BAD });

  const { out } = await airssys(workspace.folder, "check", "--format", "github");

  assert.match(
    out,
    /^::error file=a%2Cb\.ts,line=5,col=13,endLine=5,endColumn=25,title=airssys unhandled-message::"b" is not handled\n/,
  );
});

test("--fix applies safe fixes and keeps line ends and the byte order mark", async () => {
  using workspace = makeWorkspace({ "a.ts": `\ufeff${BAD.replaceAll("\n", "\r\n")}` });

  const { code, out } = await airssys(workspace.folder, "check", "--fix");

  assert.equal(code, 0, out);
  assert.match(out, /1 fix applied; nothing to complain about/);
  const text = readFileSync(path.join(workspace.folder, "a.ts"), "utf8");
  assert.ok(text.startsWith("\ufeffimport"));
  assert.match(text, /\r\n {6}case "b":\r\n {8}break;\r\n/);
  assert.equal(text.replaceAll("\r\n", "").includes("\n"), false);
  assert.equal((await airssys(workspace.folder, "check")).code, 0);
});

test("a baseline leaves out what was there before and shows what is new", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  await airssys(workspace.folder, "check", "--baseline", "base.json", "--update-baseline");

  writeFileSync(path.join(workspace.folder, "a.ts"), `// moved\n${BAD}`);
  assert.equal((await airssys(workspace.folder, "check", "--baseline", "base.json")).code, 0);
  writeFileSync(path.join(workspace.folder, "b.ts"), BAD);

  const { code, out } = await airssys(workspace.folder, "check", "--baseline", "base.json");
  assert.equal(code, 1);
  assert.match(out, /^b\.ts:5:13/);
});

test("settings are read from airssys.json", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD, "airssys.json": '{ "rules": { "unhandled-message": "hint" } }' });

  assert.equal((await airssys(workspace.folder, "check")).code, 0);
});

test("wrong use is said in words, with exit code 2", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD, "broken.json": "{", "list.json": "[]" });
  for (const [words, said] of [
    [["chekc"], /there is no command "chekc"/],
    [["check", "--frmat", "json"], /there is no option "--frmat"/],
    [["check", "--format", "xml"], /--format must be one of text, json, sarif, github, not "xml"/],
    [["check", "--max-warnings", "many"], /--max-warnings must be a whole number, not "many"/],
    [["check", "--rule", "floating-ask"], /--rule must be name=level/],
    [["check", "--rule", "no-such-rule=off"], /there is no rule "no-such-rule"/],
    [["check", "--preset", "lax"], /preset must be one of none, recommended, strict, not "lax"/],
    [["check", "--config", "broken.json"], /the settings .*broken\.json cannot be read/],
    [["check", "--baseline", "list.json"], /the baseline list\.json cannot be read: it has no "findings"/],
    [["check", "no/such/folder"], /no\/such\/folder is not a folder/],
  ] as const) {
    const { code, err } = await airssys(workspace.folder, ...words);
    assert.equal(code, 2, words.join(" "));
    assert.match(err, said);
  }
});

test("as a program it prints help, and mistakes with help", () => {
  const help = spawnSync(process.execPath, [CLI, "--help"], { encoding: "utf8" });
  const mistake = spawnSync(process.execPath, [CLI, "chekc"], { encoding: "utf8" });

  assert.deepEqual([help.status, help.stdout.slice(0, 20)], [0, "Usage: airssys check"]);
  assert.deepEqual([mistake.status, mistake.stderr.split("\n")[0]], [2, 'airssys: there is no command "chekc"']);
});
