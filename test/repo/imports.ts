/** Reads what source files import, and which names they use. For the tests of the repository itself. */
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

export const root = path.resolve(import.meta.dirname, "../..");

export interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** The file it names, relative to the root of the repository; `undefined` for packages. */
  readonly file: string | undefined;
}

export interface SourceFile {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** Identifiers, member accesses and `new` as they are written in code, types apart: `Date.now`, `setTimeout`, `new Error`. */
  readonly uses: ReadonlySet<string>;
}

/** The sources below a folder, generated and installed ones apart. */
export function sourcesBelow(folder: string): readonly SourceFile[] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.split(path.sep).join("/")}`)
    .filter((name) => /\.[cm]?[jt]s$/.test(name) && !/\/(node_modules|dist|out|fixtures)\//.test(name))
    .sort()
    .map(readSource);
}

function readSource(file: string): SourceFile {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const imports: Import[] = [];
  const uses = new Set<string>();
  const add = (literal: ts.Node | undefined): void => {
    if (literal === undefined || !ts.isStringLiteral(literal)) return;
    const specifier = literal.text;
    imports.push({ specifier, file: specifier.startsWith(".") ? path.posix.join(file, "..", specifier) : undefined });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    else if (ts.isCallExpression(node) && /^(import|require)$/.test(node.expression.getText())) add(node.arguments[0]);
    if (ts.isTypeNode(node)) return;
    if (ts.isNewExpression(node)) uses.add(`new ${node.expression.getText()}`);
    if (ts.isPropertyAccessExpression(node)) uses.add(node.getText());
    else if (ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node.parent)) uses.add(node.text);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), visit);
  return { path: file, text, imports, uses };
}

/** Cycles of imports among these files, each as the files along it. */
export function cyclesAmong(files: readonly SourceFile[]): readonly string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: SourceFile, trail: readonly string[]): void => {
    const start = trail.indexOf(file.path);
    if (start >= 0) cycles.push([...trail.slice(start), file.path].join(" → "));
    if (start >= 0 || done.has(file.path)) return;
    for (const { file: target = "" } of file.imports) {
      const next = byPath.get(target);
      if (next !== undefined) visit(next, [...trail, file.path]);
    }
    done.add(file.path);
  };
  for (const file of files) visit(file, []);
  return cycles;
}
