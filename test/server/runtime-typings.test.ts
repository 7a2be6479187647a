// The typings that the tests of rules compile against are the runtime's own, as one file: a program of eighty would take twice as long.
//
//   UPDATE_API=1 node --test test/server/runtime-typings.test.ts    writes test/server/runtime-typings.txt anew
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { MINI_LIB, MINI_RUNTIME, TYPINGS_FILE } from "./mini-lib.ts";

const DIST = path.join(import.meta.dirname, "../../runtime/dist");
const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  skipLibCheck: true,
  types: [],
  noEmit: true,
};
const program = ts.createProgram([path.join(DIST, "index.d.ts")], OPTIONS);
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });

/** Everything the door `airssys-rt` exports and what that needs, without comments and private members. */
function flatten(): string {
  const exported = exportsOf();
  const queue = [...exported];
  const texts = new Map<ts.Symbol, string>();
  for (let symbol = queue.shift(); symbol !== undefined; symbol = queue.shift()) {
    if (texts.has(symbol)) continue;
    const statements = (symbol.declarations ?? []).map(statementOf);
    const text = statements.map(print).join("\n");
    texts.set(symbol, exported.has(symbol) ? text : text.replaceAll(/^export /gm, ""));
    queue.push(...statements.flatMap(symbolsIn));
  }
  return `${[...texts.values(), "export {};"].join("\n")}\n`;
}

function exportsOf(): ReadonlySet<ts.Symbol> {
  const source = program.getSourceFile(path.join(DIST, "index.d.ts"));
  const door = source && checker.getSymbolAtLocation(source);
  assert.ok(door, "the runtime is compiled");
  return new Set(checker.getExportsOfModule(door).map(resolved));
}

function resolved(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function statementOf(declaration: ts.Declaration): ts.Node {
  return ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
}

function print(node: ts.Node): string {
  return printer
    .printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
    .split("\n")
    .filter((line) => !/^\s*(?:#private;|private )/.test(line))
    .join("\n");
}

/** What of the runtime is named in a declaration, outside of its private members. */
function symbolsIn(statement: ts.Node): readonly ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassElement(node) && ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) return;
    const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
    if (symbol !== undefined && isOfRuntime(resolved(symbol))) found.push(resolved(symbol));
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

/** Whether it is declared at the top level of a file of the runtime. */
function isOfRuntime(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some(
    (declaration) =>
      declaration.getSourceFile().fileName.startsWith(DIST.replaceAll("\\", "/")) &&
      ts.isSourceFile(statementOf(declaration).parent),
  );
}

/** What the compiler has to say about the typings over a library. */
function mistakes(files: Readonly<Record<string, string>>): readonly string[] {
  const options: ts.CompilerOptions = { ...OPTIONS, skipLibCheck: false, noLib: true, strict: true };
  const host = ts.createCompilerHost(options);
  const read = (file: string): string | undefined => files[path.basename(file)];
  host.fileExists = (file) => read(file) !== undefined;
  host.readFile = read;
  host.getSourceFile = (file, language) => {
    const text = read(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, language);
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram(Object.keys(files), options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

test("the typings of the tests are those of the runtime", () => {
  const now = flatten();
  if (process.env["UPDATE_API"]) writeFileSync(TYPINGS_FILE, now);

  assert.equal(process.env["UPDATE_API"] ? now : MINI_RUNTIME, now);
});

test("the typings and the small library of the tests have no mistakes", () => {
  assert.deepEqual(mistakes({ "mini.d.ts": MINI_LIB, "index.d.ts": MINI_RUNTIME }), []);
});
