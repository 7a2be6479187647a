/** What could not be looked at is said, in every way the checker speaks, and is never called fine. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { parseArguments } from "../../server/src/check/arguments.ts";
import { runCheck } from "../../server/src/check/run-check.ts";
import { makeWorkspace, startSession } from "./client.ts";
import { BAD, GOOD } from "./sample-actors.ts";

const SARIF_SCHEMA = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");

const CONTRACTS = BAD.replace(/type Message = .*/, 'import type { Message } from "contracts";');
const MISSING = { "node_modules/airssys-rt/package.json": "{", "node_modules/airssys-rt/index.d.ts": "" };
const CONFIG =
  '{ "compilerOptions": { "noLib": true, "strict": true, "module": "esnext", "moduleResolution": "bundler", "types": ["mini"] } }';
const OLD =
  '{ "compilerOptions": { "noLib": true, "strict": true, "target": "es2023", "module": "commonjs", "moduleResolution": "node", "types": ["mini"], "ignoreDeprecations": "6.0" } }';

async function check(files: Record<string, string>, ...words: string[]): Promise<{ code: number; out: string }> {
  using workspace = makeWorkspace(files);
  const parsed = parseArguments(["check", ...words]);
  assert.ok(parsed.kind === "check");
  let out = "";
  const code = await runCheck(
    parsed.options,
    { write: (text) => (out += text) },
    { write: () => {} },
    { directory: workspace.folder },
  );
  return { code, out };
}

/** What is said, and what the exit code is, by what could not be looked at. */
const GAPS: readonly (readonly [title: string, files: Record<string, string>, said: RegExp, code: number])[] = [
  [
    "a runtime whose types are not there",
    { ...MISSING, "a.ts": BAD },
    /^a\.ts:1:23 error not checked: airssys-rt is installed, but the types of "airssys-rt" are not found in it/,
    2,
  ],
  [
    "a runtime that is not installed, of a door",
    { "a.ts": 'import { probe } from "airssys-other";\nexport * from "airssys-rt/none";\n' },
    /^a\.ts:2:15 error not checked: airssys-rt is installed, but the types of "airssys-rt\/none"/,
    2,
  ],
  [
    "a runtime that an old way of looking for modules does not see",
    {
      "tsconfig.json": OLD,
      "node_modules/airssys-rt/package.json":
        '{ "name": "airssys-rt", "exports": { ".": { "types": "./types/index.d.ts" } } }',
      "node_modules/airssys-rt/index.d.ts": "",
      "node_modules/airssys-rt/types/index.d.ts": "export class Actor<M> {}",
      "a.ts": BAD,
    },
    /^a\.ts:1:23 error not checked: airssys-rt is installed, but "moduleResolution": "node" does not look at what a package exports/,
    2,
  ],
  [
    "actors of a package of somebody's that is not installed, or not built yet",
    { "a.ts": BAD.replace("airssys-rt", "@acme/actors") },
    /^a\.ts:1:23 error not checked: @acme\/actors is imported and not installed: no actor here is known/,
    2,
  ],
  [
    "functional actors that come through a file that is not there",
    {
      "a.ts":
        'import { defineActor as make } from "./rt.ts";\nexport const counter = make<{ type: "a" }>({ handlers: {} });\n',
    },
    /^a\.ts:1:37 error not checked: module "\.\/rt\.ts" is not found: no actor here is known/,
    2,
  ],
  [
    "supervisors that come by an alias that leads nowhere",
    { "a.ts": 'import { supervisor } from "#tree";\nexport const root = supervisor({ children: [] });\n' },
    /^a\.ts:1:28 error not checked: module "#tree" is not found: no actor here is known/,
    2,
  ],
  [
    "messages of a package that is not installed",
    { "a.ts": CONTRACTS },
    /^a\.ts:3:14 error not checked: the messages of A are not known: contracts is imported and not installed/,
    2,
  ],
  [
    "messages that another file has from a package that is not installed",
    {
      "a.ts": CONTRACTS.replace('"contracts"', '"./proto"'),
      "proto.ts": 'import type { Part } from "@some/contracts/part";\nexport type Message = Part | { type: "a" };\n',
    },
    /^a\.ts:3:14 error not checked: the messages of A are not known: @some\/contracts is imported and not installed/,
    2,
  ],
  [
    "messages of a file that is not there",
    { "a.ts": CONTRACTS.replace('"contracts"', '"./proto"') },
    /the messages of A are not known: module "\.\/proto" is not found/,
    2,
  ],
  [
    "messages whose discriminant is not known",
    { "a.ts": BAD.replace(/type Message = .*/, 'import { Kind } from "contracts";\ntype Message = { type: Kind };') },
    /the messages of A are not known: contracts is imported and not installed/,
    2,
  ],
  [
    "messages of a functional actor",
    {
      "a.ts":
        'import { defineActor } from "airssys-rt";\nimport type { M } from "contracts";\nexport const counter = defineActor<M, number>({ init: () => 0, handlers: {} });\n',
    },
    /^a\.ts:3:14 error not checked: the messages of counter are not known: contracts/,
    2,
  ],
  [
    "code in an old encoding",
    { "a.ts": BAD.replace("class A ", "class \ufffd "), "b.ts": `${GOOD}// \ufffd\n` },
    /^a\.ts:3:14 error not checked: this is no UTF-8: what the code says is not known/,
    2,
  ],
  [
    "code that a syntax error breaks off",
    { "a.ts": GOOD.replace("switch (message.type) {", "switch (message."), "b.ts": GOOD },
    /^a\.ts:\d+:\d+ error not checked: a syntax error \(.+\): what is left of the code may mean something else/,
    2,
  ],
  [
    "messages of a file with a syntax error, by way of one that passes them on, once for all who import it",
    {
      "a.ts": CONTRACTS.replace('"contracts"', '"./all"'),
      "b.ts": CONTRACTS.replace('"contracts"', '"./proto"'),
      "all.ts": 'export * from "./proto";\n',
      "proto.ts": 'export type Message = { type: "a" };\nexport type Other = ;\n',
    },
    /^proto\.ts:2:21 error not checked: a syntax error \(Type expected\)/,
    2,
  ],
  [
    "types that a config file names and nobody has installed",
    { "tsconfig.json": CONFIG.replace('"mini"', '"mini", "none"'), "a.ts": GOOD },
    /^tsconfig\.json warning not checked: The types of "none" are not found/,
    1,
  ],
  [
    "a project that is referred to and is not there",
    { "tsconfig.json": CONFIG.replace("}", '}, "references": [{ "path": "./gone" }]'), "a.ts": GOOD },
    /^tsconfig\.json warning not checked: The referenced project .*gone is not there/,
    1,
  ],
  [
    "a folder without any source",
    { "README.md": "nothing" },
    /^\. error not checked: no TypeScript or JavaScript here/,
    2,
  ],
  [
    "a file that is too large",
    { "a.ts": `${BAD}// ${"x".repeat(1024 * 1024)}\n`, "b.ts": GOOD },
    /^a\.ts warning not checked: the file is larger than 1 MB and is not checked/,
    1,
  ],
  [
    "a config file that is not understood",
    {
      "tsconfig.json":
        '{ "compilerOptions": { "noLib": true, "moduleResolution": "bundler", "module": "esnext", "targt": 1 } }',
      "a.ts": GOOD,
    },
    /^tsconfig\.json warning not checked: Unknown compiler option 'targt'.*defaults are used/,
    1,
  ],
];

for (const [title, files, said, code] of GAPS) {
  test(`${title}: is said, and is not fine`, async () => {
    const result = await check(files, ".", "--max-warnings", "0");

    assert.match(result.out, said);
    assert.match(result.out, /nothing found in what could be read; 1 place not checked/);
    assert.equal(result.code, code);
  });
}

test("what is found beside it is found as ever, and errors decide", async () => {
  const { code, out } = await check({ "a.ts": CONTRACTS, "b.ts": BAD }, ".");

  assert.equal(code, 1);
  assert.match(out, /^b\.ts:5:13 error "b" is not handled/);
  assert.match(out, /1 error, 0 warnings; 1 place not checked/);
});

test("a type that somebody wrote as any, unknown or generic is no gap", async () => {
  const types = ["any", "unknown", "string", "Record<string, number>", "{ type: any }", "object"];
  const classes = types.map(
    (type, at) => `export class A${at} extends Actor<${type}> { override handleMessage(): void {} }\n`,
  );
  const generic = "export class G<M> extends Actor<M> { override handleMessage(message: M): void {} }\n";
  const { code, out } = await check({ "a.ts": `import { Actor } from "airssys-rt";\n${classes.join("")}${generic}` });

  assert.equal(code, 0, out);
  assert.match(out, /^nothing to complain about/);
});

test("JSON, SARIF and GitHub say it in their own way", async () => {
  const json = await check({ "a.ts": CONTRACTS }, "--format", "json");
  const { summary, gaps } = JSON.parse(json.out) as {
    summary: { unread: number };
    gaps: { kind: string; level: string; file: string; range: { start: object }; message: string }[];
  };
  assert.deepEqual(
    [json.code, summary.unread, gaps[0]?.kind, gaps[0]?.level, gaps[0]?.file],
    [2, 1, "messages", "error", "a.ts"],
  );
  assert.deepEqual(gaps[0]?.range.start, { line: 2, character: 13 });

  const sarif = await check({ "a.ts": CONTRACTS }, "--format", "sarif");
  const log = JSON.parse(sarif.out) as {
    runs: {
      invocations: {
        executionSuccessful: boolean;
        exitCode: number;
        toolExecutionNotifications: { level: string; message: { text: string }; locations: object[] }[];
      }[];
    }[];
  };
  const [invocation] = log.runs[0]?.invocations ?? [];
  const [notification] = invocation?.toolExecutionNotifications ?? [];
  assert.deepEqual([invocation?.executionSuccessful, invocation?.exitCode], [false, 2]);
  assert.match(notification?.message.text ?? "", /the messages of A are not known/);
  const validate = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(validate);
  validate.validate(JSON.parse(readFileSync(SARIF_SCHEMA, "utf8")) as object, log);
  assert.deepEqual(validate.errors ?? [], []);

  const github = await check({ "a.ts": CONTRACTS }, "--format", "github");
  assert.match(
    github.out,
    /^::error file=a\.ts,line=3,col=14,title=airssys%3A not checked \(messages\)::the messages of A/,
  );
});

test("a runtime that is missing is said once for each package", async () => {
  const { out } = await check({
    ...MISSING,
    "one/package.json": "{}",
    "one/a.ts": BAD,
    "one/b.ts": BAD,
    "two/package.json": "{}",
    "two/src/a.ts": BAD,
  });

  assert.deepEqual(out.match(/^\S+(?= error not checked)/gm), ["one/a.ts:1:23", "two/src/a.ts:1:23"]);
});

test("a source folder of JavaScript is looked at, whatever it is called; what a compiler has written is not", async () => {
  for (const name of ["lib/a.js", "build/a.js", "dist/a.js", "out/deep/a.mjs"])
    assert.equal((await check({ [name]: BAD_SCRIPT })).code, 1, name);
  const config = (more: string): string =>
    `{ "compilerOptions": { "noLib": true, "target": "es2023", "module": "esnext", "moduleResolution": "bundler", "types": ["mini"], ${more} }, "include": ["src"] }`;
  const outputs: readonly Record<string, string>[] = [
    { "made/a.js": BAD_SCRIPT, "src/b.ts": GOOD, "tsconfig.json": config('"outDir": "made"') },
    { "made/a.js": BAD_SCRIPT, "src/b.ts": GOOD, "tsconfig.build.json": config('"outDir": "./made"') },
    { "lib/a.js": BAD_SCRIPT, "src/a.ts": GOOD },
    { "build/deep/a.js": BAD_SCRIPT, "deep/a.ts": GOOD },
    { "src/a.js": BAD_SCRIPT, "src/a.ts": GOOD },
    { "lib/a.js": `${BAD_SCRIPT}\n//# sourceMappingURL=a.js.map\n`, "src/b.ts": GOOD },
    { "dist/bundle.js": BAD_SCRIPT, "src/b.ts": GOOD },
  ];
  for (const files of outputs) {
    const { code, out } = await check(files);
    assert.equal(code, 0, `${Object.keys(files)}: ${out}`);
    assert.match(out, /1 file,/);
  }
});

test("a workspace in a folder that is called as what is built often is, is looked at", async () => {
  using workspace = makeWorkspace({ "gen.ts": GOOD, "out/shop/src/a.js": BAD_SCRIPT });
  const parsed = parseArguments(["check", "."]);
  assert.ok(parsed.kind === "check");
  const nowhere = { write: () => {} };

  assert.equal(await runCheck(parsed.options, nowhere, nowhere, { directory: `${workspace.folder}/out/shop` }), 1);
  assert.equal(await runCheck(parsed.options, nowhere, nowhere, { directory: workspace.folder }), 0);
});

const BAD_SCRIPT = `import { supervisor } from "airssys-rt";
export const root = supervisor({ maxRestarts: -1, children: [] });
`;

test("the editor is told for each package, and what was checked beside it", async () => {
  using workspace = makeWorkspace({
    "one/package.json": "{}",
    "one/a.ts": CONTRACTS,
    "two/package.json": "{}",
    "two/a.ts": BAD,
  });
  await using session = await startSession(workspace.folder);

  const status = await session.status(({ state }) => state === "ready");

  assert.match(status.text, /^2 actors in 2 files; not checked: the messages of A are not known: contracts/);
  assert.deepEqual(
    status.unread?.map(({ uri }) => uri),
    [session.uri("one")],
  );
  assert.equal((await session.diagnostics("two/a.ts")).length, 1);
});

test("a client that knows nothing of ours is told in the ways of the LSP: once, and with progress", async () => {
  using workspace = makeWorkspace({ "a.ts": CONTRACTS });
  const shown: string[] = [];
  const progress: string[] = [];
  await using session = await startSession(
    workspace.folder,
    { window: { workDoneProgress: true } },
    { initializationOptions: { notifications: [] } },
    undefined,
    (connection) => {
      connection.onNotification("window/showMessage", ({ message }: { message: string }) => {
        shown.push(message);
      });
      connection.onNotification("$/progress", ({ value }: { value: { kind: string } }) => {
        progress.push(value.kind);
      });
    },
  );
  session.open("a.ts", BAD);
  await session.diagnostics("a.ts");
  for (let round = 0; round < 2; round++) {
    session.change("a.ts", CONTRACTS);
    await session.diagnostics("a.ts", (all) => all.length === 0);
    session.change("a.ts", BAD);
    await session.diagnostics("a.ts");
  }

  assert.equal(shown.length, 1, shown.join("\n"));
  assert.match(
    shown[0] ?? "",
    /^Airssys: .*: the messages of A are not known: contracts is imported and not installed/,
  );
  assert.deepEqual([progress[0], progress.at(-1)], ["begin", "end"]);
  assert.deepEqual(session.statuses, [], "nothing that is ours is sent");
});
