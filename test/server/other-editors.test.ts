/** Editors that are not VS Code, by what they announce: nothing is sent that they did not ask for, and everything works. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { type LspDiagnostic, makeWorkspace, type Session, startSession } from "./client.ts";

const ACTION_KINDS = ["", "quickfix", "refactor", "refactor.rewrite", "source", "source.organizeImports"];

/** As its built-in client says it, shortened to what a server may ask about. */
const NEOVIM_0_7 = {
  workspace: { applyEdit: true, symbol: { hierarchicalWorkspaceSymbolSupport: true }, workspaceFolders: true },
  textDocument: {
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ACTION_KINDS } }, dataSupport: true },
    completion: { completionItem: { snippetSupport: false, documentationFormat: ["markdown", "plaintext"] } },
    definition: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    hover: { contentFormat: ["markdown", "plaintext"] },
    publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] } },
    rename: { prepareSupport: true },
    synchronization: { didSave: true },
  },
  window: { workDoneProgress: true },
};

/** Emacs 28 without markdown-mode and yasnippet. */
const EGLOT_1_9 = {
  workspace: {
    applyEdit: true,
    workspaceEdit: { documentChanges: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    configuration: true,
    workspaceFolders: true,
  },
  textDocument: {
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ACTION_KINDS } }, isPreferredSupport: true },
    completion: { completionItem: { snippetSupport: false }, contextSupport: true },
    definition: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    hover: { contentFormat: ["plaintext"] },
    publishDiagnostics: { relatedInformation: false, codeDescriptionSupport: false, tagSupport: { valueSet: [1, 2] } },
    rename: { dynamicRegistration: false },
    synchronization: { willSave: true, willSaveWaitUntil: true, didSave: true },
  },
};

const TEXT = `import { Actor, type ActorRef, supervisor } from "airssys-rt";
export type Message = { readonly type: "deposit"; readonly amount: number } | { readonly type: "close" };
export class Account extends Actor<Message> {
  override handleMessage(message: Message): void {
    switch (message.type) {
      case "deposit":
        break;
    }
  }
}
export function pay(account: ActorRef<Message>): void {
  account.tell({ type: "deposit", amount: 1 });
}
const start = () => new Account();
export const root = supervisor({ children: [{ id: "a", start }, { id: "a", start }] });
`;

const CLIENTS = [
  {
    name: "Neovim 0.7",
    capabilities: NEOVIM_0_7,
    asked: [],
    hover: '**"deposit"** — Message  \nHandled by Account  \nSent from 1 place outside of actors',
    related: 1,
    rename: { prepareProvider: true },
  },
  {
    name: "Eglot 1.9",
    capabilities: EGLOT_1_9,
    asked: ["client/registerCapability", "workspace/configuration"],
    hover: '"deposit" — Message\nHandled by Account\nSent from 1 place outside of actors',
    related: undefined,
    rename: true,
  },
];

interface Related extends LspDiagnostic {
  readonly relatedInformation?: readonly object[];
}

const place = (session: Session, line: number, character: number) => ({
  textDocument: { uri: session.uri("a.ts") },
  position: { line, character },
});

for (const { name, capabilities, asked, hover, related, rename } of CLIENTS) {
  test(`${name} gets pushed diagnostics, hovers, definitions and fixes, and is asked for nothing it does not know`, async () => {
    using workspace = makeWorkspace({ "a.ts": TEXT });
    await using session = await startSession(workspace.folder, capabilities);
    session.open("a.ts", TEXT);

    const diagnostics = (await session.diagnostics("a.ts")) as readonly Related[];

    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ["unhandled-message", "duplicate-child-id"],
    );
    assert.equal(diagnostics[1]?.relatedInformation?.length, related);
    const shown: { contents: { value: string } } = await session.connection.sendRequest(
      "textDocument/hover",
      place(session, 5, 13),
    );
    assert.equal(shown.contents.value, hover);
    const [definition]: { range: LspDiagnostic["range"] }[] = await session.connection.sendRequest(
      "textDocument/definition",
      place(session, 11, 25),
    );
    assert.equal(definition?.range.start.line, 5);
    const [fix]: { edit: { changes: Record<string, { newText: string }[]> } }[] = await session.connection.sendRequest(
      "textDocument/codeAction",
      {
        ...place(session, 0, 0),
        range: diagnostics[0]?.range,
        context: { diagnostics: [diagnostics[0]], only: ["quickfix"] },
      },
    );
    const [edit] = fix?.edit.changes[session.uri("a.ts")] ?? [];
    assert.equal(edit?.newText, '\n      case "close":\n        throw new Error("close is not handled yet");');
    const completions: { insertText: string; insertTextFormat: number }[] = await session.connection.sendRequest(
      "textDocument/completion",
      place(session, 11, 15),
    );
    assert.deepEqual(
      completions.map(({ insertText, insertTextFormat }) => [insertText, insertTextFormat]),
      [
        ['{ type: "close" }', 1],
        ['{ type: "deposit", amount:  }', 1],
      ],
    );
    assert.deepEqual(session.serverCapabilities["renameProvider"], rename);
    assert.deepEqual([...session.asked].sort(), asked);
  });
}

test("a client that does not tell of the disk still gets what changes there", async () => {
  using workspace = makeWorkspace({ "a.ts": TEXT.replace(', { id: "a", start }]', "]") });
  await using session = await startSession(workspace.folder, NEOVIM_0_7);
  await session.diagnostics("a.ts");
  // What is written before the folders are watched is not told: the first file is written until it is seen.
  const seen = session.diagnostics("b.ts");
  let isSeen = false;
  void seen.then(() => (isSeen = true));
  for (let count = 0; !isSeen; count++) {
    writeFileSync(path.join(workspace.folder, "b.ts"), `${TEXT}// ${count}\n`);
    await session.connection.sendRequest("workspace/symbol", { query: "" });
  }

  writeFileSync(
    path.join(workspace.folder, "a.ts"),
    TEXT.replace('case "deposit":', 'case "deposit":\n      case "close":'),
  );

  await session.diagnostics("a.ts", (all) => all.every(({ code }) => code !== "unhandled-message"));
});

const WARNED = TEXT.replace('case "deposit":', 'case "deposit":\n      case "close":').replace(
  ', { id: "a", start }]',
  "]",
);

test("a file that is opened and clean is told to be clean, once, to a client that is pushed to", async () => {
  using workspace = makeWorkspace({ "a.ts": WARNED, "b.ts": TEXT, "plain.ts": "export {};\n" });
  await using session = await startSession(workspace.folder, NEOVIM_0_7);
  const told: string[] = [];
  session.onDiagnostics((uri, diagnostics) => told.push(`${path.basename(uri)} ${diagnostics.length}`));

  session.open("a.ts", WARNED);
  await session.diagnostics("a.ts", (all) => all.length === 0);
  session.open("plain.ts", "export {};\n");
  await session.diagnostics("plain.ts", (all) => all.length === 0);
  session.change("a.ts", `${WARNED}\n`);
  session.open("b.ts", TEXT);
  await session.connection.sendRequest("textDocument/hover", place(session, 1, 1));

  assert.deepEqual(told.filter((one) => !one.startsWith("b.ts")).sort(), ["a.ts 0", "plain.ts 0"]);
});

test("a client of the first years says its folder as a path, and its settings in a notification", async () => {
  using workspace = makeWorkspace({ "a.ts": TEXT });
  await using session = await startSession(
    workspace.folder,
    {},
    { rootUri: null, workspaceFolders: null, rootPath: workspace.folder },
  );
  assert.equal((await session.diagnostics("a.ts")).length, 2);

  const off = { rules: { "unhandled-message": "off" } };
  for (const settings of [{ airssys: off }, off]) {
    void session.connection.sendNotification("workspace/didChangeConfiguration", { settings });
    await session.diagnostics("a.ts", (all) => all.length === 1);
    void session.connection.sendNotification("workspace/didChangeConfiguration", { settings: { airssys: {} } });
    await session.diagnostics("a.ts", (all) => all.length === 2);
  }
  // Those of others are not ours.
  void session.connection.sendNotification("workspace/didChangeConfiguration", { settings: { airssys: off } });
  void session.connection.sendNotification("workspace/didChangeConfiguration", { settings: { typescript: {} } });
  await session.diagnostics("a.ts", (all) => all.length === 1);
});

test("the settings of a team hold in an editor as on the command line, and so do their changes", async () => {
  using workspace = makeWorkspace({ "a.ts": TEXT, "airssys.json": '{ "rules": { "unhandled-message": "hint" }, }' });
  const watches = { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } };
  await using session = await startSession(workspace.folder, watches, {
    initializationOptions: { settings: { rules: { "unhandled-message": "off", "duplicate-child-id": "off" } } },
  });
  const levels = (all: readonly LspDiagnostic[]) => String(all.map(({ severity }) => severity));
  assert.equal(levels(await session.diagnostics("a.ts")), "4,1");

  const write = (text: string): void => {
    writeFileSync(path.join(workspace.folder, "airssys.json"), text);
    const changes = [{ uri: session.uri("airssys.json"), type: 2 }];
    void session.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
  };
  write('{ "overrides": [{ "files": ["*.ts"], "rules": { "unhandled-message": "warning" } }] }');
  await session.diagnostics("a.ts", (all) => levels(all) === "2,1");
  write('{ "ignores": ["a.ts"], "features": { "hover": false } }');
  await session.diagnostics("a.ts", (all) => all.length === 0);
  assert.equal(await session.connection.sendRequest("textDocument/hover", place(session, 5, 13)), null);
  write('{ "presett": "strict" }');
  await session.status(({ unread = [] }) => unread.some(({ text }) => /there is no place for "presett"/.test(text)));
});

test("what fixes a whole file is offered to those who ask for it", async () => {
  const text = `import { supervisor } from "airssys-rt";
export const root = supervisor({ strategy: "one-for-all" as never, children: [] });
`;
  using workspace = makeWorkspace({ "a.ts": text });
  await using session = await startSession(workspace.folder);
  session.open("a.ts", text);
  const [found] = await session.diagnostics("a.ts");
  const kinds = async (only?: readonly string[]): Promise<readonly string[]> => {
    const actions: { kind: string }[] = await session.connection.sendRequest("textDocument/codeAction", {
      ...place(session, 0, 0),
      range: found?.range,
      context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
    });
    return [...new Set(actions.map(({ kind }) => kind))];
  };

  assert.deepEqual(await kinds(), ["quickfix"]);
  for (const only of ["source", "source.fixAll", "source.fixAll.airssys"])
    assert.deepEqual(await kinds([only]), ["source.fixAll.airssys"], only);
  assert.deepEqual(await kinds(["source.fixAll.other"]), []);
});
