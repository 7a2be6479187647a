/** Files, patterns and settings of `airssys check`: what is looked at, what is told, and which settings hold where. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parseArguments } from "../../server/src/check/arguments.ts";
import { runCheck } from "../../server/src/check/run-check.ts";
import { globTest, ignoreTest } from "../../server/src/source/glob.ts";
import { parseJsonText } from "../../server/src/source/json-text.ts";
import { makeWorkspace } from "./client.ts";
import { BAD, FIXABLE, GOOD } from "./sample-actors.ts";

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function airssys(
  folder: string,
  words: readonly string[],
  { environment = {}, isTTY = false }: { environment?: Record<string, string>; isTTY?: boolean } = {},
): Promise<Said> {
  const said = { out: "", err: "" };
  const parsed = parseArguments(["check", ...words]);
  assert.ok(parsed.kind === "check", JSON.stringify(parsed));
  const code = await runCheck(
    parsed.options,
    { isTTY, write: (text) => (said.out += text) },
    { write: (text) => (said.err += text) },
    { directory: folder, environment },
  );
  return { ...said, code };
}

const places = ({ out }: Said): readonly string[] =>
  [...out.matchAll(/^(\S+?):\d+:\d+ (error|warning|hint|info) /gm)].map(([, file = "", level]) => `${file} ${level}`);

/** A message that is sent in one file and handled in another. */
const HANDLER = `import { Actor } from "airssys-rt";
export type Message = { readonly type: "a" } | { readonly type: "b" };
export class A extends Actor<Message> {
  override handleMessage(message: Message): void {
    if (message.type === "a") console.log(1);
    else if (message.type === "b") console.log(2);
  }
}
`;
const SENDER = `import type { ActorRef } from "airssys-rt";
import type { Message } from "./handler.ts";
export const send = (to: ActorRef<Message>) => { to.tell({ type: "a" }); };
export const sendOther = (to: ActorRef<Message>) => { to.tell({ type: "b" }); };
`;

test("a link to nowhere that bears the name of a source is said not to be checked, and is no success under --max-warnings 0", async () => {
  using workspace = makeWorkspace({ "a.ts": GOOD });
  symlinkSync(path.join(workspace.folder, "nowhere.ts"), path.join(workspace.folder, "b.ts"));
  symlinkSync(path.join(workspace.folder, "nowhere.png"), path.join(workspace.folder, "b.png"));

  const said = await airssys(workspace.folder, ["--max-warnings", "0"]);

  assert.match(said.out + said.err, /b\.ts.*the file cannot be read and is not checked/);
  assert.doesNotMatch(said.out + said.err, /b\.png/);
  assert.notEqual(said.code, 0);
});

test("for a file its project is checked, and what is found in the file is told", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD, "b.ts": BAD, "handler.ts": HANDLER, "sender.ts": SENDER });
  const absolute = path.join(workspace.folder, "b.ts");

  assert.deepEqual(places(await airssys(workspace.folder, ["a.ts"])), ["a.ts error"]);
  assert.deepEqual(places(await airssys(workspace.folder, ["a.ts", absolute])), ["a.ts error", "b.ts error"]);
  // What sends the messages is another file.
  const handler = await airssys(workspace.folder, ["handler.ts", "--preset", "strict"]);
  assert.deepEqual([handler.code, places(handler)], [0, []]);
  assert.match(handler.out, /\(1 actor in 1 file, /);
});

test("a file elsewhere is checked with the package it is in, from wherever the check is started", async () => {
  using workspace = makeWorkspace({
    "shop/package.json": "{}",
    "shop/src/a.ts": BAD,
    "shop/src/b.ts": BAD,
    "x/c.ts": GOOD,
  });
  mkdirSync(path.join(workspace.folder, "y"));

  const said = await airssys(path.join(workspace.folder, "y"), ["../shop/src/a.ts"]);

  assert.deepEqual([said.code, places(said)], [1, ["../shop/src/a.ts error"]]);
});

test("patterns and folders go together, and a pattern is told from a name that looks like one", async () => {
  using workspace = makeWorkspace({ "src/a.ts": BAD, "src/deep/b.ts": BAD, "lib/c.ts": BAD, "src/[id].ts": BAD });
  const found = async (...words: string[]) => places(await airssys(workspace.folder, words));

  assert.deepEqual(await found("src/**/*.ts"), ["src/[id].ts error", "src/a.ts error", "src/deep/b.ts error"]);
  assert.deepEqual(await found("src/*.{ts,tsx}"), ["src/[id].ts error", "src/a.ts error"]);
  assert.deepEqual(await found("src/[id].ts"), ["src/[id].ts error"]);
  assert.deepEqual(await found("src/?.ts", "lib"), ["lib/c.ts error", "src/a.ts error"]);
  assert.deepEqual(await found("--", "lib/c.ts"), ["lib/c.ts error"]);
});

test("of a folder that is named beside a file, what nobody can read is said; a folder without sources is refused", async () => {
  using workspace = makeWorkspace({ "src/a.ts": GOOD, "lib/c.ts": GOOD, "other/d.ts": GOOD, "empty/readme.md": "# a" });
  for (const folder of ["lib", "other"])
    symlinkSync(path.join(workspace.folder, "gone.ts"), path.join(workspace.folder, folder, "broken.ts"));

  const { code, out } = await airssys(workspace.folder, ["src/a.ts", "lib", "--max-warnings", "0"]);

  assert.equal(code, 1);
  assert.match(out, /^lib\/broken\.ts warning not checked: /m);
  assert.doesNotMatch(out, /other\/broken/);
  const empty = await airssys(workspace.folder, ["src/a.ts", "empty"]);
  assert.deepEqual([empty.code, /empty holds no TypeScript or JavaScript/.test(empty.err)], [2, true]);
});

test("what is no source is said, and nothing is checked for it alone", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD, "readme.md": "# a" });

  const { code, out, err } = await airssys(workspace.folder, ["readme.md"]);

  assert.deepEqual([code, err], [0, "airssys: readme.md is neither TypeScript nor JavaScript: nothing to check\n"]);
  assert.match(out, /^nothing to complain about \(0 actors in 0 files/);
});

test("what could not be read of a named file is told, and what concerns others is not", async () => {
  const lost = BAD.replace(/^type Message = .*;$/m, 'import type { Message } from "./missing.ts";');
  using workspace = makeWorkspace({ "a.ts": GOOD, "b.ts": lost });

  assert.equal((await airssys(workspace.folder, ["a.ts"])).code, 0);
  const other = await airssys(workspace.folder, ["b.ts"]);
  assert.equal(other.code, 2);
  assert.match(other.out, /^b\.ts:\d+:\d+ error not checked: /);
});

test("--fix writes the named files alone", async () => {
  using workspace = makeWorkspace({ "a.ts": FIXABLE, "b.ts": FIXABLE });

  await airssys(workspace.folder, ["--fix", "a.ts"]);

  assert.notEqual(readFileSync(path.join(workspace.folder, "a.ts"), "utf8"), FIXABLE);
  assert.equal(readFileSync(path.join(workspace.folder, "b.ts"), "utf8"), FIXABLE);
});

test("the nearest airssys.json above a file holds for it, also above the folder the check is started in", async () => {
  using workspace = makeWorkspace({
    "airssys.json": '{ "rules": { "unhandled-message": "warning" } }',
    "a.ts": BAD,
    "src/b.ts": BAD,
    "strict/airssys.json": '{ "rules": { "unhandled-message": "hint" } }',
    "strict/deep/c.ts": BAD,
    "off/airssys.json": '{ "preset": "none" }',
    "off/d.ts": BAD,
  });

  const all = await airssys(workspace.folder, []);
  const below = await airssys(path.join(workspace.folder, "src"), []);
  const over = await airssys(workspace.folder, ["--rule", "unhandled-message=error"]);
  const only = await airssys(workspace.folder, ["--config", "off/airssys.json"]);

  assert.deepEqual(places(all), ["a.ts warning", "src/b.ts warning", "strict/deep/c.ts hint"]);
  assert.deepEqual(places(below), ["b.ts warning"]);
  assert.deepEqual(places(over), ["a.ts error", "off/d.ts error", "src/b.ts error", "strict/deep/c.ts error"]);
  assert.deepEqual(places(only), []);
});

test("a folder that is checked is of the project above it: its aliases, its types, its mistakes", async () => {
  using workspace = makeWorkspace({
    "tsconfig.json": `{
      "compilerOptions": {
        "strict": true, "noEmit": true, "target": "es2023", "module": "nodenext", "allowImportingTsExtensions": true,
        "paths": { "#protocol": ["./src/protocol.ts"] }
      },
      "include": ["src"]
    }`,
    "src/protocol.ts": 'export type Message = { type: "a" } | { type: "b" };\n',
    "src/a.ts": BAD.replace(/type Message = .*/, 'import type { Message } from "#protocol";'),
  });

  const whole = await airssys(workspace.folder, []);
  const below = await airssys(workspace.folder, ["src"]);
  const within = await airssys(path.join(workspace.folder, "src"), []);

  assert.deepEqual(places(whole), ["src/a.ts error"]);
  assert.deepEqual([places(below), below.code], [places(whole), whole.code]);
  assert.deepEqual([places(within), within.code], [["a.ts error"], whole.code]);
});

test("a file in UTF-16 is read as compilers read it, and keeps its encoding when it is fixed", async () => {
  for (const isSwapped of [false, true]) {
    using workspace = makeWorkspace({ "b.ts": GOOD });
    const bytes = Buffer.from(`\ufeff${FIXABLE}`, "utf16le");
    const file = path.join(workspace.folder, "a.ts");
    writeFileSync(file, isSwapped ? bytes.swap16() : bytes);

    assert.deepEqual(places(await airssys(workspace.folder, [])), ["a.ts error"]);
    const fixed = await airssys(workspace.folder, ["--fix"]);

    assert.equal(fixed.code, 0, fixed.out);
    const after = readFileSync(file);
    const text = (isSwapped ? after.swap16() : after).toString("utf16le");
    assert.equal(text, `\ufeff${FIXABLE.replace("one_for_al", "one_for_all")}`);
  }
});

test("a link that leads to itself, or nowhere, hides nothing of the folder it is in", async () => {
  using workspace = makeWorkspace({ "b.ts": BAD, "z/c.ts": BAD });
  symlinkSync("a.ts", path.join(workspace.folder, "a.ts"));
  symlinkSync("nowhere", path.join(workspace.folder, "a"));
  symlinkSync("../z", path.join(workspace.folder, "z/again"));

  assert.deepEqual(places(await airssys(workspace.folder, [])), ["b.ts error", "z/c.ts error"]);
});

test("comments, trailing commas, overrides and ignores are understood in airssys.json", async () => {
  using workspace = makeWorkspace({
    "airssys.json": `// what we agreed on
{
  "rules": { "unhandled-message": "error" /* always */, },
  "overrides": [
    { "files": ["test/**", "*.spec.ts"], "rules": { "unhandled-message": "warning" } },
    { "files": ["test/loud/"], "rules": { "unhandled-message": "error" } },
  ],
  "ignores": ["generated", "*.gen.ts"],
}
`,
    "a.ts": BAD,
    "deep/a.spec.ts": BAD,
    "test/b.ts": BAD,
    "test/loud/c.ts": BAD,
    "generated/d.ts": BAD,
    "deep/e.gen.ts": BAD,
  });

  assert.deepEqual(places(await airssys(workspace.folder, [])), [
    "a.ts error",
    "deep/a.spec.ts warning",
    "test/b.ts warning",
    "test/loud/c.ts error",
  ]);
  assert.equal((await airssys(workspace.folder, ["generated/d.ts"])).code, 0);
});

test("what is ignored is read all the same: its messages are sent", async () => {
  using workspace = makeWorkspace({
    "airssys.json": '{ "preset": "strict", "ignores": ["sender.ts"] }',
    "handler.ts": HANDLER,
    "sender.ts": SENDER,
  });
  assert.deepEqual(places(await airssys(workspace.folder, [])), []);
});

const BLOCKING = `import { readFileSync } from "node:fs";
import { Actor } from "airssys-rt";
export class A extends Actor<{ readonly type: "a" }> {
  override handleMessage(): void { console.log(readFileSync("a"), 1); }
}
`;

test("a rule takes options, and says which it has", async () => {
  const settings = (options: string) => `{ "rules": { "blocking-call-in-handler": ["error", ${options}] } }`;
  using workspace = makeWorkspace({ "a.ts": BLOCKING, "airssys.json": settings('{ "allow": ["readFileSync"] }') });
  assert.deepEqual(places(await airssys(workspace.folder, [])), []);

  for (const [options, said] of [
    ['{ "allow": ["statSync"] }', /^$/],
    ['{ "alow": [] }', /"blocking-call-in-handler" has no option "alow", only allow/],
    ['{ "allow": "readFileSync" }', /the option "allow" of "blocking-call-in-handler" must be a list of texts/],
    ["[]", /the options of "blocking-call-in-handler" must be an object with allow/],
  ] as const) {
    writeFileSync(path.join(workspace.folder, "airssys.json"), settings(options));
    const { code, err } = await airssys(workspace.folder, []);
    assert.match(err, said);
    assert.equal(code, err === "" ? 1 : 2);
  }
});

test("settings that cannot mean anything are refused: overrides, ignores, patterns, features", async () => {
  for (const [text, said] of [
    ['{ "overrides": {} }', /"overrides" must be a list/],
    ['{ "overrides": [{ "rules": {} }] }', /each of "overrides" must be an object with "files"/],
    ['{ "overrides": [{ "files": ["a"], "ignores": [] }] }', /in "overrides" there is no place for "ignores"/],
    ['{ "ignores": ["a", 1] }', /"ignores" must be a list of patterns/],
    ['{ "ignores": ["[a"] }', /the pattern "\[a" cannot be read: a "\[" has no end/],
    ['{ "features": { "hovre": true } }', /there is no feature "hovre"/],
    ['{ "rules": { "floating-asks": "off" } }', /there is no rule "floating-asks": did you mean "floating-ask"\?/],
  ] as const) {
    using workspace = makeWorkspace({ "a.ts": BAD, "airssys.json": text });
    const { code, err } = await airssys(workspace.folder, []);
    assert.equal(code, 2, text);
    assert.match(err, said);
  }
});

test("a baseline tells what is fixed, and --prune-baseline takes out that and adds nothing", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD, "b.ts": BAD });
  const base = ["--baseline", "base.json"];
  await airssys(workspace.folder, [...base, "--update-baseline"]);
  writeFileSync(path.join(workspace.folder, "a.ts"), GOOD);
  writeFileSync(path.join(workspace.folder, "c.ts"), BAD);

  const told = await airssys(workspace.folder, base);
  const elsewhere = await airssys(workspace.folder, [...base, "b.ts"]);
  const pruned = await airssys(workspace.folder, [...base, "--prune-baseline"]);
  const after = await airssys(workspace.folder, base);

  assert.match(
    told.err,
    /1 finding of the baseline base\.json is not found any longer: --prune-baseline takes them out/,
  );
  assert.deepEqual([elsewhere.code, elsewhere.err], [0, ""]);
  assert.match(pruned.err, /1 finding of the baseline base\.json is taken out/);
  assert.deepEqual([places(after), after.err], [["c.ts error"], ""]);
});

test("a baseline is the same from another folder, and its update for a file keeps the others", async () => {
  using workspace = makeWorkspace({ "src/a.ts": BAD, "src/b.ts": BAD });
  await airssys(workspace.folder, ["--baseline", "base.json", "--update-baseline"]);
  const src = path.join(workspace.folder, "src");

  assert.equal((await airssys(src, ["--baseline", "../base.json"])).code, 0);
  await airssys(src, ["--baseline", "../base.json", "--update-baseline", "a.ts"]);
  assert.equal((await airssys(workspace.folder, ["--baseline", "base.json"])).code, 0);
});

test("code hosts get paths from the root of the repository, wherever the check is started", async () => {
  using workspace = makeWorkspace({ ".git/HEAD": "", "server/src/a.ts": BAD });
  const folder = path.join(workspace.folder, "server");

  assert.match((await airssys(folder, ["--format", "github"])).out, /^::error file=server\/src\/a\.ts,line=5/);
  const sarif = (await airssys(folder, ["--format", "sarif"])).out;
  assert.match(sarif, /"uri": "server\/src\/a\.ts"/);
  assert.deepEqual(places(await airssys(folder, [])), ["src/a.ts error"]);

  using bare = makeWorkspace({ "server/a.ts": BAD });
  const environment = { GITHUB_WORKSPACE: bare.folder };
  const said = await airssys(path.join(bare.folder, "server"), ["--format", "github"], { environment });
  assert.match(said.out, /^::error file=server\/a\.ts,/);
});

test("SARIF has the page of each rule, and a fingerprint that stays when lines move", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  const run = async () => {
    const { out } = await airssys(workspace.folder, ["--format", "sarif"]);
    const { runs } = JSON.parse(out) as {
      runs: {
        tool: { driver: { rules: { id: string; help: { markdown: string }; fullDescription: { text: string } }[] } };
        results: { partialFingerprints: Record<string, string> }[];
      }[];
    };
    return runs[0];
  };

  const before = await run();
  writeFileSync(path.join(workspace.folder, "a.ts"), `\n\n${BAD}`);
  const after = await run();

  const rule = before?.tool.driver.rules.find(({ id }) => id === "unhandled-message");
  assert.match(rule?.help.markdown ?? "", /^# unhandled-message\n[\s\S]*## Not reported/);
  assert.match(rule?.fullDescription.text ?? "", /^A handler that leaves out a variant of its message type drops/);
  const [print] = Object.values(before?.results[0]?.partialFingerprints ?? {});
  assert.match(print ?? "", /^[0-9a-f]{32}$/);
  assert.deepEqual(after?.results[0]?.partialFingerprints, before?.results[0]?.partialFingerprints);
});

test("a terminal gets colours, and links where it shows them; NO_COLOR and FORCE_COLOR are followed", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  const looks = async (isTTY: boolean, environment: Record<string, string>) => {
    const { out } = await airssys(workspace.folder, [], { isTTY, environment });
    return [out.includes("\x1b[31merror"), out.includes("\x1b]8;;file:///")];
  };

  assert.deepEqual(await looks(false, {}), [false, false]);
  assert.deepEqual(await looks(true, {}), [true, false]);
  assert.deepEqual(await looks(true, { TERM_PROGRAM: "vscode" }), [true, true]);
  assert.deepEqual(await looks(true, { NO_COLOR: "1", TERM_PROGRAM: "vscode" }), [false, false]);
  assert.deepEqual(await looks(true, { NO_COLOR: "" }), [true, false]);
  assert.deepEqual(await looks(true, { TERM: "dumb" }), [false, false]);
  assert.deepEqual(await looks(false, { FORCE_COLOR: "1" }), [true, false]);
  assert.deepEqual(await looks(true, { FORCE_COLOR: "0" }), [false, false]);
  assert.deepEqual(await looks(false, { FORCE_COLOR: "1", FORCE_HYPERLINK: "1" }), [true, true]);
});

test("the findings are counted by rule, the loudest first, and what --fix would write is said", async () => {
  const ask = `import type { ActorRef, Ask } from "airssys-rt";
export function f(ref: ActorRef<Ask<{ type: "x" }, number>>): void { ref.ask({ type: "x" }); }
`;
  using workspace = makeWorkspace({ "a.ts": BAD, "b.ts": BAD, "c.ts": ask, "d.ts": FIXABLE });

  const { out } = await airssys(workspace.folder, []);

  assert.match(
    out,
    /\n {2}2 unhandled-message\n {2}1 invalid-supervisor-spec\n {2}1 floating-ask\n\n3 errors, 1 warning; --fix writes 1 fix \(/,
  );
});

test("`airssys rules` lists all rules and which are on here, `airssys explain` prints a page", () => {
  using workspace = makeWorkspace({ "airssys.json": '{ "rules": { "floating-ask": "off" } }' });
  const CLI = path.join(import.meta.dirname, "../../server/src/cli.ts");
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [CLI, ...words], { encoding: "utf8", cwd: workspace.folder });

  const list = run("rules").stdout;
  assert.match(list, /^1001 {2}unhandled-message +error +recommended +A handler does not cover/);
  assert.match(list, /^2001 {2}floating-ask +off +recommended/m);
  assert.match(list, /^1004 {2}message-never-sent +off +strict/m);
  const { rules } = JSON.parse(run("rules", "--format", "json").stdout) as { rules: { name: string; here: string }[] };
  assert.equal(rules.find(({ name }) => name === "floating-ask")?.here, "off");

  for (const named of ["unhandled-message", "1001"])
    assert.match(run("explain", named).stdout, /^# unhandled-message\n/);
  const wrong = run("explain", "unhandled-mesage");
  assert.deepEqual(
    [wrong.status, wrong.stderr],
    [2, 'airssys: there is no rule "unhandled-mesage": did you mean "unhandled-message"?\n'],
  );
});

test("patterns mean what they mean in an ignore file", () => {
  for (const [pattern, fitting, other] of [
    ["*.ts", ["/w/a.ts", "/w/x/a.ts"], ["/w/a.tsx", "/v/a.ts"]],
    ["gen", ["/w/gen/a.ts", "/w/x/gen/b/a.ts", "/w/gen"], ["/w/agen/a.ts"]],
    ["gen/", ["/w/x/gen/a.ts"], ["/w/gen"]],
    ["/gen", ["/w/gen/a.ts"], ["/w/x/gen/a.ts"]],
    ["src/*/a.ts", ["/w/src/x/a.ts"], ["/w/src/a.ts", "/w/src/x/y/a.ts", "/w/y/src/x/a.ts"]],
    ["src/**/a.ts", ["/w/src/a.ts", "/w/src/x/y/a.ts"], ["/w/src/xa.ts"]],
    ["**/{a,b*}.[jt]s", ["/w/a.ts", "/w/x/bc.js"], ["/w/c.ts"]],
    ["a+(b).ts", ["/w/a+(b).ts"], ["/w/aab.ts"]],
    ["[!a].ts", ["/w/b.ts"], ["/w/a.ts"]],
    ["{a,{b,c}}.ts", ["/w/c.ts"], ["/w/d.ts"]],
  ] as const) {
    const fits = ignoreTest(pattern, "/w");
    assert.deepEqual([fitting.filter(fits), other.filter(fits)], [fitting, []], pattern);
  }
  assert.deepEqual(["/w/a.ts", "/w/x/a.ts"].filter(globTest("./*.ts", "/w")), ["/w/a.ts"]);
});

test("comments and commas are taken out of settings and out of no text", () => {
  assert.deepEqual(parseJsonText('\ufeff{ "a": "//,}", /* , */ "b": [1, /* x */ ], // end\n }'), { a: "//,}", b: [1] });
  assert.deepEqual(parseJsonText('{ "a": "\\"/*" }'), { a: '"/*' });
  for (const wrong of ["{ a: 1 }", "[,]", "[1,,]", '{ "a" // : 1\n }', ""])
    assert.throws(() => parseJsonText(wrong), SyntaxError, wrong);
});
