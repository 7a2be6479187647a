import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { SupervisionTree, TestList } from "../../server/src/protocol.ts";
import { VERSION } from "../../server/src/source/version.ts";
import { type LspDiagnostic, MAIN, makeWorkspace, type Session, startSession } from "./client.ts";
import { MINI_TESTING } from "./testing-typings.ts";

const UNHANDLED = `import { Actor } from "airssys-rt";
type Message = { type: "start" } | { type: "stop" };
export class A extends Actor<Message> {
  override handleMessage(message: Message): void {
    switch (message.type) {
      case "start":
        break;
    }
  }
}
`;
const HANDLED = UNHANDLED.replace('      case "start":', '      case "stop":\n      case "start":');
const isEmpty = (diagnostics: readonly LspDiagnostic[]): boolean => diagnostics.length === 0;

interface CodeAction {
  readonly title: string;
  readonly kind: string;
  readonly edit: { readonly changes: Record<string, { range: { start: { line: number } }; newText: string }[]> };
  readonly command?: { readonly command: string; readonly arguments: readonly [string, LspDiagnostic["range"]] };
}

function actionsAt(session: Session, file: string, line: number, character: number): Promise<CodeAction[]> {
  const position = { line, character };
  const params = {
    textDocument: { uri: session.uri(file) },
    range: { start: position, end: position },
    context: { diagnostics: [] },
  };
  return session.connection.sendRequest("textDocument/codeAction", params);
}

test("a client that only takes pushed diagnostics gets those of files that are not open, and fixes", async () => {
  using workspace = makeWorkspace({ "a.ts": UNHANDLED });
  await using session = await startSession(workspace.folder);

  const [found] = await session.diagnostics("a.ts");

  assert.equal(found?.code, "unhandled-message");
  assert.equal(found?.source, "airssys");
  assert.equal(found?.message, '"stop" is not handled');
  assert.deepEqual(found?.range, { start: { line: 4, character: 12 }, end: { line: 4, character: 24 } });
  const [fix] = await actionsAt(session, "a.ts", 4, 14);
  assert.equal(fix?.title, "Add the missing cases");
  assert.equal(fix?.kind, "quickfix");
  assert.equal(
    fix?.edit.changes[session.uri("a.ts")]?.[0]?.newText,
    '\n      case "stop":\n        throw new Error("stop is not handled yet");',
  );
  assert.equal(fix?.command, undefined, "a client without the command is not told to select");
});

test("a client that can select is told what a person writes on when the fix is applied", async () => {
  using workspace = makeWorkspace({ "a.ts": UNHANDLED });
  const options = { initializationOptions: { commands: ["airssys.select"] } };
  await using session = await startSession(workspace.folder, {}, options);
  await session.diagnostics("a.ts");

  const [fix] = await actionsAt(session, "a.ts", 4, 14);

  const [edit] = fix?.edit.changes[session.uri("a.ts")] ?? [];
  const lines = UNHANDLED.split("\n");
  const line = edit?.range.start.line ?? 0;
  const fixed = [...lines.slice(0, line), `${lines[line]}${edit?.newText}`, ...lines.slice(line + 1)]
    .join("\n")
    .split("\n");
  const [uri, range] = fix?.command?.arguments ?? [];
  assert.equal(fix?.command?.command, "airssys.select");
  assert.equal(uri, session.uri("a.ts"));
  assert.equal(
    fixed[range?.start.line ?? 0]?.slice(range?.start.character, range?.end.character),
    'throw new Error("stop is not handled yet");',
  );
});

test("diagnostics follow what is typed, not what is saved", async () => {
  using workspace = makeWorkspace({ "a.ts": UNHANDLED });
  await using session = await startSession(workspace.folder);
  await session.diagnostics("a.ts");

  session.open("a.ts", UNHANDLED);
  session.change("a.ts", HANDLED);
  await session.diagnostics("a.ts", isEmpty);
  session.close("a.ts");

  assert.equal((await session.diagnostics("a.ts")).length, 1);
});

test("a client that pulls gets the diagnostics of open files by asking, and is not told twice", async () => {
  using workspace = makeWorkspace({ "a.ts": UNHANDLED });
  await using session = await startSession(workspace.folder, {
    textDocument: { diagnostic: {} },
    workspace: { diagnostics: { refreshSupport: true } },
  });
  session.open("a.ts", UNHANDLED);

  const report: { kind: string; items: LspDiagnostic[] } = await session.connection.sendRequest(
    "textDocument/diagnostic",
    { textDocument: { uri: session.uri("a.ts") } },
  );

  assert.equal(report.kind, "full");
  assert.deepEqual(
    report.items.map((one) => one.code),
    ["unhandled-message"],
  );
});

test("a protocol edited in one file changes the diagnostics of another", async () => {
  const protocol = 'export type Message = { type: "start" };\n';
  using workspace = makeWorkspace({
    "protocol.ts": protocol,
    "a.ts": UNHANDLED.replace(/type Message = .*/, 'import type { Message } from "./protocol.ts";'),
  });
  await using session = await startSession(workspace.folder);
  await session.status(({ state }) => state === "ready");

  session.open("protocol.ts", `${protocol.replace(";", "")} | { type: "added" };\n`);

  assert.equal((await session.diagnostics("a.ts"))[0]?.message, '"added" is not handled');
});

test("files that come, change and go on the disk are followed", async () => {
  using workspace = makeWorkspace({ "a.ts": HANDLED });
  await using session = await startSession(workspace.folder);
  await session.status(({ state }) => state === "ready");
  const tell = (file: string, type: number): Promise<void> =>
    session.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: session.uri(file), type }],
    });

  writeFileSync(path.join(workspace.folder, "b.ts"), UNHANDLED);
  await tell("b.ts", 1);
  await session.diagnostics("b.ts");
  rmSync(path.join(workspace.folder, "b.ts"));
  await tell("b.ts", 3);

  await session.diagnostics("b.ts", isEmpty);
});

test("the supervision tree of the workspace is given, and its changes are told", async () => {
  using workspace = makeWorkspace({
    "a.ts": HANDLED,
    "tree.ts": `import { supervisor } from "airssys-rt";
import { A } from "./a.ts";
declare const more: readonly [];
export const pool = supervisor({ strategy: "rest_for_one", children: [{ id: "one", start: () => new A(), restart: "transient" }, ...more] });
export const root = supervisor({ name: "shop", maxRestarts: 3, children: [{ id: "pool", start: pool }] });
`,
  });
  await using session = await startSession(workspace.folder);

  const tree: SupervisionTree = await session.connection.sendRequest("airssys/supervisionTree");

  assert.equal(tree.complete, true);
  assert.deepEqual(
    tree.roots.map((root) => [root.definition, root.strategy, root.maxRestarts]),
    [["shop", "one_for_one", 3]],
  );
  const [pool] = tree.roots[0]?.children ?? [];
  assert.deepEqual(
    [pool?.id, pool?.kind, pool?.strategy, pool?.definition],
    ["pool", "supervisor", "rest_for_one", "pool"],
  );
  assert.deepEqual(
    pool?.children.map((child) => [child.id, child.kind, child.definition, child.restart]),
    [
      ["one", "actor", "A", "transient"],
      [undefined, "unknown", undefined, undefined],
    ],
  );
  assert.equal(pool?.children[0]?.onCrash, undefined, "there may be more children");
  assert.deepEqual(pool?.onCrash, { stops: [], starts: ["pool"], givesUpAt: 4, periodMs: 5_000 });
  assert.equal(pool?.children[0]?.source?.uri, session.uri("a.ts"));
  assert.deepEqual(tree.actors.map(({ name, kind }) => `${kind} ${name}`).sort(), [
    "actor A",
    "supervisor pool",
    "supervisor shop",
  ]);

  const changed = new Promise<void>((resolve) =>
    session.connection.onNotification("airssys/supervisionTreeChanged", () => resolve()),
  );
  session.open(
    "tree.ts",
    'import { supervisor } from "airssys-rt";\nexport const root = supervisor({ children: [] });\n',
  );
  await changed;
});

test("an analysis that is killed is started again, says so, and finds the same", async () => {
  using workspace = makeWorkspace({ "a.ts": UNHANDLED });
  await using session = await startSession(workspace.folder);
  session.open("a.ts", UNHANDLED);
  await session.diagnostics("a.ts");

  const [child] = childrenOf(session.process.pid ?? 0);
  assert.ok(child, "there is an analysis process");
  const taken = session.diagnostics("a.ts", isEmpty);
  process.kill(child, "SIGKILL");

  await taken;
  const status = await session.status(({ text }) => text.includes("ended unexpectedly"));
  assert.match(status.text, /the analysis ended unexpectedly \(SIGKILL\) and is started again/);
  assert.equal((await session.diagnostics("a.ts"))[0]?.code, "unhandled-message");
});

test("a syntax error in the open file costs nothing but what cannot be read", async () => {
  using workspace = makeWorkspace({ "a.ts": UNHANDLED });
  await using session = await startSession(workspace.folder);
  session.open("a.ts", UNHANDLED);
  await session.diagnostics("a.ts");

  session.change("a.ts", UNHANDLED.replace("switch (message.type) {", "switch (message."));
  await session.diagnostics("a.ts", isEmpty);
  session.change("a.ts", `${UNHANDLED}\nconst broken = {{{ ;`);

  assert.equal((await session.diagnostics("a.ts"))[0]?.code, "unhandled-message");
});

test("a workspace without TypeScript is said to be one", async () => {
  using workspace = makeWorkspace({ "tsconfig.json": "{}", "readme.md": "# nothing" });
  rmSync(path.join(workspace.folder, "node_modules"), { recursive: true });
  await using session = await startSession(workspace.folder);

  const status = await session.status(({ state }) => state === "ready");

  assert.equal(status.text, "no TypeScript or JavaScript here");
});

test("a runtime that is not installed is said to be missing", async () => {
  using workspace = makeWorkspace({ "a.ts": UNHANDLED });
  rmSync(path.join(workspace.folder, "node_modules/airssys-rt"), { recursive: true });
  await using session = await startSession(workspace.folder);

  const status = await session.status(({ state }) => state === "ready");

  assert.match(status.text, /airssys-rt is imported and not installed/);
});

test("a broken tsconfig is told, and defaults are used", async () => {
  using workspace = makeWorkspace({
    "a.ts": UNHANDLED,
    "tsconfig.json": '{ "compilerOptions": { "target": "es1066", "types": ["mini"], "noLib": true, }',
  });
  await using session = await startSession(workspace.folder);

  await session.diagnostics("a.ts");

  const status = await session.status(({ state }) => state === "ready");
  assert.match(status.text, /tsconfig\.json: .*; defaults are used for what is not understood/);
});

test("settings turn rules off and tell what is not understood", async () => {
  using workspace = makeWorkspace({ "a.ts": UNHANDLED });
  await using session = await startSession(
    workspace.folder,
    {},
    { initializationOptions: { settings: { rules: { "unhandled-message": "off", "no-such-rule": "error" } } } },
  );

  await session.status(({ state }) => state === "ready");

  assert.ok(
    session.logs.some((text) => text.includes('there is no rule "no-such-rule"')),
    session.logs.join("\n"),
  );
  const report: { items: LspDiagnostic[] } = await session.connection.sendRequest("textDocument/diagnostic", {
    textDocument: { uri: session.uri("a.ts") },
  });
  assert.deepEqual(report.items, []);
});

test("conversions are offered as refactorings, in the line ends of the document", async () => {
  using workspace = makeWorkspace({ "a.ts": "" });
  await using session = await startSession(workspace.folder);

  const whole = UNHANDLED.replace("break;", 'break;\n      case "stop":\n        break;');

  session.open("a.ts", whole.replaceAll("\n", "\r\n"));
  await session.status(({ state }) => state === "ready");
  const [found] = (await actionsAt(session, "a.ts", 4, 6)).filter(({ title }) => title.startsWith("Convert"));

  assert.equal(found?.kind, "refactor.rewrite");
  const texts = found.edit.changes[session.uri("a.ts")]?.map(({ newText }) => newText) ?? [];
  assert.equal(texts.length, 2);
  for (const text of texts) assert.match(text, /^(?:[^\r\n]|\r\n)*$/);
  assert.match(texts.join(), /readonly #handlers: \{\r\n/);
});

test("requests about files that are none, and methods nobody knows, are answered", async () => {
  using workspace = makeWorkspace({ "a.ts": UNHANDLED });
  await using session = await startSession(workspace.folder);
  for (const uri of ["untitled:Untitled-1", "file:///%E0%A4%A", "nonsense", "file:///no/such/file.ts"]) {
    const report: { items: LspDiagnostic[] } = await session.connection.sendRequest("textDocument/diagnostic", {
      textDocument: { uri },
    });
    assert.deepEqual(report.items, [], uri);
  }
  await assert.rejects(() => session.connection.sendRequest("airssys/noSuchMethod", {}), /Unhandled method/);
  await assert.rejects(() => session.connection.sendRequest("textDocument/codeAction", { rubbish: true }));

  assert.equal((await session.diagnostics("a.ts"))[0]?.code, "unhandled-message");
});

test("garbage on the wire does not end the server", async () => {
  using workspace = makeWorkspace({ "a.ts": UNHANDLED });
  await using session = await startSession(workspace.folder);
  await session.diagnostics("a.ts");

  const write = (text: string): unknown => session.process.stdin?.write(text);
  write("Content-Length: 9\r\n\r\n{garbage}");
  write("Content-Length: 2\r\n\r\n42");
  write('Content-Length: 17\r\n\r\n{"jsonrpc":"2.0"}');
  session.open("a.ts", UNHANDLED);
  session.change("a.ts", HANDLED);

  await session.diagnostics("a.ts", isEmpty);
});

test("a server started without saying how says what it needs", async () => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "../../server/src/main.ts")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr.on("data", (chunk: Buffer) => (text += chunk));

  const [code] = await once(child, "close");

  assert.equal(code, 2);
  assert.match(text, /say how the editor is connected\n\nUsage: [\s\S]*--stdio/);
});

test("the server says its version and what it takes, as programs do", () => {
  const run = (word: string) => spawnSync(process.execPath, [MAIN, word], { encoding: "utf8" });

  assert.deepEqual([run("--version").status, run("--version").stdout], [0, `${VERSION}\n`]);
  assert.match(run("--help").stdout, /^Usage: airssys-language-server <transport>[\s\S]*--socket=<port>/);
});

function childrenOf(pid: number): readonly number[] {
  const listed = process
    .getBuiltinModule("node:child_process")
    .spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  return listed.stdout.split("\n").flatMap((line) => (line.trim() === "" ? [] : [Number(line)]));
}

test("what editors ask about places is answered in the words of the protocol", async () => {
  const text = `import { Actor, type ActorContext, type ActorRef, type Ask, supervisor } from "airssys-rt";
export type Message = { readonly type: "put"; readonly n: number } | Ask<{ readonly type: "get" }, number>;
export class Store extends Actor<Message> {
  override handleMessage(message: Message, context: ActorContext<Message>): void {
    switch (message.type) {
      case "put":
        break;
      case "get":
        context.reply(1);
    }
  }
}
export async function use(store: ActorRef<Message>): Promise<number> {
  store.tell({ type: "put", n: 1 });
  return store.ask({ type: "get" });
}
export const root = supervisor({ children: [{ id: "store", start: () => new Store() }] });
`;
  using workspace = makeWorkspace({ "a.ts": text });
  await using session = await startSession(
    workspace.folder,
    {
      textDocument: {
        hover: { contentFormat: ["markdown", "plaintext"] },
        completion: { completionItem: { snippetSupport: true } },
      },
    },
    { initializationOptions: { commands: ["airssys.showPlaces"] } },
  );
  session.open("a.ts", text);
  await session.status(({ state }) => state === "ready");
  const textDocument = { uri: session.uri("a.ts") };
  const at = (line: number, character: number): object => ({ textDocument, position: { line, character } });
  const ask = <T>(method: string, params: object): Promise<T> =>
    session.connection.sendRequest(`textDocument/${method}`, params);
  interface Place {
    readonly uri: string;
    readonly range: { readonly start: { readonly line: number } };
  }

  const hover = await ask<{ contents: { value: string } }>("hover", at(14, 28));
  assert.match(hover.contents.value, /\*\*"get"\*\* — Message, replies `number`/);
  assert.equal(await ask("hover", at(0, 0)), null);
  assert.deepEqual(
    (await ask<Place[]>("definition", at(13, 22))).map((place) => place.range.start.line),
    [5],
  );
  assert.deepEqual(
    (await ask<Place[]>("implementation", at(1, 40))).map((place) => place.range.start.line),
    [5],
  );
  assert.deepEqual(
    (await ask<Place[]>("references", { ...at(5, 13), context: { includeDeclaration: true } })).map(
      (place) => place.range.start.line,
    ),
    [1, 5, 13],
  );
  const renamed = await ask<{ changes: Record<string, unknown[]> }>("rename", { ...at(5, 13), newName: "store" });
  assert.equal(renamed.changes[session.uri("a.ts")]?.length, 3);
  await assert.rejects(() => ask("rename", { ...at(0, 0), newName: "x" }), /cannot be renamed/);
  assert.deepEqual(
    (await ask<{ name: string }[]>("documentSymbol", { textDocument })).map((symbol) => symbol.name),
    ["Store", "root"],
  );
  const symbols = await session.connection.sendRequest<{ name: string }[]>("workspace/symbol", { query: "sto" });
  assert.deepEqual(
    symbols.map((symbol) => symbol.name),
    ["Store"],
  );
  const lenses = await ask<{ command: { title: string; command: string } }[]>("codeLens", { textDocument });
  assert.deepEqual(
    lenses.map(({ command }) => [command.title, command.command]),
    [
      ["supervised by root (one_for_one)", "airssys.showPlaces"],
      ["1 sender", "airssys.showPlaces"],
      ["1 sender", "airssys.showPlaces"],
    ],
  );
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  assert.deepEqual(
    (await ask<{ label: string }[]>("inlayHint", { textDocument, range })).map((hint) => hint.label),
    ["→ number", "permanent, 5 s"],
  );
  const [item] = await ask<object[]>("prepareCallHierarchy", at(1, 40));
  const incoming = await session.connection.sendRequest<{ from: { name: string } }[]>("callHierarchy/incomingCalls", {
    item,
  });
  assert.deepEqual(
    incoming.map(({ from }) => from.name),
    ["a.ts"],
  );
  const completions = await ask<{ label: string; insertText: string }[]>("completion", at(13, 13));
  assert.deepEqual(
    completions.map(({ insertText }) => insertText),
    ['{ type: "put", n: $1 }', '{ type: "get" }'],
  );
});

test("features that the settings switch off are silent", async () => {
  using workspace = makeWorkspace({ "a.ts": HANDLED });
  await using session = await startSession(
    workspace.folder,
    {},
    { initializationOptions: { settings: { features: { codeLens: false, hovers: true } } } },
  );
  session.open("a.ts", HANDLED);

  const lenses = await session.connection.sendRequest("textDocument/codeLens", {
    textDocument: { uri: session.uri("a.ts") },
  });
  const symbols = await session.connection.sendRequest<object[]>("textDocument/documentSymbol", {
    textDocument: { uri: session.uri("a.ts") },
  });

  assert.deepEqual(lenses, []);
  assert.equal(symbols.length, 1);
  assert.ok(session.logs.some((text) => text.includes('there is no feature "hovers"')));
});

test("a client is told the tests that use the testkit, and that they have changed", async () => {
  const text = (title: string): string =>
    `import { explore } from "airssys-rt/testing";\nimport { test } from "node:test";\ntest("${title}", () => explore({}, async () => {}));\n`;
  const typings = { "node_modules/airssys-rt/testing.d.ts": MINI_TESTING };
  using workspace = makeWorkspace({
    ...typings,
    "a.test.ts": text("one"),
    "b.test.ts": 'import { test } from "node:test";\n',
  });
  await using session = await startSession(workspace.folder);
  const ask = (): Promise<TestList> => session.connection.sendRequest("airssys/tests");
  const { files, complete } = await ask();
  assert.equal(complete, true);
  assert.deepEqual(files, [
    {
      uri: session.uri("a.test.ts"),
      runner: "node",
      hasComputed: false,
      items: [
        {
          title: "one",
          range: { start: { line: 2, character: 0 }, end: { line: 2, character: 46 } },
          isSuite: false,
          explores: true,
          children: [],
        },
      ],
    },
  ]);
  const changed = new Promise<void>((resolve) =>
    session.connection.onNotification("airssys/testsChanged", () => resolve()),
  );
  session.open("a.test.ts", text("two"));
  await changed;
  assert.equal((await ask()).files[0]?.items[0]?.title, "two");
});
