/** Reads one file as a module, from its syntax alone: what it imports, exports and declares, and what Node would stumble over. */
import { ts } from "ts-morph";
import type { NeedKind } from "../facts/program-module.ts";

/** `*`: the module itself. */
export interface ImportedBinding {
  readonly specifier: string;
  readonly name: string;
}

export interface ModuleLoad {
  readonly specifier: string;
  readonly node: ts.Node;
  /** Loaded when a function runs, with all it has. */
  readonly isDynamic: boolean;
  /** Names imported as values, with the nodes that say so. */
  readonly names: readonly { readonly name: string; readonly node: ts.Node }[];
}

export interface SyntaxNeed {
  readonly kind: NeedKind;
  readonly node: ts.Node;
  readonly what: string;
}

export interface SourceModule {
  readonly file: ts.SourceFile;
  /** By local name. */
  readonly imports: ReadonlyMap<string, ImportedBinding>;
  /** By exported name: a name of this file, or of another. */
  readonly exports: ReadonlyMap<string, { readonly local: string } | ImportedBinding>;
  readonly stars: readonly string[];
  /** Values declared at the top of the file. */
  readonly values: ReadonlyMap<string, ts.Node>;
  /** Other names that were given to something inside functions: `const S = ActorSystem`. */
  readonly aliases: ReadonlyMap<string, ts.Expression>;
  /** Names that are only types, those imported as types too. */
  readonly types: ReadonlySet<string>;
  /** Names of this file that it exports in a list, as values. */
  readonly listed: readonly { readonly name: string; readonly node: ts.Node }[];
  /** The first `import` or `export` that is more than a type. */
  readonly moduleSyntax: ts.Node | undefined;
  /** The first `await` outside of functions. */
  readonly topLevelAwait: ts.Node | undefined;
  readonly loads: readonly ModuleLoad[];
  readonly needs: readonly SyntaxNeed[];
}

/** What `export default` stands for when it has no name. */
const DEFAULT = "default";

export function readModule(file: ts.SourceFile): SourceModule {
  const reading = new ModuleReading(file);
  for (const statement of file.statements) reading.statement(statement);
  reading.visit(file);
  return reading;
}

class ModuleReading implements SourceModule {
  readonly file: ts.SourceFile;
  readonly imports: Map<string, ImportedBinding> = new Map();
  readonly exports: Map<string, { readonly local: string } | ImportedBinding> = new Map();
  readonly stars: string[] = [];
  readonly values: Map<string, ts.Node> = new Map();
  readonly aliases: Map<string, ts.Expression> = new Map();
  readonly types: Set<string> = new Set();
  readonly listed: { readonly name: string; readonly node: ts.Node }[] = [];
  moduleSyntax: ts.Node | undefined;
  topLevelAwait: ts.Node | undefined;
  readonly loads: ModuleLoad[] = [];
  readonly needs: SyntaxNeed[] = [];

  constructor(file: ts.SourceFile) {
    this.file = file;
  }

  statement(statement: ts.Statement): void {
    if (isModuleSyntax(statement)) this.moduleSyntax ??= statement;
    if (ts.isImportDeclaration(statement)) this.#import(statement);
    else if (ts.isExportDeclaration(statement)) this.#export(statement);
    else if (ts.isExportAssignment(statement)) this.#exportDefault(statement);
    else if (ts.isImportEqualsDeclaration(statement)) this.#importEquals(statement);
    else this.#declare(statement);
  }

  /** Looks at everything for what is not merely types, and for modules that are loaded by calls. */
  visit(node: ts.Node): void {
    const isGone = isAmbient(node) || ts.isTypeNode(node);
    const need = isGone && !isOldNamespace(node) ? undefined : needOf(node);
    if (need !== undefined) this.needs.push(need);
    if (isGone) return;
    if (isAwait(node) && !isInFunction(node)) this.topLevelAwait ??= node;
    const specifier = calledModule(node);
    if (specifier !== undefined) this.loads.push({ specifier, node, isDynamic: true, names: [] });
    if (ts.isVariableDeclaration(node)) this.#bindCalled(node);
    ts.forEachChild(node, (child) => this.visit(child));
  }

  #import(statement: ts.ImportDeclaration): void {
    const specifier = textOf(statement.moduleSpecifier);
    const clause = statement.importClause;
    if (clause !== undefined) this.#noteTypes(clause);
    if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || specifier === undefined) return;
    const names: { name: string; node: ts.Node }[] = [];
    if (clause?.name !== undefined) {
      this.imports.set(clause.name.text, { specifier, name: DEFAULT });
      names.push({ name: DEFAULT, node: clause.name });
    }
    const bindings = clause?.namedBindings;
    if (bindings !== undefined && ts.isNamespaceImport(bindings))
      this.imports.set(bindings.name.text, { specifier, name: "*" });
    if (bindings !== undefined && ts.isNamedImports(bindings)) {
      for (const element of bindings.elements) {
        if (element.isTypeOnly) continue;
        const name = (element.propertyName ?? element.name).text;
        this.imports.set(element.name.text, { specifier, name });
        names.push({ name, node: element });
      }
    }
    this.loads.push({ specifier, node: statement.moduleSpecifier, isDynamic: false, names });
  }

  /** What an import says are types. */
  #noteTypes({ name, namedBindings, phaseModifier }: ts.ImportClause): void {
    const areAll = phaseModifier === ts.SyntaxKind.TypeKeyword;
    if (areAll && name !== undefined) this.types.add(name.text);
    if (namedBindings === undefined) return;
    if (ts.isNamespaceImport(namedBindings)) {
      if (areAll) this.types.add(namedBindings.name.text);
    } else for (const one of namedBindings.elements) if (areAll || one.isTypeOnly) this.types.add(one.name.text);
  }

  #export(statement: ts.ExportDeclaration): void {
    const specifier = statement.moduleSpecifier && textOf(statement.moduleSpecifier);
    const { exportClause: clause } = statement;
    const names: { name: string; node: ts.Node }[] = [];
    if (clause === undefined) {
      if (specifier !== undefined) this.stars.push(specifier);
    } else if (ts.isNamespaceExport(clause)) {
      if (specifier !== undefined) this.exports.set(clause.name.text, { specifier, name: "*" });
    } else {
      for (const element of clause.elements) {
        const name = (element.propertyName ?? element.name).text;
        this.exports.set(element.name.text, specifier === undefined ? { local: name } : { specifier, name });
        if (statement.isTypeOnly || element.isTypeOnly) this.types.add(element.name.text);
        else (specifier === undefined ? this.listed : names).push({ name, node: element });
      }
    }
    if (specifier !== undefined && !statement.isTypeOnly && statement.moduleSpecifier !== undefined)
      this.loads.push({ specifier, node: statement.moduleSpecifier, isDynamic: false, names });
  }

  #exportDefault({ expression, isExportEquals }: ts.ExportAssignment): void {
    if (isExportEquals === true) return;
    if (ts.isIdentifier(expression)) this.exports.set(DEFAULT, { local: expression.text });
    else {
      this.values.set(DEFAULT, expression);
      this.exports.set(DEFAULT, { local: DEFAULT });
    }
  }

  #importEquals(statement: ts.ImportEqualsDeclaration): void {
    const { moduleReference } = statement;
    if (statement.isTypeOnly || !ts.isExternalModuleReference(moduleReference)) return;
    const specifier = textOf(moduleReference.expression);
    if (specifier === undefined) return;
    this.imports.set(statement.name.text, { specifier, name: "*" });
    this.loads.push({ specifier, node: moduleReference.expression, isDynamic: false, names: [] });
  }

  #declare(statement: ts.Statement): void {
    const isExported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
    const isDefault = hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
    const add = (name: string, value: ts.Node): void => {
      this.values.set(name, value);
      if (isExported && !isDefault) this.exports.set(name, { local: name });
    };
    if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations)
        for (const name of namesIn(declaration.name)) add(name, declaration);
    } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      add(statement.name?.text ?? DEFAULT, statement);
      if (isDefault) this.exports.set(DEFAULT, { local: statement.name?.text ?? DEFAULT });
    } else if (ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) {
      if (ts.isIdentifier(statement.name)) add(statement.name.text, statement);
    } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      this.types.add(statement.name.text);
      if (isExported) this.exports.set(isDefault ? DEFAULT : statement.name.text, { local: statement.name.text });
    }
  }

  /** `const { start } = await import("./shop.js")`, `const shop = require("./shop")`. */
  #bindCalled({ name, initializer }: ts.VariableDeclaration): void {
    if (initializer !== undefined && ts.isIdentifier(name) && isName(initializer))
      this.aliases.set(name.text, initializer);
    const call = initializer && (ts.isAwaitExpression(initializer) ? initializer.expression : initializer);
    const specifier = call && calledModule(call);
    if (specifier === undefined) return;
    if (ts.isIdentifier(name)) this.imports.set(name.text, { specifier, name: "*" });
    if (!ts.isObjectBindingPattern(name)) return;
    for (const element of name.elements) {
      if (!ts.isIdentifier(element.name)) continue;
      const from = element.propertyName ?? element.name;
      if (ts.isIdentifier(from)) this.imports.set(element.name.text, { specifier, name: from.text });
    }
  }
}

/** The specifier of `import("…")` and `require("…")`. */
export function calledModule(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === "require");
  const [argument] = node.arguments;
  return loads && argument !== undefined ? textOf(argument) : undefined;
}

function needOf(node: ts.Node): SyntaxNeed | undefined {
  const of = (kind: NeedKind, what: string): SyntaxNeed => ({ kind, node, what });
  if (ts.isEnumDeclaration(node)) return of("enum", `enum ${node.name.text}`);
  if (isOldNamespace(node)) return of("namespace", `module ${node.name.getText()}`);
  if (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name) && hasCode(node))
    return of("namespace", `namespace ${node.name.text}`);
  if (ts.isParameter(node) && node.modifiers?.some(ts.isModifier) === true)
    return of("parameter-property", node.getText());
  if (ts.isDecorator(node)) return of("decorator", node.getText());
  if (hasModifier(node, ts.SyntaxKind.AccessorKeyword)) return of("accessor", "accessor");
  if (ts.isImportEqualsDeclaration(node) && !node.isTypeOnly) return of("import-equals", node.getText());
  if (ts.isExportAssignment(node) && node.isExportEquals === true) return of("import-equals", node.getText());
  if (ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node)) return of("jsx", "JSX");
  if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using)
    return of("using", "using");
  return undefined;
}

/** `module A {}`: Node does not read the word, whatever stands in it, and also where it is only declared. */
function isOldNamespace(node: ts.Node): node is ts.ModuleDeclaration {
  if (!ts.isModuleDeclaration(node) || !ts.isIdentifier(node.name) || ts.isModuleDeclaration(node.parent)) return false;
  return (node.flags & (ts.NodeFlags.Namespace | ts.NodeFlags.GlobalAugmentation)) === 0;
}

/** Whether a statement makes a file a module, once its types are gone. */
function isModuleSyntax(statement: ts.Statement): boolean {
  if (ts.isImportDeclaration(statement)) return statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword;
  if (ts.isExportDeclaration(statement)) return !statement.isTypeOnly;
  if (ts.isExportAssignment(statement)) return statement.isExportEquals !== true;
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword) && !isAmbient(statement);
}

function isAwait(node: ts.Node): boolean {
  if (ts.isForOfStatement(node)) return node.awaitModifier !== undefined;
  if (!ts.isVariableDeclarationList(node)) return ts.isAwaitExpression(node);
  return (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing;
}

function isInFunction({ parent }: ts.Node): boolean {
  if (parent === undefined) return false;
  return ts.isFunctionLike(parent) || ts.isClassStaticBlockDeclaration(parent) || isInFunction(parent);
}

/** Whether what is loaded there is loaded as a module, and nothing is said of what it is: `with { type: "json" }`. */
export function saysNoKind({ node, isDynamic }: ModuleLoad): boolean {
  if (isDynamic)
    return (
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments.length === 1
    );
  const { parent } = node;
  return (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) && parent.attributes === undefined;
}

/** Whether a namespace is more than types. */
function hasCode({ body }: ts.ModuleDeclaration): boolean {
  if (body === undefined) return false;
  if (ts.isModuleDeclaration(body)) return hasCode(body);
  return (
    ts.isModuleBlock(body) &&
    body.statements.some(
      (one) =>
        !ts.isInterfaceDeclaration(one) &&
        !ts.isTypeAliasDeclaration(one) &&
        !(ts.isModuleDeclaration(one) && !hasCode(one)) &&
        !isAmbient(one),
    )
  );
}

function isAmbient(node: ts.Node): boolean {
  return (
    hasModifier(node, ts.SyntaxKind.DeclareKeyword) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((one) => one.kind === kind) === true;
}

function isName(node: ts.Expression): boolean {
  return ts.isIdentifier(node) || (ts.isPropertyAccessExpression(node) && isName(node.expression));
}

function* namesIn(name: ts.BindingName): Iterable<string> {
  if (ts.isIdentifier(name)) yield name.text;
  else for (const element of name.elements) if (ts.isBindingElement(element)) yield* namesIn(element.name);
}

function textOf(node: ts.Node): string | undefined {
  return ts.isStringLiteralLike(node) ? node.text : undefined;
}
