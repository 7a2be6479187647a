// The public API as text, one file for each door: a change of it shows in review.
//
//   UPDATE_API=1 node --test test/repo/public-api.test.ts    writes test/repo/api/ anew
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "../..");
const runtime = path.join(root, "runtime");
const snapshots = path.join(import.meta.dirname, "api");

/** The door's name for people, and its compiled declarations. */
const doors: readonly (readonly [name: string, declarations: string])[] = [
  ["index", "dist/index.d.ts"],
  ["spec", "dist/spec.d.ts"],
  ["testing", "dist/testing/index.d.ts"],
  ["inspect", "dist/inspect/index.d.ts"],
  ["os", "dist/os/index.d.ts"],
  ["recording", "dist/recording/index.d.ts"],
  ["replay", "dist/replay.d.ts"],
];

const program = ts.createProgram(
  doors.map(([, file]) => path.join(runtime, file)),
  { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, skipLibCheck: true, types: [], noEmit: true },
);
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });

/** Everything a door exports, by name, without comments and private members. */
function describeDoor(file: string): string {
  const source = program.getSourceFile(path.join(runtime, file));
  const door = source && checker.getSymbolAtLocation(source);
  assert.ok(door, `${file} is compiled`);
  return checker
    .getExportsOfModule(door)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((symbol) => `// ${symbol.name}\n${declarationsOf(symbol)}\n`)
    .join("\n");
}

function declarationsOf(symbol: ts.Symbol): string {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.declarations ?? [])
    .map((declaration) => print(ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration))
    .join("\n");
}

function print(node: ts.Node): string {
  const text = printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
  const isHidden = (line: string): boolean => /^\s*(#private;|private )/.test(line);
  return text
    .split("\n")
    .filter((line) => !isHidden(line))
    .join("\n");
}

for (const [name, file] of doors) {
  test(`the public API behind the door ${name} is the one that was reviewed`, async () => {
    const snapshot = path.join(snapshots, `${name}.txt`);
    const now = describeDoor(file);
    if (process.env["UPDATE_API"] === "1") {
      await mkdir(snapshots, { recursive: true });
      await writeFile(snapshot, now);
      return;
    }

    const reviewed = await readFile(snapshot, "utf8");

    assert.equal(
      now,
      reviewed,
      "the API has changed; if that is meant: UPDATE_API=1 node --test test/repo/public-api.test.ts",
    );
  });
}

test("every error of the catalogue is behind the main door, with a code of its own", async () => {
  const sources = await Promise.all(
    ["values/errors.ts", "guards/fault-errors.ts", "spec/spec-check.ts"].map((file) =>
      readFile(path.join(runtime, "src", file), "utf8"),
    ),
  );
  const classes = sources.flatMap((text) => [...text.matchAll(/^export (?:abstract )?class (\w+Error)\b/gm)]);
  const codes = sources.flatMap((text) => [...text.matchAll(/ code = "(ERR_\w+)"/g)]).map(([, code]) => code);
  const index = describeDoor("dist/index.d.ts");

  assert.ok(classes.length > 20);
  assert.deepEqual(
    classes.map(([, name]) => name).filter((name) => !index.includes(`// ${name}\n`)),
    [],
  );
  assert.equal(new Set(codes).size, codes.length);
});
