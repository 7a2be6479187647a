/** Other editors themselves, where the system has them (Debian: `neovim`, `emacs-nox` with `elpa-eglot`): each runs a script of its own and prints what it shows. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { MAIN, makeWorkspace, startSession } from "../client.ts";

const TEXT = `import { Actor, type ActorRef } from "airssys-rt";
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
`;
const SEND = [11, 25] as const;
const HANDLED_IN_LINE = 5;

interface Shown {
  readonly diagnostics: readonly string[];
  readonly hover: string;
  readonly definition: number;
  readonly actions?: readonly string[];
}

/** Names of the editor, and how it runs a script without a window. */
const EDITORS = [
  {
    name: "Neovim",
    commands: [process.env["AIRSSYS_NVIM"] ?? "nvim"],
    words: ["--headless", "-u", "NONE", "-l", "neovim.lua"],
    old: ["--headless", "-u", "NONE", "-c", "luafile neovim.lua"],
  },
  {
    name: "Emacs",
    commands: [process.env["AIRSSYS_EMACS"] ?? "emacs", "emacs-nox"],
    words: ["--batch", "-q", "-l", "emacs.el"],
  },
] as const;

for (const editor of EDITORS) {
  const command = editor.commands.find((one) => spawnSync(one, ["--version"]).status === 0);
  const skip = command === undefined ? `${editor.name} is not installed here` : whyUnfit(editor.name, command);

  test(`${editor.name} shows findings, a hover and where a message is handled`, { skip }, () => {
    using workspace = makeWorkspace({ "account.ts": TEXT });
    const run = spawnSync(command ?? "", wordsFor(editor, command ?? ""), {
      cwd: import.meta.dirname,
      encoding: "utf8",
      timeout: 120_000,
      env: {
        ...process.env,
        AIRSSYS_SERVER: JSON.stringify([process.execPath, MAIN, "--stdio"]),
        AIRSSYS_FILE: path.join(workspace.folder, "account.ts"),
        AIRSSYS_SEND: JSON.stringify(SEND),
      },
    });

    // Neovim prints to the error output when it has no window.
    const said = `${run.stdout}\n${run.stderr}`;
    const line = said.split(/\r?\n/).find((one) => one.startsWith("{"));
    assert.ok(line !== undefined, said);
    const shown = JSON.parse(line) as Shown;
    assert.match(shown.diagnostics.join(), /unhandled-message|"close" is not handled/);
    assert.match(shown.hover, /"deposit".*Message[\s\S]*Handled by Account/);
    assert.equal(shown.definition, HANDLED_IN_LINE);
    if (shown.actions !== undefined) assert.ok(shown.actions.includes("Add the missing cases"), shown.actions.join());
  });
}

/** Emacs has Eglot only since version 29, and before where it is installed besides. */
function whyUnfit(name: string, command: string): string | false {
  if (name !== "Emacs") return false;
  const words = ["--batch", "-q", "--eval", "(progn (require 'package) (package-initialize) (require 'eglot))"];
  const has = spawnSync(command, words).status === 0;
  return has ? false : "this Emacs has no Eglot";
}

/** Neovim runs a script of Lua with \`-l\` since 0.9. */
function wordsFor(editor: (typeof EDITORS)[number], command: string): readonly string[] {
  const version = /v0\.(\d+)/.exec(spawnSync(command, ["--version"], { encoding: "utf8" }).stdout)?.[1];
  return "old" in editor && version !== undefined && Number(version) < 9 ? editor.old : editor.words;
}

test("a raw client that announces nothing gets findings, a hover and where a message is handled", async () => {
  using workspace = makeWorkspace({ "account.ts": TEXT });
  await using session = await startSession(workspace.folder);
  session.open("account.ts", TEXT);
  const params = {
    textDocument: { uri: session.uri("account.ts") },
    position: { line: SEND[0], character: SEND[1] },
  };

  const found = await session.diagnostics("account.ts");
  assert.deepEqual(
    found.map(({ code }) => code),
    ["unhandled-message"],
  );
  const hover: { contents: { value: string } } = await session.connection.sendRequest("textDocument/hover", params);
  assert.match(hover.contents.value, /"deposit".*Message\s+Handled by Account/);
  const [definition]: { range: { start: { line: number } } }[] = await session.connection.sendRequest(
    "textDocument/definition",
    params,
  );
  assert.equal(definition?.range.start.line, HANDLED_IN_LINE);
});
