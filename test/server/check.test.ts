import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { parseArguments, USAGE } from "../../server/src/check/arguments.ts";
import { runCheck } from "../../server/src/check/run-check.ts";
import { VERSION } from "../../server/src/source/version.ts";
import { makeWorkspace } from "./client.ts";
import { BAD, FIXABLE } from "./sample-actors.ts";

const CLI = path.join(import.meta.dirname, "../../server/src/cli.ts");
const WARNING = `import type { ActorRef, Ask } from "airssys-rt";
export function f(ref: ActorRef<Ask<{ type: "x" }, number>>): void {
  ref.ask({ type: "x" });
}
`;

/** Findings with related places. */
const TREE = `import { Actor, supervisor } from "airssys-rt";
class Worker extends Actor<{ type: "go" }> { override handleMessage(): void {} }
const start = () => new Worker();
export const root = supervisor({ maxRestarts: -1, children: [{ id: "db", start }, { id: "db", start }] });
`;
const SARIF_SCHEMA = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");

/** The command in this process: starting one for each case takes a second. */
async function airssys(folder: string, ...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const said = { out: "", err: "" };
  const parsed = parseArguments(words);
  if (parsed.kind !== "check") return { ...said, code: 2, err: parsed.kind === "mistake" ? parsed.text : "" };
  const code = await runCheck(
    parsed.options,
    { write: (text) => (said.out += text) },
    { write: (text) => (said.err += text) },
    { directory: folder },
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
  using workspace = makeWorkspace({ "a.ts": BAD, "b.ts": WARNING, "c.ts": FIXABLE });

  const { out } = await airssys(workspace.folder, "check", "--format", "json");

  const { version, summary, diagnostics } = JSON.parse(out) as {
    version: number;
    summary: { errors: number; warnings: number };
    diagnostics: { file: string; rule: string; isFixable: boolean }[];
  };
  assert.deepEqual([version, summary.errors, summary.warnings], [1, 2, 1]);
  assert.deepEqual(
    diagnostics.map(({ file, rule, isFixable }) => [file, rule, isFixable]),
    [
      ["a.ts", "unhandled-message", false],
      ["b.ts", "floating-ask", false],
      ["c.ts", "invalid-supervisor-spec", true],
    ],
  );
});

test("SARIF is valid by the schema of version 2.1.0, whatever is found", async () => {
  const validate = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(validate);
  const schema = JSON.parse(readFileSync(SARIF_SCHEMA, "utf8")) as object;
  using workspace = makeWorkspace({ "a b.ts": BAD, "ö/b.ts": WARNING, "tree.ts": TREE });
  using empty = makeWorkspace({});

  for (const { folder } of [workspace, empty]) {
    const { out } = await airssys(folder, "check", "--format", "sarif", "--preset", "strict");
    validate.validate(schema, JSON.parse(out));
    assert.deepEqual(validate.errors ?? [], []);
  }
  validate.validate(schema, { version: "2.1.0", runs: [{ tool: {} }] });
  assert.notDeepEqual(validate.errors ?? [], [], "the schema finds what is wrong");
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
  using workspace = makeWorkspace({ "a.ts": `\ufeff${FIXABLE.replaceAll("\n", "\r\n")}` });

  const { code, out } = await airssys(workspace.folder, "check", "--fix");

  assert.equal(code, 0, out);
  assert.match(out, /1 fix applied; nothing to complain about/);
  const text = readFileSync(path.join(workspace.folder, "a.ts"), "utf8");
  assert.ok(text.startsWith("\ufeffimport"));
  assert.match(text, /\r\n {2}strategy: "one_for_all",?/);
  assert.equal(text.replaceAll("\r\n", "").includes("\n"), false);
  assert.equal((await airssys(workspace.folder, "check")).code, 0);
});

test("--fix never writes a handler: a message that is not handled is reported as before", async () => {
  const dropping = BAD.replace('case "a":', 'case "a":\n        break;\n      default:');
  using workspace = makeWorkspace({ "a.ts": BAD, "b.ts": dropping });

  const { code, out } = await airssys(workspace.folder, "check", "--fix");

  assert.equal(code, 1);
  assert.match(out, /^a\.ts:5:13 error "b" is not handled/);
  assert.match(out, /b\.ts:\d+:7 warning default drops "b" without a trace/);
  assert.equal(readFileSync(path.join(workspace.folder, "a.ts"), "utf8"), BAD);
  assert.equal(readFileSync(path.join(workspace.folder, "b.ts"), "utf8"), dropping);
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

test("settings that are broken are refused with what is wrong and where", async () => {
  for (const [text, said] of [
    ["{ preset", /the settings .*airssys\.json: cannot be read: .*JSON/],
    ["[]", /airssys\.json: must be an object with "preset" and "rules"/],
    ["null", /airssys\.json: must be an object/],
    [
      '{ "presett": "strict" }',
      /airssys\.json: there is no place for "presett", only for preset, rules, overrides, ignores, features/,
    ],
    ['{ "rules": ["floating-ask"] }', /airssys\.json: "rules" must be an object/],
    [
      '{ "rules": { "floating-ask": "loud" } }',
      /the severity of "floating-ask" must be one of off, hint, .*not "loud"/,
    ],
    ['{ "rules": { "floating-asks": "off" } }', /there is no rule "floating-asks"/],
    ['{ "preset": "lax" }', /preset must be one of none, recommended, strict, not "lax"/],
  ] as const) {
    using workspace = makeWorkspace({ "a.ts": BAD, "airssys.json": text });
    const { code, out, err } = await airssys(workspace.folder, "check");
    assert.deepEqual([code, out], [2, ""], text);
    assert.match(err, said);
  }
});

test("settings may begin with a byte order mark and name their schema", async () => {
  const settings = '\ufeff{ "$schema": "x", "rules": { "unhandled-message": "off" }, "features": { "hover": false } }';
  using workspace = makeWorkspace({ "a.ts": BAD, "airssys.json": settings });

  assert.equal((await airssys(workspace.folder, "check")).code, 0);
});

test("--quiet shows errors only, and warnings do not count", async () => {
  using workspace = makeWorkspace({ "a.ts": WARNING });

  const { code, out } = await airssys(workspace.folder, "check", "--quiet", "--max-warnings=0");

  assert.equal(code, 0);
  assert.match(out, /^nothing to complain about/);
});

test("--fix goes on until nothing can be fixed, and leaves what is not safe", async () => {
  using workspace = makeWorkspace({ "a.ts": FIXABLE, "b.ts": WARNING });

  const { code, out } = await airssys(workspace.folder, "check", "--fix");
  const again = await airssys(workspace.folder, "check", "--fix");

  assert.equal(code, 0);
  assert.match(out, /1 fix applied; 0 errors, 1 warning/);
  assert.equal(readFileSync(path.join(workspace.folder, "b.ts"), "utf8"), WARNING);
  assert.doesNotMatch(again.out, /applied/);
});

test("a fix that cannot be written is said with the file, and exit code 2", {
  skip: process.getuid?.() === 0,
}, async () => {
  using workspace = makeWorkspace({ "a.ts": FIXABLE });
  chmodSync(path.join(workspace.folder, "a.ts"), 0o444);

  const { code, err } = await airssys(workspace.folder, "check", "--fix");

  assert.equal(code, 2);
  assert.match(err, /the fix of .*a\.ts cannot be written/);
});

test("a baseline that is not there is refused, one that cannot be written too", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });

  const missing = await airssys(workspace.folder, "check", "--baseline", "none.json");
  const unwritable = await airssys(workspace.folder, "check", "--baseline", "no/folder.json", "--update-baseline");

  assert.deepEqual([missing.code, unwritable.code], [2, 2]);
  assert.match(missing.err, /the baseline none\.json cannot be read/);
  assert.match(unwritable.err, /the baseline no\/folder\.json cannot be written/);
});

test("a baseline counts: one more of the same in the same file is new", async () => {
  const second = BAD.replace(/^import.*\n/, "")
    .replace("type Message", "type Other")
    .replaceAll("class A", "class B");
  using workspace = makeWorkspace({ "a.ts": BAD });
  await airssys(workspace.folder, "check", "--baseline", "base.json", "--update-baseline");

  writeFileSync(path.join(workspace.folder, "a.ts"), `${BAD}${second}`);
  const { code, out } = await airssys(workspace.folder, "check", "--baseline", "base.json");

  assert.equal(code, 1);
  assert.match(out, /1 error, 0 warnings/);
});

test("wrong use is said in words, with exit code 2", async () => {
  using workspace = makeWorkspace({
    "a.ts": BAD,
    "broken.json": "{",
    "list.json": "[]",
    "old.json": '{ "version": 1, "findings": {} }',
    "node_modules/airssys-rt/x.ts": "",
  });
  for (const [words, said] of [
    [["chekc"], /there is no command "chekc", only "check", "rules", "explain"/],
    [["check", "--frmat", "json"], /there is no option "--frmat": did you mean --format\?/],
    [["check", "--frmat=json"], /there is no option "--frmat": did you mean --format\?/],
    [["check", "-x"], /there is no option "-x"$/],
    [["check", "--fix=yes"], /--fix takes no value, not "yes"/],
    [["check", "--format"], /--format needs a value/],
    [["check", "--preset", "--fix"], /--preset needs a value/],
    [["check", "--format="], /--format must be one of text, json, sarif, github, not ""/],
    [["check", "--max-warnings", "-1"], /--max-warnings must be a whole number, not "-1"/],
    [["check", "--rule", "floating-ask=loud"], /the severity of "floating-ask" must be one of off, hint/],
    [["check", "--rule", "floating-ask=off=on"], /--rule must be name=level, not "floating-ask=off=on"/],
    [["check", "--update-baseline"], /--update-baseline needs --baseline <file>/],
    [["check", "--prune-baseline"], /--prune-baseline needs --baseline <file>/],
    [["check", "--baseline", "b", "--update-baseline", "--prune-baseline"], /do not go together/],
    [["check", "--baseline", "old.json"], /the baseline old\.json cannot be read: it has version 1, not 2/],
    [["check", "none/**/*.ts"], /the pattern "none\/\*\*\/\*\.ts" fits no TypeScript or JavaScript/],
    [["check", "node_modules/airssys-rt/x.ts"], /x\.ts is in a folder that is not looked at/],
    [["rules", "--fix"], /"rules" takes no --fix, only --format/],
    [["rules", "--format", "sarif"], /the rules are listed as text or json, not "sarif"/],
    [["explain"], /"explain" takes the name or the number of one rule/],
    [["explain", "a", "--quiet"], /"explain" takes no --quiet, only a rule/],
    [["check", "--watch", "--format", "json"], /--watch prints text: it does not go with --format json/],
    [["check", "--watch", "--baseline", "b", "--update-baseline"], /--update-baseline does not go with --watch/],
    [["check", "--config", "missing.json"], /the settings .*missing\.json: cannot be read/],
    [["check", "--format", "xml"], /--format must be one of text, json, sarif, github, not "xml"/],
    [["check", "--max-warnings", "many"], /--max-warnings must be a whole number, not "many"/],
    [["check", "--rule", "floating-ask"], /--rule must be name=level/],
    [["check", "--rule", "no-such-rule=off"], /there is no rule "no-such-rule"/],
    [["check", "--preset", "lax"], /preset must be one of none, recommended, strict, not "lax"/],
    [["check", "--config", "broken.json"], /the settings .*broken\.json: cannot be read/],
    [["check", "--baseline", "list.json"], /the baseline list\.json cannot be read: it has no "findings"/],
    [["check", "no/such/folder"], /no\/such\/folder is not there: neither a folder nor a file/],
  ] as const) {
    const { code, err } = await airssys(workspace.folder, ...words);
    assert.equal(code, 2, words.join(" "));
    assert.match(err, said);
  }
});

/** A clock on which every look takes a second. */
function slowClock(): () => number {
  let seconds = 0;
  return () => 1_000 * seconds++;
}

async function progressOf(isTTY: boolean, now?: () => number): Promise<string> {
  const files = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`src/a${index}.ts`, BAD]));
  using workspace = makeWorkspace(files);
  const said = { err: "" };
  const parsed = parseArguments(["check"]);
  assert.ok(parsed.kind === "check");
  const err = { isTTY, write: (text: string) => (said.err += text) };
  await runCheck(parsed.options, { write: () => {} }, err, {
    directory: workspace.folder,
    ...(now === undefined ? {} : { now }),
  });
  return said.err;
}

test("on a terminal progress is one line that is gone at the end", async () => {
  assert.equal(await progressOf(true), "\r50 of 60 files\r\x1b[K");
});

test("elsewhere a check that is fast says nothing, and one that is slow a line now and then", async () => {
  assert.equal(await progressOf(false, () => 0), "");
  const lines = (await progressOf(false, slowClock())).trim().split("\n");
  assert.match(lines[0] ?? "", /^airssys: \d+ of 60 files$/);
  assert.ok(lines.length > 1 && lines.length < 20, lines.join("\n"));
});

test("the exit codes are in the help and in the README, and the version is the package's", () => {
  const readme = readFileSync(path.join(import.meta.dirname, "../../server/README.md"), "utf8");
  const manifest = JSON.parse(readFileSync(path.join(import.meta.dirname, "../../server/package.json"), "utf8")) as {
    version: string;
  };
  const codes = USAGE.split("Exit codes:\n")[1]?.split("\n\n")[0]?.split("\n") ?? [];
  assert.equal(codes.length, 3);
  const plain = readme.replaceAll("`", "").replace(/ {2,}/g, " ");
  for (const line of codes) {
    const [, code, meaning] = /^ {2}(\d) {2}(.*)$/.exec(line) ?? [];
    assert.ok(plain.includes(`| ${code} | ${meaning} |`), line);
  }
  assert.equal(VERSION, manifest.version);
});

test("as a program it prints help, and mistakes with help", () => {
  const help = spawnSync(process.execPath, [CLI, "--help"], { encoding: "utf8" });
  const mistake = spawnSync(process.execPath, [CLI, "chekc"], { encoding: "utf8" });
  const version = spawnSync(process.execPath, [CLI, "--version"], { encoding: "utf8" });

  assert.deepEqual([help.status, help.stdout.slice(0, 20)], [0, "Usage: airssys check"]);
  assert.deepEqual(
    [mistake.status, mistake.stderr.split("\n")[0]],
    [2, 'airssys: there is no command "chekc", only "check", "rules", "explain", "recording"'],
  );
  assert.deepEqual([version.status, version.stdout], [0, `${VERSION}\n`]);
});
