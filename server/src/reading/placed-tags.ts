/**
 * How a value of a message type is written at one place of a file: by a name that means it there, or as a literal.
 *
 * | the value                                   | written as                                                     |
 * | ------------------------------------------- | -------------------------------------------------------------- |
 * | text, number, `true`                        | itself                                                         |
 * | enum member, unique symbol, class, in reach | the name it has there: `What.Close`, `proto.Kind.Close`        |
 * | not in reach, of a module imported here     | the same, with an import of the value                          |
 * | number of an enum that cannot be named      | the number                                                     |
 * | anything else                               | nothing: whoever would write it does not                       |
 */
import { ts } from "ts-morph";
import type { PlacedTag } from "../facts/message-type.ts";
import { type TypedMessage, type TypedVariant, tagOfType } from "./read-message-type.ts";
import type { SourceUnit } from "./source-unit.ts";
import { followAlias } from "./symbols.ts";
import { membersOf } from "./union-members.ts";

/** What the compiler knows of names; it exports these without declaring them. */
interface NameResolver {
  resolveName(name: string, at: ts.Node, meaning: ts.SymbolFlags, excludeGlobals: boolean): ts.Symbol | undefined;
  getTypeOnlyAliasDeclaration(symbol: ts.Symbol): ts.Node | undefined;
}

/** A symbol that has the value among its members, and the way from there. */
interface Holder {
  readonly symbol: ts.Symbol;
  /** `.Close`; nothing for the value itself. */
  readonly rest: string;
}

type Written = Pick<PlacedTag, "code" | "needs">;

/** A name that is to be imported. */
interface Imported {
  readonly name: string;
  readonly needs: NonNullable<PlacedTag["needs"]>;
}

/** Each tag once, as it is written at `place`. */
export function placedTags(
  unit: SourceUnit,
  place: ts.Node,
  typed: TypedMessage,
  variants: readonly TypedVariant[],
): readonly PlacedTag[] {
  const names = new Names(unit, place);
  const placed = new Map<string, PlacedTag>();
  for (const variant of variants) {
    const { tag } = variant;
    if (placed.has(tag.key)) continue;
    const written = names.written(tag.text, valueType(unit, typed, variant));
    const isInReach = written.code !== undefined && written.needs === undefined;
    placed.set(tag.key, { ...tag, ...written, ...(isInReach ? { text: written.code } : {}) });
  }
  return [...placed.values()];
}

/** The type that has the value of a tag only. */
function valueType(unit: SourceUnit, { message }: TypedMessage, { type, tag }: TypedVariant): ts.Type | undefined {
  if (message.discriminant === undefined) return type;
  const property = type.getProperty(message.discriminant);
  const types = property === undefined ? [] : membersOf(unit.checker.getTypeOfSymbol(property));
  return types.find((one) => tagOfType(unit, one)?.key === tag.key);
}

class Names {
  readonly #unit: SourceUnit;
  readonly #place: ts.Node;
  readonly #resolver: NameResolver;
  readonly #imports: readonly ts.ImportDeclaration[];
  /** Names of the imports that are to be added, by what they stand for. */
  readonly #added = new Map<ts.Symbol, Imported>();

  constructor(unit: SourceUnit, place: ts.Node) {
    this.#unit = unit;
    this.#place = place;
    this.#resolver = unit.checker as unknown as NameResolver;
    this.#imports = unit.file.statements.filter(ts.isImportDeclaration);
  }

  written(text: string, type: ts.Type | undefined): Written {
    const symbol = type === undefined ? undefined : namedValue(type);
    if (symbol === undefined) return { code: text };
    const number = type?.isNumberLiteral() === true ? { code: String(type.value) } : {};
    if (isAmbientConst(symbol)) return number;
    const holders = holdersOf(symbol);
    for (const { symbol: holder, rest } of holders) {
      const name = this.#nameOf(holder);
      if (name !== undefined) return { code: name + rest };
    }
    for (const { symbol: holder, rest } of holders) {
      const added = this.#added.get(holder) ?? this.#importOf(holder);
      if (added === undefined) continue;
      this.#added.set(holder, added);
      return { code: added.name + rest, needs: added.needs };
    }
    return number;
  }

  /** A name that means the value of a symbol here: its own, the one it is imported by, or a member of an imported module. */
  #nameOf(symbol: ts.Symbol): string | undefined {
    const names = [symbol.name, ...this.#imports.flatMap(importedNames)];
    for (const name of names) {
      const found = this.#valueNamed(name);
      if (found === symbol) return name;
      if (found === undefined || !isModule(found)) continue;
      const member = this.#exportIn(found, symbol);
      if (member !== undefined && member !== "default") return `${name}.${member}`;
    }
    return undefined;
  }

  #valueNamed(name: string): ts.Symbol | undefined {
    const symbol = this.#resolver.resolveName(name, this.#place, ts.SymbolFlags.Value, false);
    return symbol === undefined || this.#isTypeOnly(symbol) ? undefined : followAlias(this.#unit, symbol);
  }

  #isTypeOnly(symbol: ts.Symbol): boolean {
    return (
      (symbol.flags & ts.SymbolFlags.Alias) !== 0 && this.#resolver.getTypeOnlyAliasDeclaration(symbol) !== undefined
    );
  }

  /** The name under which a module gives a value away, itself or by passing on all that another has. */
  #exportIn(module: ts.Symbol, symbol: ts.Symbol, seen = new Set<ts.Symbol>()): string | undefined {
    if (seen.has(module)) return undefined;
    seen.add(module);
    const own = [...(module.exports?.values() ?? [])].filter(({ flags }) => !(flags & ts.SymbolFlags.ExportStar));
    const isOld = own.some(({ name }) => name === "export=");
    const given = isOld ? this.#unit.checker.getExportsOfModule(module) : own;
    const found = given.find((one) => followAlias(this.#unit, one) === symbol && !this.#isTypeOnly(one))?.name;
    if (found !== undefined) return found;
    for (const path of passedOn(module)) {
      const other = this.#unit.checker.getSymbolAtLocation(path);
      const name = other === undefined ? undefined : this.#exportIn(other, symbol, seen);
      if (name !== undefined && name !== "default") return name;
    }
    return undefined;
  }

  /** Only from a module that the file imports something from already: how it is to be named is known then. */
  #importOf(symbol: ts.Symbol): Imported | undefined {
    if (!this.#canImportValues()) return undefined;
    for (const declaration of this.#imports) {
      const { moduleSpecifier: path } = declaration;
      const module = this.#unit.checker.getSymbolAtLocation(path);
      const exported =
        module === undefined || /\.d\.[cm]?ts.?$/.test(path.getText()) ? undefined : this.#exportIn(module, symbol);
      if (exported === undefined) continue;
      const name = this.#freeName(exported === "default" ? declaredName(symbol) : exported);
      const specifier = name === exported ? name : `${exported} as ${name}`;
      return { name, needs: importEdit(declaration, specifier) };
    }
    return undefined;
  }

  /** A module of the old kind may import types in the new way only. */
  #canImportValues(): boolean {
    return (
      this.#unit.file.impliedNodeFormat !== ts.ModuleKind.CommonJS ||
      this.#imports.some(({ importClause }) => importClause !== undefined && !importClause.isTypeOnly)
    );
  }

  #freeName(wanted: string): string {
    const any = ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Namespace | ts.SymbolFlags.Alias;
    const isTaken = (name: string): boolean =>
      this.#resolver.resolveName(name, this.#place, any, false) !== undefined ||
      [...this.#added.values()].some((one) => one.name === name);
    let name = wanted;
    for (let n = 1; isTaken(name); n++) name = `${wanted}Value${n === 1 ? "" : n}`;
    return name;
  }
}

/** What has to be named: an enum member, a unique symbol, a class. A literal is nothing but itself. */
function namedValue(type: ts.Type): ts.Symbol | undefined {
  const isNamed = type.flags & (ts.TypeFlags.EnumLiteral | ts.TypeFlags.UniqueESSymbol) || type.isClass();
  return isNamed ? type.symbol : undefined;
}

/** A `const enum` that only a declaration file has is not there at run time, and not all settings let it be named. */
function isAmbientConst(symbol: ts.Symbol): boolean {
  const home = symbol.valueDeclaration?.parent;
  return (
    home !== undefined &&
    ts.isEnumDeclaration(home) &&
    (ts.getCombinedModifierFlags(home) & ts.ModifierFlags.Const) !== 0 &&
    (home.getSourceFile().isDeclarationFile ||
      ts.findAncestor(home, (one) => (ts.canHaveModifiers(one) ? isDeclared(one) : false)) !== undefined)
  );
}

function isDeclared(node: ts.HasModifiers): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}

/** The symbol itself, the enum, class or namespace it is a member of, and so on outwards. */
function holdersOf(symbol: ts.Symbol): readonly Holder[] {
  const holders: Holder[] = [];
  let rest = "";
  for (let at: ts.Symbol | undefined = symbol; at !== undefined && !isModule(at); at = parentOf(at)) {
    holders.push({ symbol: at, rest });
    rest =
      (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(at.name) ? `.${at.name}` : `[${JSON.stringify(at.name)}]`) + rest;
  }
  // A member is no name of its own.
  return symbol.flags & ts.SymbolFlags.EnumMember ? holders.slice(1) : holders;
}

/** The compiler notes it without declaring it. */
function parentOf(symbol: ts.Symbol): ts.Symbol | undefined {
  return (symbol as unknown as { parent?: ts.Symbol }).parent;
}

function isModule(symbol: ts.Symbol): boolean {
  return symbol.declarations?.some(ts.isSourceFile) ?? false;
}

/** `export * from` in a module, but for what passes on types only. */
function passedOn(module: ts.Symbol): readonly ts.Expression[] {
  return (module.declarations ?? []).filter(ts.isSourceFile).flatMap((file) =>
    file.statements.flatMap((one) => {
      const isAll = ts.isExportDeclaration(one) && one.exportClause === undefined && !one.isTypeOnly;
      return isAll && one.moduleSpecifier !== undefined ? [one.moduleSpecifier] : [];
    }),
  );
}

function importedNames({ importClause }: ts.ImportDeclaration): readonly string[] {
  const bindings = importClause?.namedBindings;
  const others = bindings === undefined ? [] : ts.isNamespaceImport(bindings) ? [bindings] : bindings.elements;
  return [importClause?.name, ...others.map((one) => one.name)].flatMap((name) => name?.text ?? []);
}

function declaredName(symbol: ts.Symbol): string {
  const name = symbol.valueDeclaration === undefined ? undefined : ts.getNameOfDeclaration(symbol.valueDeclaration);
  return name !== undefined && ts.isIdentifier(name) ? name.text : "Imported";
}

/** In the braces of an import of values from the module, or as an import of its own. */
function importEdit(declaration: ts.ImportDeclaration, specifier: string): NonNullable<PlacedTag["needs"]> {
  const { importClause, moduleSpecifier } = declaration;
  const bindings = importClause?.namedBindings;
  const last =
    bindings !== undefined && ts.isNamedImports(bindings) && !importClause?.isTypeOnly
      ? bindings.elements.at(-1)
      : undefined;
  if (last !== undefined) return { at: last.end, newText: `, ${specifier}` };
  const ending = declaration.getText().endsWith(";") ? ";" : "";
  return { at: declaration.end, newText: `\nimport { ${specifier} } from ${moduleSpecifier.getText()}${ending}` };
}
