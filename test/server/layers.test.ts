import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { RULES } from "../../server/src/rules/index.ts";

const SOURCE = path.join(import.meta.dirname, "../../server/src");

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name: name.replaceAll("\\", "/"), text: readFileSync(path.join(SOURCE, name), "utf8") }));

function importersOf(module: RegExp): readonly string[] {
  return files
    .filter(({ text }) =>
      [...text.matchAll(/^(?:import|export)\b(?! type)[^;]*? from "([^"]+)"/gms)].some(([, from]) =>
        module.test(from ?? ""),
      ),
    )
    .map(({ name }) => name);
}

test("the compiler is known where programs are read and rewritten", () => {
  assert.deepEqual(
    importersOf(/^ts-morph$/).filter((name) => !/^(?:compiler|reading|rewriting)\//.test(name)),
    [],
  );
});

test("nothing that leaves the folders of the compiler has a type of the compiler in it", () => {
  const leaks = new CompilerBorder().leaks();
  assert.deepEqual(leaks, []);
});

test("a type of the compiler is found wherever it leaves: in a member, a result, a list, an option", () => {
  const text = `import { ts } from "ts-morph";
export interface Plain { readonly name: string; readonly next?: Plain }
export interface Member { readonly options: ts.CompilerOptions }
export interface Deep { of(): Promise<readonly Member[]> }
export class Hidden { readonly #file: ts.SourceFile | undefined; has(): boolean { return this.#file !== undefined } }
export function made(): ((file: ts.SourceFile) => void)[] { return []; }
`;
  const border = new CompilerBorder({
    "compiler/leaky.ts": text,
    "engine/user.ts":
      'import { type Deep, Hidden, type Member, made, type Plain } from "../compiler/leaky.ts";\nexport type All = [Deep, Hidden, Member, typeof made, Plain];\n',
  });

  assert.deepEqual(
    border.leaks().map((leak) => leak.split(": ")[0]),
    ["engine/user.ts imports Deep", "engine/user.ts imports Member", "engine/user.ts imports made"],
  );
});

const COMPILER_FOLDERS = /^(?:compiler|reading|rewriting)\//;

/** What the others import from the folders that know the compiler. */
class CompilerBorder {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #only: ReadonlySet<string> | undefined;

  /** @param others files beside those there are, which alone are looked at. */
  constructor(others?: Readonly<Record<string, string>>) {
    const config = path.join(SOURCE, "../tsconfig.json");
    const { config: said } = ts.readConfigFile(config, (name) => ts.sys.readFile(name));
    const { options, fileNames } = ts.parseJsonConfigFileContent(said, ts.sys, path.dirname(config));
    const texts = new Map(Object.entries(others ?? {}).map(([name, text]) => [path.join(SOURCE, name), text]));
    this.#only = others && new Set(Object.keys(others));
    const host = ts.createCompilerHost(options);
    const { readFile, fileExists } = host;
    host.readFile = (name) => texts.get(name) ?? readFile.call(host, name);
    host.fileExists = (name) => texts.has(name) || fileExists.call(host, name);
    const rootNames = others === undefined ? fileNames : [...texts.keys()];
    this.#program = ts.createProgram({ rootNames, options: { ...options, noEmit: true }, host });
    this.#checker = this.#program.getTypeChecker();
  }

  leaks(): readonly string[] {
    const sources = this.#program.getSourceFiles().filter(({ fileName }) => this.#nameOf(fileName) !== undefined);
    return sources.flatMap((file) => {
      const name = this.#nameOf(file.fileName) ?? "";
      if (COMPILER_FOLDERS.test(name) || this.#only?.has(name) === false) return [];
      return file.statements.flatMap((statement) => {
        const from = ts.isImportDeclaration(statement) ? (statement.moduleSpecifier as ts.StringLiteral).text : "";
        const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
        const target = path.posix.join(path.posix.dirname(name), from);
        if (bindings === undefined || !from.startsWith(".") || !COMPILER_FOLDERS.test(target)) return [];
        assert.ok(ts.isNamedImports(bindings), `${name} imports all of ${from}`);
        return bindings.elements.flatMap((element) => {
          const way = this.#leakIn(element.name);
          return way === undefined ? [] : `${name} imports ${element.name.text}: ${way}`;
        });
      });
    });
  }

  /** Below `server/src`, with slashes. */
  #nameOf(file: string): string | undefined {
    const name = path.relative(SOURCE, file).replaceAll("\\", "/");
    return name.startsWith("..") ? undefined : name;
  }

  #leakIn(name: ts.Identifier): string | undefined {
    const alias = this.#checker.getSymbolAtLocation(name);
    assert.ok(alias !== undefined);
    const symbol = this.#checker.getAliasedSymbol(alias);
    const types = [
      ...(symbol.flags & ts.SymbolFlags.Type ? [this.#checker.getDeclaredTypeOfSymbol(symbol)] : []),
      ...(symbol.flags & ts.SymbolFlags.Value ? [this.#checker.getTypeOfSymbolAtLocation(symbol, name)] : []),
    ];
    const seen = new Set<ts.Type>();
    for (const type of types) {
      const way = this.#wayIn(type, name, seen);
      if (way !== undefined) return way;
    }
    return undefined;
  }

  /** How one gets from a type to one of the compiler; `undefined` when one does not. */
  #wayIn(type: ts.Type, at: ts.Node, seen: Set<ts.Type>): string | undefined {
    if (seen.has(type)) return undefined;
    seen.add(type);
    for (const { symbol } of [type, { symbol: type.aliasSymbol }])
      if (
        symbol?.declarations?.some((one) =>
          /\/node_modules\/(?:@?ts-morph\/|typescript\/lib\/typescript\.d\.ts$)/.test(fileOf(one)),
        )
      )
        return this.#checker.typeToString(type);
    const parts: [string, ts.Type][] = [
      ...(type.isUnionOrIntersection() ? type.types : []).map((one): [string, ts.Type] => ["", one]),
      ...this.#checker.getTypeArguments(type as ts.TypeReference).map((one): [string, ts.Type] => ["<>", one]),
      ...[...type.getCallSignatures(), ...type.getConstructSignatures()].flatMap((one): [string, ts.Type][] => [
        ["()", one.getReturnType()],
        ...one.parameters.map((each): [string, ts.Type] => [
          each.name,
          this.#checker.getTypeOfSymbolAtLocation(each, at),
        ]),
      ]),
      ...(this.#isOurs(type) ? type.getProperties() : [])
        .filter((one) => !one.name.startsWith("#"))
        .map((one): [string, ts.Type] => [one.name, this.#checker.getTypeOfSymbolAtLocation(one, at)]),
    ];
    for (const [name, part] of parts) {
      const way = this.#wayIn(part, at, seen);
      if (way !== undefined) return `${name} ${way}`;
    }
    return undefined;
  }

  /** Types of others are looked into only for what they are made of. */
  #isOurs(type: ts.Type): boolean {
    return type.symbol?.declarations?.some((one) => this.#nameOf(fileOf(one)) !== undefined) === true;
  }
}

function fileOf(node: ts.Node): string {
  return node.getSourceFile().fileName;
}

test("the language server protocol is known at the rim", () => {
  assert.deepEqual(
    importersOf(/^vscode-languageserver/).filter((name) => name !== "main.ts" && !name.startsWith("lsp/")),
    [],
  );
});

test("rules read facts and no other rule", () => {
  const names = RULES.map((rule) => `./${rule.name}.ts`);
  for (const { name, text } of files.filter(
    (file) => file.name.startsWith("rules/") && file.name !== "rules/index.ts",
  )) {
    assert.deepEqual(
      names.filter((rule) => text.includes(`"${rule}"`)),
      [],
      name,
    );
    assert.equal(/from "\.\.\/(?:compiler|reading|rewriting|engine|analysis)/.test(text), false, name);
  }
});

test("the table of the README is that of the rules", () => {
  const readme = readFileSync(path.join(SOURCE, "../README.md"), "utf8").replace(/ {2,}/g, " ");
  for (const { code, name, title, severity, preset } of RULES) {
    assert.ok(
      readme.includes(`| ${code} | [${name}](docs/rules/${name}.md) | ${title} | ${severity} | ${preset} |`),
      name,
    );
  }
});

test("every file begins with what it is", () => {
  for (const { name, text } of files) assert.match(text, /^\/\*\*/, name);
});
