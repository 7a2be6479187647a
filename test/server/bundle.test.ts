import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { makeWorkspace } from "./client.ts";

test("the bundle runs without the source tree", async () => {
  const { buildServer }: { buildServer: (options: { outdir: string }) => Promise<void> } = await import(
    "../../server/build.mjs" as string
  );
  const outdir = mkdtempSync(path.join(tmpdir(), "airssys-bundle-"));
  using workspace = makeWorkspace({
    "a.ts":
      'import { supervisor } from "airssys-rt";\nexport const a = supervisor({ maxRestarts: -1, children: [] });\n',
  });
  try {
    await buildServer({ outdir });

    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(outdir, "cli.js"), "check", workspace.folder],
      {
        encoding: "utf8",
      },
    );

    assert.deepEqual([status, stderr], [1, ""]);
    assert.match(stdout, /maxRestarts must be a whole number >= 0, not -1 \(invalid-restart-intensity\)/);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});

test("the standard libraries in the bundle declare what they declare with their comments, and refer to the same ones", async () => {
  const { withoutComments }: { withoutComments: (library: string) => string } = await import(
    "../../server/build.mjs" as string
  );
  const root = path.resolve(import.meta.dirname, "../..");
  const file = path.join(root, "node_modules/@ts-morph/common/dist/ts-morph-common.js");
  const printer = ts.createPrinter({ removeComments: true });
  const print = (name: string, text: string) =>
    printer.printFile(ts.createSourceFile(name, text, ts.ScriptTarget.Latest));
  const librariesOf = (text: string) => ts.preProcessFile(text).libReferenceDirectives.map(({ fileName }) => fileName);
  const bundled = readFileSync(path.join(root, "server/dist/analysis-process.bundle.js"), "utf8");
  let [count, before, after] = [0, 0, 0];
  for (const [, name = "", literal = ""] of readFileSync(file, "utf8").matchAll(
    /fileName: "(lib\.[\w.]+)",\s*text: ("(?:[^"\\]|\\.)*")/g,
  )) {
    const text = JSON.parse(literal) as string;
    const plain = withoutComments(text);
    assert.equal(print(name, plain), print(name, text), name);
    assert.deepEqual(librariesOf(plain), librariesOf(text), name);
    count++;
    before += text.length;
    after += plain.length;
  }
  assert.ok(count > 100);
  assert.ok(after < before / 2);
  assert.doesNotMatch(bundled, /interface HTMLAnchorElement [^}]*\/\*\*/);
});
