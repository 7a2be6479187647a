/** What happens to a server in the course of a day, over the wire and on a real disk. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { type LspDiagnostic, MAIN, makeWorkspace, type Session, startSession } from "./client.ts";
import { MINI_LIB, MINI_RUNTIME } from "./mini-lib.ts";
import { BAD, GOOD } from "./sample-actors.ts";

const isEmpty = (diagnostics: readonly LspDiagnostic[]): boolean => diagnostics.length === 0;

function changed(session: Session, files: readonly string[], type: 1 | 2 | 3): Promise<void> {
  return session.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: files.map((file) => ({ uri: session.uri(file), type })),
  });
}

/** The diagnostics of a file as of now. */
async function pulled(session: Session, uri: string): Promise<readonly string[]> {
  const report: { items: LspDiagnostic[] } = await session.connection.sendRequest("textDocument/diagnostic", {
    textDocument: { uri },
  });
  return report.items.map((one) => one.message);
}

interface Edit {
  readonly range: LspDiagnostic["range"];
  readonly newText: string;
}

function apply(text: string, edits: readonly Edit[]): string {
  const lines = text.split("\n");
  const offset = ({ line, character }: LspDiagnostic["range"]["start"]): number =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  return edits
    .toReversed()
    .reduce(
      (all, { range, newText }) => all.slice(0, offset(range.start)) + newText + all.slice(offset(range.end)),
      text,
    );
}

test("a huge generated file is left out, and a note says so once", async () => {
  const huge = `${BAD}// ${"x".repeat(1_100_000)}\n`;
  using workspace = makeWorkspace({ "a.ts": BAD, "generated.ts": huge });
  await using session = await startSession(workspace.folder);
  await session.diagnostics("a.ts");

  session.open("generated.ts", huge);
  session.change("generated.ts", `${huge}//\n`);

  assert.deepEqual(await pulled(session, session.uri("generated.ts")), []);
  const notes = session.logs.filter((text) => text.includes("larger than 1 MB"));
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? "", /generated\.ts: the file is larger than 1 MB and is not checked/);
});

test("edits while the workspace is loaded are what counts", async () => {
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`src/f${index}.ts`, BAD]));
  using workspace = makeWorkspace(files);
  await using session = await startSession(workspace.folder);

  session.open("src/f199.ts", BAD);
  for (const text of [`${BAD}\n`, GOOD, `${GOOD}\n`, BAD, GOOD]) session.change("src/f199.ts", text);
  const answer = await pulled(session, session.uri("src/f199.ts"));

  assert.deepEqual(answer, []);
  assert.equal((await session.diagnostics("src/f0.ts")).length, 1);
  await session.status(({ state, text }) => state === "ready" && text.includes("200 files"));
  assert.deepEqual(await pulled(session, session.uri("src/f199.ts")), []);
});

test("a tsconfig that is deleted and comes back while a file of it is open is followed", async () => {
  const config = JSON.stringify({
    compilerOptions: {
      noLib: true,
      strict: true,
      module: "esnext",
      moduleResolution: "bundler",
      types: ["mini"],
      paths: { "#protocol": ["./protocol.ts"] },
    },
  });
  const text = BAD.replace(/type Message = .*/, 'import type { Message } from "#protocol";');
  using workspace = makeWorkspace({
    "a.ts": text,
    "protocol.ts": 'export type Message = { type: "a" } | { type: "z" };\n',
    "tsconfig.json": config,
  });
  await using session = await startSession(workspace.folder);
  session.open("a.ts", text);
  assert.equal((await session.diagnostics("a.ts"))[0]?.message, '"z" is not handled');

  rmSync(path.join(workspace.folder, "tsconfig.json"));
  await changed(session, ["tsconfig.json"], 3);
  await session.diagnostics("a.ts", isEmpty);
  writeFileSync(path.join(workspace.folder, "tsconfig.json"), config);
  await changed(session, ["tsconfig.json"], 1);

  assert.equal((await session.diagnostics("a.ts"))[0]?.message, '"z" is not handled');
});

test("a branch with a thousand other files is taken in at once, with nothing left of the one before", async () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `src/f${index}.ts`);
  const before = (index: number): string => (index % 50 === 0 ? BAD : `export const x${index} = 1;\n`);
  const after = (index: number): string => (index % 50 === 1 ? BAD : `export const y${index} = 2;\n`);
  using workspace = makeWorkspace(Object.fromEntries(names.map((name, index) => [name, before(index)])));
  await using session = await startSession(workspace.folder);
  session.open("src/f0.ts", BAD);
  await session.diagnostics("src/f950.ts");

  for (const [index, name] of names.entries()) writeFileSync(path.join(workspace.folder, name), after(index));
  const ready = session.statuses.filter(({ state }) => state === "ready").length;
  await changed(session, names, 2);
  session.change("src/f0.ts", after(0));
  await session.diagnostics("src/f951.ts");

  for (let index = 0; index < 1_000; index += 50) {
    await session.diagnostics(names[index] ?? "", isEmpty);
    assert.equal((await session.diagnostics(names[index + 1] ?? "")).length, 1);
  }
  assert.ok(session.statuses.filter(({ state }) => state === "ready").length - ready <= 2, "it is one change");
});

test("a package of the monorepo that node_modules links to is one file, where its source is", async () => {
  using workspace = makeWorkspace({
    "package.json": '{ "private": true, "workspaces": ["packages/*"] }',
    "packages/stock/package.json": '{ "name": "@shop/stock", "types": "./src/index.ts" }',
    "packages/stock/src/index.ts": BAD.replace("type Message", "export type Message"),
    "packages/shop/src/shop.ts": `import type { ActorRef } from "airssys-rt";
import type { Message } from "@shop/stock";
export const use = (stock: ActorRef<Message>): void => stock.tell({ type: "a" });
`,
  });
  mkdirSync(path.join(workspace.folder, "node_modules/@shop"), { recursive: true });
  symlinkSync("../../packages/stock", path.join(workspace.folder, "node_modules/@shop/stock"));
  await using session = await startSession(workspace.folder);
  const published: string[] = [];
  session.onDiagnostics((uri) => published.push(uri));

  await session.diagnostics("packages/stock/src/index.ts");
  await session.status(({ state }) => state === "ready");

  assert.deepEqual(new Set(published), new Set([session.uri("packages/stock/src/index.ts")]));
  const shop = readFileSync(path.join(workspace.folder, "packages/shop/src/shop.ts"), "utf8");
  session.open("packages/shop/src/shop.ts", shop);
  const line = shop.split("\n").findIndex((one) => one.includes('"a"'));
  const places: { uri: string; range: LspDiagnostic["range"] }[] = await session.connection.sendRequest(
    "textDocument/definition",
    {
      textDocument: { uri: session.uri("packages/shop/src/shop.ts") },
      position: { line, character: (shop.split("\n")[line] ?? "").indexOf('"a"') + 1 },
    },
  );
  assert.deepEqual(
    places.map(({ uri, range }) => [uri, range.start.line]),
    [[session.uri("packages/stock/src/index.ts"), 5]],
  );
});

test("a file opened through a link of node_modules does not double what is found", async () => {
  using workspace = makeWorkspace({
    "packages/stock/package.json": '{ "name": "stock" }',
    "packages/stock/a.ts": BAD,
  });
  symlinkSync("../packages/stock", path.join(workspace.folder, "node_modules/stock"));
  await using session = await startSession(workspace.folder);
  await session.diagnostics("packages/stock/a.ts");

  session.open("node_modules/stock/a.ts", BAD);
  session.change("node_modules/stock/a.ts", `${BAD}\n`);
  await pulled(session, session.uri("packages/stock/a.ts"));

  const symbols: { location: { uri: string } }[] = await session.connection.sendRequest("workspace/symbol", {
    query: "A",
  });
  assert.equal((await session.diagnostics("packages/stock/a.ts")).length, 1);
  assert.deepEqual(
    symbols.map(({ location }) => location.uri),
    [session.uri("packages/stock/a.ts")],
  );
});

test("ranges and fixes are right in a file with CRLF and a byte order mark, open or not", async () => {
  const crlf = BAD.replaceAll("\n", "\r\n");
  using workspace = makeWorkspace({ "a.ts": `\ufeff${crlf}` });
  await using session = await startSession(workspace.folder);
  const expected = { start: { line: 4, character: 12 }, end: { line: 4, character: 24 } };
  assert.deepEqual((await session.diagnostics("a.ts"))[0]?.range, expected);

  session.open("a.ts", crlf);
  const actions: { title: string; edit: { changes: Record<string, Edit[]> } }[] = await session.connection.sendRequest(
    "textDocument/codeAction",
    { textDocument: { uri: session.uri("a.ts") }, range: expected, context: { diagnostics: [] } },
  );
  const [fix] = actions;
  const fixed = apply(crlf, fix?.edit.changes[session.uri("a.ts")] ?? []);

  assert.equal(
    fixed,
    crlf.replace(
      "        break;\r\n",
      '        break;\r\n      case "b":\r\n        throw new Error("b is not handled yet");\r\n',
    ),
  );
  session.change("a.ts", fixed);
  await session.diagnostics("a.ts", isEmpty);
});

/** A workspace that is only on the client's screen: every file is open. */
async function screenSession(folder: string, files: Readonly<Record<string, string>>): Promise<Session> {
  const session = await startSession("/", {}, { rootUri: folder, workspaceFolders: [{ uri: folder, name: "w" }] });
  const all = {
    "tsconfig.json":
      '{ "compilerOptions": { "noLib": true, "strict": true, "module": "esnext", "moduleResolution": "bundler", "types": ["mini"] } }',
    "node_modules/@types/mini/index.d.ts": MINI_LIB,
    "node_modules/airssys-rt/package.json": '{ "name": "airssys-rt", "types": "index.d.ts" }',
    "node_modules/airssys-rt/index.d.ts": MINI_RUNTIME,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    const textDocument = { uri: `${folder}/${name}`, languageId: "typescript", version: 1, text };
    await session.connection.sendNotification("textDocument/didOpen", { textDocument });
  }
  return session;
}

test("drives of Windows are one file however the client writes them, and answers use the client's own way", async () => {
  for (const [folder, other] of [
    ["file:///c%3A/work/shop", "file:///C:/work/shop"],
    ["file:///C:/work/shop", "file:///c%3A/work/shop"],
  ] as const) {
    await using session = await screenSession(folder, { "a.ts": BAD });
    const published: string[] = [];
    session.onDiagnostics((uri, diagnostics) => diagnostics.length > 0 && published.push(uri));

    assert.deepEqual(await pulled(session, `${folder}/a.ts`), ['"b" is not handled']);
    assert.deepEqual(await pulled(session, `${other}/a.ts`), ['"b" is not handled']);

    const symbols: { location: { uri: string } }[] = await session.connection.sendRequest("workspace/symbol", {
      query: "",
    });
    assert.deepEqual(
      symbols.map(({ location }) => location.uri),
      [`${folder}/a.ts`],
    );
    assert.deepEqual(new Set(published), new Set([`${folder}/a.ts`]));
  }
});

test("a file outside of any project is checked while it is open, with what its folder has installed", async () => {
  using workspace = makeWorkspace({ "in/a.ts": GOOD, "elsewhere/b.ts": BAD });
  await using session = await startSession(path.join(workspace.folder, "in"));
  await session.status(({ state }) => state === "ready");

  session.open("../elsewhere/b.ts", BAD);
  assert.equal((await session.diagnostics("../elsewhere/b.ts")).length, 1);
  session.close("../elsewhere/b.ts");

  await session.diagnostics("../elsewhere/b.ts", isEmpty);
});

test("an untitled document gets no answers, and costs nothing", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  await using session = await startSession(workspace.folder);
  const textDocument = { uri: "untitled:Untitled-1", languageId: "typescript", version: 1, text: BAD };
  await session.connection.sendNotification("textDocument/didOpen", { textDocument });
  await session.connection.sendNotification("textDocument/didChange", {
    textDocument: { uri: textDocument.uri, version: 2 },
    contentChanges: [{ text: GOOD }],
  });
  const at = { textDocument, position: { line: 4, character: 14 } };
  const range = { start: at.position, end: at.position };

  assert.deepEqual(await pulled(session, textDocument.uri), []);
  assert.equal(await session.connection.sendRequest("textDocument/hover", at), null);
  for (const [method, params] of [
    ["definition", at],
    ["implementation", at],
    ["references", { ...at, context: { includeDeclaration: true } }],
    ["documentSymbol", { textDocument }],
    ["codeLens", { textDocument }],
    ["inlayHint", { textDocument, range }],
    ["completion", at],
    ["codeAction", { textDocument, range, context: { diagnostics: [] } }],
  ] as const)
    assert.deepEqual(await session.connection.sendRequest(`textDocument/${method}`, params), [], method);
  await session.connection.sendNotification("textDocument/didClose", { textDocument });
  assert.equal((await session.diagnostics("a.ts")).length, 1);
});

test("folders may be added and removed, and take what was found with them", async () => {
  using workspace = makeWorkspace({ "one/a.ts": BAD, "two/b.ts": BAD });
  const folder = (name: string): object => ({ uri: pathToFileURL(path.join(workspace.folder, name)).href, name });
  await using session = await startSession(
    workspace.folder,
    { workspace: { workspaceFolders: true } },
    { workspaceFolders: [folder("one")] },
  );
  const change = (event: object): Promise<void> =>
    session.connection.sendNotification("workspace/didChangeWorkspaceFolders", { event });
  await session.diagnostics("one/a.ts");
  assert.deepEqual(await pulled(session, session.uri("two/b.ts")), []);

  await change({ added: [folder("two")], removed: [] });
  await session.diagnostics("two/b.ts");
  await change({ added: [], removed: [folder("one")] });
  await session.diagnostics("one/a.ts", isEmpty);

  assert.equal((await pulled(session, session.uri("two/b.ts"))).length, 1);
  await change({ added: [folder("one")], removed: [folder("two")] });
  await session.diagnostics("one/a.ts");
  await session.diagnostics("two/b.ts", isEmpty);
});

test("a broken package.json of the project or of a package costs nothing but its own settings", async () => {
  using workspace = makeWorkspace({
    "a.ts": BAD,
    "package.json": '{ "name": ',
    "lib/package.json": "[",
    "lib/b.ts": BAD,
  });
  await using session = await startSession(workspace.folder);

  assert.equal((await session.diagnostics("a.ts")).length, 1);
  assert.equal((await session.diagnostics("lib/b.ts")).length, 1);
});

test("a runtime whose package.json breaks and heals is followed", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  const manifest = path.join(workspace.folder, "node_modules/airssys-rt/package.json");
  const whole = readFileSync(manifest, "utf8");
  await using session = await startSession(workspace.folder);
  await session.diagnostics("a.ts");

  writeFileSync(manifest, "{ broken");
  await changed(session, ["node_modules/airssys-rt/package.json"], 2);
  await session.diagnostics("a.ts", isEmpty);
  writeFileSync(manifest, whole);
  await changed(session, ["node_modules/airssys-rt/package.json"], 2);

  assert.equal((await session.diagnostics("a.ts")).length, 1);
});

test("requests before initialize and after shutdown are refused, and exit tells whether there was a shutdown", async () => {
  for (const isShutDown of [true, false]) {
    const server = spawn(process.execPath, [MAIN, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    const connection = createMessageConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    connection.listen();
    const hover = (): Promise<unknown> =>
      connection.sendRequest("textDocument/hover", {
        textDocument: { uri: "file:///a.ts" },
        position: { line: 0, character: 0 },
      });
    const codeOf = (cause: unknown): unknown => (cause as { code?: unknown }).code;

    assert.equal(await hover().catch(codeOf), -32_002, "ServerNotInitialized");
    await connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri: "file:///a.ts", languageId: "typescript", version: 1, text: BAD },
    });
    await connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
    assert.equal(await hover(), null);
    assert.equal(
      await connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} }).catch(codeOf),
      -32_600,
      "InvalidRequest: it is initialized once",
    );
    const ended = new Promise<number | null>((resolve) => server.once("exit", resolve));
    if (isShutDown) {
      await connection.sendRequest("shutdown");
      assert.equal(await hover().catch(codeOf), -32_600, "InvalidRequest");
    }
    await connection.sendNotification("exit");
    assert.equal(await ended, isShutDown ? 0 : 1);
    connection.dispose();
  }
});
