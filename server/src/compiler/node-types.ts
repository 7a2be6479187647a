/** Which names of Node's own modules are types alone, by the declarations of Node that a project has installed. */
import { ts } from "ts-morph";
import type { FileSystem } from "../source/file-system.ts";

interface Names {
  readonly types: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

const NOTHING: Names = { types: new Set(), values: new Set() };

export class NodeTypes {
  readonly #files: FileSystem;
  /** By file. */
  readonly #known = new Map<string, Names>();

  constructor(files: FileSystem) {
    this.#files = files;
  }

  /** @param from the file that imports it; without declarations nothing is known to be a type */
  has(specifier: string, name: string, from: string): boolean {
    const { types, values } = this.#namesOf(specifier.replace(/^node:/, ""), from);
    return types.has(name) && !values.has(name) && !isExported(specifier, name);
  }

  #namesOf(module: string, from: string): Names {
    for (let folder = parentOf(from); ; folder = parentOf(folder)) {
      const file = `${folder}/node_modules/@types/node/${module}.d.ts`;
      const names = this.#known.get(file) ?? this.#read(file);
      if (names !== undefined) return names;
      if (folder === "") return NOTHING;
    }
  }

  #read(file: string): Names | undefined {
    const text = this.#files.read(file);
    if (text === undefined) return undefined;
    const types = new Set<string>();
    const values = new Set<string>();
    for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.Latest).statements)
      if (ts.isModuleDeclaration(statement) && ts.isStringLiteral(statement.name)) note(statement, types, values);
    this.#known.set(file, { types, values });
    return { types, values };
  }
}

/** Whether this Node has it: declarations do not tell of everything that they call a type. */
function isExported(specifier: string, name: string): boolean {
  const module: unknown = process.getBuiltinModule?.(specifier);
  return (typeof module === "object" || typeof module === "function") && module !== null && name in module;
}

/** Namespaces within are looked at as well: what a module exports with `export =` is in one. A name that is a value anywhere is one. */
function note({ body }: ts.ModuleDeclaration, types: Set<string>, values: Set<string>): void {
  if (body === undefined || !ts.isModuleBlock(body)) return;
  for (const statement of body.statements) {
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) types.add(statement.name.text);
    else if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) if (ts.isIdentifier(name)) values.add(name.text);
    } else if (ts.isModuleDeclaration(statement)) {
      values.add(statement.name.text);
      note(statement, types, values);
    } else if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      if (exportClause !== undefined && ts.isNamedExports(exportClause))
        for (const { name } of exportClause.elements) values.add(name.text);
    } else if (isNamed(statement)) values.add(statement.name.text);
  }
}

/** A class, a function, an enum, or `import x = …`. */
function isNamed(statement: ts.Statement): statement is ts.Statement & { readonly name: ts.Identifier } {
  return "name" in statement && statement.name !== undefined && ts.isIdentifier(statement.name as ts.Node);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
