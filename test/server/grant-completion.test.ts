// In the quotes of a request what is granted there is offered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorFeatures } from "../../server/src/analysis/editor-features.ts";
import { LineMap } from "../../server/src/source/line-map.ts";
import { analysisOf, filesOf } from "./fixture.ts";

const CONTEXTS = `
  import { SecurityContext } from "airssys-rt/os";
  export const site = SecurityContext.create({
    principal: "site",
    files: [{ path: "content", allow: ["read", "list"] }, { path: "out", allow: ["write"] }],
    run: [
      { command: "/usr/bin/git", args: ["log", "--all", { oneOf: ["main", "next"] }] },
      { command: "/usr/bin/git", args: ["show", { matches: /[a-z]+/ }] },
      { command: "/usr/bin/gzip", args: [{ rest: { path: "read" }, max: 3 }] },
    ],
  });
  export const other = SecurityContext.create({ principal: "other", run: [{ command: "/usr/bin/svn" }] });
`;

/** Offered where \`|\` stands in a file beside the contexts: label and detail, and what it takes the place of. */
function offered(code: string): readonly (readonly [label: string, detail: string])[] {
  const imports = `import { site, other } from "./contexts.ts";
    import { type FileMessage, files, osProcess, type ProcessManagerMessage, processManager, SecurityContext } from "airssys-rt/os";
    import { type ActorRef, supervisor } from "airssys-rt";
    declare const processes: ActorRef<ProcessManagerMessage>;
    declare const store: ActorRef<FileMessage>;
    declare const word: string;
    export const root = supervisor({ children: [{ id: "p", start: processManager(site) }, { id: "f", start: files(site) }] });
    `;
  const main = imports + code;
  const offset = main.indexOf("|", imports.length);
  const text = main.slice(0, offset) + main.slice(offset + 1);
  const contexts = filesOf(CONTEXTS).get("/main.ts") ?? "";
  const files = new Map([
    ["/contexts.ts", contexts],
    ["/main.ts", text],
  ]);
  const features = new EditorFeatures(analysisOf(files), (path) => new LineMap(files.get(path) ?? ""));
  const map = new LineMap(text);
  const found = features.completion({ path: "/main.ts", position: map.position(offset) });
  for (const { replaces } of found) {
    assert.ok(replaces);
    const [start, end] = [map.offset(replaces.start), map.offset(replaces.end)];
    assert.match(text.slice(start - 1, end + 1), /^(["'`])[^"'`]*\1$/);
    assert.ok(start <= offset && offset <= end);
  }
  return found.map(({ label, detail }) => [label, detail]);
}

const COMMANDS = [
  ["/usr/bin/git", "log --all main|next · site"],
  ["/usr/bin/gzip", "<path to read>… · site"],
];

test("where a move goes to, what may be written is offered, and where it comes from, what may be taken away", () => {
  assert.deepEqual(offered('void store.ask({ type: "move", path: "content/a", to: "|" });'), [["out", "write · site"]]);
  assert.deepEqual(offered('void store.ask({ type: "move", path: "|", to: word });'), [
    ["content", "read, list · site"],
  ]);
});

test("commands of the context of a spec, and of those that the managers of the program have", () => {
  assert.deepEqual(offered('osProcess({ security: site, command: "|" });'), COMMANDS);
  assert.deepEqual(offered('osProcess({ security: site, command: "/usr/b|in/x" });'), COMMANDS);
  assert.deepEqual(offered('osProcess({ security: other, command: "|" });'), [
    ["/usr/bin/svn", "without arguments · other"],
  ]);
  assert.deepEqual(offered('processes.ask({ type: "run", command: "|" });'), COMMANDS);
  assert.deepEqual(offered("processes.tell({ type: \"spawnProcess\", command: '/|' } as never);"), COMMANDS);
});

test("arguments of the command that is written there, in their place", () => {
  const first = [
    ["log", "argument 1 · site"],
    ["show", "argument 1 · site"],
  ];
  assert.deepEqual(offered('processes.ask({ type: "run", command: "/usr/bin/git", args: ["|"] });'), first);
  assert.deepEqual(offered('processes.ask({ type: "run", command: "/usr/bin/git", args: [word, "|"] });'), [
    ["--all", "argument 2 · site"],
  ]);
  assert.deepEqual(offered('osProcess({ security: site, command: "/usr/bin/git", args: ["log", "--all", "|"] });'), [
    ["main", "argument 3 · site"],
    ["next", "argument 3 · site"],
  ]);
  assert.deepEqual(offered('osProcess({ security: site, command: "/usr/bin/gzip", args: ["|"] });'), []);
});

test("directories in which the operation is granted", () => {
  assert.deepEqual(offered('store.ask({ type: "read", path: "|" });'), [["content", "read, list · site"]]);
  assert.deepEqual(
    offered('processes.ask({ type: "fileOperation", operation: { type: "write", path: "|", data: "" } });'),
    [["out", "write · site"]],
  );
});

test("commands and paths of the wider context where it is narrowed", () => {
  assert.deepEqual(offered('site.narrow({ principal: "x", run: [{ command: "|" }] });'), COMMANDS);
  assert.deepEqual(offered('site.narrow({ principal: "x", files: [{ path: "|", allow: [] }] });'), [
    ["content", "read, list · site"],
    ["out", "write · site"],
  ]);
});

test("nothing elsewhere, and nothing where the context is not known", () => {
  for (const code of [
    'const command = "|";',
    'osProcess({ security: site, command: "/usr/bin/git", env: { A: "|" } });',
    'export const f = (security: SecurityContext) => osProcess({ security, command: "|" });',
    'SecurityContext.create({ principal: "x", run: [{ command: "|" }] });',
    'osProcess({ security: site, command: |"" });',
  ])
    assert.deepEqual(offered(code), [], code);
});
